"""The partnership's clock and calendar. All dates are those of London.

Bank holidays are data (`BankHoliday`), so the rules here are handed the days off and read no table.
"""

import datetime
from collections.abc import Collection

from django.utils import timezone

DAY = datetime.timedelta(days=1)
FIRST_DAY_OFF = 5
"""Saturday, as Python counts the days of a week from Monday, 0."""


def today() -> datetime.date:
    """Today in London: the one clock that views and operations read and hand to the rules."""
    return timezone.localdate()


def quarter_start(day: datetime.date) -> datetime.date:
    """First day of the calendar quarter that `day` lies in."""
    return datetime.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def week_start(day: datetime.date) -> datetime.date:
    """The Monday of the week that `day` lies in."""
    return day - datetime.timedelta(days=day.weekday())


def is_working_day(day: datetime.date, *, holidays: Collection[datetime.date]) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() < FIRST_DAY_OFF and day not in holidays


def next_working_day(day: datetime.date, *, holidays: Collection[datetime.date]) -> datetime.date:
    """`day` itself where it is a working day, else the first one after it."""
    while not is_working_day(day, holidays=holidays):
        day += DAY
    return day


def working_days_between(
    start: datetime.date, end: datetime.date, *, holidays: Collection[datetime.date]
) -> int:
    """How many working days come after `start`, up to and with `end`; 0 when `end` is not later.

    So what came on a Friday and is answered on Monday took one working day.
    """
    days = max((end - start).days, 0)
    weeks, rest = divmod(days, 7)
    odd = sum(
        1
        for number in range(1, rest + 1)
        if (start + number * DAY + weeks * 7 * DAY).weekday() < FIRST_DAY_OFF
    )
    off = sum(1 for day in set(holidays) if start < day <= end and day.weekday() < FIRST_DAY_OFF)
    return weeks * 5 + odd - off
