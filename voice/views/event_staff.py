"""The programme team runs events and sees who comes; with the moderators it writes down what was said (R-E1 to R-E3)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.history import Version, versions_of
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, Typed, refused, typed_in
from foundation.versions import VersionConflict, conflict_response
from voice.forms.events import CancelEventForm, EventForm, SaidForm
from voice.forms.moderation import VersionForm
from voice.models import Booking, Comment, Event
from voice.models.comments import OPEN_TO_MODERATOR
from voice.operations import cancel_booking, mark_rung, publish_event
from voice.operations.bookings import KEPT_AFTER
from voice.operations.errors import CannotDo
from voice.operations.events import IS_CANCELLED, NOT_BEGUN
from voice.permissions import can_manage_events, can_open_event_desk, is_moderator

CHANGES_SHOWN = 20
TO_RING_SHOWN = 50
NO_NEWS = ("version", "slug", "is_example", "past_bookings", "past_people", "past_waiting", "updated_at")
"""Fields that are no news to who reads what has changed; the last four are not kept in the history at all."""
CHANGED = "Somebody changed this event while you had it open. Look at it again, then try once more."
CANCELLED_BEFORE = "This booking was cancelled before."
SAID_SENT = "Sent to the moderators. You can add the next one."
SAID_BEFORE = "We have this one already. Nothing was added twice."
SAVED_BEFORE = "This event was saved before. There is only one."


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Every event, drafts too, for those who run them; for moderators those that everybody sees."""
    if not (can_manage_events(request.user) or is_moderator(request.user)):
        raise PermissionDenied
    now = timezone.now()
    rows = Event.objects.staffed_by(request.user).coming_first(now)
    manages = can_manage_events(request.user)
    if manages:
        to_ring = Booking.objects.to_ring().filter(event=OuterRef("pk")).order_by()
        rows = rows.with_people().annotate(has_to_ring=Exists(to_ring))
    page = paginate(request, rows)
    for event in page.object_list:
        event.over = event.is_past(now)
    return render(request, "voice/event_list.html", {"page": page, "can_manage": manages})


@form_page
def event_new(request: HttpRequest) -> HttpResponse:
    """Begin an event. It is a draft until it is published."""
    form = EventForm(request.POST if request.method == "POST" else None)
    if not can_manage_events(request.user):
        return _refused(request, typed_in(form))
    if request.method == "POST" and form.is_valid():
        saved = form.save(by=request.user)
        if saved is None:
            messages.info(request, SAVED_BEFORE)
            return redirect("voice:event_list")
        messages.success(request, "Draft saved. Read it once more, then publish it.")
        return redirect("voice:event_desk", pk=saved.pk)
    return render(request, "voice/event_form.html", {"form": form}, status=422 if form.errors else 200)


@form_page
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an event. Who booked is told of another time or place."""
    event = _event(request, pk)
    form = EventForm(
        request.POST if request.method == "POST" else None, event=event, initial=EventForm.initial_of(event)
    )
    if not can_manage_events(request.user):
        return _refused(request, typed_in(form))
    if event.is_cancelled:
        return _not_now(request, event, IS_CANCELLED, typed_in(form))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
        except VersionConflict as conflict:
            return conflict_response(request, form=form, conflict=conflict)
        except CannotDo as why:
            form.add_error("capacity", str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("voice:event_desk", pk=event.pk)
    context = {"form": form, "event": event}
    return render(request, "voice/event_form.html", context, status=422 if form.errors else 200)


@require_POST
def event_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft to everybody."""
    event = _event(request, pk)
    if not can_manage_events(request.user):
        raise PermissionDenied
    form = VersionForm(request.POST)
    form.is_valid()
    try:
        publish_event(event=event, version=form.cleaned_data["version"], by=request.user)
    except VersionConflict:
        messages.error(request, CHANGED)
    except CannotDo as why:
        messages.info(request, str(why))
    else:
        messages.success(request, "Published. Everybody can see it now, and people can book.")
    return redirect("voice:event_desk", pk=event.pk)


@form_page
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off, with the reason in words for everybody."""
    event = _event(request, pk)
    first = {"version": event.version}
    form = CancelEventForm(request.POST if request.method == "POST" else None, initial=first)
    if not can_manage_events(request.user):
        return _refused(request, typed_in(form))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(event=event, by=request.user)
        except VersionConflict as conflict:
            fields = [("reason", "cancel_reason")]
            return conflict_response(
                request, form=form, conflict=conflict, fields=fields, submit_label="Cancel the event"
            )
        except CannotDo as why:
            return _not_now(request, event, str(why), typed_in(form))
        messages.success(request, "The event is cancelled. Look below if there is somebody to ring.")
        return redirect("voice:event_desk", pk=event.pk)
    context = {"form": form, "event": event, "number": event.bookings.standing().count()}
    return render(request, "voice/event_cancel.html", context, status=422 if form.errors else 200)


@require_safe
def event_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """All about one event: where it stands, who comes and whom to ring for the programme team, and what was said."""
    event = _event(request, pk)
    if not can_open_event_desk(request.user, event):
        raise PermissionDenied
    now = timezone.now()
    context = {
        "event": event,
        "over": event.is_past(now),
        "can_add_said": event.is_published and event.has_begun(now),
        "said_unread": Comment.objects.unflagged().filter(event=event, stage__in=OPEN_TO_MODERATOR).count(),
        "said_shown": Comment.objects.published().filter(event=event).count(),
        "can_manage": can_manage_events(request.user),
    }
    if can_manage_events(request.user):
        context |= _who_comes(request, event)
        context["changes"] = _changes(event)
    return render(request, "voice/event_desk.html", context)


def _who_comes(request: HttpRequest, event: Event) -> dict[str, object]:
    """Bookings in the order they came, and whom to ring; the programme team's alone (R-P1)."""
    rows = Booking.objects.visible_to(request.user).filter(event=event)
    booked = rows.booked().people()
    return {
        "page": paginate(request, rows.standing().order_by("status", "pk")),
        "people_booked": booked,
        "people_waiting": rows.waiting().people(),
        "free": event.free(booked),
        "to_ring": rows.to_ring().in_order()[:TO_RING_SHOWN],
        "kept_days": KEPT_AFTER.days,
    }


def _changes(event: Event) -> list[Version]:
    """Who changed what, the newest first."""
    told = versions_of(event.history.all(), leave_out=NO_NEWS)
    return list(reversed(told))[:CHANGES_SHOWN]


@form_page
def event_said(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down one thing that somebody said there. It goes to the moderators as any other does."""
    event = _event(request, pk)
    form = SaidForm(request.POST if request.method == "POST" else None)
    if not can_open_event_desk(request.user, event):
        return _refused(request, typed_in(form))
    if request.method == "POST" and form.is_valid():
        try:
            sent = form.save(event=event, by=request.user)
        except CannotDo as why:
            return _not_now(request, event, str(why), typed_in(form))
        if sent.is_new or sent.same_words:
            messages.success(request, SAID_SENT if sent.is_new else SAID_BEFORE)
            return redirect("voice:event_said", pk=event.pk)
        form.say_sent_before()
    elif request.method != "POST" and not (event.is_published and event.has_begun(timezone.now())):
        messages.info(request, NOT_BEGUN)
        return redirect("voice:event_desk", pk=event.pk)
    context = {"form": form, "event": event}
    return render(request, "voice/event_said.html", context, status=422 if form.errors else 200)


@require_POST
def booking_rung(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody was told by phone."""
    booking = _booking(request, pk)
    mark_rung(booking=booking)
    messages.success(request, "Noted. They have been told.")
    return redirect("voice:event_desk", pk=booking.event_id)


@form_page
def booking_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel for somebody who rang and has no link any more."""
    booking = _booking(request, pk)
    if booking.is_cancelled and request.method != "POST":
        messages.info(request, CANCELLED_BEFORE)
        return redirect("voice:event_desk", pk=booking.event_id)
    if request.method == "POST":
        done = cancel_booking(booking=booking)
        messages.success(
            request, "Cancelled. Who waited and fits has moved up." if done else CANCELLED_BEFORE
        )
        return redirect("voice:event_desk", pk=booking.event_id)
    return render(request, "voice/booking_cancel.html", {"booking": booking, "event": booking.event})


def _event(request: HttpRequest, pk: int) -> Event:
    """The event, if this person sees that it exists: a draft is no page for anybody but the programme team."""
    return get_object_or_404(Event.objects.visible_to(request.user).select_related("district"), pk=pk)


def _booking(request: HttpRequest, pk: int) -> Booking:
    rows = Booking.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("event"), pk=pk)


def _refused(request: HttpRequest, typed: Typed) -> HttpResponse:
    url = reverse("portal:my_work")
    return refused(request, why=NOT_YOUR_ROLE, typed=typed, url=url, link_text="My work")


def _not_now(request: HttpRequest, event: Event, why: str, typed: Typed) -> HttpResponse:
    """It does not fit where the event stands now. Without words to give back, the event's page says so."""
    if not typed:
        messages.info(request, why)
        return redirect("voice:event_desk", pk=event.pk)
    url = reverse("voice:event_desk", args=[event.pk])
    return refused(request, why=why, typed=typed, url=url, link_text="Back to the event")
