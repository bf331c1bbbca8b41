"""Who we are, what happened when, and hard words explained."""

import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from partnership.calendar import today
from partnership.forms.about import AsAtForm
from partnership.models import (
    Accountability,
    Board,
    GlossaryTerm,
    Organisation,
    Partnership,
    Passage,
    RoleHolding,
    TimelineEvent,
)


@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Bodies, boards and roles as at a day: today, or the day in the address (R-C5)."""
    asked = any(name.startswith("as_at") for name in request.GET)
    form = AsAtForm(request.GET if asked else None)
    day = (form.cleaned_data["as_at"] if asked and form.is_valid() else None) or today()
    is_past = day != today()
    bodies = list(_bodies(day))
    for body in bodies:
        body.named_in = _documents(body)
    context = {
        "introduction": _introduction(),
        "form": form,
        "day": day,
        "is_past": is_past,
        "groups": _by_sector([body for body in bodies if not body.is_impartial]),
        "impartial": [body for body in bodies if body.is_impartial],
        "boards": _boards(day),
        "role_holdings": RoleHolding.objects.select_related("board", "organisation", "source"),
        "error_title": bool(form.errors),
    }
    return render(request, "partnership/about.html", context)


def _introduction() -> Passage | None:
    """The partnership's own published words about itself."""
    return Passage.objects.with_sources().filter(pk__in=Partnership.objects.values("introduction")).first()


def _bodies(day: datetime.date) -> "QuerySet[Organisation]":
    """The bodies of that day with what their entries show, in a fixed number of queries."""
    bodies = Organisation.objects.as_at(day).select_related("sector", "successor")
    return bodies.prefetch_related("listings__passage__sources").order_by(
        "sector__position", "position", "name"
    )


def _documents(body: Organisation) -> list[dict]:
    """The documents that list the body as a partner, each once, with the passages that do so (source note 13)."""
    found: dict[int, dict] = {}
    for listing in body.listings.all():
        for source in listing.passage.sources.all():
            found.setdefault(source.pk, {"source": source, "passages": []})["passages"].append(
                listing.passage
            )
    return list(found.values())


def _by_sector(bodies: list[Organisation]) -> list[dict]:
    groups: dict[str, dict] = {}
    for body in bodies:
        name = body.sector.name if body.sector else "Across more than one sector"
        groups.setdefault(name, {"name": name, "bodies": []})["bodies"].append(body)
    return list(groups.values())


def _boards(day: datetime.date) -> list[Board]:
    """The boards of that day, each with the bodies it answered to then."""
    boards = list(Board.objects.as_at(day).select_related("predecessor").prefetch_related("successors"))
    duties = Accountability.objects.as_at(day).select_related("passage").prefetch_related("passage__sources")
    for board in boards:
        board.answered_to = [duty for duty in duties if duty.board_id == board.pk]
    return boards


@public_page
@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """What happened when, with dates no more exact than the documents give them (R-C6, R-B8)."""
    events = list(TimelineEvent.objects.prefetch_related("sources", "passages", "passages__source_notes"))
    for event in events:
        notes = {note.number: note for passage in event.passages.all() for note in passage.source_notes.all()}
        event.notes = [notes[number] for number in sorted(notes)]
    return render(request, "partnership/timeline.html", {"events": events})


@public_page
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Short and hard words in plain ones (R-C10)."""
    terms = sorted(
        GlossaryTerm.objects.prefetch_related("passages__sources"), key=lambda term: term.term.lower()
    )
    return render(request, "partnership/glossary.html", {"terms": terms})
