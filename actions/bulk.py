"""What one change would do to each of several actions, and why it cannot where it cannot.

The preview and the operation ask the same object, so that what is shown is what is done.
"""

import datetime
from dataclasses import dataclass
from typing import Protocol

from foundation.templatetags.ui import day as in_words
from foundation.templatetags.ui import plural as in_number
from priorities.models import Priority

from .models import Action, BulkChange, Plan
from .reasons import why_not_change_in_bulk

MOST = 500
"""Actions in one change."""


class Change(Protocol):
    """One change, the same for every action that is chosen."""

    @property
    def kind(self) -> str: ...

    @property
    def target(self) -> dict[str, object]:
        """The columns of `BulkChange` that say what the change is."""

    @property
    def new(self) -> str:
        """What changes, in a few words for the top of the preview."""

    def new_of(self, action: Action) -> str:
        """What this action will say afterwards, for the preview."""

    def old(self, action: Action) -> str:
        """What this action says now."""

    def why_not(self, action: Action) -> str:
        """Why this action cannot be changed so, in a sentence; empty when it can."""


@dataclass(frozen=True, slots=True)
class Move:
    """To another service: the action goes into that service's plan, because who writes for a plan writes for its actions.

    It keeps its reference for life, what was said of it, and its dates.
    """

    plan: Plan
    kind: str = BulkChange.Kind.MOVE

    @property
    def target(self) -> dict[str, object]:
        return {"plan": self.plan}

    @property
    def new(self) -> str:
        return f"{self.plan.service.name}: {self.plan.title}"

    def new_of(self, action: Action) -> str:
        return self.new

    def old(self, action: Action) -> str:
        return f"{action.service.name}: {action.plan.title}"

    def why_not(self, action: Action) -> str:
        if action.plan_id == self.plan.pk and action.service_id == self.plan.service_id:
            return "It is in this plan already."
        return (
            "" if self.plan.status == Plan.Status.PUBLISHED else "The plan to move to is not public any more."
        )


@dataclass(frozen=True, slots=True)
class Redate:
    """A new due date, with one reason for all. The first date of each action stays."""

    due: datetime.date
    kind: str = BulkChange.Kind.REDATE

    @property
    def target(self) -> dict[str, object]:
        return {"due": self.due}

    @property
    def new(self) -> str:
        return in_words(self.due)

    def new_of(self, action: Action) -> str:
        return self.new

    def old(self, action: Action) -> str:
        return in_words(action.due) if action.due else "No due date"

    def why_not(self, action: Action) -> str:
        if action.due is None:
            return "It has no due date to move. Its service sets one."
        if action.due == self.due:
            return "It is due on that day already."
        return _begins_later(action, self.due)


@dataclass(frozen=True, slots=True)
class Shift:
    """Each due date moves by as many days, later or (below zero) earlier, with one reason for all."""

    days: int
    today: datetime.date
    kind: str = BulkChange.Kind.REDATE

    @property
    def target(self) -> dict[str, object]:
        return {"days": self.days}

    @property
    def new(self) -> str:
        return f"Each {in_number(abs(self.days), 'day,days')} {'later' if self.days > 0 else 'earlier'}"

    def new_of(self, action: Action) -> str:
        return in_words(action.due + datetime.timedelta(days=self.days)) if action.due else self.old(action)

    def old(self, action: Action) -> str:
        return in_words(action.due) if action.due else "No due date"

    def why_not(self, action: Action) -> str:
        if action.due is None:
            return "It has no due date to move, so it is left alone. Its service sets one."
        due = action.due + datetime.timedelta(days=self.days)
        if due < self.today:
            return f"It would be due on {in_words(due)}. That day has passed."
        return _begins_later(action, due)


def _begins_later(action: Action, due: datetime.date) -> str:
    """Why the action cannot be due on a day before it begins."""
    begins = action.planned_start
    return f"It only begins on {in_words(begins)}." if begins is not None and due < begins else ""


@dataclass(frozen=True, slots=True)
class Serve:
    """It serves one more priority, beside the one it serves first."""

    priority: Priority
    kind: str = BulkChange.Kind.SERVE

    @property
    def target(self) -> dict[str, object]:
        return {"priority": self.priority}

    @property
    def new(self) -> str:
        return f"Serves too: {self.priority}"

    def new_of(self, action: Action) -> str:
        return self.new

    def old(self, action: Action) -> str:
        return f"Serves first: {action.priority}"

    def why_not(self, action: Action) -> str:
        served = {action.priority_id, *(priority.pk for priority in action.also_serves.all())}
        return "It serves this already." if self.priority.pk in served else ""


def sort_out(
    change: Change, actions: list[Action], *, user: object
) -> tuple[list[Action], list[tuple[Action, str]]]:
    """Which of the actions this person can change so, and which not, each of these with its reason."""
    can, cannot = [], []
    for action in actions:
        why = why_not_change_in_bulk(user, action) or change.why_not(action)
        if why:
            cannot.append((action, why))
        else:
            can.append(action)
    return can, cannot
