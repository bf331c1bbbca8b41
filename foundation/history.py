"""The history rows of a table in words a person reads: who changed what and when, field by field.

A fixed number of questions of the database, however many rows: one for the rows, one for each kind of linked row, and one for
the names of each kind of row that a field points at.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

ONE_SAVE = datetime.timedelta(seconds=2)
"""Rows of one version of a thing this close together come from one press of a button, and are told as one.

A save and each of its linked rows are a history row of their own, all with the version that the save has."""

NOTHING = "nothing"


@dataclass
class Change:
    """One field: what it said before and after, or which linked rows came and went."""

    label: str
    before: str = ""
    after: str = ""
    added: list[str] = field(default_factory=list)
    taken_off: list[str] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        """Whether the words need lines of their own."""
        return len(self.before) + len(self.after) > 80 or "\n" in self.before + self.after


@dataclass
class Version:
    """One saving of one row."""

    at: datetime.datetime
    by: Any
    kind: str
    """`+` begun, `~` changed, `-` taken away."""
    row: Any
    """The history row as it was after the saving; as it was before, where the row was taken away."""
    changes: list[Change]
    raw: dict[str, tuple[Any, Any]]
    """The same changes as values, by the name of the field."""


def versions_of(
    rows: Any,
    *,
    leave_out: Iterable[str] = (),
    labels: Mapping[str, str] | None = None,
    names_with: Mapping[type[models.Model], tuple[str, ...]] | None = None,
) -> list[Version]:
    """The savings behind some history rows, oldest first; one that changed nothing a reader would see is left out.

    `rows` is a queryset of history rows, of one thing or of several of a kind. `leave_out` names fields that are no news.
    `labels` gives a field other words than its own. `names_with` says which related rows the name of a row is made of.
    """
    model = rows.model.instance_type
    found = list(rows.select_related("history_user").order_by("history_date", "history_id"))
    plain = [one for one in model._meta.concrete_fields if one.name not in {*leave_out, model._meta.pk.name}]
    kept = {one.name for one in rows.model._history_m2m_fields} - set(leave_out)
    links = [one for one in model._meta.many_to_many if one.name in kept]  # in the order of the model
    linked = _linked(rows, [one.name for one in links])
    merged = _merged(_steps(found, plain, linked))
    names = _names(merged, [*plain, *links], names_with or {})
    told = []
    for at, by, kind, row, raw in merged:
        changes = [
            _in_words(one, *raw[one.name], label=(labels or {}).get(one.name, ""), names=names)
            for one in [*plain, *links]
            if one.name in raw
        ]
        if changes or kind != "~":
            told.append(Version(at, by, kind, row, changes, raw))
    return told


Step = tuple[datetime.datetime, Any, str, Any, dict[str, tuple[Any, Any]]]


def links_of(row: Any) -> dict[str, frozenset[int]]:
    """What one thing was linked with as a history row of it tells, by the name of the field: the ids, in one question."""
    names = [one.name for one in row._history_m2m_fields]
    found = _linked(type(row).objects.filter(pk=row.pk), names)
    return {name: found[name].get(row.pk, frozenset()) for name in names}


def _linked(rows: Any, names: list[str]) -> dict[str, dict[int, frozenset[int]]]:
    """For each kind of link, by the id of the history row, the ids of the rows that were linked: one question for all."""
    found: dict[str, dict[int, set[int]]] = {name: {} for name in names}
    if not names:
        return {}
    history = rows.order_by().values("pk")
    first, *others = (_pairs(rows.model, name).filter(history__in=history) for name in names)
    for name, version, pk in first.union(*others, all=True):
        found[name].setdefault(version, set()).add(pk)
    return {name: {version: frozenset(pks) for version, pks in of.items()} for name, of in found.items()}


def _pairs(model: Any, name: str) -> models.QuerySet:
    """The links of one kind: the name of the field, the history row, and the row that was linked."""
    target = model.instance_type._meta.get_field(name).m2m_reverse_field_name()
    rows = getattr(model, name).model.objects.order_by()
    return rows.values_list(models.Value(name), "history_id", f"{target}_id")


def _steps(found: list[Any], plain: list[Any], linked: dict[str, dict[int, frozenset[int]]]) -> list[Step]:
    """Each row beside the one before it of the same thing."""
    before: dict[Any, Any] = {}
    steps: list[Step] = []
    for row in found:
        old = before.get(row.id)
        raw: dict[str, tuple[Any, Any]] = {}
        if old is not None and row.history_type == "~":
            raw = {
                one.name: (getattr(old, one.attname), getattr(row, one.attname))
                for one in plain
                if getattr(old, one.attname) != getattr(row, one.attname)
            }
            for name, of in linked.items():
                pair = of.get(old.pk, frozenset()), of.get(row.pk, frozenset())
                if pair[0] != pair[1]:
                    raw[name] = pair
        before[row.id] = row
        steps.append((row.history_date, row.history_user, row.history_type, row, raw))
    return steps


def _merged(steps: list[Step]) -> list[Step]:
    """Steps of one save put together: its first value before, its last value after; what came back is no change.

    What a thing was begun with is part of its beginning.
    """
    merged: list[Step] = []
    last: dict[Any, int] = {}
    for at, by, kind, row, raw in steps:
        place = last.get(row.id)
        if place is not None and kind == "~":
            start, who, first, before, so_far = merged[place]
            same = getattr(row, "version", None) == getattr(before, "version", row)
            if same and who == by and at - start <= ONE_SAVE:
                both = {name: (so_far.get(name, pair)[0], pair[1]) for name, pair in raw.items()}
                whole = {} if first == "+" else so_far | both
                kept = {name: pair for name, pair in whole.items() if pair[0] != pair[1]}
                merged[place] = (start, who, first, row, kept)
                continue
        last[row.id] = len(merged)
        merged.append((at, by, kind, row, raw))
    return merged


def _names(
    steps: list[Step], fields: list[Any], names_with: Mapping[type[models.Model], tuple[str, ...]]
) -> dict[type[models.Model], dict[int, str]]:
    """The names of all rows that the changes point at, one question for each kind."""
    wanted: dict[type[models.Model], set[int]] = {}
    for *_, raw in steps:
        for one in fields:
            if one.is_relation and one.name in raw:
                for value in raw[one.name]:
                    keys = value if isinstance(value, frozenset) else {value}
                    wanted.setdefault(one.related_model, set()).update(key for key in keys if key is not None)
    return {
        model: {
            row.pk: str(row)
            for row in model._default_manager.select_related(*names_with.get(model, ())).filter(pk__in=keys)  # type: ignore[misc]
        }
        for model, keys in wanted.items()
        if keys
    }


def _in_words(one: Any, old: Any, new: Any, *, label: str, names: dict) -> Change:
    words = label or str(one.verbose_name)
    words = words[:1].upper() + words[1:]
    if one.many_to_many:
        of = names.get(one.related_model, {})
        came, went = (sorted(of.get(pk, "?") for pk in pks) for pks in (new - old, old - new))
        return Change(words, added=came, taken_off=went)
    of = names.get(one.related_model, {}) if one.is_relation else None
    return Change(words, before=_said(one, old, of), after=_said(one, new, of))


def _said(one: Any, value: Any, names: dict[int, str] | None) -> str:
    if value is None or value == "":
        return NOTHING
    if names is not None:
        return names.get(value, "?")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    return str(value)
