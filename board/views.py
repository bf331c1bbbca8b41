"""The board's pages: everything they show can be read by an adviser, and nothing on them can be changed."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actions.models import Category, Status
from actions.progress import is_overdue, is_stale
from foundation.pagination import paginate
from partnership.calendar import today
from partnership.models import Partnership, Sector
from priorities.models import Priority
from voice.models import Comment

from . import changes as what_changed
from .figures import Figures, figures
from .lists import EXCEPTION, OVERDUE, STALE, Selection, with_last_words
from .permissions import can_view_board

CHANGES_SHOWN = 8
EXCEPTIONS_SHOWN = 6
STALE_AFTER_DAYS = 35
"""Only until a partnership's own threshold is loaded (R-A8)."""


def board_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for those who may read the board's pages; others are told that they may not."""

    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not can_view_board(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def stale_after_days() -> int:
    """After how many days without an update an action is listed, from the partnership's own settings."""
    return Partnership.objects.values_list("stale_after_days", flat=True).first() or STALE_AFTER_DAYS


def _numbers(counted: Figures, **where: object) -> list[dict[str, object]]:
    """The headline figures, each with the list it opens."""

    def number(label: str, value: int, tone: str = "", **more: object) -> dict[str, object]:
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
        number("awaiting sign-off", counted.with_status(Status.DELIVERED), status=Status.DELIVERED),
        number("not started", counted.with_status(Status.NOT_STARTED), status=Status.NOT_STARTED),
    ]


def _row(label: str, counted: Figures, *, url: str = "", **where: object) -> dict[str, object]:
    """One row of a table of figures: every status, then overdue and without an update, each opening its list."""
    return {
        "label": label,
        "url": url or Selection(**where).url,
        "total": counted.total,
        "total_url": Selection(**where).url,
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


def _categories(counted: Figures, **where: object) -> list[dict[str, object]]:
    parts = counted.split("category")
    return [_row(c.label, parts.get(c, Figures([])), category=c, **where) for c in Category]


def _marked(actions: object, *, day: datetime.date, after_days: int) -> list[object]:
    """Rows with what is wrong with each, in words, worked out by the same pure rules as everywhere else."""
    rows = list(actions)  # type: ignore[call-overload]
    for action in rows:
        action.shown_status = action.shown_status_code
        action.category_code = Category(action.category).slug
        action.is_overdue = is_overdue(status=action.status, due=action.due, today=day)
        action.days_late = (day - action.due).days if action.is_overdue else 0
        action.is_stale = is_stale(
            status=action.status,
            last_heard=action.last_heard,
            planned_start=action.planned_start,
            today=day,
            after_days=after_days,
        )
        action.days_unheard = (day - action.last_heard).days if action.last_heard else 0
    return rows


@board_page
def overview(request: HttpRequest) -> HttpResponse:
    """How everything stands, by priority, category and sector; the worst of it; what changed lately (R-B1)."""
    day, after_days = today(), stale_after_days()
    counted = figures(today=day, stale_after_days=after_days)
    by_priority, by_sector = counted.split("priority"), counted.split("sector")
    priorities = (
        Priority.objects.visible_to(request.user)
        .filter(Q(strategy__status="current") | Q(pk__in=list(by_priority)))
        .select_related("strategy", "title", "short_title")
        .order_by("strategy__position", "number")
    )
    exceptions = Selection(flag=EXCEPTION).actions(today=day, stale_after_days=after_days).for_lists()
    context = {
        "today": day,
        "after_days": after_days,
        "figures": counted,
        "numbers": _numbers(counted),
        "statuses": list(Status),
        "priority_rows": [
            _row(
                f"{p.number}. {(p.short_title or p.title).text}",
                by_priority.get(p.pk, Figures([])),
                priority=p,
            )
            | {"strategy": p.strategy.name, "priority": p}
            for p in priorities
        ],
        "category_rows": _categories(counted),
        "sector_rows": [
            _row(sector.name, by_sector.get(sector.pk, Figures([])), sector=sector)
            for sector in Sector.objects.all()
        ],
        "exceptions": _marked(with_last_words(exceptions)[:EXCEPTIONS_SHOWN], day=day, after_days=after_days),
        "changes": what_changed.latest(CHANGES_SHOWN),
        "changes_count": what_changed.count_since(day - datetime.timedelta(days=what_changed.LATELY_DAYS)),
        "lately_days": what_changed.LATELY_DAYS,
    }
    return render(request, "board/overview.html", context)


@board_page
def priority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One priority as the board needs it: figures, exceptions, measures, voices, what changed."""
    day, after_days = today(), stale_after_days()
    one = get_object_or_404(
        Priority.objects.visible_to(request.user).with_words(), strategy__slug=slug, number=number
    )
    counted = figures(today=day, stale_after_days=after_days).where(priority=one.pk)
    exceptions = (
        Selection(priority=one, flag=EXCEPTION).actions(today=day, stale_after_days=after_days).for_lists()
    )
    context = {
        "priority": one,
        "today": day,
        "after_days": after_days,
        "figures": counted,
        "numbers": _numbers(counted, priority=one),
        "statuses": list(Status),
        "category_rows": _categories(counted, priority=one),
        "exceptions": _marked(with_last_words(exceptions)[:EXCEPTIONS_SHOWN], day=day, after_days=after_days),
        "exceptions_url": f"{Selection(priority=one, flag=EXCEPTION).url}",
        "measures": one.measures.visible_to(request.user).prefetch_related("readings"),
        # Not `visible_to` alone: a reader who moderates too would count what nobody has approved (R-V6, R-S2).
        "comments": Comment.objects.approved().filter(priority=one).count(),
        "voices": one.comments.published().order_by("-published_at")[:5],
        "changes": what_changed.latest(CHANGES_SHOWN, priority=one),
    }
    return render(request, "board/priority.html", context)


@board_page
def exceptions(request: HttpRequest) -> HttpResponse:
    """Everything red, overdue or not heard of, musts first, each with what the service says about it."""
    chosen = Selection.from_query(request.GET)
    return _list_page(request, replace(chosen, flag=chosen.flag or EXCEPTION), only_exceptions=True)


@board_page
def actions(request: HttpRequest) -> HttpResponse:
    """The list behind a number of the board's pages."""
    return _list_page(request, Selection.from_query(request.GET), only_exceptions=False)


def _list_page(request: HttpRequest, chosen: Selection, *, only_exceptions: bool) -> HttpResponse:
    day, after_days = today(), stale_after_days()
    rows = chosen.actions(today=day, stale_after_days=after_days).for_lists()
    page = paginate(request, with_last_words(rows))
    page.object_list = _marked(page.object_list, day=day, after_days=after_days)
    context = {
        "page": page,
        "chosen": chosen,
        "only_exceptions": only_exceptions,
        "after_days": after_days,
        "today": day,
    }
    return render(request, "board/actions.html", context)


@board_page
def changes(request: HttpRequest) -> HttpResponse:
    """What changed lately: statuses, moved dates and new actions, newest first."""
    page = paginate(request, what_changed.updates())
    return render(
        request,
        "board/changes.html",
        {"page": page, "moved": what_changed.moved_dates(), "lately_days": what_changed.LATELY_DAYS},
    )
