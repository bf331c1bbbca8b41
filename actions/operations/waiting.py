"""Waiting for: an action says that it cannot go on before another one does."""

import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import FINISHED_STATUSES, Action, WaitingFor
from actions.permissions import can_view_action
from actions.reasons import why_not_update_action
from foundation.tokens import spend
from partnership.models import Partnership, User

from .rules import RuleBroken, locked_action, refuse_why

SPENT_FOR = "waiting for"
NO_SUCH_ACTION = "There is no action with this reference. Look at the reference on its page."


@transaction.atomic
def wait_for(
    *,
    by: User,
    action: Action,
    on: Action,
    why: str = "",
    token: str = "",
    at: datetime.datetime | None = None,
) -> WaitingFor | None:
    """Say that `action` waits for `on`; None when `token` was used before.

    Raises RuleBroken when it is the same action, one the person does not see, a finished one, one it waits for already, or
    one that waits for this one itself: then nobody would ever begin.
    """
    # One at a time in the whole portal: otherwise several people together could close a circle that none of them sees.
    list(Partnership.objects.select_for_update(no_key=True)[:1])
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_update_action(by, action))
    on = Action.objects.select_related("plan__service").get(pk=on.pk)
    fault = _fault(action, on, by)
    if fault:
        raise RuleBroken([fault], beside={fault: "on"})
    return WaitingFor.objects.create(action=action, on=on, why=why, by=by, at=at or timezone.now())


def _fault(action: Action, on: Action, by: User) -> str:
    if not can_view_action(by, on):
        return NO_SUCH_ACTION
    if on.pk == action.pk:
        return "An action cannot wait for itself."
    if on.status in FINISHED_STATUSES:
        return f"{on.ref} is finished. Nothing has to wait for it."
    if action.waits_for.open().filter(on=on).exists():
        return f"{action.ref} waits for {on.ref} already."
    if action.pk in _all_that(on):
        return (
            f"{on.ref} waits for {action.ref} itself, straight or through others. Neither could ever begin."
        )
    return ""


def _all_that(action: Action) -> set[int]:
    """All that this action waits for, straight and through others: one question for each step of the way."""
    found: set[int] = set()
    step = {action.pk}
    while step:
        rows = WaitingFor.objects.open().filter(action__in=step).exclude(on__in=found)
        step = set(rows.order_by().values_list("on", flat=True))
        found |= step
    return found


@transaction.atomic
def end_waiting(*, by: User, waiting: WaitingFor, at: datetime.datetime | None = None) -> WaitingFor:
    """Say that the action waits no longer. It stays in the past. A second time changes nothing."""
    action = locked_action(waiting.action)
    waiting = WaitingFor.objects.select_for_update(no_key=True).get(pk=waiting.pk)
    if waiting.ended_at is not None:
        return waiting
    refuse_why(why_not_update_action(by, action))
    waiting.ended_at, waiting.ended_by = at or timezone.now(), by
    waiting.save()
    return waiting
