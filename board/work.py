"""What the board's own words ask of a person: this app's part of my work (R-W1, R-Z3)."""

import datetime

from django.urls import reverse

from actions.models import Action
from partnership.permissions import has_role
from partnership.roles import SERVICE_ROLES
from partnership.work import WorkItem

from .models import BoardRating

SHOWN = 10
URGENCY = 18
"""After what is off track, before what was not heard of lately."""


def work_items(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Actions of the person's own services that the board rates differently, until the service has said something."""
    if not has_role(user, *SERVICE_ROLES):
        return []
    mine = Action.objects.updatable_by(user).on_the_record()
    rows = (
        BoardRating.objects.unanswered().filter(action__in=mine.order_by()).select_related("action__service")
    )
    return [_item(rating) for rating in rows.order_by("action__category", "at", "pk")[:SHOWN]]


def _item(rating: BoardRating) -> WorkItem:
    action = rating.action
    return WorkItem(
        group="The board rates this differently",
        title=f"{action.ref}: {action.title}",
        url=reverse("actions:action_update", args=[action.ref]),
        detail=f"You said: {action.get_status_display()}. The board says: {rating.get_rating_display()}",
        due=action.due,
        urgency=URGENCY,
        category=action.category,
    )
