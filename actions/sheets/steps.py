"""The steps of an action in one cell: each on its own line, with the day it is due and the day it was done."""

import datetime
import re
from collections.abc import Iterable
from typing import NamedTuple

from actions.models import Milestone

from .dates import NotADay, read_day

_ENDING = re.compile(r"^(.*?); (due|done) ([^;]*)$", re.IGNORECASE)
_NONE = "no date"


class Step(NamedTuple):
    """One line: what the step is, when it is due, when it was done."""

    title: str
    due: datetime.date | None = None
    done_on: datetime.date | None = None


def write_steps(steps: Iterable[Milestone | Step]) -> str:
    """For example `Meet every school; due 2026-03-31; done 2026-03-02`, one line for each step."""
    return "\n".join(_line(Step(step.title, step.due, step.done_on)) for step in steps)


def _line(step: Step) -> str:
    # A title that itself ends like a date is followed by both endings, so that it reads back as it was.
    odd = _ENDING.match(step.title) is not None
    due = f"; due {step.due or _NONE}" if step.due or odd else ""
    done = f"; done {step.done_on or _NONE}" if step.done_on or odd else ""
    return f"{step.title}{due}{done}"


def read_steps(text: str) -> list[Step]:
    """The steps of a cell. Raises NotADay when a date cannot be read. Empty lines are left out."""
    return [_read(line.strip()) for line in text.split("\n") if line.strip()]


def _read(line: str) -> Step:
    days: dict[str, datetime.date | None] = {}
    for ending in ("done", "due"):
        found = _ENDING.match(line)
        if found and found[2].lower() == ending:
            line = found[1]
            days[ending] = None if found[3].strip().lower() == _NONE else read_day(found[3])
    return Step(line, days.get("due"), days.get("done"))


__all__ = ["NotADay", "Step", "read_steps", "write_steps"]
