"""Forms of what people outside the service decide: the difference seen, signed off, closed (R-A4, R-A6)."""

from typing import Any

from django import forms

from actions import guide, operations
from actions.models import Action, ActionUpdate, Impact, ImpactRating
from foundation.text import WordsField
from foundation.tokens import OneUseToken
from partnership.models import User


class SignOffForm(forms.Form):
    """What difference assurance has seen, and whether that completes the action (R-A4, R-A6)."""

    guide = guide.SIGN_OFF

    SIGN_OFF, ONLY_RATE = "sign_off", "rate"

    rating = forms.ChoiceField(
        choices=Impact.choices,
        widget=forms.RadioSelect,
        label="What difference has it made for families?",
        error_messages={"required": "Choose what difference was seen."},
    )
    words = WordsField(
        max_length=2000,
        rows=4,
        label="What did you see, and where?",
        help_text="If you sign it off, everybody can read this.",
        error_messages={"required": "Say what you saw, and where."},
    )
    decision = forms.ChoiceField(
        choices=[
            (SIGN_OFF, "Sign it off as complete"),
            (ONLY_RATE, "Only record the difference; it is not complete"),
        ],
        widget=forms.RadioSelect,
        label="What do you decide?",
        error_messages={"required": "Choose what you decide."},
    )
    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, may_sign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        for name in ("rating", "decision"):
            self.fields[name].error_messages["invalid_choice"] = "Choose one from the list."
        if not may_sign:
            self.fields["decision"].choices = [(self.ONLY_RATE, "Only record the difference")]

    def save(self, *, by: User) -> ActionUpdate | ImpactRating | None:
        """Sign off, or rate alone. None when the form was sent before."""
        values = {name: self.cleaned_data[name] for name in ("rating", "words", "token")}
        if self.cleaned_data["decision"] == self.SIGN_OFF:
            return operations.sign_off(by=by, action=self.action, **values)
        return operations.rate_impact(by=by, action=self.action, **values)


class CloseForm(forms.Form):
    """Why an action will not go ahead."""

    guide = guide.CLOSE

    reason = WordsField(
        max_length=2000,
        rows=4,
        label="Why will it not go ahead?",
        help_text="Everybody can read this reason.",
        error_messages={"required": "Say why it will not go ahead."},
    )
    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def save(self, *, by: User) -> ActionUpdate | None:
        """Close it. None when the form was sent before."""
        return operations.close_action(by=by, action=self.action, **self.cleaned_data)
