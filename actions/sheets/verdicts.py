"""What becomes of one row of a file, cell by cell: told in the preview, and all that saving it needs (R-W3)."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from actions.models import Action, PlanImportRow

Outcome = PlanImportRow.Outcome


@dataclass
class Cell:
    """One cell that brings something."""

    field: str
    place: str
    old: str = ""
    new: str = ""
    fault: str = ""


@dataclass
class Verdict:
    """What becomes of one row, and all that saving it needs."""

    row: PlanImportRow
    outcome: str = Outcome.UNCHANGED
    action: Action | None = None
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    due_reason: str = ""
    cells: list[Cell] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What was shown of it, in short, so that saving can tell whether it is still so."""
        told = [(cell.field, cell.place, cell.old, cell.new, cell.fault) for cell in self.cells]
        version = self.action.version if self.action else 0
        return hashlib.blake2b(repr((self.outcome, version, told)).encode(), digest_size=16).hexdigest()
