"""The board's figures: how many actions stand how, by priority, category and sector, as at today (R-B1).

One GROUP BY reads them, two small ones the few that are seen differently, and each worker keeps the answer until something
changes or the London day does: at ten thousand actions the query is the dearest part of the page. Every figure is a sum of
the same cells that the lists behind it filter by, so a number and its list cannot drift apart.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Value

from actions.models import Action, Category, Status
from foundation.kept import kept

from .lists import DIFFERS, DISPUTED, OVERDUE, STALE, flag_condition


@dataclass(frozen=True, slots=True)
class Cell:
    """Actions that share a first priority, a category, a sector and a shown status."""

    priority: int
    category: int
    sector: int
    status: str
    count: int
    overdue: int
    stale: int
    differs: int = 0
    disputed: int = 0


class Figures:
    """Cells with sums over them. `status` is the shown one: an overdue green is counted as red."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = tuple(cells)

    def where(self, **wanted: object) -> "Figures":
        """Only the cells with these values, for example `priority=3` or `category=Category.MUST`."""
        return Figures(
            cell for cell in self.cells if all(getattr(cell, key) == wanted[key] for key in wanted)
        )

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def overdue(self) -> int:
        return sum(cell.overdue for cell in self.cells)

    @property
    def stale(self) -> int:
        return sum(cell.stale for cell in self.cells)

    @property
    def differs(self) -> int:
        return sum(cell.differs for cell in self.cells)

    @property
    def disputed(self) -> int:
        return sum(cell.disputed for cell in self.cells)

    def with_status(self, status: str) -> int:
        """How many are shown with this status."""
        return sum(cell.count for cell in self.cells if cell.status == status)

    def by_status(self) -> list[tuple[Status, int]]:
        """Every status in the order of the key, with its count."""
        return [(status, self.with_status(status)) for status in Status]

    def split(self, key: str) -> dict[object, "Figures"]:
        """The same figures apart by one value: `split("priority")[priority.pk]`."""
        parts: dict[object, list[Cell]] = {}
        for cell in self.cells:
            parts.setdefault(getattr(cell, key), []).append(cell)
        return {value: Figures(cells) for value, cells in parts.items()}


def count_actions(*, today: datetime.date, stale_after_days: int) -> Figures:
    """Read the figures from the database: published and archived plans only, never a draft."""

    def has(flag: str) -> Q:
        return flag_condition(flag, today=today, stale_after_days=stale_after_days)

    differs, disputed = _count_few([has(flag) for flag in (DIFFERS, DISPUTED)], today)
    rows = _cells(today).annotate(
        count=Count("pk"),
        overdue=Count("pk", filter=has(OVERDUE)),
        stale=Count("pk", filter=has(STALE)),
    )
    return Figures(
        Cell(
            priority=row["priority_id"],
            category=Category(row["category"]),
            sector=row["plan__service__sector_id"],
            status=row["shown_status_code"],
            count=row["count"],
            overdue=row["overdue"],
            stale=row["stale"],
            differs=differs.get(tuple(row[name] for name in CELL), 0),
            disputed=disputed.get(tuple(row[name] for name in CELL), 0),
        )
        for row in rows
    )


CELL = ("priority_id", "category", "plan__service__sector_id", "shown_status_code")
"""What the actions of one cell have in common."""


def _cells(today: datetime.date) -> Any:
    """The actions on the record, put together by cell; each query says what it counts of them."""
    return Action.objects.on_the_record().with_shown_status(today).order_by().values(*CELL)


def _count_few(flags: list[Q], today: datetime.date) -> list[dict[tuple, int]]:
    """How many of each cell have each of these flags, which few actions have: one query for all of them. Read from those
    few rows alone, so that the query of all still reads an index and no row."""
    first, *others = (
        _cells(today)
        .filter(flagged)
        .annotate(kind=Value(place), count=Count("pk"))
        .values_list("kind", "count", *CELL)
        for place, flagged in enumerate(flags)
    )
    found: list[dict[tuple, int]] = [{} for _ in flags]
    for kind, count, *cell in first.union(*others, all=True):
        found[kind][tuple(cell)] = count
    return found


figures = kept(most=4)(count_actions)
"""The figures as at `today`, from this worker's memory when nothing has changed since it read them."""
