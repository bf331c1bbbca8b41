"""Yearly reviews in my work: plans whose day has come, and actions that a review says are not needed (R-W1, R-W7)."""

import datetime

from django.urls import reverse

from partnership.permissions import has_role
from partnership.roles import Role
from partnership.work import WorkItem, limited

from .models import Plan, ReviewedAction


def reviews_due(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Plans whose yearly review is due: all of them for the programme team, their own for those who write in them."""
    rows = Plan.objects.review_due(today)
    if not has_role(user, Role.PROGRAMME):
        rows = rows & Plan.objects.reviewable_by(user)
    rows = rows.select_related("service").order_by("next_review", "pk")
    return limited(rows, _review_item, reverse("actions:plans"))


def _review_item(plan: Plan) -> WorkItem:
    return WorkItem(
        group="Yearly reviews due",
        title=plan.title,
        url=reverse("actions:plan_review", args=[plan.slug]),
        detail=plan.service.name,
        due=plan.next_review,
        urgency=30,
    )


def proposed_to_close() -> list[WorkItem]:
    """For the programme team: actions that their service says are not needed any more."""
    rows = ReviewedAction.objects.to_close().select_related("action__service").order_by("at", "pk")
    return limited(rows, _close_item, reverse("actions:actions"))


def _close_item(answer: ReviewedAction) -> WorkItem:
    action = answer.action
    return WorkItem(
        group="Actions to close",
        title=f"{action.ref}: {action.title}",
        url=reverse("actions:action_close", args=[action.ref]),
        detail=f"{action.service.name} says: not needed any more",
        due=action.due,
        urgency=30,
        category=action.category,
    )
