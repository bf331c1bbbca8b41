"""What is unfinished goes on into the next plan when that is published, and keeps its reference (R-W7)."""

import datetime

from actions.models import FINISHED_STATUSES, Action, CarriedAction, Plan
from partnership.models import User

from .rules import keep


def to_be_carried(plan: Plan) -> list[Action]:
    """The actions that come into this draft from the plan before it when it is published, with what is open there then."""
    if plan.previous_id is None or plan.status != Plan.Status.DRAFT:
        return []
    rows = Action.objects.filter(plan=plan.previous_id, plan__status=Plan.Status.PUBLISHED)
    return list(rows.exclude(status__in=FINISHED_STATUSES).select_related("service"))


def carry_on(plan: Plan, *, by: User, moment: datetime.datetime, at: datetime.datetime | None) -> None:
    """Move what is unfinished into the plan that follows, and archive the one it leaves.

    A row keeps where each stood, so that the old plan's page still tells what it held. Called with the new plan locked.
    """
    old = Plan.objects.select_for_update().filter(pk=plan.previous_id, status=Plan.Status.PUBLISHED).first()
    if old is None:
        return
    moving = Action.objects.filter(plan=old).exclude(status__in=FINISHED_STATUSES)
    for action in moving.select_for_update(no_key=True).order_by("pk"):
        CarriedAction.objects.create(
            action=action,
            from_plan=old,
            to_plan=plan,
            status=action.status,
            public_status=action.public_status,
            due=action.due,
            impact=action.impact,
            by=by,
            at=moment,
        )
        action.bump()
        action.plan = plan
        keep(action, by=by, at=at)
    old.status = Plan.Status.ARCHIVED
    old.bump()
    keep(old, by=by, at=at)
