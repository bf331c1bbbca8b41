"""Spreadsheets brought in: begun, checked in pieces, saved all or nothing, thrown away (R-W3, R-W4)."""

import datetime
from collections.abc import Iterable
from typing import BinaryIO

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from actions.models import Plan, PlanImport, PlanImportCell, PlanImportColumn, PlanImportRow, PlanImportWord
from actions.reasons import why_not_edit_plan
from actions.sheets import mapping
from actions.sheets.comparing import Checker
from actions.sheets.reading import Choices
from actions.sheets.verdicts import Verdict
from foundation.spreadsheet_reading import Table, read_table
from foundation.tokens import spend
from foundation.uploads import safe_name
from partnership.models import User
from priorities.models import Priority

from .rules import RuleBroken, refuse_why

PIECE = 500
"""Rows that one request checks."""

Stage, Outcome = PlanImport.Stage, PlanImportRow.Outcome


@transaction.atomic
def begin_import(
    *,
    by: User,
    plan: Plan,
    file: BinaryIO,
    name: str,
    size: int,
    token: str = "",
    at: datetime.datetime | None = None,
) -> PlanImport | None:
    """Read a file into the rows that wait to be checked; None when `token` was used before. Nothing of the plan changes.

    Raises UploadRefused, with a sentence, when the file is none that we can read.
    """
    refuse_why(why_not_edit_plan(by, plan))
    if token and not spend(token, purpose="import"):
        return None
    table = read_table(file, name, size=size)
    fields = mapping.own_fields(table.header.cells)
    made = PlanImport.objects.create(
        plan=plan,
        by=by,
        at=at or timezone.now(),
        file_name=safe_name(name),
        stage=Stage.CHECKING if fields else Stage.COLUMNS,
        is_own=bool(fields),
        headings_mark=mapping.headings_mark(table.header.cells),
    )
    widest = _stage_rows(made, table, place_of_ref=fields.index("ref") if fields else None)
    headings = mapping.headings(table.header.cells, widest)
    PlanImportColumn.objects.bulk_create(
        PlanImportColumn(
            plan_import=made,
            position=place,
            heading=heading,
            field=fields[place - 1] if place <= len(fields) else "",
        )
        for place, heading in enumerate(headings, 1)
    )
    made.notes = "\n".join(table.notes + (mapping.left_aside(headings, fields) if fields else []))
    made.save()
    if not fields:
        mapping.suggest(made)
    return made


def _stage_rows(made: PlanImport, table: Table, *, place_of_ref: int | None) -> int:
    """Put the rows down to wait, some hundred at a time. Returns how many columns the widest has."""
    widest, piece = len(table.header.cells), []
    for row in table.rows:
        widest = max(widest, len(row.cells))
        has_ref = place_of_ref is not None and place_of_ref < len(row.cells)
        ref = row.cells[place_of_ref].strip()[:30] if has_ref and place_of_ref is not None else ""
        piece.append(PlanImportRow(plan_import=made, number=row.number, words=row.cells, ref=ref))
        if len(piece) == PIECE:
            made.rows_total += len(PlanImportRow.objects.bulk_create(piece))
            piece = []
    made.rows_total += len(PlanImportRow.objects.bulk_create(piece))
    return widest


def locked_import(plan_import: PlanImport, *stages: str) -> PlanImport:
    """The import as it is now, locked. Raises RuleBroken when it has gone on meanwhile."""
    found = PlanImport.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "plan__service", "plan__strategy", "default_priority"
    )
    locked = found.get(pk=plan_import.pk)
    if locked.stage not in stages:
        raise RuleBroken([GONE_ON])
    return locked


GONE_ON = "This was done already. The page shows how it stands now."


@transaction.atomic
def choose_columns(
    *,
    by: User,
    plan_import: PlanImport,
    fields: dict[int, str],
    default_category: int | None,
    default_priority: Priority | None,
) -> PlanImport:
    """Say which column of a table from elsewhere goes into which field, and what holds for rows that do not say it."""
    made = locked_import(plan_import, Stage.COLUMNS, Stage.CHECKING, Stage.READY)
    columns = list(made.columns.all())
    for column in columns:
        column.field = fields.get(column.position, "")
    PlanImportColumn.objects.bulk_update(columns, ["field"])
    made.default_category, made.default_priority, made.stage = (
        default_category,
        default_priority,
        Stage.COLUMNS,
    )
    made.save()
    return made


def unknown_words(*, by: User, plan_import: PlanImport) -> list[tuple[str, str]]:
    """Words of the category and priority columns that the portal does not know by itself, each with its field."""
    known = Choices(by, plan_import.plan)
    return [
        (field, text)
        for field in ("category", "priority")
        for text in mapping.different_words(plan_import, field)
        if not known.knows(field, text)
    ]


@transaction.atomic
def choose_words(
    *, by: User, plan_import: PlanImport, words: Iterable[tuple[str, str, str]] = ()
) -> PlanImport:
    """Say what words of the table mean, each as field, word, meaning; then the checking begins."""
    made = locked_import(plan_import, Stage.COLUMNS)
    made.words.all().delete()
    PlanImportWord.objects.bulk_create(
        PlanImportWord(plan_import=made, field=field, text=text, means=means) for field, text, means in words
    )
    return check_again(by=by, plan_import=made)


@transaction.atomic
def check_piece(*, by: User, plan_import: PlanImport, size: int | None = None) -> PlanImport:
    """Compare the next rows with the plan, and put down what becomes of each. Nothing of the plan changes."""
    size = size or PIECE
    made = locked_import(plan_import, Stage.CHECKING)
    rows = list(made.rows.filter(outcome=Outcome.WAITING)[:size])
    verdicts = Checker(by, made).check(rows)
    for verdict in verdicts:
        row = verdict.row
        row.outcome, row.mark, row.title = verdict.outcome, verdict.mark, verdict.title
        row.action = verdict.action
    PlanImportRow.objects.bulk_update(rows, ["outcome", "mark", "title", "action"], batch_size=100)
    PlanImportCell.objects.bulk_create(_cells(verdicts), batch_size=1000)
    made.rows_checked += len(rows)
    if len(rows) < size or made.rows_checked >= made.rows_total:
        made.stage = Stage.READY
    made.save()
    return made


def _cells(verdicts: Iterable[Verdict]) -> Iterable[PlanImportCell]:
    for verdict in verdicts:
        for cell in verdict.cells:
            yield PlanImportCell(
                row=verdict.row,
                field=cell.field,
                place=cell.place,
                old=cell.old,
                new=cell.new,
                fault=cell.fault,
            )


@transaction.atomic
def check_again(*, by: User, plan_import: PlanImport) -> PlanImport:
    """Begin the checking anew: after other columns were chosen, or when the plan changed meanwhile."""
    made = locked_import(plan_import, Stage.COLUMNS, Stage.CHECKING, Stage.READY)
    PlanImportCell.objects.filter(row__plan_import=made).delete()
    made.rows.update(outcome=Outcome.WAITING, mark="", action=None, title="")
    made.rows_checked, made.stage = 0, Stage.CHECKING
    made.save()
    return made


def outcomes(plan_import: PlanImport) -> dict[str, int]:
    """How many rows came out how; every outcome is named."""
    counted = plan_import.rows.order_by().values_list("outcome").annotate(number=Count("pk"))
    return dict.fromkeys(Outcome.values, 0) | dict(counted)


@transaction.atomic
def drop_import(*, by: User, plan_import: PlanImport) -> None:
    """Throw away an import that was not saved. Its rows go; the columns that were chosen stay, for the next such file."""
    _drop(locked_import(plan_import, Stage.COLUMNS, Stage.CHECKING, Stage.READY))


def _drop(made: PlanImport) -> None:
    made.rows.all().delete()
    made.stage = Stage.DROPPED
    made.save()


def purge_imports(*, now: datetime.datetime | None = None) -> int:
    """Throw away what has waited for seven days; run by `run_due_jobs`. Returns how many."""
    done = 0
    for found in PlanImport.objects.forgotten(now or timezone.now()):
        with transaction.atomic():
            made = PlanImport.objects.select_for_update(no_key=True).get(pk=found.pk)
            if made.waits:
                _drop(made)
                done += 1
    return done
