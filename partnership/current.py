"""Whose portal this is, with what the partnership chose for it: read by pages, rules and models alike."""

import datetime

from django.utils import timezone

from foundation.kept import kept

from .calendar import WorkingTime
from .models import BankHoliday, Partnership

AROUND = datetime.timedelta(days=60)
"""So far around a moment bank holidays are read: more than any clock of hours runs."""


@kept(most=1)
def the_partnership() -> Partnership | None:
    """The one partnership of this installation, read once and kept. Nobody changes the row that this returns."""
    return Partnership.objects.filter(pk=1).first()


def working_time(around: datetime.datetime) -> WorkingTime:
    """When people here are at work, for clocks that run near this moment: the hours as data, and the bank holidays."""
    chosen = the_partnership() or Partnership()
    day = timezone.localdate(around)
    holidays = BankHoliday.objects.days(day - AROUND, day + AROUND)
    return WorkingTime(chosen.working_from, chosen.working_to, frozenset(holidays))
