"""The yearly review of a plan: answered action by action, finished by a publisher (R-W7)."""

import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import FINISHED_STATUSES, Action, Plan, PlanReview, ReviewedAction
from actions.reasons import why_not_finish_review, why_not_review_plan
from foundation.tokens import spend
from partnership.models import User

from .plans import create_plan
from .rules import RuleBroken, day_of, keep, refuse_why

SPENT_FOR = "plan review"
OTHER_PLAN = "This action is not in this plan any more."


def actions_to_review(plan: Plan) -> list[Action]:
    """The actions that a review looks at: all that are not finished, musts first."""
    return list(plan.actions.unfinished().select_related("service"))


@transaction.atomic
def review_action(
    *,
    by: User,
    plan: Plan,
    action: Action,
    still_needed: bool,
    right_category: bool,
    difference_seen: str,
    words: str = "",
    token: str = "",
    at: datetime.datetime | None = None,
) -> ReviewedAction | None:
    """Answer for one action of a plan; the first answer begins the review. None when `token` was used before.

    A second answer about the same action is added and counts; the first stays to be read.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_review_plan(by, plan))
    if not plan.actions.filter(pk=action.pk).exclude(status__in=FINISHED_STATUSES).exists():
        raise RuleBroken([OTHER_PLAN])
    if not still_needed and not words.strip():
        why = "Say why it is not needed any more. The programme team reads this before it closes it."
        raise RuleBroken([why], beside={why: "words"})
    moment = at or timezone.now()
    review, _ = PlanReview.objects.get_or_create(
        plan=plan, outcome=PlanReview.Outcome.OPEN, defaults={"begun_by": by, "begun_at": moment}
    )
    return ReviewedAction.objects.create(
        review=review,
        action=action,
        still_needed=still_needed,
        right_category=right_category,
        difference_seen=difference_seen,
        words=words,
        by=by,
        at=moment,
    )


@transaction.atomic
def finish_review(
    *,
    by: User,
    plan: Plan,
    words: str = "",
    next_review: datetime.date,
    next_period: dict | None = None,
    token: str = "",
    at: datetime.datetime | None = None,
) -> PlanReview | None:
    """Finish a review in which every open action was looked at; None when `token` was used before.

    The plan goes on with its next review on `next_review`; or, with `next_period` (`title`, `starts`, `ends`), a draft of
    the plan that follows is begun. What is unfinished comes into that draft when it is published, not before.
    """
    moment = at or timezone.now()
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_finish_review(by, plan))
    review = plan.reviews.filter(outcome=PlanReview.Outcome.OPEN).first()
    seen = set(review.answers.values_list("action", flat=True)) if review is not None else set()
    left = [action.ref for action in actions_to_review(plan) if action.pk not in seen]
    if left:
        raise RuleBroken([f"Look at each action first. These are left: {', '.join(left)}."])
    if next_review <= day_of(moment):
        why = "Choose a day that is still to come."
        raise RuleBroken([why], beside={why: "next_review"})
    if review is None:  # a plan with nothing open in it
        review = PlanReview(plan=plan, begun_by=by, begun_at=moment)
    review.outcome = PlanReview.Outcome.KEPT
    if next_period is not None:
        review.outcome = PlanReview.Outcome.ROLLED
        review.next_plan = _begin_next(plan, by=by, next_review=next_review, at=at, **next_period)
    review.finished_by, review.finished_at, review.words = by, moment, words
    review.save()
    plan.bump()
    plan.next_review = next_review if next_period is None else None
    keep(plan, by=by, at=at)
    return review


def _begin_next(
    plan: Plan,
    *,
    by: User,
    title: str,
    starts: datetime.date,
    ends: datetime.date,
    next_review: datetime.date,
    at: datetime.datetime | None,
) -> Plan:
    if Plan.objects.filter(previous=plan).exists():
        raise RuleBroken(["The plan that follows this one is begun already."])
    made = create_plan(
        by=by,
        service=plan.service,
        strategy=plan.strategy,
        title=title,
        starts=starts,
        ends=ends,
        next_review=next_review,
        previous=plan,
        is_example=plan.is_example,
        at=at,
    )
    assert made is not None  # noqa: S101  (None is only for a repeated form)
    return made
