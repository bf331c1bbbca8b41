"""The form of the plain words beside a quotation."""

from django import forms

from foundation.text import WordsField
from foundation.versions import VersionField
from partnership.models import Passage, PlainSummary, User
from partnership.operations import sources


class PlainSummaryForm(forms.Form):
    """Write the plain words of a passage. The passage itself is no field of any form (R-C2)."""

    text = WordsField(
        label="In plain words",
        max_length=2000,
        rows=6,
        help_text="Short sentences. Words that a child of 10 knows. Say what it means, not what is good about it.",
        error_messages={"required": "Write the plain words."},
    )
    after = VersionField()

    def save(self, *, passage: Passage, by: User) -> PlainSummary | None:
        """Add the words. None, with both texts on the page, when somebody else wrote newer ones meanwhile."""
        try:
            return sources.write_plain_summary(
                passage=passage, text=self.cleaned_data["text"], after=self.cleaned_data["after"], by=by
            )
        except sources.NewerWords as error:
            self.add_error(
                "text",
                "Someone else wrote newer words meanwhile. They stand above. Save again to put yours in their place.",
            )
            self.data = self.data.copy()
            self.data["after"] = str(error.newest.pk) if error.newest else ""
            return None
