"""Dates in the data files, written no more exactly than they are known (R-C6).

A day is `2025-09-04`, a month "2018-05", a season "spring 2021", a year "2025".
"""

import calendar
import datetime
import re

from partnership.dates import Precision

SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
HOW_TO_WRITE = (
    'write a day as 2025-09-04, a month as "2025-09", a season as "spring 2025" or a year as "2025"'
)


def _last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def parse_date(value: object, *, end: bool = False) -> tuple[datetime.date, str]:
    """The date and its precision. For an `end`, the last day of the month, season or year.

    Raises ValueError, with a sentence for the person who wrote the file, where it is no date.
    """
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value, Precision.DAY
    if not isinstance(value, str):
        raise ValueError(f"this is not a date; {HOW_TO_WRITE}")
    text = value.strip().lower()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text), Precision.DAY
        if re.fullmatch(r"\d{4}-\d{2}", text):
            year, month = int(text[:4]), int(text[5:])
            first = datetime.date(year, month, 1)
            return (_last_day(year, month) if end else first), Precision.MONTH
        if re.fullmatch(r"\d{4}", text):
            return datetime.date(int(text), 12 if end else 1, 31 if end else 1), Precision.YEAR
    except ValueError:
        raise ValueError(f'there is no such date as "{value}"; {HOW_TO_WRITE}') from None
    season, _, year_text = text.partition(" ")
    if season in SEASON_STARTS and re.fullmatch(r"\d{4}", year_text):
        first = datetime.date(int(year_text), SEASON_STARTS[season], 1)
        if not end:
            return first, Precision.SEASON
        month = first.month + 2
        return _last_day(first.year + (month > 12), (month - 1) % 12 + 1), Precision.SEASON
    raise ValueError(f'"{value}" is not a date; {HOW_TO_WRITE}')
