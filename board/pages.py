"""What the board's two summaries say, the overview and one priority, and the rows of its lists.

They are the same for everybody who may read them, so each is drawn once and kept until something changes (R-B1, S7).
"""

import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from actions.models import Category, Status
from foundation.kept import kept
from partnership.models import Sector
from priorities.models import Priority
from voice.models import Comment

from . import changes as what_changed
from . import reviews, unanswered
from .audits import WITHOUT, gaps
from .figures import Figures, figures
from .lists import DIFFERS, DISPUTED, EXCEPTION, OVERDUE, STALE, Selection, marked, rows_of

CHANGES_SHOWN = 8
EXCEPTIONS_SHOWN = 6
VOICES_SHOWN = 5


@kept(most=4)
def overview(*, today: datetime.date, stale_after_days: int, unread_marks: int = 0) -> SafeString:
    """How everything stands, by priority, category and sector; the worst of it; what changed lately (R-B1).

    `unread_marks` runs by the hour and not by the day, so it is asked anew each time and handed in (R-S3).
    """
    counted = figures(today=today, stale_after_days=stale_after_days)
    lately = today - datetime.timedelta(days=what_changed.LATELY_DAYS)
    frame = _frame(Selection(), counted, today=today, stale_after_days=stale_after_days)
    newest, since = what_changed.latest_and_count(CHANGES_SHOWN, since=lately)
    context = frame | {
        "numbers": [*frame["numbers"], *_beside_actions(today)],
        "unread_marks": unread_marks,
        "priority_rows": _priorities(counted),
        "sector_rows": _sectors(counted),
        "changes": newest,
        "changes_count": since,
        "lately_days": what_changed.LATELY_DAYS,
    }
    return render_to_string("board/_overview.html", context)


@kept(most=32)
def priority(pk: int, *, today: datetime.date, stale_after_days: int) -> SafeString:
    """One priority: its figures, exceptions, measures and voices, and what changed."""
    one = Priority.objects.select_related("strategy").get(pk=pk)
    counted = figures(today=today, stale_after_days=stale_after_days).where(priority=pk)
    context = _frame(Selection(priority=one), counted, today=today, stale_after_days=stale_after_days) | {
        "priority": one,
        "changes": what_changed.latest(CHANGES_SHOWN, priority=one),
        # Those who read the board's pages are all inside the partnership, so they see measures before publication too.
        "measures": one.measures.prefetch_related("readings"),
        # Approved ones alone, whoever reads: nobody counts here what a moderator has not read (R-V6, R-S2).
        "comments": Comment.objects.approved().filter(priority=one).count(),
        "voices": one.comments.published().order_by("-published_at", "-pk")[:VOICES_SHOWN],
    }
    return render_to_string("board/_priority.html", context)


@kept(most=16)
def rows(keys: tuple[int, ...], *, today: datetime.date, stale_after_days: int) -> SafeString:
    """The actions of one page of a list, in the order of their keys, each with what is wrong with it."""
    actions = rows_of(keys, today=today, stale_after_days=stale_after_days)
    return render_to_string("board/_exceptions.html", {"actions": actions})


def _frame(
    part: Selection, counted: Figures, *, today: datetime.date, stale_after_days: int
) -> dict[str, object]:
    """What both summaries show of their part of the plans: headline figures, categories, the worst exceptions."""
    worst = Selection(priority=part.priority, flag=EXCEPTION)
    rows = worst.actions(today=today, stale_after_days=stale_after_days)[:EXCEPTIONS_SHOWN]
    return {
        "today": today,
        "after_days": stale_after_days,
        "figures": counted,
        "numbers": _numbers(counted, priority=part.priority),
        "category_rows": _categories(counted, priority=part.priority),
        "exceptions": marked(rows, today=today, stale_after_days=stale_after_days),
        "exceptions_url": worst.url,
    }


def _numbers(counted: Figures, **where: Any) -> list[dict[str, object]]:
    """The headline figures, each with the list it opens."""

    def number(label: str, value: int, tone: str = "", **more: Any) -> dict[str, object]:
        return {
            "label": label,
            "value": value,
            "url": Selection(**where, **more).url,
            "tone": tone if value else "",
        }

    return [
        number("actions in published plans", counted.total),
        number("red: off track", counted.with_status(Status.RED), "red", status=Status.RED),
        number("overdue", counted.overdue, "red", flag=OVERDUE),
        number("without a recent update", counted.stale, "amber", flag=STALE),
        number("rated differently by the board", counted.differs, "amber", flag=DIFFERS),
        number("seen differently by families", counted.disputed, "amber", flag=DISPUTED),
        number("awaiting sign\u2011off", counted.with_status(Status.DELIVERED), status=Status.DELIVERED),
        number("not started", counted.with_status(Status.NOT_STARTED), status=Status.NOT_STARTED),
    ]


def _beside_actions(today: datetime.date) -> list[dict[str, object]]:
    """Exceptions that belong to no action, each with its list; all three are counted in one query.

    What audits found and nobody acts on (R-A14), plans past the day of their yearly review (R-A1), and what families said
    and nobody answered within a year (R-V9).
    """
    kinds: list[tuple[str, QuerySet, str]] = [
        ("gaps without an action", gaps(only_without=True), f"{reverse('board:gaps')}?show={WITHOUT}"),
        ("yearly reviews overdue", reviews.overdue(today), reverse("board:reviews")),
        ("not answered for a year", unanswered.overdue(today), reverse("board:unanswered")),
    ]
    first, *others = (
        rows.order_by()
        .annotate(kind=Value(place))
        .values("kind")
        .annotate(number=Count("pk"))
        .values_list("kind", "number")
        for place, (_, rows, _) in enumerate(kinds)
    )
    counted = dict(first.union(*others, all=True))
    return [
        {"label": label, "value": number, "url": url, "tone": "red" if number else ""}
        for place, (label, _, url) in enumerate(kinds)
        for number in [counted.get(place, 0)]
    ]


def _row(label: str, counted: Figures, *, url: str = "", **where: Any) -> dict[str, object]:
    """One row of a table of figures: every status, then overdue and without an update, each opening its list.

    `url` is where the row's own name leads; by default to its list.
    """
    part = Selection(**where)
    return {
        "label": label,
        "url": url or part.url,
        "total": counted.total,
        "total_url": part.url,
        "cells": [
            {
                "label": status.label.partition(":")[0],
                "value": value,
                "url": Selection(**where, status=status).url,
            }
            for status, value in counted.by_status()
        ]
        + [
            {"label": "Overdue", "value": counted.overdue, "url": Selection(**where, flag=OVERDUE).url},
            {"label": "No recent update", "value": counted.stale, "url": Selection(**where, flag=STALE).url},
        ],
    }


def _categories(counted: Figures, **where: Any) -> list[dict[str, object]]:
    parts = counted.split("category")
    return [_row(c.label, parts.get(c, Figures([])), category=c, **where) for c in Category]


def _sectors(counted: Figures) -> list[dict[str, object]]:
    parts = counted.split("sector")
    return [
        _row(sector.name, parts.get(sector.pk, Figures([])), sector=sector) for sector in Sector.objects.all()
    ]


def _priorities(counted: Figures) -> list[dict[str, object]]:
    """A row for each priority in force or with an action on the record; never one of a draft strategy (R-C11)."""
    parts = counted.split("priority")
    rows = (
        Priority.objects.visible_to(None)
        .filter(Q(strategy__status="current") | Q(pk__in=list(parts)))
        .select_related("strategy", "title", "short_title")
        .order_by("strategy__position", "number")
    )
    return [
        _row(
            f"{row.number}. {(row.short_title or row.title).text}",
            parts.get(row.pk, Figures([])),
            url=reverse("board:priority", args=[row.strategy.slug, row.number]),
            priority=row,
        )
        | {"strategy": row.strategy.name, "priority": row}
        for row in rows
    ]
