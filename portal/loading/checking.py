"""Checking rows field by field: unknown or missing fields, wrong kinds of value, links that lead nowhere."""

import datetime
import difflib
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from partnership.models import DataFileEntry

from .dates import parse_date
from .faults import Fault
from .reading import Row
from .tables import BY_MODEL, END_FIELDS, Table

SHORT_NAME = models.SlugField()  # what a field that no model has may hold
LONGEST_NAME = DataFileEntry._meta.get_field("key").max_length or 0
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn"}  # control, formatting (direction marks, zero width), and unassigned


def check_rows(rows: list[Row]) -> list[Fault]:
    """Fill in each row's checked values and links, and return every fault found."""
    faults: list[Fault] = []
    count: dict[str, int] = {}
    for row in rows:
        count[row.table.name] = count.get(row.table.name, 0) + 1
        faults += _check_row(row, count[row.table.name])
    return faults + _check_twice(rows) + _check_links(rows)


def _check_row(row: Row, number: int) -> list[Fault]:
    faults: list[Fault] = []
    fields = row.table.fields
    allowed = set(fields) | set(row.table.virtual)
    for name, value in row.said.items():
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, n=1)
            hint = (
                f'; did you mean "{near[0]}"?' if near else f"; the fields are: {', '.join(sorted(allowed))}"
            )
            faults.append(row.fault(name, f"a {row.table.words} has no such field{hint}"))
            continue
        try:
            if name in fields:
                _take(row, fields[name], value)
            else:
                _text(SHORT_NAME, value)
        except ValueError as error:
            faults.append(row.fault(name, str(error)))
    faults += _check_precisions(row)
    if "position" in fields and "position" not in row.said:
        row.values["position"] = number
    if len(row.key) > LONGEST_NAME:
        together = " and ".join(row.table.key)
        message = f"{together} together are {len(row.key)} characters long; {LONGEST_NAME} is the most"
        faults.append(row.fault(row.table.key[-1], message))
    for name in _missing(row):
        faults.append(
            row.fault(name, f'this {row.table.words} needs the field "{name}"; add a line {name} = …')
        )
    return faults


def _missing(row: Row) -> Iterable[str]:
    have = set(row.said) | set(row.values)
    for name in row.table.virtual:
        if name not in have:
            yield name
    for name, field in row.table.fields.items():
        needed = not field.blank and not field.has_default() and not getattr(field, "null", False)
        if field.many_to_many:
            needed = not field.blank
        if (needed or name in row.table.key) and name not in have:
            yield name


def _take(row: Row, field: models.Field, value: Any) -> None:
    """Put the checked value into the row. Raises ValueError with a sentence for the writer of the file."""
    if field.many_to_many:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise ValueError('this is a list; write it as ["one", "another"]')
        row.many[field.name] = value
    elif field.is_relation:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"write the name of the {_target(field).words} in quotes")
        row.links[field.name] = value.strip()
    elif isinstance(field, models.DateField):
        row.values[field.name] = _date(row.table, field, value)
    else:
        row.values[field.name] = _plain_value(field, value)


def _date(table: Table, field: models.Field, value: Any) -> Any:
    date, precision = parse_date(value, end=field.name in END_FIELDS)
    if field.name not in dict(table.precisions) and precision != "day":
        raise ValueError("an exact day is needed here; write it as 2025-09-04")
    return date


def _plain_value(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.BooleanField):
        if not isinstance(value, bool):
            raise ValueError("write true or false, without quotes")
        return value
    if isinstance(field, models.DecimalField):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("write a number without quotes, commas or signs such as %")
        return _validated(field, Decimal(str(value)))
    if isinstance(field, models.IntegerField):
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("write a whole number without quotes")
        return _validated(field, value)
    if isinstance(field, models.TimeField):
        return _time(_text(field, value))
    return _text(field, value)


def _time(text: str) -> datetime.time:
    try:
        return datetime.time.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a time; write it as "09:00"') from None


def _text(field: models.Field, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("write text in quotes")
    text = unicodedata.normalize("NFC", value).strip()
    if any(unicodedata.category(letter) in HIDDEN and letter != "\n" for letter in text):
        raise ValueError(
            "it holds a hidden character (a control, direction or zero-width one); type it again"
        )
    if not text and not field.blank:
        raise ValueError("it is empty; write what it should say")
    if field.max_length and len(text) > field.max_length:
        raise ValueError(f"it is {len(text)} characters long; {field.max_length} is the most")
    if field.choices and text and text not in dict(field.flatchoices):
        names = ", ".join(str(choice) for choice, _label in field.flatchoices)
        raise ValueError(f'"{text}" is not one of: {names}')
    return _validated(field, text) if text else text


def _validated(field: models.Field, value: Any) -> Any:
    try:
        field.run_validators(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return value


def _check_precisions(row: Row) -> list[Fault]:
    """Work out how exactly each date is known from how it is written; both ends of a period must agree."""
    faults: list[Fault] = []
    found: dict[str, str] = {}
    for name, precision_name in row.table.precisions:
        if name not in row.values:
            continue
        _date_found, precision = parse_date(row.said[name], end=name in END_FIELDS)
        if precision_name in row.said:
            faults.append(row.fault(precision_name, "leave this line out: how the date is written says it"))
        if found.setdefault(precision_name, precision) != precision:
            faults.append(
                row.fault(name, f"the start is given as a {found[precision_name]}; give the end as one too")
            )
    row.values.update(found)
    return faults


def _check_twice(rows: list[Row]) -> list[Fault]:
    """Two rows may not share a key, nor any other value that must be unique."""
    faults: list[Fault] = []
    first: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        unique = {name: row.said.get(name) for name, field in row.table.fields.items() if field.unique}
        names = {
            row.table.key[-1]: row.key,
            **{name: value for name, value in unique.items() if value is not None},
        }
        if row.table.single:
            names = {"slug": "the only one"}
        for name, value in names.items():
            earlier = first.setdefault((row.table.name, name, str(value)), row)
            if earlier is not row:
                where = f"{earlier.file}:{earlier.place.line}"
                message = (
                    f'"{value}" is already taken by the {row.table.words} at {where}; change or remove one'
                )
                faults.append(row.fault(name, message))
    return faults


def _check_links(rows: list[Row]) -> list[Fault]:
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row.table.name, set()).add(row.key)
    faults: list[Fault] = []
    for row in rows:
        pairs = [(name, key) for name, key in row.links.items()]
        pairs += [(name, key) for name, keys in row.many.items() for key in keys]
        for name, key in pairs:
            target = _target(row.table.fields[name])
            if key not in known.get(target.name, set()):
                near = difflib.get_close_matches(key, known.get(target.name, set()), n=1)
                hint = (
                    f'; did you mean "{near[0]}"?'
                    if near
                    else f"; add a [[{target.name}]] for it, or mend the name"
                )
                faults.append(row.fault(name, f'there is no {target.words} called "{key}"{hint}'))
            elif target is row.table and key == row.key:
                faults.append(row.fault(name, "it points at itself; point at another one or remove the line"))
    return faults


def _target(field: models.Field) -> Table:
    """The table that a link field leads to."""
    return BY_MODEL[field.related_model._meta.label]
