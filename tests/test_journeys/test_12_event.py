"""Somebody books, somebody waits and moves up; and what was said at the event comes back to its page (R-E1 to R-E3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from foundation import content_version
from foundation.outbox import OutboxMail
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make
from voice.models import Booking, Comment, Event

from .conftest import Window, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Tea and talk"
SAID = "We do not know how long it takes."


def book(window: Window, *, button: str, **answers: str) -> None:
    window.open("/events/")
    window.at("Events")
    window.follow(TITLE)
    window.at(TITLE)
    window.follow("Book a place" if button == "Book" else button)
    window.fill(**answers)
    window.press(button)


@pytest.mark.requirement("R-E1")
@pytest.mark.requirement("R-E2")
@pytest.mark.requirement("R-E3")
def test_an_event_from_its_draft_to_what_came_of_it(
    windows: Callable[..., Window], sign_in: Callable[..., None], settings: Any
) -> None:
    team, family, other, moderator = windows(), windows(width=320), windows(width=320), windows()
    sign_in(team.page, make.make_user(Role.PROGRAMME, name="Pat Programme"))
    sign_in(moderator.page, make.make_user(Role.MODERATOR, name="Mo Moderator"))

    # The programme team makes an event for two people, and publishes it.
    team.open("/voice/events/")
    team.at("Run events")
    team.follow("Add an event")
    team.at("Add an event")
    team.press("Save draft")
    team.at("Add an event")
    assert team.says("Enter what it is called.")
    team.fill(
        title=TITLE, about="We ask what helps.", starts="2:30pm", ends="4pm", place="The hall", capacity="2"
    )
    team.fill_day("day", today() + timedelta(days=9))
    team.choose("audience", "parent-carers")
    team.press("Save draft")
    team.at(TITLE)
    team.press("Publish")
    assert team.says("Published. Everybody can see it now, and people can book.")
    team.at(TITLE)
    desk = team.page.url

    # A family finds it on a phone, forgets how to be reached, is told so, and books for both of them.
    book(family, button="Book", name="A. B.", people="2", access_needs="A seat near the door")
    family.at(f"Book a place {TITLE}")
    assert family.says("Enter an e-mail address or a phone number")
    family.fill(email="ab@example.org")
    family.press("Book")
    family.at("You have a place")
    code = "".join(family.texts(".portal-code__groups")).replace(" ", "")
    assert len(code) == 23

    # It is full now. Somebody else goes on the waiting list, with a phone alone.
    book(other, button="Go on the waiting list", name="C. D.", people="1", phone="01632 960 001")
    other.at("You are on the waiting list")

    # The first cannot come, types the code, looks, and cancels.
    family.open("/events/booking/")
    family.at("Your booking")
    family.fill(code=code.lower())
    family.press("Show me")
    family.at(f"Your booking {TITLE}")
    assert Booking.objects.booked().people() == 2
    family.press("Yes, cancel my booking")
    family.at("Your booking is cancelled")
    moved = Booking.objects.booked().get()
    assert (moved.name, moved.people) == ("C. D.", 1)
    assert not OutboxMail.objects.filter(subject__startswith="You have a place now").exists()

    # The team sees whom to ring, and rings.
    team.open(desk)
    team.at(TITLE)
    assert team.says("Please ring") and team.says("01632 960 001")
    team.press("I have told them (C. D.)")
    assert team.says("Noted. They have been told.")
    team.at(TITLE)
    assert not team.says("Please ring")

    # The day has come. What was said is written down, read by a moderator, and stands on the page of the event.
    event = Event.objects.get()
    past = timezone.now() - timedelta(hours=3)
    Event.objects.filter(pk=event.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    content_version.bump()
    team.open(desk)
    team.follow("Write down what was said")
    team.at(f"What was said {TITLE}")
    team.choose("route", "parent-carer")
    team.choose("topic", "information")
    team.choose("may_show", "words")
    team.fill(text=SAID)
    team.press("Send to the moderators")
    assert team.says("Sent to the moderators. You can add the next one.")
    family.open(event.get_absolute_url())
    family.at(TITLE)
    assert family.says("This event is over") and family.says("Nothing is shown here yet.")
    moderator.open(f"/voice/inbox/{Comment.objects.get().pk}/")
    moderator.fill(text=SAID)
    moderator.pick("service", service("inclusion-service").pk)
    moderator.press("Approve and send to the service")
    assert moderator.says("Approved.")
    family.open(event.get_absolute_url())
    assert family.says(SAID) and family.says("A service will answer this.")


@pytest.mark.requirement("R-E2")
def test_nothing_is_wider_than_a_phone(window: Window) -> None:
    event = make.make_event("A" * 60, place="B" * 80, access_notes="C" * 90, about="D" * 100, capacity=1)
    make.make_booking(event)
    window.page.set_viewport_size({"width": 320, "height": 800})
    for address in (
        "/events/",
        event.get_absolute_url(),
        f"{event.get_absolute_url()}book/",
        "/events/booking/",
    ):
        window.open(address)
        assert window.page.evaluate("document.documentElement.scrollWidth") <= 320, address
