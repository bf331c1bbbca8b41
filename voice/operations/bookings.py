"""Booking a place, the waiting list, and cancelling (R-E2).

Whatever changes who has a place locks the row of the event first. So bookings of one event go one after another, the number of
people with a place never passes the capacity, and the key of a booking is its place in the queue
(`docs/decisions/017-places-are-given-under-the-lock-of-the-event.md`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from foundation import content_version
from foundation.codes import code_digest, code_digests, code_from_token
from foundation.tokens import spend
from voice.models import Booking, BookingState, Event
from voice.models.events import BOOKABLE

from .booking_mail import forget_mail, tell_booked, tell_moved_up
from .errors import CannotDo

SPENT_FOR = "voice-booking"
KEPT_AFTER = timedelta(days=30)
"""How long bookings are kept after an event: long enough to ring somebody about it, to count who came and to see what access
was asked for. Then only the numbers stay (R-P1)."""
NOT_BOOKABLE = {
    BookingState.CANCELLED: "This event is cancelled, so nobody can book now.",
    BookingState.PAST: "This event is over, so nobody can book now.",
    BookingState.BEGUN: "This event has begun, so nobody can book now.",
    BookingState.CLOSED: "Booking for this event has closed.",
    BookingState.DRAFT: "This event is not published, so nobody can book now.",
}


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of one press of the button."""

    booking: Booking
    code: str
    is_new: bool
    """False for a double click, a refresh or the Back button: nothing was written."""
    same: bool = True
    """False where the same page was sent before with other answers: the first ones are kept."""


@transaction.atomic
def book_event(
    *,
    token: str,
    event: Event,
    name: str,
    people: int,
    email: str = "",
    phone: str = "",
    access_needs: str = "",
    at: datetime | None = None,
) -> Booked:
    """Give a place, or the next one on the waiting list, once for each token (R-E2). The token decides the code.

    The token is spent before anything of the person is written, as for what families send. Raises CannotDo where nobody can
    book any more, or where the event never has so many places.
    """
    at = at or timezone.now()
    code = code_from_token(token)
    given = {
        "event_id": event.pk,
        "name": name,
        "email": email,
        "phone": phone,
        "people": people,
        "access_needs": access_needs,
    }
    if not spend(token, purpose=SPENT_FOR):
        return _booked_before(code, given)
    event = lock_event(event)
    booked = event.bookings.booked().people()
    state = event.booking_state(at, booked=booked)
    if state not in BOOKABLE:
        raise CannotDo(NOT_BOOKABLE[state])
    if event.capacity is not None and people > event.capacity:
        raise CannotDo(too_many(event))
    free = event.free(booked)
    # Nobody on the list is passed over unfairly: whoever waits needs more places than are free, or would have one.
    fits = free is None or people <= free
    status = Booking.Status.BOOKED if fits else Booking.Status.WAITING
    booking = Booking.objects.create(**given, status=status, booked_at=at, code_digest=code_digest(code))
    if fits and free == people:
        content_version.bump()  # every page that said there are places says now that it is full
    tell_booked(booking, event, code)
    return Booked(booking, code, is_new=True)


def too_many(event: Event) -> str:
    """Said beside the field, too, while somebody fills the form in."""
    return f"This event has {event.capacity} places in all. Choose fewer people."


def _booked_before(code: str, given: dict[str, object]) -> Booked:
    booking = find_booking(code)
    if booking is None:
        raise CannotDo(NOT_BOOKABLE[BookingState.PAST])
    same = booking.is_cancelled or all(getattr(booking, name) == value for name, value in given.items())
    return Booked(booking, code, is_new=False, same=same)


def find_booking(code: str) -> Booking | None:
    """The booking with this code, or None. Raises CodeSlip if it cannot be a code."""
    rows = Booking.objects.select_related("event")
    return rows.filter(code_digest__in=code_digests(code)).first()


def lock_event(event: Event) -> Event:
    """The event, so that nobody else gives or frees a place of it until this transaction ends."""
    return Event.objects.select_for_update().get(pk=event.pk)


@transaction.atomic
def cancel_booking(*, booking: Booking, at: datetime | None = None) -> bool:
    """Give the place back, forget who had it, and let the first who fit move up. False if it was cancelled before."""
    at = at or timezone.now()
    event = lock_event(booking.event)
    booking = Booking.objects.get(pk=booking.pk)
    if booking.is_cancelled:
        return False
    booking.status, booking.cancelled_at = Booking.Status.CANCELLED, at
    booking.name = booking.email = booking.phone = booking.access_needs = booking.ring_about = ""
    booking.save()
    forget_mail(event, booking)
    let_move_up(event, at=at)
    content_version.bump()  # there may be places again
    return True


def let_move_up(event: Event, *, at: datetime) -> list[Booking]:
    """Give what is free to those who wait, in order: the first who fit. The caller holds the lock of the event."""
    if not event.is_published or event.has_begun(at):
        return []
    free = event.free(event.bookings.booked().people())
    moved = []
    for booking in event.bookings.waiting().in_order():
        if free == 0:
            break
        if free is not None and booking.people > free:
            continue
        free = None if free is None else free - booking.people
        booking.status, booking.moved_up_at = Booking.Status.BOOKED, at
        booking.ring_about = "" if booking.email else Booking.RingAbout.MOVED_UP
        moved.append(booking)
    Booking.objects.bulk_update(moved, ["status", "moved_up_at", "ring_about"], batch_size=200)
    tell_moved_up(moved, event)
    return moved


@transaction.atomic
def mark_rung(*, booking: Booking) -> None:
    """Somebody of the team has told them by phone."""
    Booking.objects.filter(pk=booking.pk).update(ring_about="")


@transaction.atomic
def purge_bookings(*, now: datetime | None = None) -> int:
    """Remove bookings some weeks after their event and keep the numbers on it; run by `run_due_jobs`. Returns how many went."""
    before = (now or timezone.now()) - KEPT_AFTER
    over = Event.objects.filter(ends_at__lt=before, bookings__isnull=False).distinct()
    return sum(_purge(pk) for pk in list(over.order_by("pk").values_list("pk", flat=True)[:100]))


def _purge(pk: int) -> int:
    event = Event.objects.select_for_update().get(pk=pk)
    rows = event.bookings.all()
    # Added to what stands there: somebody may have moved the event to a later day after its first bookings had gone.
    event.past_bookings = (event.past_bookings or 0) + rows.booked().count()
    event.past_people = (event.past_people or 0) + rows.booked().people()
    event.past_waiting = (event.past_waiting or 0) + rows.waiting().people()
    event.save_without_historical_record(update_fields=["past_bookings", "past_people", "past_waiting"])
    forget_mail(event)
    return rows.delete()[0]


def ring_those_without_mail(rows: Iterable[Booking], about: str) -> None:
    """Note whom the team has to ring. Who has not heard yet of a place hears of the new time in the same call; that it is
    cancelled comes before all else."""
    keys = [booking.pk for booking in rows if not booking.email]
    to_ring = Booking.objects.filter(pk__in=keys)
    if about != Booking.RingAbout.CANCELLED:
        to_ring = to_ring.filter(ring_about="")
    to_ring.update(ring_about=about)
