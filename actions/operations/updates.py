"""Updates: what the service says of an action at one time. Added, never changed (R-A4, R-A5, R-W2)."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import Action, ActionUpdate, Plan, Status
from actions.progress import nothing_changed_faults, status_faults
from actions.reasons import why_not_update_action
from foundation.tokens import spend
from partnership.models import User
from partnership.permissions import can_publish_for

from .evidence import keep_evidence
from .rules import (
    day_of,
    keep_standing,
    locked_action,
    refresh_public_status,
    refuse,
    refuse_why,
)


@transaction.atomic
def add_update(
    *,
    by: User,
    action: Action,
    status: str = "",
    narrative: str = "",
    reason: str = "",
    public_words: str = "",
    barriers: str = "",
    next_step: str = "",
    help_wanted: str = "",
    nothing_changed: bool = False,
    evidence: dict[str, Any] | None = None,
    token: str = "",
    at: datetime.datetime | None = None,
) -> ActionUpdate | None:
    """Add an update and let the action's standing follow it. Returns None when `token` was used before.

    `evidence`, if any, has `kind`, `statement`, `link` and `file`. Inside the partnership it shows at once; its words for families,
    and the status families are shown, wait for a publisher, unless the author is one or the service publishes at once.
    Raises RuleBroken with every fault when the status may not be set today.
    """
    action = locked_action(action)
    moment = at or timezone.now()  # after the wait for the lock, so that times stand in the order of the rows
    if token and not spend(token, purpose="action update"):
        return None
    refuse_why(why_not_update_action(by, action))
    new = action.status if nothing_changed or not status else status
    _refuse(action, new, reason=reason, nothing_changed=nothing_changed, evidence=evidence, moment=moment)
    update = ActionUpdate(
        action=action,
        author=by,
        at=moment,
        status=new,
        status_before=action.status,
        narrative=narrative,
        reason=reason,
        public_words=public_words,
        barriers=barriers,
        next_step=next_step,
        help_wanted=help_wanted,
        nothing_changed=nothing_changed,
    )
    if not nothing_changed and _shows_at_once(action, by):
        update.published_at, update.published_by = moment, by
    update.save()
    if evidence:
        keep_evidence(action=action, update=update, added_by=by, added_at=moment, **evidence)
    _follow(action, update)
    return update


def _refuse(
    action: Action,
    new: str,
    *,
    reason: str,
    nothing_changed: bool,
    evidence: dict[str, Any] | None,
    moment: datetime.datetime,
) -> None:
    today = day_of(moment)
    if nothing_changed:
        refuse(nothing_changed_faults(status=action.status, due=action.due, today=today))
        return
    # Only a delivered status asks for evidence, so only then is the table read.
    has_evidence = bool(evidence) or (new == Status.DELIVERED and action.evidence.exists())
    refuse(
        status_faults(
            old=action.status,
            new=new,
            due=action.due,
            planned_start=action.planned_start,
            today=today,
            has_evidence=has_evidence,
            reason=reason,
        )
    )


def _shows_at_once(action: Action, by: User) -> bool:
    """A draft plan shows nothing to anybody yet: its words are published with it."""
    plan = action.plan
    if plan.status != Plan.Status.PUBLISHED or action.published_at is None:
        return False
    return plan.service.publishes_at_once or can_publish_for(by, plan.service)


def _follow(action: Action, update: ActionUpdate) -> None:
    """Let the columns that lists read follow the newest update. One told of the past moves nothing back."""
    if action.last_update_at is None or update.at >= action.last_update_at:
        action.status = update.status
        action.last_update_at = update.at
        action.last_heard = max(filter(None, [action.last_heard, day_of(update.at)]))
    if update.published_at is not None:
        refresh_public_status(action)
    keep_standing(action, "status", "public_status", "last_heard", "last_update_at")
