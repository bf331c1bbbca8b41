"""Actions: added with a reference for life, changed without overwriting anybody, dates moved with a reason (R-A2, R-A5)."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import Action, Category, Plan
from actions.reasons import ARCHIVED, why_not_edit_action
from foundation.tokens import spend
from foundation.versions import lock_for_edit
from partnership.models import Service, User
from priorities.models import Priority

from .due_dates import record_move
from .rules import RuleBroken, day_of, keep, refuse_why

LINKS = ("also_serves", "commitments", "partners")
"""Fields that hold several rows; they are set after the action is saved."""


@transaction.atomic
def add_action(
    *,
    by: User,
    plan: Plan,
    title: str,
    category: int,
    priority: Priority,
    is_example: bool = False,
    token: str = "",
    at: datetime.datetime | None = None,
    **fields: Any,
) -> Action | None:
    """Add an action to a plan; None when `token` was used before. `fields` are the other columns of `Action`, and its links.

    It gets the service's code and next number as its reference, for life: a number is never used twice. In a published
    plan it waits for a publisher, unless the service publishes at once and nothing is missing.
    """
    # The row of the service is the counter; whoever comes second waits here for the first.
    service = Service.objects.select_for_update(no_key=True).get(pk=plan.service_id)
    if token and not spend(token, purpose="action"):
        return None
    plan = Plan.objects.get(pk=plan.pk)
    _refuse_archived(plan)
    service.last_action_number += 1
    service.save(update_fields=["last_action_number"])
    links = {name: fields.pop(name) for name in LINKS if name in fields}
    action = Action(
        ref=f"{service.code}-{service.last_action_number}",
        plan=plan,
        service=service,
        title=title,
        category=category,
        priority=priority,
        created_by=by,
        is_example=is_example,
        **fields,
    )
    action.public_status = action.status
    fit(action)
    publish_if_at_once(action, plan=plan, service=service, by=by, at=at)
    keep(action, by=by, at=at)
    _set_links(action, links)
    return action


@transaction.atomic
def edit_action(
    *,
    by: User,
    action: Action,
    version: int,
    due_reason: str = "",
    at: datetime.datetime | None = None,
    **fields: Any,
) -> Action:
    """Change an action. Raises VersionConflict when somebody saved it since `version` (R-A9).

    Moving the due date of a published action needs `due_reason`; the old date is kept, and a later one counts as a slip.
    """
    action = lock_for_edit(Action.objects.all(), action.pk, version=version)
    refuse_why(why_not_edit_action(by, action))
    old_due = action.due
    links = {name: fields.pop(name) for name in LINKS if name in fields}
    for name, value in fields.items():
        setattr(action, name, value)
    fit(action)
    if action.published_at is not None:
        _refuse_emptied(action)
        _move_due(action, old_due, reason=due_reason, by=by, at=at)
    else:
        publish_if_at_once(action, plan=action.plan, service=action.plan.service, by=by, at=at)
    keep(action, by=by, at=at)
    _set_links(action, links)
    return action


def _refuse_archived(plan: Plan) -> None:
    if plan.status == Plan.Status.ARCHIVED:
        raise RuleBroken([ARCHIVED])


def _refuse_emptied(action: Action) -> None:
    told = {
        f"Families already read this action, so it needs {words}.": name
        for name, words in action.fields_to_publish().items()
    }
    if told:
        raise RuleBroken(list(told), beside=told)


def fit(action: Action) -> None:
    """A duty belongs to a must alone: changing the category lets it go."""
    if action.category != Category.MUST:
        action.duty = None


def _move_due(
    action: Action, old_due: datetime.date | None, *, reason: str, by: User, at: datetime.datetime | None
) -> None:
    if action.due == old_due:
        return
    if not reason.strip():
        why = "Say why the due date moves. Families and the board see the reason."
        raise RuleBroken([why], beside={why: "due_reason"})
    record_move(action, old_due, reason=reason, by=by, at=at or timezone.now())


def publish_if_at_once(
    action: Action, *, plan: Plan, service: Service, by: User, at: datetime.datetime | None = None
) -> None:
    ready = (
        plan.status == Plan.Status.PUBLISHED and service.publishes_at_once and not action.missing_to_publish()
    )
    if not ready:
        return
    action.published_at, action.published_by = at or timezone.now(), by
    action.original_due = action.original_due or action.due
    action.last_heard = action.last_heard or day_of(action.published_at)


def _set_links(action: Action, links: dict[str, Any]) -> None:
    for name, rows in links.items():
        getattr(action, name).set(rows)
