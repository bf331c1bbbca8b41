"""Forms to invite somebody and to accept."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.text import EmailLineField, LineField
from foundation.tokens import OneUseToken
from partnership.models import Invitation, User
from partnership.operations import invitations

from .roles import RoleForm


class InvitationForm(RoleForm):
    """Invite somebody to a staff account."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Enter the person’s name."})
    email = EmailLineField(
        label="Work e-mail address",
        help_text="The invitation goes to this address. They sign in with it later.",
        error_messages={"required": "Enter their work e-mail address."},
    )
    field_order = ["name", "email", "role", "service", "sector", "is_deputy", "token"]
    token = OneUseToken()

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        # Only people whom the sender may see: otherwise the form would tell who has a family account (F14).
        person = User.objects.visible_to(self.by).filter(email__iexact=email).first()
        if person is not None:
            raise ValidationError(
                f"{person} has an account already. Open their page and give them the role there."
            )
        if Invitation.objects.open_at(timezone.now()).filter(email__iexact=email).exists():
            raise ValidationError(
                "There is an invitation for this address already. Withdraw it first to send another."
            )
        return email

    def save(self, *, by: User) -> None:
        """Send the invitation."""
        values = self.cleaned_data
        scope = self.scope()
        invitations.invite(email=values["email"], name=values["name"], **scope, by=by, token=values["token"])


class AcceptForm(forms.Form):
    """Make the account: name and password."""

    name = LineField(
        label="Your name",
        max_length=120,
        help_text="Your colleagues see it. The public does not.",
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label="Choose a password",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three words that only you would put together are good. You can paste it.",
        error_messages={
            "required": "Choose a password.",
            "max_length": "Use 200 characters or fewer for the password.",
        },
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        password = values.get("password")
        if password:
            stand_in = User(email=self.invitation.email, name=values.get("name", ""))
            try:
                validate_password(password, stand_in)
            except ValidationError as error:
                self.add_error("password", error)
        return values

    def save(self) -> User:
        """Make the account and use the invitation up. Raises NotOpen or AccountExists."""
        values = self.cleaned_data
        return invitations.accept(
            invitation=self.invitation, user=None, name=values["name"], password=values["password"]
        )
