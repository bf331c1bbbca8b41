"""Which plans are past the day of their yearly review (R-A1)."""

import datetime

from actions.models import Plan, PlanReview
from actions.models.plans import PlanQuerySet
from foundation.kept import kept


def overdue(today: datetime.date) -> PlanQuerySet:
    """Published plans whose review should be finished, the longest overdue first. Finishing sets the next day, so that a
    plan with a finished review is not among them."""
    rows = Plan.objects.review_overdue(today).select_related("service", "strategy")
    return rows.order_by("next_review", "service__name", "pk")


@kept(most=1)
def keys_overdue(*, today: datetime.date) -> tuple[int, ...]:
    """The keys of these plans in their order: as long as the number that leads to them."""
    return tuple(overdue(today).values_list("pk", flat=True))


def rows_of(keys: tuple[int, ...], *, today: datetime.date) -> list[Plan]:
    """These plans as rows, each with how late it is and its review where one is begun: two queries, however many."""
    found = overdue(today).in_bulk(keys)
    open_ones = PlanReview.objects.filter(plan__in=keys, outcome=PlanReview.Outcome.OPEN)
    begun = {review.plan_id: review for review in open_ones}
    rows = [found[key] for key in keys if key in found]
    for plan in rows:
        assert plan.next_review is not None  # noqa: S101  (else it would not be overdue)
        plan.days_late = (today - plan.next_review).days
        plan.open_review = begun.get(plan.pk)
    return rows
