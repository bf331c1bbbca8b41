"""Days as people write them: read where they mean one day, else refused with a sentence (R-W4)."""

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.sheets.dates import NotADay, read_day

LAST = datetime.date(2026, 12, 31)
SAME = [
    "31/12/2026", "31.12.2026", "31-12-2026", "31/12/26", "2026-12-31", "2026-12-31 00:00", "2026-12-31T00:00:00",
    "31 December 2026", "31st December 2026", "31 Dec 2026", "31-Dec-26", "Thursday 31 December 2026", "December 31, 2026",
    "Dec 2026", "December 2026", "Dec-26", "12/2026", "46387", "46387.0", "  31 /12".replace(" ", "") + "/2026",
]  # fmt: skip


@pytest.mark.requirement("R-W4")
@pytest.mark.parametrize("text", SAME)
def test_one_day_written_in_many_ways(text):
    assert read_day(text) == LAST


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("Sep 2026", (2026, 9, 1), (2026, 9, 30)), ("Sept 2026", (2026, 9, 1), (2026, 9, 30)), ("02/2028", (2028, 2, 1), (2028, 2, 29))],
)  # fmt: skip
def test_a_month_is_its_last_day_and_for_a_start_its_first(text, first, last):
    assert read_day(text, last_of_month=False) == datetime.date(*first)
    assert read_day(text) == datetime.date(*last)


HOW = "is not a day that we can read. Write it like 31/12/2026."
EMPTY = "is not a day. Write a day, or leave the cell empty."
QUARTER = "can mean two things: quarters of the year or of the council’s year. Write the month."


@pytest.mark.requirement("R-W4")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Q3 2026", QUARTER), ("quarter 3 2026", QUARTER), ("ongoing", EMPTY), ("Ongoing", EMPTY), ("TBC", EMPTY), ("n/a", EMPTY),
        ("soon", HOW), ("2026", HOW), ("2026/27", HOW), ("Autumn 2026", HOW), ("31 Smarch 2026", HOW), ("١/١/٢٠٢٦", HOW),
        ("12/31/2026", "is not a real day. Write it like 31/12/2026."), ("30/02/2026", "is not a real day. Write it like 31/12/2026."),
        ("2026-13-01", "is not a real day. Write it like 31/12/2026."), ("31/12/2500", "has a year that cannot be right."),
        ("99999", "has a year that cannot be right."),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_a_sentence(text, says):
    with pytest.raises(NotADay) as refused:
        read_day(text)
    assert str(refused.value) == f"“{text}” {says}"


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)))
def test_every_day_reads_back(day):
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day} {day:%B} {day.year}") == day
    assert read_day(f"{day:%d/%m/%Y}") == day


@given(st.text())
def test_no_words_break_it(text):
    with contextlib.suppress(NotADay):
        assert isinstance(read_day(text), datetime.date)
