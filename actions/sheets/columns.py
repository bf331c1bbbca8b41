"""The columns of a plan's spreadsheet: one description of each, from which files are written and read (R-A2, R-A12, R-W3).

What can be changed in a spreadsheet comes first. The rest is only to read: it is worked out elsewhere, and coming back it
is left aside. The last column tells what the action was like when the file was made, so that nobody overwrites what they
have not seen.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from actions.models import Action, Category, Impact, ImpactQuestion, Milestone, Status
from foundation.text import clean_line
from partnership.models import Service
from priorities.models import Commitment

from .steps import write_steps

ONLY_TO_READ = " (only to read)"


class Column(NamedTuple):
    """One column: the field it holds, its heading, what stands in a cell, and how wide it is in characters."""

    field: str
    heading: str
    cell: Callable[[Action], Any]
    width: int = 24


def _plain(field: str) -> Callable[[Action], Any]:
    return lambda action: getattr(action, field)


def commitment_name(commitment: Commitment) -> str:
    """A promise by its strategy, kind and number, so that two of the same words are told apart."""
    name = f"{commitment.strategy.name}, {commitment.get_kind_display()} {commitment.number}: {commitment}"
    return clean_line(name)


def service_name(service: Service) -> str:
    """A service by its name and its code, which no two share."""
    return clean_line(f"{service.name} ({service.code})")


def row_name(row: object) -> str:
    """A priority, a duty or a measure as one line."""
    return clean_line(str(row))


def lines(names: Iterable[str]) -> str:
    """Several things in one cell, each on its own line."""
    return "\n".join(names)


def version_of(action: Action) -> str:
    """What the action is like now, in a few characters: its version, and a mark of its steps, which have none."""
    return f"v{action.version} {steps_mark(action.shown_steps)}"


def steps_mark(steps: Iterable[Milestone]) -> str:
    """A short mark of the steps of an action; another one as soon as any was added or changed."""
    told = [(step.pk, step.title, step.due, step.done_on) for step in steps]
    return hashlib.blake2b(repr(told).encode(), digest_size=4).hexdigest()


def _evidence(action: Action) -> str:
    rows = action.shown_evidence  # put there by sheets.rows
    return lines(f"{row.statement} ({row.get_kind_display()}) {row.link}".strip() for row in rows)


def _measures(action: Action) -> str:
    rows = action.shown_measures  # put there by sheets.rows
    return lines(": ".join(filter(None, (str(row.measure), row.success_looks_like))) for row in rows)


EDITABLE = (
    Column("ref", "Ref", _plain("ref"), 10),
    Column("title", "Title", _plain("title"), 40),
    Column("category", "Must, should or could", lambda action: Category(action.category).label, 14),
    Column("duty", "Legal duty", lambda action: row_name(action.duty) if action.duty else "", 30),
    Column("priority", "Priority", lambda action: row_name(action.priority), 30),
    Column("problem", "The problem", _plain("problem"), 50),
    Column("doing", "What we will do", _plain("doing"), 50),
    Column("difference", "The difference it will make", _plain("difference"), 50),
    Column("lead_role", "Role that leads it", _plain("lead_role")),
    Column("accountable_role", "Role that answers for it", _plain("accountable_role")),
    Column("planned_start", "Planned start", _plain("planned_start"), 14),
    Column("due", "Due date", _plain("due"), 14),
    Column("due_reason", "If the due date moves: why?", lambda action: "", 30),
    Column("milestones", "Steps", lambda action: write_steps(action.shown_steps), 40),
    Column(
        "impact_question",
        "Inspectors’ question",
        lambda action: ImpactQuestion(action.impact_question).label if action.impact_question else "",
    ),
    Column("resources", "Money, people and time", _plain("resources"), 30),
    Column(
        "also_serves", "Other priorities", lambda action: lines(map(row_name, action.shown_priorities)), 30
    ),
    Column("commitments", "Promises", lambda action: lines(map(commitment_name, action.shown_promises)), 30),
    Column(
        "partners", "Other services that help", lambda action: lines(map(service_name, action.shown_partners))
    ),
)
"""What an import reads."""

READ_ONLY = (
    Column("service", "Service", lambda action: action.service.name),
    Column("plan", "Plan", lambda action: action.plan.title),
    Column("status", "How it stands", lambda action: Status(action.shown_status).label, 18),
    Column("impact", "Difference seen", lambda action: Impact(action.impact).label, 18),
    Column("original_due", "First due date", _plain("original_due"), 14),
    Column("slips", "Times it was moved to later", _plain("slips"), 12),
    Column("last_heard", "Last heard of", _plain("last_heard"), 14),
    Column("measures", "Success measures", _measures, 30),
    Column("evidence", "Evidence", _evidence, 30),
    Column("voices", "Family voices", lambda action: len(action.shown_voices), 10),
)
"""What an import leaves aside."""

VERSION = Column("version", "Version (please leave as it is)", version_of, 20)

COLUMNS = (
    *EDITABLE,
    *(column._replace(heading=f"{column.heading}{ONLY_TO_READ}") for column in READ_ONLY),
    VERSION,
)
"""The columns of a file, in their order."""
