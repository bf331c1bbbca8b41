"""Events as everybody reads them: what comes, what was, and what came of what was said there (R-E1, R-E3)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action
from foundation.pages import public_page
from foundation.pagination import paginate
from voice.calendar_file import calendar_file
from voice.models import ActionVoice, Comment, Event, Response
from voice.models.events import BOOKABLE
from voice.permissions import can_manage_events, can_open_event_desk

PER_PAGE = 20
SAID_PER_PAGE = 10


@public_page
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What comes, the next one first; then what is over, the latest first, in pages."""
    now = timezone.now()
    rows = Event.objects.public().with_people().select_related("district").coming_first(now)
    page = paginate(request, rows, PER_PAGE)
    for event in page.object_list:
        event.over = event.is_past(now)
        event.state = event.booking_state(now, booked=event.people_booked)
    context = {"page": page, "can_manage": can_manage_events(request.user)}
    return render(request, "voice/events.html", context)


@public_page
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event: where and when, for whom, how to get in; and once it has begun, what was said and what came of it."""
    rows = Event.objects.visible_to(request.user).with_people().select_related("district")
    found = get_object_or_404(rows, slug=slug)
    now = timezone.now()
    state = found.booking_state(now, booked=found.people_booked)
    said = paginate(request, came_of(found, request.user), SAID_PER_PAGE) if found.has_begun(now) else None
    context = {
        "event": found,
        "state": state,
        "can_book": state in BOOKABLE,
        "over": found.is_past(now),
        "said": said,
        "can_open_desk": can_open_event_desk(request.user, found),
    }
    return render(request, "voice/event.html", context)


@public_page
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The event for people's own calendars."""
    found = get_object_or_404(Event.objects.public(), slug=slug)
    address = f"{settings.PORTAL_ADDRESS}{found.get_absolute_url()}"
    host = urlsplit(settings.PORTAL_ADDRESS).hostname or "localhost"
    file = calendar_file(found, address=address, host=host)
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}.ics"'
    return response


def came_of(event: Event, user: object) -> QuerySet[Comment]:
    """What was said there, as far as everybody may read it, with the answers to it and the actions it led to (R-E3).

    Through `Comment.objects.published` alone: what nobody has read yet, and what may not be shown, is not even counted.
    """
    actions = Action.objects.visible_to(user).order_by("category", "ref")
    answers = Response.objects.public().newest()
    voices = ActionVoice.objects.visible_to(user).filter(response__isnull=True, action__in=actions.order_by())
    return (
        Comment.objects.published()
        .filter(event=event)
        .oldest_first()
        .prefetch_related(
            Prefetch(
                "responses",
                queryset=answers.prefetch_related(
                    Prefetch("actions", queryset=actions, to_attr="shown_actions")
                ),
                to_attr="shown_answers",
            ),
            Prefetch("action_voices", queryset=voices.select_related("action__plan"), to_attr="shown_voices"),
        )
    )
