"""Events: made, changed, published and cancelled by the programme team, and read by everybody (R-E1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.codes import new_code
from foundation.outbox import OutboxMail
from foundation.pages import store
from foundation.templatetags.ui import moment
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.models import User
from tests import factories as make
from voice import permissions as may
from voice.forms.events import NO_PLACE, NO_SUCH_TIME
from voice.models import Booking, Event
from voice.operations import cancel_event, create_event, edit_event, publish_event
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db

FILLED = {
    "title": "Tea and talk", "about": "We ask what helps.", "audience": "parent-carers",
    "day_day": "1", "day_month": "7", "day_year": "2030", "starts": "2.30pm", "ends": "16:00",
    "place": "The hall", "step_free": "on", "access_notes": "Park behind the hall.", "capacity": "12",
}  # fmt: skip


def text_of(page: Any) -> str:
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def send(browser: Client, address: str = "/voice/events/new/", **answers: str) -> Any:
    return browser.post(address, FILLED | {"token": new_token()} | answers)


@pytest.mark.requirement("R-E1")
def test_the_programme_team_makes_a_draft_reads_it_and_publishes_it(
    signed_in: Callable[[str], Client], people: dict[str, User]
) -> None:
    team = signed_in("programme")
    assert send(team).status_code == 302
    event = Event.objects.get()
    assert (event.slug, event.status, event.capacity) == ("tea-and-talk", "draft", 12)
    assert event.starts_at == datetime(2030, 7, 1, 13, 30, tzinfo=UTC)  # half past two in London's summer
    assert event.when == "Monday 1 July 2030, 2:30pm to 4:00pm"
    assert event.history.get().history_user == people["programme"]
    for address in ("", "book/", "calendar.ics"):
        assert Client().get(f"{event.get_absolute_url()}{address}").status_code == 404, address
    assert "Draft" in text_of(team.get(event.get_absolute_url()))
    assert "Tea and talk" not in text_of(Client().get("/events/"))
    team.post(f"/voice/events/{event.pk}/publish/", {"version": "1"})
    page = text_of(Client().get(event.get_absolute_url()))
    for words in (
        "Monday 1 July 2030, 2:30pm to 4:00pm",
        "Parents and carers",
        "Step-free",
        "Park behind",
        "12 places",
    ):
        assert words in page
    assert "Tea and talk" in text_of(Client().get("/events/"))
    assert "Tea and talk" in text_of(Client().get("/"))


def test_a_second_click_on_a_new_event_makes_one(signed_in: Callable[[str], Client]) -> None:
    team, token = signed_in("programme"), new_token()
    for _ in range(2):
        done = send(team, token=token)
    assert (done.status_code, Event.objects.count()) == (302, 1)


def test_two_events_of_one_name_and_one_named_as_an_address_have_addresses_of_their_own(
    people: dict[str, User],
) -> None:
    fields = {"about": "A", "starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=1)}
    slugs = [
        create_event(by=people["programme"], title=title, **fields).slug  # type: ignore[union-attr]
        for title in ("Tea", "Tea", "Booking", "!!!")
    ]
    assert slugs == ["tea", "tea-2", "booking-2", "event"]


@pytest.mark.requirement("R-E1")
@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        ({"place": ""}, "place", NO_PLACE),
        ({"ends": "2:30pm"}, "ends", "It must end after it starts."),
        ({"last_day_day": "30", "last_day_month": "6", "last_day_year": "2030"}, "last_day", "It must end after it starts."),
        ({"starts": "25:00"}, "starts", "Enter a time, for example 2:30pm or 14:30."),
        ({"day_day": "31", "day_month": "3", "starts": "1:30"}, "starts", NO_SUCH_TIME),
        ({"closes_time": "9:00"}, "closes_day", "Enter the day as well."),
        (
            {"closes_day_day": "2", "closes_day_month": "7", "closes_day_year": "2030"},
            "closes_day", "Booking must close before it starts.",
        ),
        (
            {"closes_day_day": "1", "closes_day_month": "7", "closes_day_year": "2030", "closes_time": "3pm"},
            "closes_time", "Booking must close before it starts.",
        ),
        ({"capacity": "0"}, "capacity", "Enter 1 or more."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_the_field_and_the_rest_stays(
    signed_in: Callable[[str], Client], answers: dict[str, str], field: str, says: str
) -> None:
    page = send(signed_in("programme"), **answers)
    assert (page.status_code, page.context["form"].errors.get(field)) == (422, [says])
    assert "Park behind the hall." in page.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("9am", "09:00"), ("9.05 AM", "09:05"), ("14:30", "14:30"), ("12:15pm", "12:15"), ("0.10", "00:10")],
)
def test_times_are_read_as_people_write_them(
    signed_in: Callable[[str], Client], typed: str, clock: str
) -> None:
    send(signed_in("programme"), starts=typed, ends="23:00")
    assert f"{Event.objects.get().starts:%H:%M}" == clock


@pytest.mark.requirement("R-E2")
@pytest.mark.parametrize(
    ("day", "time", "closes"),
    [
        ("30", "", "30 June 2030, 11:59pm"),
        ("30", "12pm", "30 June 2030, 12:00pm"),
        ("1", "", "1 July 2030, 2:30pm"),
    ],
)
def test_booking_closes_when_it_was_said_or_when_it_starts(
    signed_in: Callable[[str], Client], day: str, time: str, closes: str
) -> None:
    month = "7" if day == "1" else "6"
    asked = {"closes_day_day": day, "closes_day_month": month, "closes_day_year": "2030", "closes_time": time}
    send(signed_in("programme"), **asked)
    assert moment(Event.objects.get().booking_closes_at) == closes


@pytest.mark.requirement("R-E1")
def test_what_comes_stands_first_and_what_is_over_stays_marked_past() -> None:
    for title, days in (("Old", -30), ("Older", -60), ("Soon", 2), ("Later", 9)):
        make.make_event(title, days=days)
    make.make_event("Hidden draft", status="draft")
    page = Client().get("/events/")
    assert [row.title for row in page.context["page"]] == ["Soon", "Later", "Old", "Older"]
    assert re.findall(r'class="govuk-heading-l" id="(\w+)"', page.content.decode()) == ["next", "past"]
    old = Event.objects.get(title="Old")
    assert "This event is over" in text_of(Client().get(old.get_absolute_url()))
    assert "Book a place" not in text_of(Client().get(old.get_absolute_url()))
    home = text_of(Client().get("/"))
    assert "Soon" in home and "Old" not in home and "Hidden draft" not in home


def test_a_long_list_has_pages_and_an_empty_one_says_so() -> None:
    assert "There are no events yet." in text_of(Client().get("/events/"))
    assert "Next events" not in text_of(Client().get("/"))
    for days in range(1, 22):
        make.make_event(days=days)
    store.clear()
    assert len(Client().get("/events/?page=2").context["page"]) == 1


@pytest.mark.requirement("R-E2")
def test_the_link_to_join_is_shown_to_nobody_without_a_place(at_once: None) -> None:
    event = make.make_event(place="", online_link="https://join.example.org/room", capacity=1)
    waits, has_place = new_code(), new_code()
    make.make_booking(event, status="waiting", code=waits)
    make.make_booking(event, code=has_place)
    assert "join.example.org" in text_of(Client().get(f"/events/booking/{has_place}/"))
    assert "join.example.org" not in text_of(Client().get(f"/events/booking/{waits}/"))
    both = make.make_event(place="The hall", online_link="https://join.example.org/other")
    for page in (
        *(one.get_absolute_url() for one in (event, both)),
        *(f"{one.get_absolute_url()}book/" for one in (event, both)),
        "/events/",
    ):
        answer = Client().get(page).content.decode()
        assert "join.example.org" not in answer
    assert "Online. People who have a place get the link." in text_of(Client().get(event.get_absolute_url()))


@pytest.mark.requirement("R-E1")
def test_two_people_at_once_see_both_texts(
    people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    event = make.make_event("First", slug="first", status="draft")
    edit_event(event=event, version=1, by=people["programme"], title="Theirs")
    page = send(signed_in("programme"), f"/voice/events/{event.pk}/edit/", title="Mine", version="1")
    assert (page.status_code, "Theirs" in text_of(page), "Mine" in page.content.decode()) == (409, True, True)
    assert Event.objects.get().title == "Theirs"
    with pytest.raises(VersionConflict):
        publish_event(event=event, version=1, by=people["programme"])


@pytest.mark.requirement("R-E1")
def test_who_booked_is_told_of_another_time_by_mail_or_the_team_rings(people: dict[str, User]) -> None:
    event = make.make_event("Tea", capacity=1)
    make.make_booking(event, email="mail@example.org")
    phone = make.make_booking(event, phone="01632 960 001", status="waiting")
    edit_event(event=event, version=1, by=people["programme"], about="Other words.")
    assert not OutboxMail.objects.exists() and not Booking.objects.to_ring().exists()
    edit_event(event=event, version=2, by=people["programme"], place="Another hall")
    mail = OutboxMail.objects.get()
    assert (mail.to, "Another hall" in mail.body) == ("mail@example.org", True)
    assert Booking.objects.to_ring().get() == phone


@pytest.mark.requirement("R-E2")
def test_more_places_let_people_move_up_and_fewer_than_are_booked_are_refused(
    people: dict[str, User],
) -> None:
    event = make.make_event(capacity=2)
    make.make_booking(event, people=2)
    waiting = make.make_booking(event, status="waiting")
    with pytest.raises(CannotDo, match="2 people have a place already"):
        edit_event(event=event, version=1, by=people["programme"], capacity=1)
    edit_event(event=event, version=1, by=people["programme"], capacity=3)
    waiting.refresh_from_db()
    assert (waiting.status, OutboxMail.objects.get().subject) == (
        "booked",
        f"You have a place now: {event.title}",
    )


@pytest.mark.requirement("R-E1")
def test_a_cancelled_event_stays_with_its_reason_and_everybody_who_booked_is_told(
    people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    event = make.make_event("Tea")
    make.make_booking(event, email="mail@example.org")
    make.make_booking(event, phone="01632 960 001", name="Ring Me")
    team = signed_in("programme")
    team.post(f"/voice/events/{event.pk}/cancel/", {"reason": "The hall has no heating.", "version": "1"})
    page = text_of(Client().get(event.get_absolute_url()))
    assert (
        "This event is cancelled" in page
        and "The hall has no heating." in page
        and "Book a place" not in page
    )
    assert "Cancelled" in text_of(Client().get("/events/"))
    assert "Tea" not in text_of(Client().get("/"))
    assert (OutboxMail.objects.get().subject, "no heating" in OutboxMail.objects.get().body) == (
        "Cancelled: Tea",
        True,
    )
    assert "Ring Me" in text_of(team.get(f"/voice/events/{event.pk}/"))
    for step in (cancel_event, edit_event):
        with pytest.raises(CannotDo):
            step(
                event=event,
                version=2,
                by=people["programme"],
                **({"reason": "x"} if step is cancel_event else {}),
            )


def test_a_draft_and_a_past_event_are_not_cancelled(people: dict[str, User]) -> None:
    for fields in ({"status": "draft"}, {"days": -3}):
        with pytest.raises(CannotDo):
            cancel_event(event=make.make_event(**fields), version=1, reason="x", by=people["programme"])


@pytest.mark.requirement("R-E1", "R-P1")
def test_each_rule_and_its_twin_answer_alike_for_everyone(people: dict[str, User]) -> None:
    for status in Event.Status.values:
        make.make_booking(make.make_event(status=status))
    everyone = [AnonymousUser(), *(User.objects.get(pk=person.pk) for person in people.values())]
    for user in everyone:
        for event in Event.objects.all():
            assert (
                may.can_view_event(user, event) == Event.objects.visible_to(user).filter(pk=event.pk).exists()
            )
            assert (
                may.can_open_event_desk(user, event)
                == Event.objects.staffed_by(user).filter(pk=event.pk).exists()
            )
        for booking in Booking.objects.all():
            assert (
                may.can_view_booking(user, booking)
                == Booking.objects.visible_to(user).filter(pk=booking.pk).exists()
            )
    seen = {
        name
        for name, person in people.items()
        if Booking.objects.visible_to(User.objects.get(pk=person.pk)).exists()
    }
    assert seen == {"programme"}


@pytest.mark.requirement("R-E3", "R-P1")
def test_a_moderator_opens_the_staff_page_and_sees_nobody_who_comes(
    signed_in: Callable[[str], Client],
) -> None:
    event = make.make_event(days=-1)
    make.make_booking(event, name="Marker")
    assert "Marker" in text_of(signed_in("programme").get(f"/voice/events/{event.pk}/"))
    page = text_of(signed_in("moderator").get(f"/voice/events/{event.pk}/"))
    assert "Write down what was said" in page and "Marker" not in page and "Who comes" not in page


PAGES = [("visitor", "/events/"), ("visitor", "{event}"), ("programme", "/voice/events/"), ("programme", "{desk}"),
         ("moderator", "/voice/events/"), ("visitor", "/"), ("programme", "/my-work/")]  # fmt: skip


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(
    who: str, page: str, signed_in: Callable[[str], Client], service: Any
) -> None:
    browser = Client() if who == "visitor" else signed_in(who)
    event = make.make_event(days=-1)
    address = page.format(event=event.get_absolute_url(), desk=f"/voice/events/{event.pk}/")

    def one_more() -> None:
        make.make_booking(make.make_event(), phone="01632 960 001", ring_about="moved_up")
        make.make_booking(event, phone="01632 960 001", ring_about="moved_up")
        make.make_booking(event, status="waiting")
        make.make_event(days=-9)
        action = make.make_action(make.make_plan(service))
        said = make.make_comment(stage="answered", service=service, event=event, channel="event")
        make.make_response(said, actions=(action,))
        make.make_voice(action, said)

    def asked() -> int:
        store.clear()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    one_more()
    asked()  # what is kept for the whole process is read once
    first = asked()
    for _ in range(2):
        one_more()
    assert asked() == first
