"""One-use tokens: a form that is sent twice, by a double click, a refresh or the Back button, counts once.

The form carries a token in a hidden field. The operation spends it in the same transaction as the rows it writes, so
either both are kept or neither. Only a digest is stored, so the table cannot be used to replay anything.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

# A page may stay open this long. After it the form is shown again with every answer kept and a fresh token.
TOKEN_LIFE = timedelta(days=30)


class SpentToken(models.Model):
    """A token that was used. Kept a little longer than a token lives, then deleted."""

    private_content = True

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=50)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.purpose} token spent at {self.spent_at:%Y-%m-%d %H:%M}"


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="foundation.tokens", sep=".")


def new_token() -> str:
    """A fresh token: 144 random bits, signed with the time, safe in addresses and fields."""
    return _signer().sign(secrets.token_urlsafe(18))


def is_current(token: Any) -> bool:
    """Whether the portal gave out this token, within the last 30 days. It may have been spent since."""
    if not isinstance(token, str) or not 0 < len(token) <= 200:
        return False
    try:
        _signer().unsign(token, max_age=TOKEN_LIFE)
    except BadSignature:
        return False
    return True


def spend(token: str, *, purpose: str) -> bool:
    """Use the token up. True the first time and never again.

    Must be called inside the transaction that writes what the token stands for (else TransactionManagementError): if that
    is undone, the token is good again. When two requests come at once, the second waits for the first.
    """
    if not token:
        raise ValueError("A token is needed.")
    if not connection.in_atomic_block:
        raise TransactionManagementError("spend() must be called inside transaction.atomic().")
    digest = _digest(token, purpose)
    spent_at = connection.ops.adapt_datetimefield_value(timezone.now())
    # Not create() and catching the error: PostgreSQL would log the failed row and give up the caller's transaction.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_spenttoken (digest, purpose, spent_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [digest, purpose, spent_at],
        )
        return cursor.rowcount == 1


def was_spent(token: Any, *, purpose: str) -> bool:
    """Whether this token was used up already: a second click on a form whose first click has changed what may be done.

    Ask before permission, so that the person reads "saved already" and not that they may not do this.
    """
    return is_current(token) and SpentToken.objects.filter(digest=_digest(token, purpose)).exists()


def _digest(token: str, purpose: str) -> str:
    return hashlib.sha256(f"{purpose}:{token}".encode(errors="replace")).hexdigest()


def purge_spent_tokens(*, now: datetime | None = None) -> int:
    """Delete what no living token can match any more; run by ``run_due_jobs``. Returns how many rows went."""
    # One day more than a token lives, so that a clock a little wrong cannot make an old token good again.
    before = (now or timezone.now()) - TOKEN_LIFE - timedelta(days=1)
    deleted, _ = SpentToken.objects.filter(spent_at__lt=before).delete()
    return deleted


class TokenInput(forms.HiddenInput):
    """The hidden input. It always shows a token that can be used, a fresh one where the sent one cannot."""

    def format_value(self, value: Any) -> str:
        return value if is_current(value) else new_token()


class OneUseToken(forms.CharField):
    """The hidden field of a form that must count once: ``token = OneUseToken()``.

    The view or operation calls ``spend(form.cleaned_data["token"], purpose=...)``. A missing, forged or very old token is
    an error, and the form shown again carries a fresh one, so sending once more works.
    """

    widget = TokenInput
    hidden_widget = TokenInput
    default_error_messages = {
        "required": "We could not send this the first time. Your answers are still here. Please send them again.",
        "invalid": "This page was open for a long time. Your answers are still here. Please send them again.",
    }

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_current(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
