"""What safeguarding fills in."""

import datetime
from typing import Any

from django import forms

from foundation.forms import DayField
from foundation.text import LineField, WordsField
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import User
from voice.models import ReleaseRequest, SafeguardingFlag, SafetyWord
from voice.operations import add_safety_word, ask_release, record_outcome


class OutcomeForm(forms.Form):
    """What safeguarding did (R-S4)."""

    outcome = forms.ChoiceField(
        label="What was done?",
        choices=SafeguardingFlag.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was done.", "invalid_choice": "Choose one from the list."},
    )
    referred_to = LineField(
        label="Who was it referred to?",
        help_text="The team, for example children’s social care.",
        max_length=120,
        required=False,
    )
    referred_on = DayField(
        label="When was it referred?", help_text="Leave this empty if it was today.", required=False
    )
    reference = LineField(
        label="Reference of the referral",
        help_text="From the system where the case is kept. Do not write anything about the case here.",
        max_length=80,
        required=False,
    )
    version = VersionField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="outcome_%s", **options)

    def clean_referred_on(self) -> datetime.date | None:
        day = self.cleaned_data["referred_on"]
        if day and day > today():
            raise forms.ValidationError("This day is still to come.")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") == SafeguardingFlag.Outcome.REFERRED:
            for name, message in (
                ("referred_to", "Write who it was referred to."),
                ("reference", "Write the reference of the referral."),
            ):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return given

    def save(self, *, flag: SafeguardingFlag, by: User) -> SafeguardingFlag:
        """Write it down."""
        given = dict(self.cleaned_data)
        return record_outcome(flag=flag, by=by, seen=given.pop("version"), **given)


class ReleaseForm(forms.Form):
    """Why it may be let go (R-S4)."""

    reason = forms.ChoiceField(
        label="Why may it be let go?",
        choices=ReleaseRequest.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason from the list."},
    )
    words = WordsField(
        label="More about the reason",
        help_text="Only safeguarding reads this. It is removed when the sender’s words are.",
        max_length=1000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="release_%s", **options)

    def save(self, *, flag: SafeguardingFlag, by: User) -> ReleaseRequest:
        """Ask for it."""
        return ask_release(flag=flag, by=by, **self.cleaned_data)


class SafetyWordForm(forms.Form):
    """A word for the list (R-S1)."""

    word = LineField(
        label="Word to put on the list",
        help_text="One word, or up to five in a row. Capital letters, accents and simple endings do not matter.",
        max_length=60,
        error_messages={"required": "Write the word."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def save(self, *, by: User) -> SafetyWord:
        """Put it on the list."""
        return add_safety_word(word=self.cleaned_data["word"], by=by)
