"""What changed lately, read from the append-only rows that nobody can rewrite (R-A5, R-B1)."""

import datetime

from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Value
from django.utils import timezone

from actions.models import ActionUpdate, DueDateChange, Plan
from actions.models.action_queries import LONG_TEXTS
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


def latest_and_count(limit: int, *, since: datetime.date) -> tuple[list[ActionUpdate], int]:
    """The newest changes of status, and how many there were from the start of `since` on, in one query."""
    rows = updates()
    lately = rows.filter(at__gte=_start_of(since)).order_by().annotate(all_of_them=Value(1))
    number = lately.values("all_of_them").annotate(number=Count("pk")).values("number")
    found: list = list(rows.annotate(lately=Subquery(number, output_field=IntegerField()))[:limit])
    return found, (found[0].lately or 0) if found else 0


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
