"""What waits for a person because a date moves, or an action waits for another: a part of my work (R-W1, R-A5)."""

import datetime

from django.urls import reverse

from partnership.work import WorkItem, limited

from .models import Action, DueDateRequest, WaitingFor


def dates_to_decide(user: object) -> list[WorkItem]:
    """Later due dates that wait for this publisher, musts first, so that no must is cut off (R-Z2)."""
    rows = (
        DueDateRequest.objects.decidable_by(user)
        .select_related("action__service")
        .order_by("action__category", "at", "pk")
    )
    return limited(rows, _date_item, reverse("actions:actions"))


def _date_item(asked: DueDateRequest) -> WorkItem:
    action = asked.action
    return WorkItem(
        group="Due dates to decide",
        title=f"{action.ref}: {action.title}",
        url=reverse("actions:due_date_decide", args=[action.ref, asked.pk]),
        detail=f"A later date is asked for. {action.service.name}",
        due=action.due,
        urgency=30,
        category=action.category,
    )


def others_wait(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Actions of this person's services that another one waits for in vain: late, red, or due after the one that waits."""
    rows = (
        WaitingFor.objects.visible_to(user)
        .in_trouble(today)
        .filter(on__in=Action.objects.updatable_by(user).order_by())
        .select_related("on", "action__service")
        .order_by("on__category", "action__due", "pk")
    )
    return limited(rows, _waited_for_item, reverse("actions:actions"))


def _waited_for_item(waiting: WaitingFor) -> WorkItem:
    action, other = waiting.on, waiting.action
    return WorkItem(
        group="Others wait for you",
        title=f"{action.ref}: {action.title}",
        url=action.get_absolute_url(),
        detail=f"{other.ref} of {other.service.name} waits for this",
        due=action.due,
        urgency=15,
        category=action.category,
    )
