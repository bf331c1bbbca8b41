"""Which measures show that an action worked; taken off they stay in its past."""

import datetime

from django.db import transaction

from actions.models import Action, ActionMeasure
from actions.reasons import why_not_edit_action
from partnership.models import User
from priorities.models import Measure

from .rules import keep, locked_action, refuse_why


@transaction.atomic
def link_measure(
    *,
    by: User,
    action: Action,
    measure: Measure,
    success_looks_like: str = "",
    at: datetime.datetime | None = None,
) -> ActionMeasure:
    """Say that success is read from a measure, and what it would look like. A second time changes the words."""
    refuse_why(why_not_edit_action(by, locked_action(action)))
    link = action.success_measures.filter(measure=measure).first()
    if link is None:
        link = ActionMeasure(action=action, measure=measure, added_by=by)
    link.success_looks_like = success_looks_like
    keep(link, by=by, at=at)
    return link


@transaction.atomic
def unlink_measure(
    *, by: User, action: Action, link: ActionMeasure, at: datetime.datetime | None = None
) -> None:
    """Take a measure off an action. A second time changes nothing."""
    refuse_why(why_not_edit_action(by, locked_action(action)))
    found = action.success_measures.filter(pk=link.pk).first()
    if found is not None:
        found._history_user = by
        if at is not None:
            found._history_date = at
        found.delete()
