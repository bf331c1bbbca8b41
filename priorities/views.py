"""Pages of what was promised: the strategies, their priorities and the measures that show how things are."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from foundation.pagination import paginate
from partnership.calendar import today
from partnership.models import Passage

from .charts import bars
from .models import Measure, Priority, Strategy
from .page import StrategyPage
from .quotations import quotations, with_quotes
from .standing import actions_url, standings

ACTIONS_SHOWN = 20
"""So many rows stand on a priority's page; the list of actions has them all."""
VOICES_SHOWN = 6


@public_page
@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """The strategy in force, on a page. Where there is none yet, the page says so."""
    found = (
        Strategy.objects.visible_to(request.user)
        .current()
        .filter(kind=Strategy.Kind.STRATEGY)
        .values("slug")
        .first()
    )
    if found is None:
        return render(request, "priorities/no_strategy.html")
    return _strategy_page(request, found["slug"])


@public_page
@require_safe
def strategy(request: HttpRequest, slug: str) -> HttpResponse:
    """Any strategy or plan: current, replaced, or a draft for those who write it."""
    return _strategy_page(request, slug)


def _strategy_page(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Strategy.objects.visible_to(request.user)
    chosen = get_object_or_404(
        rows.select_related("vision", "replaced_by", "linked_to", "overseen_by"), slug=slug
    )
    page = StrategyPage.read(chosen, user=request.user, today=today())
    return render(request, "priorities/strategy.html", {"strategy": chosen, "page": page})


@public_page
@require_safe
def strategies(request: HttpRequest) -> HttpResponse:
    """Every strategy and plan, those in force first."""
    rows = (
        Strategy.objects.visible_to(request.user)
        .in_force_first()
        .select_related("replaced_by", "linked_to")
        .with_number_of_priorities()
    )
    page = paginate(request, rows)
    groups = [(label, list(found)) for label, found in groupby(page, key=Strategy.get_status_display)]
    return render(request, "priorities/strategies.html", {"page": page, "groups": groups})


@public_page
@require_safe
def priority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One priority: the promise, what is done about it in must, should, could order, the figures and the voices."""
    found = get_object_or_404(
        Priority.objects.visible_to(request.user).with_every_passage(), strategy__slug=slug, number=number
    )
    with_quotes(found.passages)
    day = today()
    first = found.actions.visible_to(request.user).for_reader(request.user, day)[:ACTIONS_SHOWN]
    also = found.also_served_by.visible_to(request.user).for_reader(request.user, day)[:ACTIONS_SHOWN]
    context = {
        "priority": found,
        "strategy": found.strategy,
        "standing": standings([found], user=request.user, today=day)[0],
        "groups": [
            (label, list(rows))
            for label, rows in groupby(first, key=lambda row: (row.category_slug, row.get_category_display()))
        ],
        "shown": len(first),
        "also_serves": also,
        "all_actions_url": actions_url(found),
        "measures": _dated(found.measures.visible_to(request.user).with_readings(), day),
        "comments": found.comments.published().order_by("-published_at", "-pk")[:VOICES_SHOWN],
        "today": day,
    }
    return render(request, "priorities/priority.html", context)


@public_page
@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Every measure with its newest figure, and as at when."""
    page = paginate(request, Measure.objects.visible_to(request.user).with_readings())
    context = {"page": page, "measures": _dated(page, today()), "today": today()}
    return render(request, "priorities/measures.html", context)


@public_page
@require_safe
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure: what is counted, every figure as it was reported, and what the portal worked out from them."""
    rows = Measure.objects.visible_to(request.user).select_related("owner").with_readings()
    found = get_object_or_404(rows, slug=slug)
    readings = found.newest_first
    with_quotes(reading.as_reported for reading in readings)
    context = {
        "measure": found,
        "readings": readings,
        "quotations": quotations(_once(reading.as_reported for reading in readings if reading.as_reported)),
        "bars": bars(readings),
        "worked_out": found.worked_out.select_related(
            "part__measure", "part__source", "whole__measure", "whole__source"
        ),
        "priorities": found.priorities.visible_to(request.user).with_names(),
        "actions": _read_by(found).visible_to(request.user).for_reader(request.user, today())[:ACTIONS_SHOWN],
        "out_of_date": found.is_out_of_date(today()),
        "today": today(),
    }
    return render(request, "priorities/measure.html", context)


def _read_by(measure: Measure) -> Any:
    """The actions whose success is read from a measure. Their model lies above this package, so it is reached through the
    priorities' own relation."""
    return Priority.actions.rel.related_model.objects.filter(success_measures__measure=measure)


def _dated(rows: Iterable[Measure], day: datetime.date) -> list[tuple[Measure, bool]]:
    """Each measure, and whether its newest figure is out of date on that day (R-K5)."""
    return [(row, row.is_out_of_date(day)) for row in rows]


def _once(passages: Iterable[Passage]) -> list[Passage]:
    """Each passage once: several readings can come from one sentence."""
    return list({passage.pk: passage for passage in passages}.values())
