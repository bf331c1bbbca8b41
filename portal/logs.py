"""How a line of the log looks, and what may never stand in one.

A child's words must never reach a log (R-V6), nor a code that opens something. Four ways in are shut here, whoever
writes the line: the address after the question mark; the address itself in Django's own lines, where the pattern of the
page stands instead; the request that Django hangs on those lines; and the text of an error (PostgreSQL repeats the
whole row that it refused).
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

from foundation.middleware import route_of

QUERY_STRING = re.compile(r"(/[^\s?]*)\?\S*")
# Django and gunicorn add these to a line of their own; each would show what was asked for or sent.
LEFT_OUT = ("request", "sql", "params", "alias", "server_time", "color_message")


class PlainJsonFormatter(JsonFormatter):
    """One JSON object for a line: time, level, name, message, and what the caller added by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            reserved_attrs=[*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName", *LEFT_OUT],
            **kwargs,
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with no address that could hold a secret."""
        plain = logging.makeLogRecord(record.__dict__)
        message = QUERY_STRING.sub(r"\1", record.getMessage())
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            message = f"{message.partition(': /')[0]}: {route_of(request)}"
        plain.msg, plain.args = message, ()
        plain.exc_text = None  # another handler may have kept the full text of the error there
        return super().format(plain)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the standard library's
        """Return the kind of the error and where it came from, without its text."""
        kind: type[BaseException] | None
        trace: TracebackType | None
        kind, _, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return f"{kind.__name__ if kind else 'no error'} at " + " > ".join(places)
