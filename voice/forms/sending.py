"""What everybody may send without an account, and how a person is told from a program without a puzzle (R-V12)."""

import time
from typing import Any

from django import forms
from django.core.signing import BadSignature, TimestampSigner, b62_decode

from foundation.tokens import TOKEN_LIFE, OneUseToken, new_token
from voice.models import MayShow

LEAST_SECONDS = 2
"""Nobody reads the page and writes in less. Programs do (R-V12)."""
PRESS_AGAIN = "We could not send this the first time. Your words are still here. Please press send again."

SHOW_HINTS = {
    MayShow.SUMMARY: "We write what you said in our own words.",
    MayShow.WORDS: "We take out what could tell people who you are.",
    MayShow.NOTHING: "The service still reads it, without your name.",
}


class TrapField(forms.CharField):
    """A box that people do not see: what stands in it is never kept and never wrong. That something does is what counts."""

    def clean(self, value: Any) -> str:
        return ""


class GuardedForm(forms.Form):
    """What everybody may send without an account: kept once, and told from what programs send, without a puzzle (R-V12)."""

    website = TrapField(label="Leave this empty", required=False)
    token = OneUseToken()
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "opened" in self.fields:
            self.fields["opened"].initial = opened_now
        self.fields["token"].initial = new_token
        if "text" in self.fields:
            self.fields["text"].widget.attrs["autocomplete"] = "off"
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = "Choose one from the list."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "may_show" in self.fields:
            cleaned["may_show"] = cleaned.get("may_show") or MayShow.SUMMARY
        if not self.errors and (self.data.get(self.add_prefix("website")) or not self._was_read()):
            # Perhaps a program, perhaps somebody quick. Either way the words stay and one more press sends them.
            self._start_again()
            raise forms.ValidationError(PRESS_AGAIN, code="press_again")
        return cleaned

    def ask_again(self, message: str) -> None:
        """Show the form again with everything typed and a message on top."""
        self.add_error(None, message)

    def give_fresh_token(self) -> None:
        """So that the next press is a new message, and not the same one once more."""
        self._start_again()
        self.data[self.add_prefix("token")] = new_token()

    def _was_read(self) -> bool:
        age = _age(self.data.get(self.add_prefix("opened")))
        return age is not None and age >= LEAST_SECONDS

    def _start_again(self) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("website")] = ""
        if "opened" in self.fields and _age(self.data.get(self.add_prefix("opened"))) is None:
            self.data[self.add_prefix("opened")] = opened_now()


class SendForm(GuardedForm):
    """The button at the end of the journey: the answers themselves stand in the draft, and when it was begun."""

    opened = None  # type: ignore[assignment]  # the draft knows
    seen = forms.Field(widget=forms.HiddenInput, required=False)
    """Which draft stood on the page: another one is never sent unseen."""
    keep = forms.BooleanField(
        label="Keep it with my account",
        help_text="Then you can follow it without the code. Nobody who reads it can see that it is yours.",
        required=False,
    )

    def __init__(self, *args: Any, began: float = 0.0, may_keep: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.began = began
        if not may_keep:
            del self.fields["keep"]

    def stand_for(self, mark: str) -> None:
        """The page that is shown again shows the draft as it stands now."""
        self.data = self.data.copy()
        self.data["seen"] = mark

    def show_afresh(self, mark: str, message: str = "") -> None:
        """The same, with a token that can be used."""
        self.give_fresh_token()
        self.stand_for(mark)
        if message:
            self.add_error(None, message)

    def _was_read(self) -> bool:
        return time.time() - self.began >= LEAST_SECONDS


def opened_now() -> str:
    """A signed note of when the page was made, to tell a person from a program."""
    return _signer().sign("opened")


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="voice.opened", sep=".")


def _age(note: Any) -> float | None:
    """Seconds since the page was made; None if the note is missing or not ours."""
    if not isinstance(note, str) or len(note) > 200:
        return None
    try:
        made = _signer().unsign(note, max_age=TOKEN_LIFE)
    except BadSignature:
        return None
    return time.time() - b62_decode(note.split(".")[1]) if made == "opened" else None
