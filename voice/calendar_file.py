"""An event as a calendar file that people add to their own calendar (RFC 5545)."""

import datetime

from voice.models import Event

LONGEST_LINE = 75
"""Bytes in a line, without its end (RFC 5545, 3.1)."""


def calendar_file(event: Event, *, address: str, host: str) -> str:
    """The file. `address` is the page of the event, `host` makes its name unique among all events of the world.

    All times are in UTC, so that no rules of clock changes have to be in the file. The link to join online is not: it is for
    those alone who have a place.
    """
    rows = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//SEND partnership portal//Events//EN"),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", f"event-{event.pk}@{host}"),
        ("DTSTAMP", _moment(event.updated_at)),
        ("SEQUENCE", str(event.version)),
        ("DTSTART", _moment(event.starts_at)),
        ("DTEND", _moment(event.ends_at)),
        ("SUMMARY", escaped(event.title)),
        ("LOCATION", escaped(event.where)),
        ("DESCRIPTION", escaped(f"{event.about}\n\n{address}")),
        ("URL", address),
        ("STATUS", "CANCELLED" if event.is_cancelled else "CONFIRMED"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return "".join(f"{folded(f'{name}:{value}')}\r\n" for name, value in rows)


def _moment(at: datetime.datetime) -> str:
    return f"{at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def escaped(words: str) -> str:
    """Words as the value of a line: what has a meaning there is written so that it has none (3.3.11)."""
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, each but the first after a space; no character is cut in two (3.1)."""
    pieces, piece, size = [], "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + sign, size + length
    return "\r\n".join([*pieces, piece])
