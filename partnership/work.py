"""One thing that waits for a person: what my work is made of (R-W1)."""

import datetime
from dataclasses import dataclass


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
    """Lower comes first: 0 safety, 5 red must-dos, 10 overdue, 15 off track, 20 no recent update, 30 to answer or read,
    40 due soon, 50 drafts."""
    category: int = 0
    """1 must, 2 should, 3 could: within a group a must comes first (R-Z2). 0 where the thing has none."""

    @property
    def category_slug(self) -> str:
        """The word the category tag uses; empty where there is none."""
        return ("", "must", "should", "could")[self.category]
