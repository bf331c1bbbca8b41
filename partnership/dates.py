"""Dates as the published documents give them: sometimes a day, sometimes only a month, a season or a year (R-C6)."""

import datetime

from django.db import models
from django.utils.dateformat import format as format_date


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", "Day"
    MONTH = "month", "Month"
    SEASON = "season", "Season"
    YEAR = "year", "Year"
    RELATIVE = "relative", "Relative to another date"
    UNKNOWN = "unknown", "Date not given"


SEASONS = {12: "Winter", 1: "Winter", 2: "Winter", 3: "Spring", 4: "Spring", 5: "Spring"} | {
    6: "Summer",
    7: "Summer",
    8: "Summer",
    9: "Autumn",
    10: "Autumn",
    11: "Autumn",
}


def describe_date(date: datetime.date | None, precision: str) -> str:
    """Say one date no more exactly than it is known: "4 September 2025", "May 2018", "Spring 2021", "2025"."""
    if date is None or precision in (Precision.UNKNOWN, Precision.RELATIVE):
        return "Date not given"
    if precision == Precision.DAY:
        return format_date(date, "j F Y")
    if precision == Precision.MONTH:
        return format_date(date, "F Y")
    if precision == Precision.SEASON:
        return f"{SEASONS[date.month]} {date.year}"
    return str(date.year)


def describe_period(
    start: datetime.date | None,
    end: datetime.date | None,
    precision: str,
    *,
    inferred: bool = False,
    as_published: str = "",
) -> str:
    """Say a date or a range with its precision, and say so when the portal worked the year out itself (R-C6).

    A relative date ("within three years") is given in its published words: it is never turned into a day.
    """
    if precision == Precision.RELATIVE or start is None:
        return as_published or "Date not given"
    text = describe_date(start, precision)
    end_text = describe_date(end, precision) if end else text
    if end_text != text:  # a month or season from its first day to its last is said once
        text = f"{text} to {end_text}"
    return say_inferred(text) if inferred else text


def say_inferred(text: str) -> str:
    """A date whose year the documents do not give says so (R-C6)."""
    return f"{text} (year worked out by us)"
