"""What changed lately, read from the append-only rows that nobody can rewrite (R-A5, R-B1)."""

import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from actions.models import ActionUpdate, DueDateChange, Plan
from actions.models.actions import LONG_TEXTS
from priorities.models import Priority

LATELY_DAYS = 30


def updates(*, priority: Priority | None = None) -> QuerySet[ActionUpdate]:
    """Updates that changed a status, newest first, of actions that are on the record."""
    rows = (
        ActionUpdate.objects.exclude(action__plan__status=Plan.Status.DRAFT)
        .exclude(status=F("status_before"))
        .select_related("action__service")
        .defer(*(f"action__{name}" for name in LONG_TEXTS))
        .order_by("-at", "-pk")
    )
    return rows.filter(action__priority=priority) if priority else rows


def moved_dates(limit: int = 20) -> QuerySet[DueDateChange]:
    """Due dates that were moved, newest first."""
    return (
        DueDateChange.objects.exclude(action__plan__status=Plan.Status.DRAFT)
        .select_related("action__service")
        .order_by("-at", "-pk")[:limit]
    )


def latest(limit: int, *, priority: Priority | None = None) -> list[ActionUpdate]:
    """The newest changes of status."""
    return list(updates(priority=priority)[:limit])


def count_since(day: datetime.date) -> int:
    """How many statuses changed from the start of `day` on, London time."""
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    return updates().filter(at__gte=start).order_by().count()
