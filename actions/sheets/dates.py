"""Days as people write them in spreadsheets: read where they can mean only one day, else refused with a sentence (R-W4)."""

import datetime
import re

FIRST_YEAR, LAST_YEAR = 1900, 2199

_MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"], 1,
    )
    for length in range(3, len(name) + 1)
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_FIGURES = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_DAY_FIRST = re.compile(
    r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ \-/.]?([a-z]+)\.?,?[ \-/.](\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTH = re.compile(r"([a-z]+)\.?,?[ \-/](\d{4}|\d{2})")
_MONTH_FIGURES = re.compile(r"(\d{1,2})[/.\-](\d{4})")
_NUMBER = re.compile(r"(\d{5})(?:\.\d+)?")
_QUARTER = re.compile(r"(?:q|quarter )[1-4]\b|\b[1-4](?:st|nd|rd|th) quarter", re.IGNORECASE)
_NOT_A_DAY = re.compile(
    r"on-?going|continuous|tbc|tba|t\.b\.c|to be (?:confirmed|agreed)|rolling|n/?a|asap|none", re.IGNORECASE
)
_DAY_ZERO = datetime.date(1899, 12, 30)


class NotADay(ValueError):
    """The words are not one day. ``str()`` is the sentence for the person."""


def read_day(text: str, *, last_of_month: bool = True) -> datetime.date:
    """The day that the words mean. A month alone is its last day, or its first where `last_of_month` is False.

    The day comes before the month, as it is written in Britain. Raises NotADay.
    """
    words = " ".join(text.split()).lower()
    found = _parts(words)
    if found is None:
        raise NotADay(_why(text.strip(), words))
    year, month, day = found
    year += 2000 if year < 100 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADay(f"“{_short(text)}” has a year that cannot be right.")
    try:
        if day:
            return datetime.date(year, month, day)
        first = datetime.date(year, month, 1)
    except ValueError:
        raise NotADay(f"“{_short(text)}” is not a real day. Write it like 31/12/2026.") from None
    if not last_of_month:
        return first
    return (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def _parts(words: str) -> tuple[int, int, int] | None:
    """Year, month and day; a day of 0 where only the month was written."""
    if not words.isascii():
        return None
    if found := _ISO.fullmatch(words):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _FIGURES.fullmatch(words):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _NUMBER.fullmatch(words):
        day = _DAY_ZERO + datetime.timedelta(days=int(found[1]))
        # A spreadsheet counts days. A number that would be a day after 2099 is some other number.
        return (day.year if day.year < 2100 else 9999), day.month, day.day
    if found := _MONTH_FIGURES.fullmatch(words):
        return int(found[2]), int(found[1]), 0
    if (found := _DAY_FIRST.fullmatch(words)) and found[2] in _MONTHS:
        return int(found[3]), _MONTHS[found[2]], int(found[1])
    if (found := _MONTH_FIRST.fullmatch(words)) and found[1] in _MONTHS:
        return int(found[3]), _MONTHS[found[1]], int(found[2])
    if (found := _MONTH.fullmatch(words)) and found[1] in _MONTHS:
        return int(found[2]), _MONTHS[found[1]], 0
    return None


def _why(text: str, words: str) -> str:
    if _QUARTER.search(words):
        return f"“{_short(text)}” can mean two things: quarters of the year or of the council’s year. Write the month."
    if _NOT_A_DAY.fullmatch(words):
        return f"“{_short(text)}” is not a day. Write a day, or leave the cell empty."
    return f"“{_short(text)}” is not a day that we can read. Write it like 31/12/2026."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
