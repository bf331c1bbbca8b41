"""Finding what somebody sent, to erase it (R-P4)."""

from typing import Any

from django import forms

from foundation.codes import SenderCodeField
from foundation.text import EmailLineField

NEITHER = "Type the code, or the e-mail address."
BOTH = "Type the code or the e-mail address, not both."


class EraseForm(forms.Form):
    """The code, or the address that was left. Posted, never in an address of ours."""

    code = SenderCodeField(
        label="The sender’s code",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "A code has 18 letters and numbers. This is much longer."},
    )
    email = EmailLineField(
        label="Or the e-mail address that was left with it",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            if given.get("code") and given.get("email"):
                self.add_error("email", BOTH)
            elif not given.get("code") and not given.get("email"):
                self.add_error("code", NEITHER)
        return given
