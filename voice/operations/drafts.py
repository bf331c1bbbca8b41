"""Half-written answers: kept sealed for 24 hours, read with the key of the writer's web session, and gone when they are sent.

Every change locks the row, so that two windows of one writer lose nothing of one another.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.sealed import seal, unseal
from voice.models.drafts import Draft, new_mark

PURPOSE = "voice.drafts"


@dataclass
class Written:
    """What is in a draft."""

    answers: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    """The questions that were answered or passed over, so that nothing is asked twice."""
    noticed: list[str] = field(default_factory=list)
    """The words the writer has been told of and may keep."""
    began: float = 0.0
    """When the first answer came, in seconds: to tell a person from a program (R-V12)."""
    mark: str = ""


def read_draft(key: str | None, *, route: str, now: datetime | None = None) -> Written | None:
    """What was written so far, or None where there is nothing that can be read any more."""
    row = _living(now or timezone.now()).filter(**_address(key, route)).first() if key else None
    return _opened(row, key) if row is not None and key else None


@transaction.atomic
def keep_answers(
    *,
    key: str | None,
    route: str,
    seen: str,
    answers: Mapping[str, str],
    noticed: Iterable[str] = (),
    now: datetime | None = None,
) -> tuple[str, Written]:
    """Keep the answers to one question, in the draft of this key or in a new one. Returns the key and the whole draft.

    `seen` is the question that need not be asked again, `noticed` what the writer is being told of now.
    """
    now = now or timezone.now()
    row, written = _locked(key, route, now)
    if row is None or key is None:
        key = secrets.token_urlsafe(32)
        row, written = Draft(key_digest=_digest(key), route=route), Written(began=now.timestamp())
    written.answers |= answers
    written.seen += [seen] if seen and seen not in written.seen else []
    written.noticed = sorted({*written.noticed, *noticed})
    written.mark = row.mark = new_mark()
    row.changed_at = now
    row.sealed = seal(_packed(written), purpose=PURPOSE, secret=key)
    row.save()
    return key, written


def lock_draft(key: str | None, *, route: str, now: datetime | None = None) -> Written | None:
    """The same as `read_draft`, and nobody changes it until the end of the transaction."""
    row, written = _locked(key, route, now or timezone.now())
    return written if row is not None else None


def drop_drafts(keys: Iterable[str]) -> int:
    """Delete what was written with these keys. Returns how many there were."""
    deleted, _ = Draft.objects.filter(key_digest__in=[_digest(key) for key in keys]).delete()
    return deleted


def purge_drafts(*, now: datetime | None = None) -> int:
    """Delete what nobody sent within 24 hours; run by `run_due_jobs`. Returns how many went."""
    deleted, _ = Draft.objects.ended(now=now or timezone.now()).delete()
    return deleted


def _locked(key: str | None, route: str, now: datetime) -> tuple[Draft | None, Written]:
    row = _living(now).select_for_update().filter(**_address(key, route)).first() if key else None
    written = _opened(row, key) if row is not None and key else None
    return (row, written) if written is not None else (None, Written())


def _living(now: datetime) -> Any:
    return Draft.objects.living(now=now)


def _address(key: str | None, route: str) -> dict[str, str]:
    # The way in, too: words for one never turn up in another.
    return {"key_digest": _digest(key or ""), "route": route}


def _digest(key: str) -> str:
    return hashlib.sha256(f"{PURPOSE}:{key}".encode()).hexdigest()


def _packed(written: Written) -> str:
    return json.dumps([written.answers, written.seen, written.noticed, written.began])


def _opened(row: Draft, key: str) -> Written | None:
    words = unseal(row.sealed, purpose=PURPOSE, secret=key)
    return Written(*json.loads(words), mark=row.mark) if words is not None else None
