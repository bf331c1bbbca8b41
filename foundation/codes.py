"""The sender's code: how someone without an account finds their own feedback again.

Seventeen random signs (82 bits) and one check sign, shown as six groups of three: ``K7Q-X2M-9PB-4TD-WCH-6RF``.
The signs are digits and consonants: no 0, 1, O or I that look like one another, and no vowels, so no word can appear by
chance. The portal keeps a keyed hash alone, so a code that is lost cannot be read back by anyone.
"""

import hmac
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes

SIGNS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
# Twenty-nine signs, a prime number: with weights 1 to 18 every single wrong sign and every swap of two is noticed.
_BASE = len(SIGNS)
_RANDOM_SIGNS = 17
LENGTH = _RANDOM_SIGNS + 1
_GROUP = 3
_BETWEEN = frozenset(" -\t\n\r\u00a0\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2212_.")


class CodeSlip(ValueError):
    """The typed text cannot be a code. ``str()`` says why, in words for the person who typed it."""


def new_code() -> str:
    """A code at random, ready to show."""
    return _code_from_number(secrets.randbelow(_BASE**_RANDOM_SIGNS))


def code_from_token(token: str) -> str:
    """The code that belongs to a one-use token: the same token always gives the same code.

    So a double click or a refresh shows the code again though only its hash was stored. It cannot be worked out without
    the server's key.
    """
    digest = salted_hmac("foundation.codes.from-token", token, algorithm="sha512").digest()
    return _code_from_number(int.from_bytes(digest, "big") % _BASE**_RANDOM_SIGNS)


def normalise_code(typed: str) -> str:
    """The code as shown, from whatever way it was typed. Capitals, spaces and dashes do not matter.

    Raises CodeSlip if it cannot be a code: a sign that codes never use, too short, too long, or a typing slip.
    """
    if len(typed) > 200:
        raise CodeSlip(f"A code has {LENGTH} letters and numbers. This is much longer.")
    signs = "".join(character for character in typed if character not in _BETWEEN).upper()
    strange = sorted({sign for sign in signs if sign not in SIGNS})
    if strange:
        raise CodeSlip(
            "A code has only numbers from 2 to 9 and capital letters. It never has A, E, I, O, U, 0 or 1 in it."
        )
    if len(signs) != LENGTH:
        raise CodeSlip(f"A code has {LENGTH} letters and numbers. This one has {len(signs)}.")
    if _weighted_sum(signs) != 0:
        raise CodeSlip("One letter or number is not right. Check the code and type it again.")
    return _in_groups(signs)


def code_digest(code: str) -> str:
    """The keyed hash to store for a code (64 hexadecimal signs). Raises CodeSlip if it cannot be a code."""
    return _digest(normalise_code(code), settings.SECRET_KEY)


def code_digests(code: str) -> list[str]:
    """Every hash this code may be stored under, newest key first: look for any of them.

    There is more than one while the server's key is being changed (``SECRET_KEY_FALLBACKS``).
    """
    shown = normalise_code(code)
    return [_digest(shown, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digest(shown: str, key: str | bytes) -> str:
    # An own key for this one use, made from the server's key.
    own_key = hmac.digest(force_bytes(key), b"foundation.codes.digest", "sha256")
    return hmac.new(own_key, shown.encode(), "sha256").hexdigest()


def _weighted_sum(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, start=1)) % _BASE


def _code_from_number(number: int) -> str:
    signs = ""
    for _ in range(_RANDOM_SIGNS):
        number, place = divmod(number, _BASE)
        signs += SIGNS[place]
    # The check sign makes the weighted sum of all eighteen come to nought.
    check = -_weighted_sum(signs) * pow(LENGTH, -1, _BASE) % _BASE
    return _in_groups(signs + SIGNS[check])


def _in_groups(signs: str) -> str:
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


class SenderCodeField(forms.CharField):
    """A form field for a code someone types. Its clean value is the code as shown; a slip is told beside the field."""

    default_error_messages = {"required": "Enter your code."}

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return normalise_code(typed)
        except CodeSlip as slip:
            raise ValidationError(str(slip), code="slip") from slip
