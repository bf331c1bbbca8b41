"""Two people edit the same thing: the second one sees both texts and loses nothing (R-A9).

A form carries the version its reader saw. Saving asks for the row with a lock and compares. When somebody saved in
between, nothing is written and the page shows theirs beside yours, with everything typed still in the form.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, TypeVar

from django import forms
from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format


class Versioned(models.Model):
    """A row that counts how often it was edited. The first version is 1."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    _raised_to: int | None = None

    def bump(self) -> None:
        """Raise the version once for the coming ``save()``. ``lock_for_edit`` has done it for you."""
        if self._raised_to != self.version:
            self.version += 1
            self._raised_to = self.version

    def save(self, *args: Any, **options: Any) -> None:
        # A save of some fields only must carry the version too, or the next editor would not notice.
        if self._raised_to == self.version and options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "version"}
        super().save(*args, **options)
        self._raised_to = None


class VersionConflict(Exception):
    """Somebody else saved first. ``current`` is the row as it is now; nothing has been changed."""

    def __init__(self, current: "Versioned") -> None:
        super().__init__("Somebody else saved this first.")
        self.current = current


V = TypeVar("V", bound=Versioned)


def lock_for_edit(queryset: "models.QuerySet[V]", pk: Any, *, version: int) -> V:
    """The row, locked until the transaction ends and ready to be changed and saved with its next version.

    Give the rows the person may see. Raises the model's DoesNotExist when the row is not among them, VersionConflict when
    ``version`` is not the one stored, TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("lock_for_edit() must be called inside transaction.atomic().")
    model = queryset.model
    # PostgreSQL locks no query with DISTINCT or an outer join, so what may be seen is a subquery and the lock is outside.
    seen = queryset.order_by().values("pk")
    locked = model._base_manager.select_for_update().filter(pk__in=seen).get(pk=pk)
    if locked.version != version:
        raise VersionConflict(current=locked)
    locked.bump()
    return locked


class VersionField(forms.IntegerField):
    """The hidden field that carries the version: ``version = VersionField()``, ``initial={"version": row.version}``.

    A missing or garbage number becomes 0, which no row has, so the person gets the page that shows both texts.
    """

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        options["required"] = False
        super().__init__(**options)

    def clean(self, value: Any) -> int:
        text = str(value) if value is not None else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def conflict_response(
    request: HttpRequest,
    *,
    form: forms.BaseForm,
    conflict: VersionConflict,
    fields: Iterable[str | tuple[str, str]] | None = None,
    heading: str = "Someone else changed this while you were writing",
    post_url: str = "",
    submit_label: str = "Save my version",
    theirs_by: str | None = None,
    theirs_at: datetime | None = None,
) -> HttpResponse:
    """The page that shows both texts (status 409), with the form as typed and now carrying the newest version.

    ``fields`` are names of form fields, or pairs of a name and the name of the row's own attribute; all visible ones if
    not given. ``theirs_by`` and ``theirs_at`` are found from the row's history where it keeps one.
    """
    current = conflict.current
    found_by, found_at = _last_change(current)
    names = list(fields if fields is not None else [field.name for field in form.visible_fields()])
    data = form.data.copy()
    data[form.add_prefix("version")] = str(current.version)
    form.data = (
        data  # what was typed stays; only the version changes, so saving again means to put mine over theirs
    )
    rows = [_row(form, current, name) for name in names]
    differs = {
        name if isinstance(name, str) else name[0]
        for name, row in zip(names, rows, strict=True)
        if row["changed"]
    }
    context = {
        "heading": heading,
        "rows": rows,
        "differs": bool(differs),
        "form": form,
        # What differs is asked first; the rest waits folded away.
        "different_fields": [field for field in form.visible_fields() if field.name in differs],
        "other_fields": [field for field in form.visible_fields() if field.name not in differs],
        "theirs_by": theirs_by if theirs_by is not None else found_by,
        "theirs_at": theirs_at if theirs_at is not None else found_at,
        "post_url": post_url or request.get_full_path(),
        "submit_label": submit_label,
    }
    return render(request, "409.html", context, status=409)


def _row(form: forms.BaseForm, current: models.Model, name: str | tuple[str, str]) -> dict[str, Any]:
    field_name, attribute = name if isinstance(name, tuple) else (name, name)
    bound = form[field_name]
    cleaned = getattr(form, "cleaned_data", {})
    yours = in_words(cleaned.get(field_name, bound.data), field=bound.field)
    theirs = in_words(_value(current, attribute), field=bound.field)
    return {"label": bound.label, "theirs": theirs, "yours": yours, "changed": theirs != yours}


def _value(row: models.Model, attribute: str) -> Any:
    value = getattr(row, attribute, None)
    return list(value.all()) if hasattr(value, "all") else value


def in_words(value: Any, *, field: forms.Field) -> str:
    """A value as the page shows it, the same way for both sides, so that equal values look equal."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return ", ".join(sorted(in_words(one, field=field) for one in value))
    if isinstance(field, forms.ChoiceField):
        return _choice_label(field, str(value))
    return str(value)


def _choice_label(field: forms.ChoiceField, value: str) -> str:
    # A choice of rows is already a row here; its own name is the label. Only typed-in lists are looked up.
    if isinstance(field, forms.ModelChoiceField):
        return value
    for key, label in field.choices:
        if isinstance(label, (list, tuple)):
            for inner_key, inner_label in label:
                if str(inner_key) == value:
                    return str(inner_label)
        elif str(key) == value:
            return str(label)
    return value


def _last_change(current: models.Model) -> tuple[str, datetime | None]:
    """Who saved last and when, from the row's history, or nobody and never."""
    history = getattr(current, "history", None)
    latest = history.select_related("history_user").first() if history is not None else None
    if latest is None:
        return "", getattr(current, "updated_at", None)
    return getattr(latest.history_user, "name", "") or "", latest.history_date
