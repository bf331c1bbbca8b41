"""Which column of a table goes into which field: known for our own files, guessed and asked for other tables (R-W4)."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from openpyxl.utils import get_column_letter

from actions.models import PlanImport, PlanImportColumn, PlanImportRow, PlanImportWord
from foundation.text import clean_line

from .columns import COLUMNS, EDITABLE, VERSION

MAPPABLE = tuple(column for column in EDITABLE if column.field not in ("ref", "due_reason"))
"""What a column of a table from elsewhere may go into: its rows are new actions, which have no reference yet."""

SAMPLES = 3

# What plans elsewhere call their columns; the longest words that fit a heading win.
GUESSES = {
    "title": ("title", "action title", "objective", "aim", "name of action", "headline"),
    "problem": ("problem", "issue", "need", "what inspectors said", "area for improvement", "finding", "gap", "why"),
    "doing": ("action", "what we are doing", "what we will do", "activity", "activities", "how", "actions required", "task"),
    "difference": (
        "difference", "success", "success criteria", "success measure", "success measures", "outcome", "impact",
        "intended impact", "what will be different", "expected outcome", "evaluation",
    ),
    "lead_role": ("lead", "lead person", "responsible officer", "roles responsible", "owner", "lead officer", "lead agency", "responsible"),
    "accountable_role": ("accountable", "senior responsible officer", "sro", "accountable officer", "sponsor", "senior responsible"),
    "planned_start": ("start", "start date", "planned start"),
    "due": ("due", "due date", "deadline", "end", "end date", "target date", "by when", "timescale", "completion date", "timeframe"),
    "category": ("category", "must", "importance", "urgency", "rank"),
    "priority": ("priority", "priority area", "workstream", "theme"),
    "milestones": ("milestone", "milestones", "steps", "key steps"),
    "resources": ("resource", "resources", "cost", "budget", "funding"),
    "duty": ("legal duty", "duty", "statutory duty"),
}  # fmt: skip


def _key(heading: str) -> str:
    return clean_line(heading).casefold().replace("’", "'").rstrip(":.* ")


_OWN = {_key(column.heading): column.field for column in COLUMNS}


def own_fields(cells: list[str]) -> list[str]:
    """The fields of a file that was taken out of the portal, column by column; empty for any other table.

    It has the reference and the version. Columns that people added to it, and those only to read, go nowhere.
    """
    fields = [_OWN.get(_key(cell), "") for cell in cells]
    if "ref" not in fields or VERSION.field not in fields:
        return []
    read = {column.field for column in EDITABLE} | {VERSION.field}
    return [
        field if field in read and fields.index(field) == place else "" for place, field in enumerate(fields)
    ]


def left_aside(headings: list[str], fields: list[str]) -> list[str]:
    """The note that names columns of our own file that nothing is read from, because nobody can change them here."""
    others = [
        heading
        for place, heading in enumerate(headings)
        if (place >= len(fields) or not fields[place]) and not heading.endswith("(only to read)")
    ]
    return [f"These columns are not of the portal and are left out: {', '.join(others)}."] if others else []


def headings(cells: list[str], widest: int) -> list[str]:
    """A name for each column; one without a heading is called after its letter."""
    named = [clean_line(cell)[:190] for cell in cells] + [""] * (widest - len(cells))
    return [name or f"Column {get_column_letter(place)}" for place, name in enumerate(named, 1)]


def headings_mark(cells: list[str]) -> str:
    """A short mark of a table's headings, so that the next table with the same ones is known again."""
    return hashlib.blake2b("\n".join(map(_key, cells)).encode(), digest_size=16).hexdigest()


def suggest(plan_import: PlanImport) -> None:
    """Fill in what was chosen for these headings before, by this service; else what the headings look like."""
    before = (
        PlanImport.objects.like(plan_import.plan.service, plan_import.headings_mark)
        .exclude(pk=plan_import.pk)
        .first()
    )
    columns = list(plan_import.columns.all())
    if before is not None:
        chosen = dict(before.columns.values_list("position", "field"))
        for column in columns:
            column.field = chosen.get(column.position, "")
        PlanImportWord.objects.bulk_create(
            PlanImportWord(plan_import=plan_import, field=word.field, text=word.text, means=word.means)
            for word in before.words.all()
        )
        plan_import.default_category = before.default_category
        plan_import.default_priority = before.default_priority
        plan_import.notes += (
            "\nYour service brought in a table with these headings before. The same choices are made here."
        )
        plan_import.notes = plan_import.notes.strip()
        plan_import.save()
    else:
        for column, field in zip(columns, guess([column.heading for column in columns]), strict=True):
            column.field = field
    PlanImportColumn.objects.bulk_update(columns, ["field"])


def guess(names: list[str]) -> list[str]:
    """A field for each heading, or nothing. No field is guessed twice."""
    found: list[str] = []
    for name in names:
        field = _guess(name)
        found.append("" if field in found else field)
    return found


def _guess(name: str) -> str:
    key = _key(name)
    if key in _OWN and _OWN[key] in {column.field for column in MAPPABLE}:
        return _OWN[key]
    best, length = "", 0
    for field, words in GUESSES.items():
        for word in words:
            fits = key == word or (f" {word} " in f" {key} " and not key.endswith(("no", "number", "ref")))
            if fits and len(word) > length:
                best, length = field, len(word)
    return best


def samples(plan_import: PlanImport) -> dict[int, list[str]]:
    """By column, the first three different things that stand in it."""
    found: dict[int, list[str]] = {}
    for words in plan_import.rows.all()[:50].values_list("words", flat=True):
        for place, text in enumerate(words, 1):
            own = found.setdefault(place, [])
            if text and text not in own and len(own) < SAMPLES:
                own.append(text)
    return found


def different_words(plan_import: PlanImport, field: str) -> list[str]:
    """The different things that stand in the columns of a field, as they are first met; at most fifty."""
    places = [column.position for column in plan_import.columns.all() if column.field == field]
    found: dict[str, None] = {}
    rows: QuerySet[PlanImportRow, Any] = plan_import.rows.values_list("words", flat=True)
    for words in rows.iterator(chunk_size=500):
        for place in places:
            if place <= len(words) and words[place - 1].strip():
                found.setdefault(clean_line(words[place - 1])[:200])
        if len(found) >= 50:
            break
    return list(found)
