"""Publishing the yearly report, and correcting it."""

from typing import Any

from django import forms

from actions.forms.plans import SeenField
from foundation.text import LineField
from foundation.versions import VersionField
from partnership.models import User
from voice.models import VoiceReport
from voice.operations import publish_report


class ReportForm(forms.Form):
    """One button for the first edition; a later one needs a reason. What was looked at goes with the press."""

    reason = LineField(
        label="Why is there a new edition?",
        help_text="Everybody reads this. Do not say who asked for it.",
        max_length=300,
        error_messages={"required": "Say why there is a new edition."},
    )
    take_down = forms.BooleanField(
        label="Take the words out of the earlier editions",
        help_text="Tick this if somebody can be recognised in them. Their numbers stay.",
        required=False,
    )
    seen = SeenField()
    edition = VersionField()

    def __init__(self, *args: Any, year: int, is_first: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.year = year
        if is_first:
            del self.fields["reason"], self.fields["take_down"]

    def carry(self, *, seen: str, edition: int) -> None:
        """Let the next press carry what the page shows now."""
        if self.is_bound:
            data = self.data.copy()
            data["seen"], data["edition"] = seen, str(edition)
            self.data = data
        else:
            self.initial |= {"seen": seen, "edition": edition}

    def save(self, *, by: User) -> VoiceReport:
        """Publish it. Raises CannotDo."""
        return publish_report(year=self.year, by=by, **self.cleaned_data)
