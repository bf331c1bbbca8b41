"""The form of waiting for another action."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions import guide, operations
from actions.models import Action, WaitingFor
from foundation.text import LineField
from foundation.tokens import OneUseToken
from partnership.models import User

REFERENCE = re.compile(r"[A-Za-z0-9]+-[0-9]+")


class WaitingForForm(forms.Form):
    """Which action this one waits for, by its reference, and what is waited for."""

    guide = guide.WAITING

    on = LineField(
        max_length=200,
        label="Reference of the other action",
        help_text="For example ABC-3. It stands on the action’s page. You can paste the page’s address too.",
        error_messages={"required": "Write the reference of the other action."},
    )
    why = LineField(
        max_length=300,
        required=False,
        label="What do you wait for?",
        help_text="One line, for the other service. Families do not read it.",
    )
    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.user = action, user

    def clean_on(self) -> Action:
        """The action, among those this person may see; any other is told as one that does not exist."""
        typed = REFERENCE.findall(self.cleaned_data["on"])
        seen = Action.objects.visible_to(self.user)
        found = seen.filter(ref__in={ref.upper() for ref in typed[-1:]}).first()
        if found is None:
            raise ValidationError(operations.NO_SUCH_ACTION)
        return found

    def save(self, *, by: User) -> WaitingFor | None:
        """Say that it waits. None when the form was sent before."""
        return operations.wait_for(by=by, action=self.action, **self.cleaned_data)
