"""Forms of due dates: move one, or decide what a service asks for (R-A5)."""

import datetime
from typing import Any

from django import forms

from actions import guide, operations
from actions.models import Action, DueDateChange, DueDateRequest
from foundation.forms import DayField
from foundation.text import WordsField
from foundation.tokens import OneUseToken
from partnership.models import User

from .plans import SeenField


class DueDateForm(forms.Form):
    """The new date and why. It carries the date the person saw, so that nobody moves a date they have not seen."""

    guide = guide.MOVED_DATE

    due = DayField(label="New due date")
    reason = WordsField(
        max_length=500,
        rows=3,
        label="Why does it move?",
        help_text="Families and the board read this when the date is in force. The first date stays on the page.",
        error_messages={"required": "Say why the due date moves."},
    )
    seen = SeenField()
    token = OneUseToken()

    def __init__(self, data: Any = None, *, action: Action) -> None:
        self.action = action
        now = action.due.isoformat() if action.due else ""
        self.was_moved = data is not None and data.get("seen", "") != now
        if self.was_moved:
            # Shown again it carries the date as it is now: who saves once more has seen it.
            data = data.copy()
            data["seen"] = now
        super().__init__(data, initial={"seen": now})

    def save(self, *, by: User) -> DueDateChange | DueDateRequest | None:
        """Move the date, or ask for it. None when the form was sent before."""
        values = {name: self.cleaned_data[name] for name in ("due", "reason", "token")}
        # A date that is surely not the action's makes the operation refuse with its own words.
        was = datetime.date.min if self.was_moved else self.action.due
        return operations.move_due(by=by, action=self.action, was=was, **values)


class DueDecisionForm(forms.Form):
    """Whether a later date is approved."""

    guide = guide.MOVED_DATE

    APPROVE, REFUSE = "approve", "refuse"

    decision = forms.ChoiceField(
        choices=[(APPROVE, "Approve it: the new date is in force at once"), (REFUSE, "Do not approve it")],
        widget=forms.RadioSelect,
        label="What do you decide?",
        error_messages={"required": "Choose what you decide.", "invalid_choice": "Choose one from the list."},
    )
    words = WordsField(
        max_length=500,
        rows=3,
        required=False,
        label="What do you say to the service?",
        help_text="Needed when you do not approve it. Only staff read this.",
    )
    token = OneUseToken()

    def __init__(self, *args: Any, asked: DueDateRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("decision") == self.REFUSE and not values.get("words") and "words" not in self.errors:
            self.add_error("words", "Say why not, so that the service knows what to do.")
        return values

    def save(self, *, by: User) -> DueDateRequest | None:
        """Decide it. None when the form was sent before."""
        return operations.decide_due_request(
            by=by,
            asked=self.asked,
            approve=self.cleaned_data["decision"] == self.APPROVE,
            words=self.cleaned_data["words"],
            token=self.cleaned_data["token"],
        )
