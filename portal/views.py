"""Pages without one noun: the home page, and what everybody should know about the portal itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from partnership.calendar import today
from portal.thread import thread as thread_of
from priorities.models import Strategy
from priorities.quotations import with_quotes
from priorities.standing import standings
from voice.models import Event, Response

ANSWERS_SHOWN = 3
EVENTS_SHOWN = 3
STATEMENT_PREPARED = "22 November 2026"
"""When the accessibility statement was last written or looked through. Change it whenever its words change."""


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is and for whom, how the priorities stand, how to have a say, and what was answered lately."""
    strategy = (
        Strategy.objects.visible_to(request.user)
        .current()
        .filter(kind=Strategy.Kind.STRATEGY)
        .select_related("vision")
        .first()
    )
    rows = []
    if strategy:
        rows = list(strategy.priorities.select_related("title"))
        with_quotes([strategy.vision, *(row.title for row in rows)])
    priorities = standings(rows, user=request.user, today=today())
    context = {
        "strategy": strategy,
        "priorities": priorities,
        "any_actions": any(row.total for row in priorities),
        "answers": Response.objects.public().newest()[:ANSWERS_SHOWN],
        "events": Event.objects.coming(timezone.now()).select_related("district")[:EVENTS_SHOWN],
        "today": today(),
    }
    return render(request, "portal/home.html", context)


@public_page
@require_safe
def thread(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """From what families said to what changed, and back: one page, each hop a link (R-Z1)."""
    return render(request, "portal/thread.html", thread_of(request.user, kind, key, today=today()))


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why and for how long: once for adults and once for children (R-P2)."""
    return render(request, "portal/privacy.html")


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with every heading that the law's model statement asks for (R-X8)."""
    return render(
        request,
        "portal/accessibility.html",
        {"prepared": STATEMENT_PREPARED, "host": settings.PORTAL_ADDRESS},
    )


@public_page
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies that the portal sets, and no others (R-P7)."""
    context = {
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "portal/cookies.html", context)
