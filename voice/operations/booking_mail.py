"""What people who booked are told by mail. Never their access needs, their name or who else comes (R-P1).

Words go to the outbox in the transaction of the change they tell of. The address for cancelling is secret, so it stands in the
first mail alone: the portal does not know it afterwards.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from foundation.outbox import OutboxMail, new_mail, queue_mails
from foundation.templatetags.ui import plural
from voice.models import Booking, Event

_BOOKED = """You have a place at: {title}

When: {when}
Where: {where}
For: {people}
{link}
About the event:
{address}

If you cannot come, please cancel here. Then somebody else can have your place:
{cancel}

Your code is {code}. Do not pass this mail on: whoever has it can cancel for you.
"""
_WAITING = """This event is full: {title}

You are on the waiting list, for {people}. When places are free, the first who fit get them. We write to you at once if you do.

When: {when}
Where: {where}

About the event:
{address}

If you do not want to wait any more, please tell us here:
{cancel}

Your code is {code}. Do not pass this mail on: whoever has it can cancel for you.
"""
_MOVED_UP = """Somebody has cancelled, so you have a place now at: {title}

When: {when}
Where: {where}
For: {people}
{link}
About the event:
{address}

If you cannot come, please cancel with the link in our first mail. Then somebody else can have your place.
"""
_CHANGED = """Something has changed about an event that you booked: {title}

When: {when}
Where: {where}
{link}
About the event:
{address}

If you cannot come now, please cancel with the link in our first mail.
"""
_CANCELLED = """An event that you booked is cancelled: {title}

It was to be: {when}

Why: {reason}

You do not have to do anything. We are sorry.
"""


def tell_booked(booking: Booking, event: Event, code: str) -> None:
    """The code and the address for cancelling, if an e-mail address was left."""
    words, subject = (
        (_BOOKED, "You have a place") if booking.has_place else (_WAITING, "You are on the waiting list")
    )
    cancel = f"{settings.PORTAL_ADDRESS}{reverse('voice:booking', args=[code])}"
    _queue("booked", [booking], event, f"{subject}: {event.title}", words, code=code, cancel=cancel)


def tell_moved_up(bookings: Iterable[Booking], event: Event) -> None:
    """From the waiting list to a place."""
    _queue("moved_up", bookings, event, f"You have a place now: {event.title}", _MOVED_UP)


def tell_changed(bookings: Iterable[Booking], event: Event) -> None:
    """Another time or another place."""
    _queue("changed", bookings, event, f"Please look, this has changed: {event.title}", _CHANGED)


def tell_cancelled(bookings: Iterable[Booking], event: Event) -> None:
    """It does not take place."""
    _queue("cancelled", bookings, event, f"Cancelled: {event.title}", _CANCELLED, reason=event.cancel_reason)


def forget_mail(event: Event, booking: Booking | None = None) -> None:
    """The outbox keeps addresses for a while after sending. Those of a booking, or of all of an event, go with it (R-P1)."""
    OutboxMail.objects.filter(dedupe_key__startswith=_key(event, booking)).delete()


def _key(event: Event, booking: Booking | None) -> str:
    return f"booking:{event.pk}:" + (f"{booking.pk}:" if booking is not None else "")


def _queue(
    kind: str, bookings: Iterable[Booking], event: Event, subject: str, words: str, **more: str
) -> None:
    mails: list[OutboxMail] = []
    for booking in bookings:
        if booking.email:
            body = words.format(
                title=event.title,
                when=event.when,
                where=event.where,
                people=plural(booking.people, "person,people"),
                address=f"{settings.PORTAL_ADDRESS}{event.get_absolute_url()}",
                link=_link(booking, event),
                **more,
            )
            # Each change of the event is told once: its version is part of the key.
            key = f"{_key(event, booking)}{kind}:{event.version}"
            mails.append(new_mail(to=booking.email, subject=subject, body=body, dedupe_key=key))
    queue_mails(mails)


def _link(booking: Booking, event: Event) -> str:
    """The address of an online event, for those who have a place alone."""
    return f"To join online: {event.online_link}\n" if event.online_link and booking.has_place else ""
