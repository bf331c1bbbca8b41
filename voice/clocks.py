"""How long words may wait for an answer. The law asks for answers at least once a year (R-V9, regulation 56(3))."""

import datetime
from calendar import monthrange
from collections.abc import Collection

from django.utils import timezone

from partnership.calendar import DAY, is_working_day

WARNED_AFTER_MONTHS = 9
"""From this many months after it came, whoever should read or answer it is warned."""
OVERDUE_AFTER_MONTHS = 12
"""From this many months after it came, it is an exception for the board."""


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day of an earlier month; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def came_by(today: datetime.date, months: int) -> datetime.datetime:
    """Whatever came before this moment has waited for `months` today: the end of the day that many months ago."""
    last = months_before(today, months) + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(last, datetime.time.min))


def is_warned(received_at: datetime.datetime, today: datetime.date) -> bool:
    """Whether it has waited for nine months: twin of `CommentQuerySet.unanswered_for`."""
    return received_at < came_by(today, WARNED_AFTER_MONTHS)


def is_overdue(received_at: datetime.datetime, today: datetime.date) -> bool:
    """Whether it has waited for a year: twin of `CommentQuerySet.unanswered_for`."""
    return received_at < came_by(today, OVERDUE_AFTER_MONTHS)


def promised_since(
    today: datetime.date, working_days: int, *, holidays: Collection[datetime.date]
) -> datetime.date:
    """The first day whose senders still wait within the promise (R-V10): what came before it has waited more working days
    than the partnership promises. Days off count for nobody."""
    day = today
    while working_days > 0:
        working_days -= is_working_day(day, holidays=holidays)
        day -= DAY
    while not is_working_day(day, holidays=holidays):
        day -= DAY
    return day


def is_late(received_at: datetime.datetime, since: datetime.date) -> bool:
    """Whether it has waited longer than was promised; `since` comes from `promised_since`."""
    return timezone.localdate(received_at) < since
