"""How long a mark may stay unread: four working hours, then everybody in safeguarding hears; a working day, then it is red
for the board (R-S3). The hours and the bank holidays are the partnership's data."""

import datetime
from dataclasses import dataclass

from partnership.calendar import WorkingTime
from partnership.current import working_time
from voice.models import SafeguardingFlag

DEPUTIES_AFTER = datetime.timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class SafetyClock:
    """The clock as it runs at one moment."""

    now: datetime.datetime
    hours: WorkingTime

    def deputies_due(self, flag: SafeguardingFlag) -> datetime.datetime:
        """When the deputies hear of it, unless somebody has read it by then."""
        return self.hours.after(flag.raised_at, DEPUTIES_AFTER)

    def red_due(self, flag: SafeguardingFlag) -> datetime.datetime:
        """When it has been unread for a whole working day."""
        return self.hours.after(flag.raised_at, self.hours.whole_day)

    def is_red(self, flag: SafeguardingFlag) -> bool:
        """Whether nobody has read it for a working day. Twin of `unread_for_a_day`."""
        return flag.read_at is None and flag.released_at is None and self.red_due(flag) <= self.now

    def deputies_waiting(self) -> list[SafeguardingFlag]:
        """Unread for four working hours, and the deputies have not heard of it yet."""
        last = self.hours.before(self.now, DEPUTIES_AFTER)
        unread = SafeguardingFlag.objects.standing().unread()
        return list(unread.filter(raised_at__lte=last, deputies_told_at__isnull=True).order_by("pk")[:100])


def safety_clock(now: datetime.datetime) -> SafetyClock:
    """The clock at this moment, with the bank holidays around it."""
    return SafetyClock(now, working_time(now))


def unread_for_a_day(now: datetime.datetime) -> int:
    """How many nobody has read for a whole working day: a number, and nothing else about them.

    One question of the database while nothing is unread, as nearly always, and two otherwise.
    """
    marked = list(SafeguardingFlag.objects.standing().unread().order_by().values_list("raised_at", flat=True))
    if not marked:
        return 0
    clock = safety_clock(now)
    last = clock.hours.before(now, clock.hours.whole_day)
    return sum(raised_at <= last for raised_at in marked)
