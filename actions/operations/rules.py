"""What every operation on plans and actions shares: broken rules, locks, history, and what families are shown."""

import datetime

from django.db import models
from django.utils import timezone

from actions.models import Action, ActionUpdate
from partnership.models import User


class RuleBroken(Exception):
    """A rule does not allow this. `faults` are sentences for the person; nothing has been changed.

    `beside` names the field that a sentence is about, where it is about one.
    """

    def __init__(self, faults: list[str], *, beside: dict[str, str] | None = None) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults
        self.beside = beside or {}


class NotReady(RuleBroken):
    """Something lacks what it needs before it can be published. `missing` pairs each action with what it lacks."""

    def __init__(self, missing: list[tuple[Action, list[str]]], other: list[str] | None = None) -> None:
        self.missing = missing
        named = [f"{action.ref} needs {' and '.join(lacks)}." for action, lacks in missing]
        super().__init__((other or []) + named)


def refuse(faults: list[str]) -> None:
    """Raise RuleBroken when there is anything to say."""
    if faults:
        raise RuleBroken(faults)


def refuse_why(why: str) -> None:
    """Raise RuleBroken when there is a reason. Asked again behind the lock: the page asked before it waited."""
    refuse([why] if why else [])


def locked_action(action: Action) -> Action:
    """The action as it is now, locked until the transaction ends. Not its version: what is added overwrites nothing."""
    return Action.objects.select_for_update(no_key=True).get(pk=action.pk)


def keep(row: models.Model, *, by: User, at: datetime.datetime | None = None) -> None:
    """Save a row with a history row that names who did it, and when, where it is told of the past."""
    row._history_user = by
    if at is not None:
        row._history_date = at
    row.save()


def keep_standing(action: Action, *fields: str) -> None:
    """Save the columns that only repeat the newest update, so that lists are quick.

    No history row: the updates themselves are the history of these, each with its time and author (R-A5).
    """
    action.skip_history_when_saving = True
    try:
        action.save(update_fields=[*fields])
    finally:
        del action.skip_history_when_saving


def refresh_public_status(action: Action) -> None:
    """Set what families are shown: the status of the newest published update; before any, the status before the first."""
    newest = action.updates.filter(published_at__isnull=False).first()
    if newest is not None:
        action.public_status = newest.status
        return
    first: ActionUpdate | None = action.updates.order_by("at", "pk").first()
    action.public_status = first.status_before if first is not None else action.status


def day_of(at: datetime.datetime) -> datetime.date:
    """The day in London that a moment lies in."""
    return timezone.localdate(at)
