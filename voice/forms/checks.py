"""What the second person says of a first answer."""

from typing import Any

from django import forms

from foundation.text import WordsField
from foundation.versions import VersionField
from partnership.models import User
from voice.models import Response
from voice.operations import send_back_answer


class SendBackForm(forms.Form):
    """Why it goes back to whoever wrote it."""

    reason = WordsField(
        label="What should change?",
        help_text="Whoever wrote it reads this. Use no word that could tell who a family is.",
        max_length=1000,
        rows=3,
        error_messages={"required": "Say what should change."},
    )
    version = VersionField()

    def __init__(self, *args: Any, answer: Response, **options: Any) -> None:
        super().__init__(*args, auto_id="back_%s", initial={"version": answer.version}, **options)
        self.answer = answer

    def save(self, *, by: User) -> Response:
        """Send it back. Raises VersionConflict."""
        given = self.cleaned_data
        return send_back_answer(answer=self.answer, version=given["version"], reason=given["reason"], by=by)
