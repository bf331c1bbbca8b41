"""Booking a place and giving it back, without an account (R-E2). Nothing is cancelled by looking at a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from foundation.pages import form_page, public_form
from foundation.refusals import refused, typed_in
from foundation.templatetags.ui import plural
from voice import limits
from voice.forms.bookings import BookingForm
from voice.forms.following import CodeForm
from voice.models import Booking, BookingState, Event
from voice.models.events import BOOKABLE
from voice.operations import Booked, cancel_booking
from voice.operations.bookings import KEPT_AFTER, NOT_BOOKABLE, find_booking
from voice.operations.errors import CannotDo

from .following import TOO_MANY
from .writing import MANY_AT_ONCE

COUNTED_AS = "booking"
"""What the limits call this way in."""
NOT_FOUND = (
    "We do not know this booking. Check the code and type it again. "
    f"{KEPT_AFTER.days} days after an event we remove who booked."
)


@public_form
@form_page
def book(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask who comes. The code and the address for cancelling stand on the answer to the same post, once."""
    event = get_object_or_404(Event.objects.public(), slug=slug)
    form = BookingForm(request.POST or None, event=event)
    booked = event.bookings.booked().people()
    state = event.booking_state(timezone.now(), booked=booked)
    # A second click is no new booking: it gets its code even where the first click took the last hour for booking.
    if state not in BOOKABLE and not (request.method == "POST" and form.is_valid()):
        return _not_bookable(request, form, NOT_BOOKABLE[state])
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, state, booked)
    if not limits.may_send(request, COUNTED_AS):
        form.ask_again(MANY_AT_ONCE)
        return _form_page(request, form, state, booked, status=429)
    try:
        done = form.save()
    except CannotDo as why:
        return _not_bookable(request, form, str(why))
    if done.is_new:
        limits.note_sent(request, COUNTED_AS)
    elif not done.same:
        form.give_fresh_token()
        return _form_page(request, form, state, booked, first=done)
    return _booked_page(request, done)


def _not_bookable(request: HttpRequest, form: BookingForm, why: str) -> HttpResponse:
    """The event's own page says why nobody can book. Who was typing meanwhile gets every word back."""
    typed = typed_in(form)
    if not typed:
        return redirect(form.event)
    url = form.event.get_absolute_url()
    return refused(request, why=why, typed=typed, url=url, link_text="Back to the event")


def _form_page(
    request: HttpRequest,
    form: BookingForm,
    state: BookingState,
    booked: int,
    *,
    status: int = 0,
    first: Booked | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "event": form.event,
        "is_full": state == BookingState.FULL,
        "free": form.event.free(booked),
        "first": first,
    }
    return render(request, "voice/event_book.html", context, status=status or (422 if form.errors else 200))


def _booked_page(request: HttpRequest, done: Booked) -> HttpResponse:
    context = {"booking": done.booking, "event": done.booking.event, "code": done.code}
    return render(request, "voice/event_booked.html", context)


@public_form
@form_page
def find(request: HttpRequest) -> HttpResponse:
    """Who has a code and no link types it here."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    found, status = _look_up(request, form)
    if found is None:
        return _ask(request, form, status=status)
    return redirect("voice:booking", code=form.cleaned_data["code"])


@public_form
@form_page
def booking(request: HttpRequest, code: str) -> HttpResponse:
    """One booking, for whoever has its address: to look at it asks, and to press the button cancels."""
    form = CodeForm({"code": code})
    found, status = _look_up(request, form) if form.is_valid() else (None, 422)
    if found is None:
        return _ask(request, form, status=404 if status == 422 else status)
    if request.method == "POST":
        cancel_booking(booking=found)
        return redirect("voice:booking", code=form.cleaned_data["code"])
    context = {
        "booking": found,
        "event": found.event,
        "for_people": f"For {plural(found.people, 'person,people')}.",
        "over": found.event.is_past(timezone.now()),
    }
    return render(request, "voice/booking.html", context)


def _look_up(request: HttpRequest, form: CodeForm) -> tuple[Booking | None, int]:
    """The booking with this code; or none, what is wrong said beside the field, and the status of the page."""
    if not limits.may_try_code(request):
        form.add_error("code", TOO_MANY)
        return None, 429
    found = find_booking(form.cleaned_data["code"])
    if found is None:
        limits.note_wrong_code(request)
        form.add_error("code", NOT_FOUND)
    return found, 200 if found else 422


def _ask(request: HttpRequest, form: CodeForm, *, status: int = 0) -> HttpResponse:
    context = {"form": form, "form_action": reverse("voice:booking_find")}
    return render(request, "voice/booking_find.html", context, status=status or (422 if form.errors else 200))
