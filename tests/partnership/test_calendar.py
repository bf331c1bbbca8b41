"""The partnership's calendar: days of London at every boundary, working days, bank holidays as data (F21)."""

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partnership.calendar import (
    is_working_day,
    next_working_day,
    quarter_start,
    today,
    week_start,
    working_days_between,
)
from partnership.models import BankHoliday

D = datetime.date
EASTER = {D(2027, 3, 26), D(2027, 3, 29)}  # Good Friday and Easter Monday


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # The clocks go on at 01:00 UTC on 28 March 2027, and back at 01:00 UTC on 31 October.
        *[("2027-03-27T23:59:58", D(2027, 3, 27)), ("2027-03-28T00:00:02", D(2027, 3, 28))],
        *[("2027-03-28T00:59:58", D(2027, 3, 28)), ("2027-03-28T01:00:02", D(2027, 3, 28))],
        *[("2027-03-28T22:59:58", D(2027, 3, 28)), ("2027-03-28T23:00:02", D(2027, 3, 29))],
        *[("2027-03-31T22:59:58", D(2027, 3, 31)), ("2027-03-31T23:59:58", D(2027, 4, 1))],
        *[("2027-06-30T22:59:58", D(2027, 6, 30)), ("2027-06-30T23:00:02", D(2027, 7, 1))],
        *[("2027-09-30T22:59:58", D(2027, 9, 30)), ("2027-09-30T23:00:02", D(2027, 10, 1))],
        *[("2027-10-30T22:59:58", D(2027, 10, 30)), ("2027-10-30T23:00:02", D(2027, 10, 31))],
        *[("2027-10-31T00:59:58", D(2027, 10, 31)), ("2027-10-31T01:00:02", D(2027, 10, 31))],
        *[("2027-10-31T23:59:58", D(2027, 10, 31)), ("2027-11-01T00:00:02", D(2027, 11, 1))],
        *[("2027-12-31T23:59:58", D(2027, 12, 31)), ("2028-01-01T00:00:02", D(2028, 1, 1))],
        *[("2028-02-28T23:59:58", D(2028, 2, 28)), ("2028-02-29T00:00:02", D(2028, 2, 29))],
        *[("2028-02-29T23:59:58", D(2028, 2, 29)), ("2028-03-01T00:00:02", D(2028, 3, 1))],
    ],
)
def test_today_is_the_day_in_london(instant: str, day: datetime.date) -> None:
    moment = datetime.datetime.fromisoformat(instant).replace(tzinfo=datetime.UTC)
    with time_machine.travel(moment, tick=False):
        assert today() == day
        assert timezone.localtime().tzinfo == ZoneInfo("Europe/London")
    assert quarter_start(day) == D(day.year, {1: 1, 2: 4, 3: 7, 4: 10}[(day.month + 2) // 3], 1)


@pytest.mark.parametrize(
    ("day", "works", "next_day"),
    [
        (D(2027, 3, 25), True, D(2027, 3, 25)),
        (
            D(2027, 3, 26),
            False,
            D(2027, 3, 30),
        ),  # Good Friday, the weekend of the clock change, Easter Monday
        (D(2027, 3, 27), False, D(2027, 3, 30)),
        (D(2027, 3, 28), False, D(2027, 3, 30)),
        (D(2027, 3, 29), False, D(2027, 3, 30)),
        (D(2027, 10, 30), False, D(2027, 11, 1)),
        (D(2028, 2, 29), True, D(2028, 2, 29)),
        (D(2027, 12, 31), True, D(2027, 12, 31)),
        (D(2028, 1, 1), False, D(2028, 1, 3)),
    ],
)
def test_a_working_day_is_a_weekday_that_is_no_bank_holiday(
    day: datetime.date, works: bool, next_day: datetime.date
) -> None:
    assert is_working_day(day, holidays=EASTER) is works
    assert next_working_day(day, holidays=EASTER) == next_day


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (D(2027, 3, 25), D(2027, 3, 25), 0),
        (D(2027, 3, 25), D(2027, 3, 30), 1),  # over Easter
        (D(2027, 3, 24), D(2027, 3, 30), 2),
        (D(2027, 3, 27), D(2027, 3, 28), 0),
        (D(2027, 10, 29), D(2027, 11, 1), 1),  # a Friday to the Monday after the clocks went back
        (D(2027, 12, 31), D(2028, 1, 3), 1),
        (D(2028, 2, 28), D(2028, 3, 1), 2),
        (D(2027, 3, 30), D(2027, 3, 25), 0),
    ],
)
def test_working_days_are_counted_after_the_first_day(
    start: datetime.date, end: datetime.date, days: int
) -> None:
    assert working_days_between(start, end, holidays=EASTER) == days


DAYS = st.dates(D(2026, 1, 1), D(2028, 12, 31))


@given(start=DAYS, end=DAYS, holidays=st.sets(DAYS, max_size=20))
def test_counting_by_weeks_gives_what_counting_day_by_day_gives(
    start: datetime.date, end: datetime.date, holidays: set[datetime.date]
) -> None:
    days = (start + datetime.timedelta(days=number) for number in range(1, (end - start).days + 1))
    one_by_one = sum(is_working_day(day, holidays=holidays) for day in days)
    assert working_days_between(start, end, holidays=holidays) == one_by_one


def test_a_week_begins_on_monday() -> None:
    assert {week_start(D(2027, 3, day)) for day in range(22, 29)} == {D(2027, 3, 22)}
    assert week_start(D(2028, 1, 1)) == D(2027, 12, 27)


@pytest.mark.django_db
def test_bank_holidays_are_read_from_the_table() -> None:
    for day in (*EASTER, D(2027, 5, 3)):
        BankHoliday.objects.create(date=day, name="A day off")
    assert BankHoliday.objects.days(D(2027, 3, 1), D(2027, 4, 30)) == EASTER
