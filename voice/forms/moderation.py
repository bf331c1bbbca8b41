"""What moderators fill in."""

from typing import Any

from django import forms

from foundation.forms import HintedRadios
from foundation.versions import VersionField
from partnership.models import User
from voice.models import Comment, RefusalReason
from voice.operations import refuse_comment


class RefuseForm(forms.Form):
    """Why it is not published: one of the reasons the law allows."""

    reason = forms.ChoiceField(
        label="Why is it not published?",
        help_text="The sender reads the reason with their code.",
        choices=RefusalReason.choices,
        widget=HintedRadios(hints={RefusalReason.VEXATIOUS: "It was only meant to annoy or hurt."}),
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
