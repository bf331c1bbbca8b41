"""Someone may be unsafe: out of every other list at once, a mail without a word of it, and what safeguarding did."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from foundation import content_version
from foundation.outbox import queue_mail
from partnership.calendar import today
from partnership.models import Membership, User
from partnership.roles import Role
from voice.models import Comment, Decision, FlagOutcome, FoundWord, SafeguardingFlag, SafetyWord, Stage
from voice.safety_clock import safety_clock
from voice.word_list import WordList

from .errors import CannotDo

_SUBJECT = "Someone may be unsafe: please read it now"
_BODY = """Something came to the portal, or was found in it, that is marked: someone may be unsafe.

Please sign in and read it now:
{address}

This mail holds nothing of what was said, and nothing about who said it.
"""
_STILL_SUBJECT = "Someone may be unsafe: nobody has read it yet"
_STILL_BODY = """Something is marked: someone may be unsafe. Nobody has read it for four working hours.

Please sign in and read it now:
{address}

Everybody in safeguarding gets this mail, once. It holds nothing of what was said, and nothing about who said it.
"""


@transaction.atomic
def flag_comment(*, comment: Comment, by: User, at: datetime | None = None) -> SafeguardingFlag:
    """A moderator marks that someone may be unsafe (R-S2). Raises CannotDo if it is marked already or was taken back."""
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.is_flagged:
        raise CannotDo("This one is already with the safeguarding lead.")
    if comment.stage == Stage.WITHDRAWN:
        raise CannotDo("The sender took this one back. No words are left to read.")
    flag = raise_flag(comment, raised_from=SafeguardingFlag.RaisedFrom.MODERATOR, by=by, at=at)
    content_version.bump()  # it may have been public until now
    return flag


def found_words(text: str) -> set[int]:
    """The keys of the words of the safety list that stand in the text (R-S1)."""
    if not text:
        return set()
    return WordList(SafetyWord.objects.in_use().values_list("pk", "word")).find(text)


def raise_flag(
    comment: Comment, *, raised_from: str, by: User | None, at: datetime, words: Iterable[int] = ()
) -> SafeguardingFlag:
    """Mark the row and tell safeguarding, in the caller's transaction. `words` are keys of words of the safety list.

    What was let go once and is marked again begins anew; what was done before stays in the log and in its outcomes.
    """
    comment.is_flagged = True
    comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    anew = {
        "handed_over_at": None, "read_by": None, "read_at": None, "outcome": "", "outcome_by": None, "outcome_at": None,
        "reference": "", "deputies_told_at": None, "released_at": None,
    }  # fmt: skip
    raised = {"raised_from": raised_from, "raised_by": by, "raised_at": at}
    flag, _ = SafeguardingFlag.objects.update_or_create(comment=comment, defaults=anew | raised)
    FoundWord.objects.bulk_create(
        [FoundWord(flag=flag, word_id=key) for key in sorted(words)], ignore_conflicts=True
    )
    Decision.objects.create(comment=comment, kind=Decision.Kind.FLAGGED, by=by, at=at)
    _mail(flag, safeguarding_people(), subject=_SUBJECT, body=_BODY, occasion="flag")
    return flag


def safeguarding_people(*, everybody: bool = False) -> list[User]:
    """Whom to tell at once: the leads; the deputies where no lead is in post (R-S3). `everybody`: both."""
    memberships = Membership.objects.active_on(today()).filter(role=Role.SAFEGUARDING, user__is_active=True)
    found = list(memberships.select_related("user").order_by("user_id"))
    leads = [] if everybody else [membership for membership in found if not membership.is_deputy]
    return list({membership.user_id: membership.user for membership in leads or found}.values())


def tell_deputies(*, now: datetime | None = None) -> int:
    """Mail everybody in safeguarding, once, of what nobody has read for four working hours; run by `run_due_jobs` (R-S3).

    Returns how many mails went out. Where nobody is in post, it is tried again each time until somebody is.
    """
    now = now or timezone.now()
    waiting = safety_clock(now).deputies_waiting()
    people = safeguarding_people(everybody=True) if waiting else []
    return sum(_tell_deputies(flag.pk, people, at=now) for flag in waiting) if people else 0


@transaction.atomic
def _tell_deputies(pk: int, people: list[User], *, at: datetime) -> int:
    """Under the lock of the mark: two runs at once tell nobody twice, and what was read meanwhile is passed over."""
    flag = SafeguardingFlag.objects.select_for_update().get(pk=pk)
    if flag.read_at is not None or flag.released_at is not None or flag.deputies_told_at is not None:
        return 0
    flag.deputies_told_at = at
    flag.save(update_fields=["deputies_told_at"])
    _mail(flag, people, subject=_STILL_SUBJECT, body=_STILL_BODY, occasion="flag-unread")
    return len(people)


def _mail(flag: SafeguardingFlag, people: list[User], *, subject: str, body: str, occasion: str) -> None:
    """The time is part of the occasion: what is marked again is told again."""
    text = body.format(address=f"{settings.PORTAL_ADDRESS}{reverse('voice:safeguarding')}")
    key = f"{occasion}:{flag.pk}:{flag.raised_at.timestamp():.0f}"
    for person in people:
        queue_mail(to=person.email, subject=subject, body=text, dedupe_key=f"{key}:{person.pk}")


@transaction.atomic
def mark_flag_read(*, flag: SafeguardingFlag, by: User, at: datetime | None = None) -> SafeguardingFlag:
    """Safeguarding has it now: who read it first and when. From here the moderator who marked it no longer sees it."""
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.read_at is None:
        flag.read_by, flag.read_at, flag.handed_over_at = by, at, at
        flag.save()
        Decision.objects.create(comment_id=flag.comment_id, kind=Decision.Kind.FLAG_READ, by=by, at=at)
    return flag


@transaction.atomic
def record_outcome(
    *,
    flag: SafeguardingFlag,
    outcome: str,
    referred_to: str = "",
    referred_on: date | None = None,
    reference: str = "",
    seen: int = 0,
    by: User,
    at: datetime | None = None,
) -> SafeguardingFlag:
    """Write down what was done, by whom, when, to whom it was referred and the reference (R-S4). The flag itself stays.

    A correction is a new row: `seen` is how many rows its writer had seen. Raises CannotDo if it was not read first, if
    it was let go, or if somebody else wrote one down meanwhile.
    """
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.read_at is None:
        raise CannotDo("Read it first.")
    if flag.released_at is not None:
        raise CannotDo("It was let go meanwhile.")
    if flag.outcomes.count() != seen:
        raise CannotDo(f"{flag.outcome_by} has already written down what was done.")
    referred = outcome == SafeguardingFlag.Outcome.REFERRED
    FlagOutcome.objects.create(
        flag=flag,
        outcome=outcome,
        referred_to=referred_to,
        referred_on=(referred_on or timezone.localdate(at)) if referred else None,
        reference=reference,
        by=by,
        at=at,
    )
    flag.outcome, flag.reference = outcome, reference
    flag.outcome_by, flag.outcome_at = by, at
    flag.save()
    Decision.objects.create(comment_id=flag.comment_id, kind=Decision.Kind.OUTCOME, by=by, at=at)
    return flag
