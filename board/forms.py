"""What the board fills in."""

from typing import Any

from django import forms

from actions.definitions import status_key
from actions.models import Action
from actions.progress import OWNER_STATUSES
from foundation.forms import HintedRadios
from foundation.text import WordsField
from foundation.tokens import OneUseToken
from partnership.models import User

from . import operations
from .models import BoardRating


class RatingForm(forms.Form):
    """How the board rates an action, by the key that its service uses too, and why (R-Z3)."""

    rating = forms.ChoiceField(
        label="How does the board rate it?",
        error_messages={
            "required": "Choose how the board rates it.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    reason = WordsField(
        max_length=2000,
        rows=4,
        label="Why?",
        help_text="The service reads this, and everybody inside the partnership. It is not public.",
        error_messages={"required": "Say why the board rates it so."},
    )
    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, **options: Any) -> None:
        super().__init__(*args, **options)
        self.action = action
        hints = {row.status: row.meaning for row in status_key()}
        self.fields["rating"].widget = HintedRadios(hints=hints)
        self.fields["rating"].choices = [(status.value, status.label) for status in OWNER_STATUSES]

    def save(self, *, by: User) -> BoardRating | None:
        """Write it down. None when the form was sent before."""
        return operations.rate_action(by=by, action=self.action, **self.cleaned_data)
