"""How people get and keep an account: families by themselves, staff by invitation alone (R-P5).

allauth asks these adapters. Mail goes through the outbox, so that a page takes the same time whether or not an account
is there, and a dead mail server breaks nobody's page. Secrets of authenticator apps are encrypted before they are stored.
"""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest

from foundation.outbox import queue_mail
from foundation.sealed import box
from foundation.text import clean_line

logger = logging.getLogger(__name__)

TWO_STEP = "partnership.two-step"
WRONG_CODE = "The code is not right. Check it, or use the newest one."
LINK_GONE = "This link does not work any more. Ask for a new one."
TOO_MANY = "Those were too many tries. Wait a few minutes, then try again."


class PortalBackend(AuthenticationBackend):
    """Who may sign in and stay signed in: active accounts, and made-up people only while the demo switch is on.

    Their password stands in the README. A database that once held the demo must not let them in for real (R-P5).
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at every way in and, for whoever is signed in, at every request."""
        if getattr(user, "is_example", False) and not settings.PORTAL_DEMO:
            return False
        return super().user_can_authenticate(user)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up, mail and redirects as the partnership wants them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "cannot_remove_primary_email": "Your main address cannot be removed. First make another address the main one.",
        "duplicate_email": "This address is on your account already.",
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "email_taken": "There is an account with this address already.",
        "enter_current_password": "This is not the password you have now. Type it again.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "The password is not right. Type it again.",
        "invalid_or_expired_key": LINK_GONE,
        "invalid_password_reset": LINK_GONE,
        "max_email_addresses": "You cannot have more than %d addresses.",
        "same_as_current": "This is the same as before. Type a new one.",
        "select_only_one": "Choose one.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may make a family account. It carries no role: staff roles come only by invitation or a grant."""
        return True

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Treat a made-up person like a closed account wherever the demo switch is off."""
        if user.is_example and not settings.PORTAL_DEMO:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep the name that was typed, and the address in small letters, as every account has it."""
        user.name = form.cleaned_data.get("name", "")
        user = super().save_user(request, user, form, commit=False)
        user.email = user.email.lower()
        if commit:
            user.save()
        return user

    def clean_email(self, email: str) -> str:
        """One clean address, in small letters."""
        email = clean_line(email).lower()
        validate_email(email)
        if len(email) > 254:
            raise ValidationError("Use 254 characters or fewer.")
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail; it is sent by the next run of the due jobs. Nothing about it reaches a log."""
        request = getattr(self, "request", None)
        full = {"request": request, "email": email, "current_site": None} | context
        message = self.render_mail(template_prefix, email, full)
        queue_mail(to=email, subject=message.subject, body=str(message.body))


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and of recovery codes, encrypted at rest."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "You cannot add an address while two-step sign-in is on.",
        "cannot_delete_authenticator": "You cannot take this second step away.",
        "cannot_generate_recovery_codes": "First set up a passkey or a code app.",
        "incorrect_code": WRONG_CODE,
        "unverified_email": "First show that your e-mail address is yours.",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What stands in the box until the person types a better name."""
        return "My passkey"

    def encrypt(self, text: str) -> str:
        """What is stored. The key comes from the first of `_keys()`."""
        return box(_keys(), TWO_STEP).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. One that cannot be read becomes a fresh random one, so that no code fits it.

        An empty or guessable stand-in would let anybody in who knows it; an error would be a broken page.
        """
        try:
            return box(_keys(), TWO_STEP).decrypt(encrypted_text.encode()).decode()
        except (InvalidToken, UnicodeError):
            logger.warning("A two-step secret cannot be read with the present key")
            return generate_totp_secret()


def _keys() -> tuple[str, ...]:
    """The key in use, then earlier ones that may still open what they closed."""
    earlier = [str(key) for key in settings.SECRET_KEY_FALLBACKS]
    return tuple(key for key in (settings.MFA_SECRETS_KEY, settings.SECRET_KEY, *earlier) if key)
