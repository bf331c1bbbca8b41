"""The programme team makes, changes, publishes and cancels events (R-E1), and writes down what was said there (R-E3)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from foundation.tokens import spend
from foundation.versions import lock_for_edit
from partnership.models import User
from voice.models import Booking, Channel, Event

from .booking_mail import tell_cancelled, tell_changed
from .bookings import let_move_up, ring_those_without_mail
from .errors import CannotDo
from .sending import Submission, submit_comment

SPENT_FOR = "voice-event"
IS_CANCELLED = "This event is cancelled. It stays as it was."
IS_PAST = "This event is over, so it cannot be cancelled."
NOT_BEGUN = "This event has not begun, or it was cancelled. Nothing was said there yet."
TOLD_OF = ("starts_at", "ends_at", "place", "online_link")
"""What people who booked have to know at once when it changes."""
RESERVED = ("booking",)
"""Words in the addresses of events that are no event."""


@transaction.atomic
def create_event(*, token: str = "", by: User, is_example: bool = False, **values: Any) -> Event | None:
    """Begin an event as a draft. Its address is made of its title once and stays. None for a second click."""
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    event = Event(slug=_free_slug(values["title"]), is_example=is_example, **values)
    event._history_user = by
    event.save()
    return event


def _free_slug(title: str) -> str:
    start = slugify(title)[:70].strip("-") or "event"
    taken = {*RESERVED, *Event.objects.filter(slug__startswith=start).values_list("slug", flat=True)}
    candidates = [start, *(f"{start}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def edit_event(*, event: Event, version: int, by: User, at: datetime | None = None, **values: Any) -> Event:
    """Change an event. Those who booked are told of another time or place; where there are more places, people move up.

    Raises VersionConflict when somebody else saved first, CannotDo where it is cancelled or would be too small.
    """
    at = at or timezone.now()
    event = lock_for_edit(Event.objects.all(), event.pk, version=version)
    if event.is_cancelled:
        raise CannotDo(IS_CANCELLED)
    before = {name: getattr(event, name) for name in TOLD_OF}
    for name, value in values.items():
        setattr(event, name, value)
    booked = event.bookings.booked().people()
    if event.capacity is not None and event.capacity < booked:
        raise CannotDo(f"{booked} people have a place already. Put {booked} or more, or leave it empty.")
    event._history_user = by
    event.save()
    if any(getattr(event, name) != value for name, value in before.items()) and not event.is_past(at):
        standing = list(event.bookings.standing())
        tell_changed(standing, event)
        ring_those_without_mail(standing, Booking.RingAbout.CHANGED)
    let_move_up(event, at=at)
    return event


@transaction.atomic
def publish_event(*, event: Event, version: int, by: User) -> Event:
    """Show a draft to everybody. From here people can book. Raises VersionConflict or CannotDo."""
    event = lock_for_edit(Event.objects.all(), event.pk, version=version)
    if not event.is_draft:
        raise CannotDo("This event was published before.")
    event.status = Event.Status.PUBLISHED
    event._history_user = by
    event.save()
    return event


@transaction.atomic
def cancel_event(*, event: Event, version: int, reason: str, by: User, at: datetime | None = None) -> Event:
    """Call it off, and say why to everybody. Who booked or waits is told by mail; the team rings the others."""
    at = at or timezone.now()
    event = lock_for_edit(Event.objects.all(), event.pk, version=version)
    if not event.is_published:
        raise CannotDo(IS_CANCELLED if event.is_cancelled else "A draft is not shown to anyone. Leave it.")
    if event.is_past(at):
        raise CannotDo(IS_PAST)
    event.status, event.cancel_reason = Event.Status.CANCELLED, reason
    event._history_user = by
    event.save()
    standing = list(event.bookings.standing())
    tell_cancelled(standing, event)
    ring_those_without_mail(standing, Booking.RingAbout.CANCELLED)
    return event


@transaction.atomic
def add_said(
    *,
    token: str,
    event: Event,
    route: str,
    topic: str,
    text: str,
    may_show: str,
    unsafe: bool = False,
    by: User,
    at: datetime | None = None,
) -> Submission:
    """What somebody said at the event, on its way to the moderators like anything else (R-E3, R-V6). Once for each token."""
    at = at or timezone.now()
    if not event.is_published or not event.has_begun(at):
        raise CannotDo(NOT_BEGUN)
    return submit_comment(
        token=token,
        route=route,
        topic=topic,
        text=text,
        may_show=may_show,
        unsafe=unsafe,
        channel=Channel.EVENT,
        said_at=event,
        by=by,
        at=at,
        is_example=event.is_example,
    )
