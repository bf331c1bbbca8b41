"""Working time: hours of working days in London, whatever the clocks do (R-S3, F21)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership.calendar import WorkingTime
from partnership.current import working_time
from partnership.models import BankHoliday
from tests import factories as make

D = datetime.date
# Good Friday and Easter Monday of 2027, the early May holiday, Christmas and New Year of 2027 to 2028 with the days in lieu.
HOLIDAYS = frozenset(
    {D(2027, 3, 26), D(2027, 3, 29), D(2027, 5, 3), D(2027, 12, 27), D(2027, 12, 28), D(2028, 1, 3)}
)
NINE_TO_FIVE = WorkingTime(datetime.time(9), datetime.time(17), HOLIDAYS)
FOUR = datetime.timedelta(hours=4)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


# When it began, when four working hours had passed, and when a whole working day had: all in UTC, worked out by hand.
BY_HAND = [
    # An ordinary Wednesday in winter, at work, before work, after work and as work ends.
    ("2027-02-10T10:30:00", "2027-02-10T14:30:00", "2027-02-11T10:30:00"),
    ("2027-02-10T03:00:00", "2027-02-10T13:00:00", "2027-02-10T17:00:00"),
    ("2027-02-10T15:00:00", "2027-02-11T11:00:00", "2027-02-11T15:00:00"),
    ("2027-02-10T17:00:00", "2027-02-11T13:00:00", "2027-02-11T17:00:00"),
    ("2027-02-10T20:00:00", "2027-02-11T13:00:00", "2027-02-11T17:00:00"),
    # Over a weekend: Friday afternoon, Saturday, Sunday's last second.
    ("2027-02-12T15:00:00", "2027-02-15T11:00:00", "2027-02-15T15:00:00"),
    ("2027-02-13T12:00:00", "2027-02-15T13:00:00", "2027-02-15T17:00:00"),
    ("2027-02-14T23:59:58", "2027-02-15T13:00:00", "2027-02-15T17:00:00"),
    # Easter, in which the clocks go on: Thursday in winter time, Tuesday in summer time.
    ("2027-03-25T16:00:00", "2027-03-30T11:00:00", "2027-03-30T15:00:00"),
    ("2027-03-28T00:59:58", "2027-03-30T12:00:00", "2027-03-30T16:00:00"),
    ("2027-03-28T01:00:02", "2027-03-30T12:00:00", "2027-03-30T16:00:00"),
    # The year of the law ends: 31 March 23:59:58 UTC is 1 April in London already.
    ("2027-03-31T22:59:58", "2027-04-01T12:00:00", "2027-04-01T16:00:00"),
    ("2027-03-31T23:59:58", "2027-04-01T12:00:00", "2027-04-01T16:00:00"),
    ("2027-04-01T00:00:02", "2027-04-01T12:00:00", "2027-04-01T16:00:00"),
    # A bank holiday Monday.
    ("2027-04-30T15:00:00", "2027-05-04T11:00:00", "2027-05-04T15:00:00"),
    ("2027-05-03T09:00:00", "2027-05-04T12:00:00", "2027-05-04T16:00:00"),
    # The clocks go back: Friday in summer time, Monday in winter time.
    ("2027-10-29T14:00:00", "2027-11-01T11:00:00", "2027-11-01T15:00:00"),
    ("2027-10-31T00:59:58", "2027-11-01T13:00:00", "2027-11-01T17:00:00"),
    ("2027-10-31T01:00:02", "2027-11-01T13:00:00", "2027-11-01T17:00:00"),
    # Christmas and the end of the year.
    ("2027-12-24T15:00:00", "2027-12-29T11:00:00", "2027-12-29T15:00:00"),
    ("2027-12-31T15:00:00", "2028-01-04T11:00:00", "2028-01-04T15:00:00"),
    ("2027-12-31T23:59:58", "2028-01-04T13:00:00", "2028-01-04T17:00:00"),
    # A leap day.
    ("2028-02-28T23:59:58", "2028-02-29T13:00:00", "2028-02-29T17:00:00"),
    ("2028-02-29T16:00:00", "2028-03-01T12:00:00", "2028-03-01T16:00:00"),
]


@pytest.mark.requirement("R-S3")
@pytest.mark.parametrize(("began", "four_hours", "one_day"), BY_HAND)
def test_working_time_passes_at_work_alone(began: str, four_hours: str, one_day: str) -> None:
    assert NINE_TO_FIVE.after(at(began), FOUR) == at(four_hours)
    assert NINE_TO_FIVE.after(at(began), NINE_TO_FIVE.whole_day) == at(one_day)


@pytest.mark.requirement("R-S3")
@pytest.mark.parametrize("due", sorted({due for _, *both in BY_HAND for due in both}))
@pytest.mark.parametrize("span", [FOUR, NINE_TO_FIVE.whole_day])
def test_a_question_of_all_and_of_one_agree_to_the_second(due: str, span: datetime.timedelta) -> None:
    for seconds in (-2, 0, 2):
        now = at(due) + datetime.timedelta(seconds=seconds)
        last = NINE_TO_FIVE.before(now, span)
        for began, *_ in BY_HAND:
            assert (at(began) <= last) == (NINE_TO_FIVE.after(at(began), span) <= now), began


SOME_DAY = st.datetimes(
    datetime.datetime(2027, 2, 1), datetime.datetime(2028, 2, 1), timezones=st.just(datetime.UTC)
)


@given(SOME_DAY, SOME_DAY, st.integers(1, 2000))
def test_they_agree_about_any_two_moments(
    began: datetime.datetime, now: datetime.datetime, minutes: int
) -> None:
    span = datetime.timedelta(minutes=minutes)
    assert (began <= NINE_TO_FIVE.before(now, span)) == (NINE_TO_FIVE.after(began, span) <= now)


@pytest.mark.django_db
def test_hours_and_bank_holidays_are_data() -> None:
    assert working_time(at("2027-05-01T12:00:00")) == WorkingTime(
        datetime.time(9), datetime.time(17), frozenset()
    )
    BankHoliday.objects.create(date=D(2027, 5, 3), name="Early May bank holiday")
    BankHoliday.objects.create(date=D(2026, 5, 4), name="Early May bank holiday")
    make.make_partnership(working_from=datetime.time(8, 30), working_to=datetime.time(16, 30))
    hours = working_time(at("2027-05-01T12:00:00"))
    assert hours == WorkingTime(datetime.time(8, 30), datetime.time(16, 30), frozenset({D(2027, 5, 3)}))
    assert hours.after(at("2027-05-01T12:00:00"), FOUR) == at("2027-05-04T11:30:00")
