"""What is the same for many readers is worked out once and kept in the worker's memory until something changes.

Kept under the content version and the date in London, like public pages (`foundation.pages`): every change of public content
shows at the next request, and what turns at midnight turns. Only for what may be shared: give everything that the answer
depends on as an argument, and never keep what belongs to one person.
"""

import datetime
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings

from . import content_version

LONDON = ZoneInfo("Europe/London")
LIFETIME = 60.0  # seconds; covers a content version that could not be raised, as for public pages
Made = TypeVar("Made")


class Kept(Generic[Made]):
    """A function whose answers are kept. `most` is how many at once: the ones asked for lately stay."""

    def __init__(self, make: Callable[..., Made], most: int) -> None:
        wraps(make)(self)
        self.make, self.most = make, most
        self._answers: OrderedDict[tuple[Hashable, ...], tuple[Made, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, *args: Hashable, **named: Hashable) -> Made:
        if not settings.PORTAL_PAGE_CACHE:
            return self.make(*args, **named)
        # The version is read before the answer is made: a change meanwhile leaves it under a number nobody asks for again.
        today = datetime.datetime.now(LONDON).date()
        key = (content_version.read(), today, args, tuple(sorted(named.items())))
        with self._lock:
            found = self._answers.get(key)
            if found is not None and found[1] >= time.monotonic():
                self._answers.move_to_end(key)
                return found[0]
        made = self.make(*args, **named)
        with self._lock:
            self._answers[key] = made, time.monotonic() + LIFETIME
            self._answers.move_to_end(key)
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return made

    def forget(self) -> None:
        """Forget every answer, as a worker that has just started."""
        with self._lock:
            self._answers.clear()


def kept(*, most: int = 64) -> Callable[[Callable[..., Any]], Kept[Any]]:
    """Keep the answers of a function of plain values until something changes; off where PORTAL_PAGE_CACHE is off."""

    def keep(make: Callable[..., Any]) -> Kept[Any]:
        _all.append(Kept(make, most))
        return _all[-1]

    return keep


_all: list[Kept[Any]] = []


def forget_all() -> None:
    """Forget every answer of every kept function: for tests, whose database goes back to what it was."""
    for one in _all:
        one.forget()
