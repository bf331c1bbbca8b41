"""Typing the code to see what became of it."""

from django import forms

from foundation.codes import SenderCodeField
from voice.models import Comment


class CodeForm(forms.Form):
    """One box for the code. Small letters, spaces and dashes do not matter."""

    code = SenderCodeField(
        label="Your code",
        # Hyphens that do not break: the example stays on one line.
        help_text="It has six groups of three letters and numbers, for example 2BC‑3DF‑4GH‑5JK‑6MN‑7PQ.",
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"max_length": "A code has 18 letters and numbers. This is much longer."},
    )

    def find(self) -> Comment | None:
        """The comment with this code, or None."""
        from foundation.codes import code_digests

        digests = code_digests(self.cleaned_data["code"])
        return Comment.objects.select_related("service").filter(code_digest__in=digests).first()
