"""Row ids that come from outside: in an address, a query string or a form.

A number too big for the database, or something that is no number, is a page that does not exist or a choice that is not
on the list. It is never an error of ours.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
BIGGEST_ID = 10**18 - 1  # eighteen digits: fits the databases' eight-byte numbers (9.2e18)


class PositiveIdConverter:
    """``<positive:id>`` in a path: one to eighteen plain digits. Anything else is no such page (404).

    Foundation makes it known when the portal starts; no package needs to register it.
    """

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def clean_id(value: Any) -> int | None:
    """The id in a query string such as ``?service=12``, or None if it cannot be one."""
    text = str(value) if value is not None else ""
    return int(text) if _ID.fullmatch(text) and int(text) > 0 else None


def _possible_key(value: Any, *, by_number: bool) -> bool:
    """Whether the database may be asked about this key at all."""
    if isinstance(value, Model):
        return True
    if by_number:
        return clean_id(value) is not None
    text = str(value)
    return 0 < len(text) <= 200 and text.isprintable()


class SafeModelChoiceField(forms.ModelChoiceField):
    """A choice of one row. A forged, garbage or huge id is "not on the list" on either database.

    Limit ``queryset`` to the rows the person may use: a row outside it is then refused like one that does not exist.
    """

    default_error_messages = {"invalid_choice": "Choose one from the list."}

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        if not _possible_key(value, by_number=self.to_field_name in (None, "pk", "id")):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "?"}
            )
        return super().to_python(value)


class SafeModelMultipleChoiceField(forms.ModelMultipleChoiceField):
    """A choice of several rows. One forged, garbage or huge id refuses the whole answer with a message."""

    default_error_messages = {
        "invalid_choice": "Choose from the list.",
        "invalid_list": "Choose from the list.",
        "invalid_pk_value": "Choose from the list.",
    }

    def clean(self, value: Any) -> Any:
        by_number = self.to_field_name in (None, "pk", "id")
        if isinstance(value, (list, tuple)) and not all(
            _possible_key(key, by_number=by_number) for key in value
        ):
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "?"}
            )
        return super().clean(value)


class IdField(forms.IntegerField):
    """A hidden or typed row id, 1 to eighteen digits. Anything else is a message beside the field."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {}).setdefault("invalid", "Choose one from the list.")
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = clean_id(value)
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found
