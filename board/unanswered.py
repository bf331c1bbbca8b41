"""What families said and nobody has answered for a year (R-V9). Never a word of it: topic, way in, age, and whose turn."""

import datetime

from foundation.kept import kept
from voice.clocks import OVERDUE_AFTER_MONTHS, WARNED_AFTER_MONTHS
from voice.models import Comment
from voice.models.comments import CommentQuerySet


def overdue(today: datetime.date) -> CommentQuerySet:
    """Not answered for a year or more, the longest first; what is still to be read is among them."""
    return Comment.objects.unanswered_for(OVERDUE_AFTER_MONTHS, today=today).oldest_first()


@kept(most=1)
def keys_overdue(*, today: datetime.date) -> tuple[int, ...]:
    """The keys of these comments in their order: as long as the number that leads to them."""
    return tuple(overdue(today).values_list("pk", flat=True))


@kept(most=1)
def number_warned(*, today: datetime.date) -> int:
    """How many more have waited for nine months, and will be overdue within three."""
    warned = Comment.objects.unanswered_for(WARNED_AFTER_MONTHS, today=today).count()
    return max(warned - len(keys_overdue(today=today)), 0)


def rows_of(keys: tuple[int, ...], *, today: datetime.date) -> list[Comment]:
    """These comments as rows, each with how long it waits: one query, however many."""
    found = overdue(today).select_related("service").defer("published_text").in_bulk(keys)
    rows = [found[key] for key in keys if key in found]
    for row in rows:
        row.days = row.days_waiting(today)
    return rows
