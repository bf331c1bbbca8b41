"""Yearly reviews in my work: plans whose day has come, and actions that a review says are not needed (R-W1, R-W7)."""

import datetime

from django.urls import reverse

from partnership.work import WorkItem, limited

from .models import Plan, ReviewedAction


def reviews_due(*, today: datetime.date) -> list[WorkItem]:
    """For the programme team: every plan whose yearly review is due."""
    rows = Plan.objects.review_due(today).select_related("service").order_by("next_review", "pk")
    return limited(rows, review_item, reverse("actions:plans"))


def review_item(plan: Plan) -> WorkItem:
    """A plan whose review is due, as the programme team and its own service see it."""
    return WorkItem(
        group="Yearly reviews due",
        title=plan.title,
        url=reverse("actions:plan_review", args=[plan.slug]),
        detail=plan.service.name,
        due=plan.next_review,
        urgency=30,
    )


def proposed_to_close() -> list[WorkItem]:
    """For the programme team: actions that their service says are not needed any more, musts first (R-Z2)."""
    rows = (
        ReviewedAction.objects.to_close()
        .select_related("action__service")
        .order_by("action__category", "at", "pk")
    )
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
