"""What is kept in a worker's memory is never older than the last change, nor than the day, nor than a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import time_machine

from foundation import kept as module
from foundation.kept import Kept, kept

from .notes import Note, Secret


@pytest.fixture
def titles(notes: None, page_cache: object) -> Kept[list[str]]:
    """Give a kept function that reads the titles of all notes, and counts how often it was made."""
    made: list[tuple[object, ...]] = []

    @kept(most=3)
    def read(*args: object, **named: object) -> list[str]:
        made.append((*args, *named.items()))
        return list(Note.objects.order_by("pk").values_list("title", flat=True))

    read.made = made  # type: ignore[attr-defined]
    return read


@pytest.fixture
def changed(django_capture_on_commit_callbacks: Callable) -> Callable[[Callable[[], object]], None]:
    """Give a way to change things as a committed request would."""

    def change(what: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            what()

    return change


def test_it_is_made_once_until_something_changes(titles, changed):
    changed(lambda: Note.objects.create(title="one"))
    assert [titles(), titles(), len(titles.made)] == [["one"], ["one"], 1]
    changed(lambda: Note.objects.create(title="two"))
    assert [titles(), len(titles.made)] == [["one", "two"], 2]


def test_a_change_that_no_visitor_sees_leaves_it(titles, changed):
    titles()
    changed(lambda: Secret.objects.create(words="x"))
    titles()
    assert len(titles.made) == 1


def test_it_is_kept_apart_for_whatever_it_was_asked_with(titles):
    for _ in range(2):
        titles()
        titles(1)
        titles(by=1)
    assert titles.made == [(), (1,), (("by", 1),)]


def test_the_ones_asked_for_lately_stay(titles):
    for asked in (1, 2, 3, 1, 4, 1, 2):
        titles(asked)
    assert titles.made == [(1,), (2,), (3,), (4,), (2,)]


def test_the_london_day_ends_it_and_so_does_a_minute(titles, monkeypatch):
    # 23:30 in London on 30 June is 22:30 in Greenwich.
    with time_machine.travel("2026-06-30T22:30:00Z", tick=False) as clock:
        titles()
        clock.move_to("2026-06-30T22:59:59Z")
        titles()
        assert len(titles.made) == 1
        clock.move_to("2026-06-30T23:00:00Z")
        titles()
        assert len(titles.made) == 2
        now = time.monotonic()
        monkeypatch.setattr(module.time, "monotonic", lambda: now + module.LIFETIME + 1)
        titles()
        assert len(titles.made) == 3


def test_what_is_made_while_somebody_saves_is_not_given_to_the_next(titles, changed):
    """The version is read first, so an answer from before the change never stands under the number after it."""
    plain = titles.make

    def slow(*args: object) -> list[str]:
        before = plain(*args)
        changed(lambda: Note.objects.create(title="meanwhile"))
        return before

    titles.make = slow
    assert titles() == []
    titles.make = plain
    assert titles() == ["meanwhile"]


def test_nothing_is_kept_where_the_page_cache_is_off(titles, settings):
    settings.PORTAL_PAGE_CACHE = False
    titles()
    titles()
    assert len(titles.made) == 2


def test_everything_can_be_forgotten(titles):
    titles()
    module.forget_all()
    titles()
    assert len(titles.made) == 2
