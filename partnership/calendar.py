"""The partnership's clock and calendar. All dates are those of London.

Bank holidays are data (`BankHoliday`), so the rules here are handed the days off and read no table.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

DAY = datetime.timedelta(days=1)
NO_TIME = datetime.timedelta(0)
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


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When people are at work: from and to which time of a working day, and which days are off.

    Times of day are those of London, so a working day is as long as ever when the clocks change in the night before it.
    """

    opens: datetime.time
    closes: datetime.time
    holidays: Collection[datetime.date] = ()

    @property
    def whole_day(self) -> datetime.timedelta:
        """How much working time a working day has."""
        return _moment(datetime.date.min, self.closes) - _moment(datetime.date.min, self.opens)

    def after(self, start: datetime.datetime, span: datetime.timedelta) -> datetime.datetime:
        """When so much working time will have passed since `start`. Nights, weekends and days off do not count."""
        day = timezone.localdate(start)
        while True:
            if is_working_day(day, holidays=self.holidays):
                opens, closes = self._of(day)
                begins = max(start, opens)
                if begins + span <= closes:
                    return begins + span
                span -= max(closes - begins, NO_TIME)
            day += DAY

    def before(self, end: datetime.datetime, span: datetime.timedelta) -> datetime.datetime:
        """The last moment from which so much working time has passed by `end`.

        Twin of `after`: whatever began then or earlier is due at `end`, so that a query asks what a row says of itself.
        """
        day = timezone.localdate(end)
        while True:
            if is_working_day(day, holidays=self.holidays):
                opens, closes = self._of(day)
                ends = min(end, closes)
                if ends - span >= opens:
                    return ends - span
                span -= max(ends - opens, NO_TIME)
            day -= DAY

    def _of(self, day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
        """The moments at which work begins and ends on that day, counted in one time that no clock change moves."""
        made = (timezone.make_aware(datetime.datetime.combine(day, at)) for at in (self.opens, self.closes))
        opens, closes = (moment.astimezone(datetime.UTC) for moment in made)
        return opens, closes


def _moment(day: datetime.date, at: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, at)
