"""What a moderator writes when a sender lets us show more."""

from typing import Any

from django import forms

from foundation.text import WordsField
from partnership.models import User
from voice.models import MayShow, ShowChange
from voice.operations import decide_show_change


class DecideForm(forms.Form):
    """The words without what could identify someone, and the summary: what was approved for the service stands in both."""

    text = WordsField(
        label="The words without what could identify someone",
        help_text="Read them again as everybody would. Take out names, schools, places, dates and anything rare.",
        max_length=5000,
        rows=8,
        required=False,
    )
    summary = WordsField(
        label="A summary that everybody may read",
        help_text="One or two plain sentences in your own words. It names nobody.",
        max_length=1000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, change: ShowChange, **options: Any) -> None:
        approved = change.comment.redactions.filter(approved_at__isnull=False).first()
        first = {"text": approved.text, "summary": approved.summary} if approved is not None else {}
        super().__init__(*args, initial=first, **options)
        self.change = change
        asked = self.fields["text" if change.after == MayShow.WORDS else "summary"]
        asked.required = True
        asked.error_messages["required"] = "Write what everybody may read."

    def refuse(self, why: str) -> None:
        """Tell what the operation refused; what was typed stays."""
        if self.is_bound:
            self.add_error(None, why)

    def save(self, *, by: User) -> ShowChange:
        """Approve it. Raises CannotDo where somebody was quicker."""
        given = self.cleaned_data
        return decide_show_change(change=self.change, text=given["text"], summary=given["summary"], by=by)
