"""How priorities stand: how many of their actions are on track, at risk, off track and so on."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from foundation.kept import kept
from partnership.permissions import is_staff

from .models import Priority

# Worst first, so that nobody has to look for what needs looking after.
ORDER = ("red", "amber", "green", "not_started", "delivered", "blue", "closed")


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many actions of a priority are shown with one status, the list that holds them, and its part of the bar."""

    status: str
    count: int
    url: str
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A priority beside its numbers."""

    priority: Priority
    total: int
    counts: list[StatusCount]


def actions_url(priority: Priority, **more: str) -> str:
    """The list of actions narrowed to this priority."""
    query = "&".join(f"{name}={value}" for name, value in {"priority": str(priority.pk), **more}.items())
    return f"{reverse('actions:actions')}?{query}"


def standings(priorities: Iterable[Priority], *, user: object, today: datetime.date) -> list[Standing]:
    """Count the actions that this person may see, by priority and shown status, in one query (R-A4).

    An action is counted once, under the priority it serves first.
    """
    found = _counts(user, today) if is_staff(user) else _public_counts(today)
    return [_standing(priority, found.get(priority.pk, {})) for priority in priorities]


def _counts(user: object, today: datetime.date) -> dict[int, dict[str, int]]:
    """For each priority, how many actions this person may see are shown with each status."""
    # The model of actions lies above this package, so it is reached through the priorities' own relation.
    actions = Priority.actions.rel.related_model.objects.visible_to(user).for_reader(user, today)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in actions.order_by().values("priority_id", "shown_status").annotate(n=Count("pk")):
        found[row["priority_id"]][row["shown_status"]] = row["n"]
    return found


@kept(most=2)
def _public_counts(today: datetime.date) -> dict[int, dict[str, int]]:
    """The same for everybody who is not of the partnership: home, the strategy and each priority share it."""
    return _counts(None, today)


def _standing(priority: Priority, counts: dict[str, int]) -> Standing:
    total = sum(counts.values())
    listed, start = [], 0.0
    for status in ORDER:
        if count := counts.get(status):
            width = 100 * count / total  # the bar is 100 units wide, whatever the screen
            url = actions_url(priority, status=status)
            listed.append(StatusCount(status, count, url, f"{start:.2f}", f"{width:.2f}"))
            start += width
    return Standing(priority, total, listed)
