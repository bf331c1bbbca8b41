"""What a family is asked when it makes an account."""

from typing import Any

from django import forms
from django.http import HttpRequest

from foundation.text import LineField


class FamilySignupForm(forms.Form):
    """The name, added to allauth's own questions: e-mail address and password."""

    name = LineField(
        label="Your name",
        max_length=120,
        help_text="What we should call you. It need not be your full name.",
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1"]

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Nothing more to keep: the adapter stores the name with the account."""
