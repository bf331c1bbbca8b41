"""The portal as gunicorn serves it, slower at the place where a comment is half written, and broken on purpose where
`STORM_BREAK` says so: a check that has never been seen to fail proves nothing.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import transaction

from foundation.codes import new_code
from portal.wsgi import application
from voice.models import CommentOriginal
from voice.operations import drafts, sending
from voice.views import writing

__all__ = ["application"]

SLOWER = float(os.environ.get("STORM_SLOWER", "0"))
"""Seconds."""
DIE_HERE = os.environ.get("STORM_DIE_HERE", "")
"""A file: while it is there, the next worker with a half written comment is killed."""
BROKEN = os.environ.get("STORM_BREAK", "")

_create = CommentOriginal.objects.create


def _create_late(**fields: Any) -> CommentOriginal:
    """The comment is there and its words are not: here a worker may be killed, or is told to die."""
    time.sleep(SLOWER)
    if DIE_HERE:
        with suppress(FileNotFoundError):
            Path(DIE_HERE).unlink()  # one worker alone can do this
            os.kill(os.getpid(), signal.SIGKILL)
    return _create(**fields)


CommentOriginal.objects.create = _create_late  # type: ignore[method-assign,assignment]


def _read_without_lock(key: str | None, route: str, now: Any) -> tuple[Any, Any]:
    row = drafts._living(now).filter(**drafts._address(key, route)).first() if key else None
    written = drafts._opened(row, key) if row is not None and key else None
    return (row, written) if written is not None else (None, drafts.Written())


if BROKEN:
    drafts._locked = _read_without_lock
if BROKEN == "transaction":
    sending.spend = transaction.atomic(sending.spend)  # it refuses to run outside one
    sending.submit_comment = sending.submit_comment.__wrapped__  # type: ignore[attr-defined]
    writing.send_draft = sending.send_draft.__wrapped__  # type: ignore[attr-defined]
if BROKEN == "token":
    sending.drop_drafts = lambda keys: 0
    sending.spend = lambda *args, **options: True
    sending.code_from_token = lambda token: new_code()
