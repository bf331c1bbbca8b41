"""One thing that waits for a person: what my work is made of (R-W1)."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

MOST = 50
"""Rows read of each kind; beyond it one row leads to the whole list."""


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A row of my work. Each app's `work.py` makes them; the portal puts them in one list, most urgent first."""

    group: str
    """Heading it is listed under, for example "Overdue"."""
    title: str
    url: str
    detail: str = ""
    due: datetime.date | None = None
    urgency: int = 50
    """Lower comes first: 0 safety, 5 red must-dos, 10 overdue or not answered for a year, 15 off track, 18 rated
    differently, 20 no recent update or not answered for nine months, 30 to answer or read, 40 due soon, 50 drafts."""
    category: int = 0
    """1 must, 2 should, 3 could: within a group a must comes first (R-Z2). 0 where the thing has none."""

    @property
    def category_slug(self) -> str:
        """The word the category tag uses; empty where there is none."""
        return ("", "must", "should", "could")[self.category]


def limited(rows: QuerySet, make: Callable[..., WorkItem], url: str) -> list[WorkItem]:
    """The first rows as items, and one more that leads to the rest where there are more."""
    found = list(rows[: MOST + 1])
    items = [make(row) for row in found[:MOST]]
    if len(found) > MOST:
        last = items[-1]
        items.append(
            WorkItem(
                group=last.group,
                title="See all of them",
                url=url,
                urgency=last.urgency,
                category=last.category,
            )
        )
    return items
