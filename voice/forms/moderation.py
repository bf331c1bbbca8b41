"""What moderators and safeguarding fill in."""

from typing import Any

from django import forms

from foundation.text import LineField
from foundation.versions import VersionField
from partnership.models import User
from voice.models import Comment, RefusalReason, SafeguardingFlag
from voice.operations import record_outcome, refuse_comment


class RefuseForm(forms.Form):
    """Why it is not published: one of the reasons the law allows."""

    reason = forms.ChoiceField(
        label="Why is it not published?",
        choices=RefusalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason from the list."},
    )
    version = VersionField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="refuse_%s", **options)

    def save(self, *, comment: Comment, by: User) -> Comment:
        """Do not publish it."""
        return refuse_comment(comment=comment, by=by, **self.cleaned_data)


class VersionForm(forms.Form):
    """A button: nothing but the version its reader saw."""

    version = VersionField()


class OutcomeForm(forms.Form):
    """What safeguarding did (R-S4)."""

    outcome = forms.ChoiceField(
        label="What was done?",
        choices=SafeguardingFlag.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was done.", "invalid_choice": "Choose one from the list."},
    )
    reference = LineField(
        label="Reference of the referral",
        help_text="From the system where the case is kept. Do not write anything about the case here.",
        max_length=80,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        referred = given.get("outcome") == SafeguardingFlag.Outcome.REFERRED
        if referred and not given.get("reference") and "reference" not in self.errors:
            self.add_error("reference", "Write the reference of the referral.")
        return given

    def save(self, *, flag: SafeguardingFlag, by: User) -> SafeguardingFlag:
        """Write it down."""
        return record_outcome(flag=flag, by=by, **self.cleaned_data)
