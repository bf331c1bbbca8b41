"""The partnership's clock and calendar. All dates are those of London."""

import datetime

from django.utils import timezone


def today() -> datetime.date:
    """Today in London: the one clock that views and operations read and hand to the rules."""
    return timezone.localdate()


def quarter_start(day: datetime.date) -> datetime.date:
    """First day of the calendar quarter that `day` lies in."""
    return datetime.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
