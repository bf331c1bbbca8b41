"""Cells of a file read as values of an action. A cell that cannot be read says why, in a sentence (R-W3, R-W4)."""

import datetime
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl.cell.cell import ERROR_CODES

from actions.forms.actions import ActionForm
from actions.models import Action, Category, ImpactQuestion, Plan, StatutoryDuty
from foundation.text import clean_line
from partnership.calendar import today
from partnership.models import Service, User
from priorities.models import Commitment, Priority

from .columns import commitment_name, row_name, service_name
from .dates import NotADay, read_day
from .steps import Step, read_steps, write_steps

_NAMES: dict[str, Callable[[Any], str]] = {
    "also_serves": row_name,
    "commitments": commitment_name,
    "partners": service_name,
}
LISTS = {"also_serves": "shown_priorities", "commitments": "shown_promises", "partners": "shown_partners"}
"""Fields that hold several rows, and where `sheets.rows.with_links` has put those that the person may see."""

_NUMBER = re.compile(r"(?:priority )?(\d{1,3})(?:\.0)?")


class CellFault(ValueError):
    """The cell cannot be read. ``str()`` is the sentence for the person."""


class Names(dict):
    """Rows by what people call them. A name that two rows share means neither."""

    def add(self, name: str, row: Any) -> None:
        key = clean_line(name).casefold()
        self[key] = row if self.get(key, row) == row else None

    def find(self, text: str) -> Any:
        return self.get(clean_line(text).casefold())


class Choices:
    """What the person may choose for an action of this plan today, by name (R-C4). Read once for many rows."""

    def __init__(self, by: User, plan: Plan, words: Iterable[tuple[str, str, str]] = ()) -> None:
        self.names: dict[str, Names] = {
            name: Names() for name in ("category", "priority", "duty", "commitments", "partners")
        }
        usable = list(Priority.objects.visible_to(by).for_new_actions().with_names())
        for priority in usable:
            own = str(priority.number) if priority.strategy_id == plan.strategy_id else ""
            for name in (row_name(priority), priority.title.text, own, f"Priority {own}" if own else ""):
                self._add("priority", name, priority)
        for duty in StatutoryDuty.objects.all():
            for name in (row_name(duty), duty.title):
                self._add("duty", name, duty)
        strategies = {priority.strategy_id for priority in usable}
        for promise in Commitment.objects.filter(strategy__in=strategies).select_related("strategy", "title"):
            for name in (commitment_name(promise), promise.title.text):
                self._add("commitments", name, promise)
        for service in Service.objects.current(today()).exclude(pk=plan.service_id):
            for name in (service_name(service), service.name, service.code):
                self._add("partners", name, service)
        for category in Category:
            for name in (category.label, category.slug, f"{category.slug}s"):
                self._add("category", name, category)
        self._add_words(words, usable)

    def _add(self, field: str, name: str, row: Any) -> None:
        if name:
            self.names[field].add(name, row)

    def knows(self, field: str, text: str) -> bool:
        """Whether a word of the table means something here, without anybody saying what."""
        return _find(self, field, text) is not None

    def _add_words(self, words: Iterable[tuple[str, str, str]], usable: list[Priority]) -> None:
        """What the person said that a word of their own table means."""
        by_key = {str(priority.pk): priority for priority in usable}
        for field, text, means in words:
            row = by_key.get(means) if field == "priority" else Category(int(means)) if means else None
            if row is not None:
                self.names[field][clean_line(text).casefold()] = row


def read_cell(field: str, text: str, choices: Choices, action: Action | None = None) -> Any:
    """The value that the words of a cell mean for a field. Raises CellFault."""
    if text in ERROR_CODES:
        raise CellFault(f"The spreadsheet shows an error here ({text}).")
    try:
        return _read(field, text, choices, action)
    except ValidationError as fault:
        raise CellFault(" ".join(fault.messages)) from None
    except NotADay as fault:
        raise CellFault(str(fault)) from None


def _read(field: str, text: str, choices: Choices, action: Action | None) -> Any:
    if field in ("due", "planned_start"):
        return read_day(text, last_of_month=field == "due") if text.strip() else None
    if field == "milestones":
        return _steps(text)
    if field == "category":
        return _chosen("category", text, choices, {}, "Write must, should or could.")
    if field in ("priority", "duty"):
        kept = {row_name(row): row for row in [getattr(action, field, None)] if row is not None}
        says = {
            "priority": "This is no priority that you can choose. Write its number or its title.",
            "duty": "This is no legal duty on our list. Write its title.",
        }[field]
        if not text.strip():
            if field == "priority":
                raise CellFault("Write the priority it serves.")
            return None
        return _chosen(field, text, choices, kept, says)
    if field in LISTS:
        return _several(field, text, choices, action)
    if field == "impact_question":
        return _question(text)
    return ActionForm.base_fields[field].clean(text)


def _chosen(field: str, text: str, choices: Choices, kept: dict[str, Any], says: str) -> Any:
    found = kept.get(clean_line(text)) or _find(choices, field, text)
    if found is None:
        raise CellFault(says)
    return found


def _find(choices: Choices, field: str, text: str) -> Any:
    found = choices.names[field].find(text)
    if found is None and field == "priority" and (number := _NUMBER.fullmatch(clean_line(text).casefold())):
        return choices.names[field].find(number[1])
    return found


def _several(field: str, text: str, choices: Choices, action: Action | None) -> list[Any]:
    """One row for each line; what the action has already may stay, even where nobody could choose it today."""
    name_of = _NAMES[field]
    kept = {name_of(row): row for row in getattr(action, LISTS[field], [])}
    names = choices.names["priority" if field == "also_serves" else field]
    found = {}
    for line in filter(None, map(clean_line, text.split("\n"))):
        row = kept.get(line) or names.find(line)
        if row is None:
            raise CellFault(
                f"“{line[:80]}” is not on our list. Write one name on each line, as the portal writes it."
            )
        found[row.pk] = row
    return list(found.values())


def _question(text: str) -> str:
    wanted = clean_line(text).casefold()
    for value, label in ImpactQuestion.choices:
        if wanted in (value, str(label).casefold()):
            return value
    if wanted:
        raise CellFault("This is none of the inspectors’ five questions. Copy one from the portal.")
    return ""


def _steps(text: str) -> list[Step]:
    steps = [step._replace(title=clean_line(step.title)) for step in read_steps(text)]
    for step in steps:
        if not step.title or len(step.title) > 200:
            raise CellFault("Each step needs a name of 200 characters or fewer.")
        if step.done_on is not None and step.done_on > today():
            raise CellFault("A step cannot be done on a day that has not come yet.")
    return steps


def in_words(field: str, value: Any) -> str:
    """A value as the preview and the record show it."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return f"{value.day} {value:%B %Y}"
    if field == "category":
        return str(Category(value).label)
    if field == "impact_question":
        return str(ImpactQuestion(value).label)
    if field == "milestones":
        return write_steps(value)
    if field in ("priority", "duty"):
        return row_name(value)
    if field in LISTS:
        name_of = _NAMES[field]
        return "\n".join(sorted(map(name_of, value)))
    return str(value)
