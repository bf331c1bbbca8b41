"""Booking a place without an account, the waiting list, and giving the place back (R-E2, budget F22)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from foundation import content_version
from foundation.codes import code_digest, new_code
from foundation.outbox import OutboxMail
from foundation.pages import store
from foundation.tokens import new_token
from partnership.models import User
from tests import factories as make
from voice.forms.bookings import NO_WAY_TO_REACH
from voice.forms.sending import PRESS_AGAIN, opened_now
from voice.models import Booking, Event
from voice.operations import book_event, cancel_booking, purge_bookings
from voice.operations.errors import CannotDo
from voice.views.bookings import NOT_FOUND

pytestmark = pytest.mark.django_db

NEEDS = "A seat near the door"


def filled(**answers: str) -> dict[str, str]:
    sent = {"name": "A. B.", "people": "1", "email": "ab@example.org", "phone": "", "access_needs": NEEDS}
    return sent | {"token": new_token(), "opened": opened_now()} | answers


def path(event: Event) -> str:
    return f"/events/{event.slug}/book/"


def text_of(page: Any) -> str:
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def code_on(page: Any) -> str:
    return "-".join(re.findall(r'portal-code__group">([^<]+)<', page.content.decode()))


def book(event: Event, people: int = 1, **more: Any) -> Booking:
    given = {"name": "A. B.", "email": "ab@example.org"} | more
    return book_event(token=new_token(), event=event, people=people, **given).booking


def standing(event: Event) -> list[tuple[int, str]]:
    return list(event.bookings.in_order().values_list("people", "status"))


@pytest.mark.requirement("R-E2")
def test_anybody_books_and_gets_a_code_and_an_address_and_only_the_hash_is_kept(at_once: None) -> None:
    event = make.make_event("Meet us", capacity=10)
    page = Client().post(path(event), filled(people="3"))
    code = code_on(page)
    assert "You have a place" in text_of(page)
    assert f"/events/booking/{code}/" in page.content.decode()
    row = Booking.objects.values().get()
    assert (row["people"], row["status"], row["access_needs"]) == (3, "booked", NEEDS)
    assert row["code_digest"] == code_digest(code)
    assert code not in str(row) and code.replace("-", "") not in str(row)
    assert page.headers["Cache-Control"] == "no-store, private"


@pytest.mark.requirement("R-E2")
def test_the_mail_holds_the_code_and_the_address_and_neither_needs_nor_name(at_once: None) -> None:
    event = make.make_event("Meet us", online_link="https://example.org/room-7")
    page = Client().post(path(event), filled(name="Marker Name"))
    mail = OutboxMail.objects.get()
    code = code_on(page)
    assert (mail.to, mail.subject) == ("ab@example.org", "You have a place: Meet us")
    assert f"/events/booking/{code}/" in mail.body and f"Your code is {code}." in mail.body
    assert "https://example.org/room-7" in mail.body
    assert NEEDS not in mail.body and "Marker" not in mail.body


@pytest.mark.requirement("R-E2")
def test_who_leaves_only_a_phone_number_books_too_and_no_mail_goes(at_once: None) -> None:
    event = make.make_event()
    page = Client().post(path(event), filled(email="", phone="01632 960 001"))
    assert "You have a place" in text_of(page)
    assert (Booking.objects.get().phone, OutboxMail.objects.count()) == ("01632 960 001", 0)


@pytest.mark.requirement("R-E2")
def test_one_way_to_reach_somebody_is_needed_and_what_was_typed_stays(at_once: None) -> None:
    event = make.make_event()
    page = Client().post(path(event), filled(email=""))
    assert (page.status_code, page.context["form"].errors["email"]) == (422, [NO_WAY_TO_REACH])
    assert NEEDS in page.content.decode()
    assert not Booking.objects.exists()


@pytest.mark.requirement("R-E2")
@pytest.mark.parametrize("phone", ["12345", "ring me", "1" * 16, "01632 960001x"])
def test_what_is_no_phone_number_is_told_beside_the_field(at_once: None, phone: str) -> None:
    page = Client().post(path(make.make_event()), filled(phone=phone))
    assert page.context["form"].errors["phone"] == ["Enter a phone number, like 01632 960 001."]


@pytest.mark.requirement("R-E2")
def test_a_double_click_books_once_and_shows_the_same_code(at_once: None) -> None:
    event = make.make_event(capacity=1)
    sent = filled()
    browser = Client()
    first, second = browser.post(path(event), sent), browser.post(path(event), sent)
    assert code_on(first) == code_on(second) != ""
    assert standing(event) == [(1, "booked")]
    assert OutboxMail.objects.count() == 1


@pytest.mark.requirement("R-E2")
def test_other_answers_on_a_page_that_was_sent_before_are_one_more_booking_only_after_one_more_press(
    at_once: None,
) -> None:
    event = make.make_event()
    sent, browser = filled(), Client()
    first = browser.post(path(event), sent)
    again = browser.post(path(event), sent | {"people": "4"})
    assert "We have what you sent first." in text_of(again)
    assert code_on(again) == code_on(first)
    assert standing(event) == [(1, "booked")]
    token = re.search(r'name="token" value="([^"]+)"', again.content.decode())
    assert token is not None
    browser.post(path(event), sent | {"people": "4", "token": token[1]})
    assert standing(event) == [(1, "booked"), (4, "booked")]


@pytest.mark.requirement("R-E2")
def test_a_program_that_fills_the_trap_or_is_too_quick_books_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make.make_event()
    quick = Client().post(path(event), filled())
    monkeypatch.setattr("voice.forms.sending.LEAST_SECONDS", 0)
    trapped = Client().post(path(event), filled(website="https://spam.example.org"))
    assert {PRESS_AGAIN in page.content.decode() for page in (quick, trapped)} == {True}
    assert not Booking.objects.exists()


@pytest.mark.requirement("R-E2", "R-V12")
def test_the_limits_hold_and_keep_what_was_typed(at_once: None, settings: Any) -> None:
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    event, browser = make.make_event(), Client()
    browser.post(path(event), filled())
    page = browser.post(path(event), filled())
    assert (page.status_code, NEEDS in page.content.decode()) == (429, True)
    assert Booking.objects.count() == 1


@pytest.mark.requirement("R-E2")
def test_capacity_counts_people_and_who_does_not_fit_waits(at_once: None) -> None:
    event = make.make_event(capacity=5)
    assert [book(event, people).status for people in (3, 3, 2, 1)] == [
        "booked", "waiting", "booked", "waiting",
    ]  # fmt: skip
    page = Client().get(event.get_absolute_url())
    assert "This event is full" in text_of(page) and "Go on the waiting list" in text_of(page)
    told = Client().post(path(event), filled())
    assert "You are on the waiting list" in text_of(told)
    assert OutboxMail.objects.last().subject.startswith("You are on the waiting list")


@pytest.mark.requirement("R-E2")
def test_more_people_than_there_are_places_in_all_are_told_so(at_once: None) -> None:
    event = make.make_event(capacity=4)
    page = Client().post(path(event), filled(people="5"))
    assert page.context["form"].errors["people"] == ["This event has 4 places in all. Choose fewer people."]
    with pytest.raises(CannotDo, match="4 places in all"):
        book(event, 5)
    assert not Booking.objects.exists()


@pytest.mark.requirement("R-E2")
def test_without_a_limit_nobody_waits() -> None:
    event = make.make_event(capacity=None)
    assert [book(event, 10).status for _ in range(3)] == ["booked"] * 3


@pytest.mark.requirement("R-E2")
def test_the_first_who_fit_move_up_and_are_told_and_the_team_sees_whom_to_ring(
    signed_in: Callable[[str], Client],
) -> None:
    event = make.make_event("Meet us", capacity=4)
    place = book(event, 2)
    book(event, 2)
    big, phone, mailed, last = (
        book(event, 3),
        book(event, 1, email="", phone="01632 960 002", name="Ring Me"),
        book(event, 1, email="up@example.org"),
        book(event, 1),
    )
    OutboxMail.objects.all().delete()
    assert cancel_booking(booking=place)
    for row in (big, phone, mailed, last):
        row.refresh_from_db()
    assert [row.status for row in (big, phone, mailed, last)] == ["waiting", "booked", "booked", "waiting"]
    assert [(mail.to, mail.subject) for mail in OutboxMail.objects.all()] == [
        ("up@example.org", "You have a place now: Meet us")
    ]
    assert [row.pk for row in Booking.objects.to_ring()] == [phone.pk]
    team = signed_in("programme")
    desk = team.get(f"/voice/events/{event.pk}/")
    assert "Ring Me , 1 person: 01632 960 002 They have a place now." in text_of(desk)
    assert "Meet us" in text_of(team.get("/my-work/"))
    team.post(f"/voice/events/bookings/{phone.pk}/rung/")
    assert not Booking.objects.to_ring().exists()
    assert "Please ring" not in text_of(team.get(f"/voice/events/{event.pk}/"))


@pytest.mark.requirement("R-E2")
def test_looking_at_the_address_cancels_nothing_and_the_button_cancels_once(at_once: None) -> None:
    event = make.make_event(capacity=1)
    browser = Client()
    code = code_on(browser.post(path(event), filled()))
    waiting = book(event)
    address = f"/events/booking/{code}/"
    for method in ("get", "head", "get"):
        page = getattr(browser, method)(address)
    assert (page.status_code, "Yes, cancel my booking" in text_of(page)) == (200, True)
    assert standing(event) == [(1, "booked"), (1, "waiting")]
    when = []
    for _ in range(2):
        done = browser.post(address, follow=True)
        assert "Your booking is cancelled" in text_of(done)
        when += event.bookings.filter(status="cancelled").values_list("cancelled_at", flat=True)
    assert len(when) == 2 and when[0] == when[1]  # the second press changes nothing
    assert standing(event) == [(1, "cancelled"), (1, "booked")]
    waiting.refresh_from_db()
    assert waiting.moved_up_at is not None


@pytest.mark.requirement("R-E2", "R-P1")
def test_cancelling_forgets_who_it_was() -> None:
    row = book(make.make_event(), name="Marker", phone="01632 960 001", access_needs=NEEDS)
    cancel_booking(booking=row)
    row.refresh_from_db()
    assert (row.name, row.email, row.phone, row.access_needs, row.status) == ("", "", "", "", "cancelled")


@pytest.mark.requirement("R-E2")
def test_the_code_can_be_typed_and_a_wrong_one_is_told_and_counted(settings: Any) -> None:
    event, code = make.make_event("Meet us"), new_code()
    make.make_booking(event, code=code)
    browser = Client()
    found = browser.post("/events/booking/", {"code": code.replace("-", " ").lower()}, follow=True)
    assert found.redirect_chain == [(f"/events/booking/{code}/", 302)]
    assert "Meet us" in text_of(found)
    settings.VOICE_LIMITS = {"trying": {"address": 2}}
    wrong = browser.post("/events/booking/", {"code": new_code()})
    assert (wrong.status_code, wrong.context["form"].errors["code"]) == (422, [NOT_FOUND])
    assert browser.get(f"/events/booking/{new_code()}/").status_code == 404
    assert browser.get(f"/events/booking/{code}/").status_code == 429
    cache.clear()
    assert browser.get("/events/booking/not-a-code/").status_code == 404


@pytest.mark.requirement("R-E2")
@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"days": -0.01, "hours": 5}, "This event has begun"),
        ({"days": -2}, "This event is over"),
        ({"booking_closes_at": timezone.now() - timedelta(minutes=1)}, "Booking for this event has closed"),
        ({"status": "cancelled"}, "This event is cancelled"),
    ],
)
def test_when_nobody_can_book_any_more_the_page_says_why_and_gives_the_words_back(
    at_once: None, fields: dict[str, Any], why: str
) -> None:
    event = make.make_event(**fields)
    asked = Client().get(path(event))
    assert (asked.status_code, asked.url) == (302, event.get_absolute_url())
    told = Client().post(path(event), filled())
    assert (told.status_code, why in text_of(told), NEEDS in text_of(told)) == (403, True, True)
    assert not Booking.objects.exists()


@pytest.mark.requirement("R-E2")
def test_nobody_moves_up_once_it_has_begun() -> None:
    event = make.make_event(capacity=1)
    first, second = book(event), book(event)
    Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - timedelta(minutes=1))
    cancel_booking(booking=first)
    second.refresh_from_db()
    assert second.status == "waiting"


def test_a_public_page_changes_when_the_last_place_goes_and_comes_back(
    transactional_db: None, settings: Any
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    event = make.make_event(capacity=2)
    store.clear()

    def says() -> bool:
        return "This event is full" in text_of(Client().get(event.get_absolute_url()))

    assert not says()
    number = content_version.read()
    book(event)
    assert (says(), content_version.read()) == (False, number)  # nothing that anybody sees has changed
    last = book(event)
    assert says()
    cancel_booking(booking=last)
    assert not says()


@pytest.mark.requirement("R-E2")
def test_fifty_people_at_once_for_ten_places_are_ten_booked_and_forty_waiting_in_order(
    together: Callable[..., list[Any]],
) -> None:
    """F22. Tried without the lock of `lock_event`: on PostgreSQL more than ten have a place. On SQLite there is one writer at
    a time, and each booking begins by writing (the token), so it holds there of itself."""
    event = make.make_event(capacity=10)
    pk = event.pk

    def one(number: int) -> Callable[[], str]:
        return lambda: book(Event.objects.get(pk=pk), name=f"Person {number}").status

    outcomes = together(*(one(number) for number in range(50)))
    assert [outcome for outcome in outcomes if not isinstance(outcome, str)] == []
    rows = together(lambda: list(Booking.objects.in_order().values_list("status", flat=True)))[0]
    assert rows == ["booked"] * 10 + ["waiting"] * 40
    assert sorted(outcomes) == ["booked"] * 10 + ["waiting"] * 40


@pytest.mark.requirement("R-E2")
def test_the_same_press_twenty_times_at_once_books_once(together: Callable[..., list[Any]]) -> None:
    event, token = make.make_event(capacity=10), new_token()
    given = {"name": "A. B.", "email": "ab@example.org", "people": 2, "token": token}
    pk = event.pk
    codes = together(*[lambda: book_event(event=Event.objects.get(pk=pk), **given).code for _ in range(20)])
    assert len({str(code) for code in codes}) == 1
    assert together(lambda: standing(event))[0] == [(2, "booked")]


@pytest.mark.requirement("R-E2")
def test_two_cancel_at_once_and_as_many_move_up_as_there_are_places(
    together: Callable[..., list[Any]],
) -> None:
    event = make.make_event(capacity=2)
    first, second = book(event), book(event)
    for _ in range(3):
        book(event)
    done = together(
        lambda: cancel_booking(booking=first),
        lambda: cancel_booking(booking=second),
        lambda: cancel_booking(booking=first),
    )
    assert sorted(done) == [False, True, True]
    assert together(lambda: standing(event))[0] == [
        *[(1, "cancelled")] * 2, *[(1, "booked")] * 2, (1, "waiting"),
    ]  # fmt: skip


@pytest.mark.requirement("R-E2", "R-P1")
def test_bookings_go_thirty_days_after_the_event_and_the_numbers_stay(people: dict[str, User]) -> None:
    event = make.make_event(capacity=4, days=1)
    later = make.make_event(days=20)
    for number in (3, 1, 2):
        book(event, number)
    book(later)
    history = event.history.count()
    with time_machine.travel(event.ends_at + timedelta(days=30, minutes=-1)):
        assert purge_bookings() == 0
    with time_machine.travel(event.ends_at + timedelta(days=30, minutes=1)):
        call_command("run_due_jobs", verbosity=0)
    event.refresh_from_db()
    assert (event.past_bookings, event.past_people, event.past_waiting) == (2, 4, 2)
    assert list(Booking.objects.values_list("event", flat=True)) == [later.pk]
    assert (event.history.count(), purge_bookings()) == (history, 0)


@pytest.mark.requirement("R-E2", "R-P1")
def test_the_outbox_forgets_the_address_with_the_booking() -> None:
    event, other = make.make_event(days=1), make.make_event(days=1)
    first = book(event, email="first@example.org")
    book(event, email="second@example.org")
    book(other, email="third@example.org")
    OutboxMail.objects.update(sent_at=timezone.now(), body="")

    def addresses() -> list[str]:
        return list(OutboxMail.objects.order_by("pk").values_list("to", flat=True))

    cancel_booking(booking=first)
    assert addresses() == ["second@example.org", "third@example.org"]
    Event.objects.filter(pk=other.pk).update(ends_at=timezone.now() + timedelta(days=90))
    purge_bookings(now=timezone.now() + timedelta(days=40))
    assert addresses() == ["third@example.org"]


@pytest.mark.requirement("R-P1")
def test_who_books_is_never_in_the_history_of_an_event() -> None:
    fields = {one.name for one in Event.history.model._meta.get_fields()}
    assert fields.isdisjoint({"name", "email", "phone", "access_needs", "past_people"})
    assert not hasattr(Booking, "history")
