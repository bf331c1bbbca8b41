"""The calendar file by RFC 5545: what is in it, how words are escaped and lines folded (R-E2)."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests import factories as make
from voice.calendar_file import LONGEST_LINE, calendar_file, escaped, folded
from voice.models import Event

LONDON = ZoneInfo("Europe/London")


def unfolded(file: str) -> list[str]:
    """The lines as a calendar reads them."""
    return file.replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Tea, talk; and more", "Tea\\, talk\\; and more"),
        ("C:\\rooms", "C:\\\\rooms"),
        ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
        ("10:30 “yes”", "10:30 “yes”"),
    ],
)
def test_what_has_a_meaning_in_a_calendar_is_escaped(words: str, written: str) -> None:
    assert escaped(words) == written


@pytest.mark.parametrize(
    "line", ["short", "x" * 75, "x" * 76, "x" * 500, "é" * 100, "👩‍👩‍👧" * 40, "a" + "€" * 60]
)
def test_long_lines_are_folded_at_75_bytes_and_no_sign_is_cut(line: str) -> None:
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@pytest.mark.django_db
@pytest.mark.requirement("R-E2")
def test_an_event_becomes_a_calendar_file_in_utc_without_the_link_to_join() -> None:
    event = make.make_event(
        "Tea, talk; and a very long name that does not fit into one line of seventy-five bytes",
        slug="tea",
        about="One.\nTwo.",
        starts_at=datetime.datetime(2030, 7, 1, 14, 30, tzinfo=LONDON),
        ends_at=datetime.datetime(2030, 7, 1, 16, 0, tzinfo=LONDON),
        place="The hall, 1 Road",
        online_link="https://secret.example.org/room",
    )
    answer = Client().get("/events/tea/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tea.ics"'
    file = answer.content.decode()
    assert file.endswith("END:VCALENDAR\r\n") and "\n" not in file.replace("\r\n", "")
    assert all(len(line.encode()) <= LONGEST_LINE for line in file.split("\r\n"))
    lines = unfolded(file)
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert {"DTSTART:20300701T133000Z", "DTEND:20300701T150000Z", "STATUS:CONFIRMED"} <= set(lines)
    assert (
        "SUMMARY:Tea\\, talk\\; and a very long name that does not fit into one line of seventy-five bytes"
        in lines
    )
    assert "LOCATION:The hall\\, 1 Road\\, and online" in lines
    assert any(line.startswith(f"UID:event-{event.pk}@") for line in lines)
    assert "secret.example.org" not in file
    # As it was made, in London's time: not only as the database gives it back, in UTC.
    assert "DTSTART:20300701T133000Z" in unfolded(calendar_file(event, address="", host="example.org"))
    Event.objects.filter(pk=event.pk).update(status="cancelled")
    assert "STATUS:CANCELLED" in unfolded(Client().get("/events/tea/calendar.ics").content.decode())
