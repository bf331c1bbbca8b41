"""My work: the one list that signing in lands on, most urgent first, empty when nothing is due (R-W1)."""

import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import actions.work
import voice.work
from partnership.calendar import today
from partnership.permissions import is_staff
from partnership.work import WorkItem

SOURCES = (voice.work.work_items, actions.work.work_items)
"""Every package that has something waiting for people. Each asks a bounded number of questions of the database."""


def work_for(user: object, *, day: datetime.date) -> list[WorkItem]:
    """All that waits for this person, most urgent first; within that, what is due first."""
    items = [item for source in SOURCES for item in source(user, today=day)]
    return sorted(
        items, key=lambda item: (item.urgency, item.group, item.due or datetime.date.max, item.title)
    )


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """The signed-in person's list, under headings, with quick ways to what they do most."""
    day = today()
    items = work_for(request.user, day=day)
    groups = [(group, list(rows)) for group, rows in groupby(items, key=lambda item: item.group)]
    memberships = request.user.active_memberships  # type: ignore[union-attr]
    return render(
        request,
        "portal/my_work.html",
        {
            "groups": groups,
            "count": len(items),
            "today": day,
            "memberships": memberships,
            "is_staff": is_staff(request.user),
        },
    )
