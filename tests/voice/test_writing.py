"""From page to page: back, skip, change, warnings, and what becomes of a draft (R-X9, R-S6). Nothing needs JavaScript."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tests import factories as make
from voice.forms.questions import QUESTIONS
from voice.models import Comment, Draft, Route

from .journey import WORDS, address, answer, on_check, press_send, write

pytestmark = pytest.mark.django_db


def page(browser: Client, route: str, name: str) -> str:
    return browser.get(address(route, name)).content.decode()


@pytest.mark.requirement("R-X9")
def test_reading_makes_no_session_and_writing_keeps_only_a_random_key_in_it(client: Client) -> None:
    for path in ("/voice/", *(address(route) for route in Route.values)):
        client.get(path)
    for question in QUESTIONS["child"]:
        client.get(address("child", question.slug))
    answer(client, "child", "face", go="skip")  # nothing is written yet
    assert (Session.objects.count(), Draft.objects.count()) == (0, 0)
    answer(client, "child", "words", text=WORDS)
    (session,) = Session.objects.all()
    assert set(session.get_decoded()) == {"drafts", "lasts"}
    assert set(session.get_decoded()["drafts"]) == {"child"}
    assert WORDS not in str(session.get_decoded())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")  # gone with the window
    assert session.expire_date > timezone.now() + datetime.timedelta(hours=23)


@pytest.mark.requirement("R-X9")
def test_each_page_leads_to_the_next_and_the_last_to_the_check(client: Client) -> None:
    slugs = [one.slug for one in QUESTIONS["parent-carer"]]
    given = {"words": {"text": WORDS}, "topic": {"topic": "felt"}}
    led = [answer(client, "parent-carer", slug, **given.get(slug, {})).url for slug in slugs]
    assert led == [address("parent-carer", slug) for slug in [*slugs[1:], "check"]]


@pytest.mark.requirement("R-X9")
def test_going_back_keeps_what_was_typed_and_asks_for_nothing(client: Client) -> None:
    answer(client, "parent-carer", "words", text=WORDS)
    back = answer(client, "parent-carer", "topic", go="back")
    assert back.url == address("parent-carer", "words")
    assert f"{WORDS}</textarea>" in page(client, "parent-carer", "words")
    answer(client, "parent-carer", "topic", go="back", topic="involved")
    assert re.search(r'value="involved"[^>]*checked', page(client, "parent-carer", "topic"))
    assert answer(client, "parent-carer", "words", go="back", text="Half").url == address("parent-carer")
    assert "Half" in page(client, "parent-carer", "words")


@pytest.mark.requirement("R-X9")
def test_a_change_comes_straight_back_to_the_check_and_nothing_is_asked_twice(client: Client) -> None:
    write(client)
    check = page(client, "parent-carer", "check")
    for question in QUESTIONS["parent-carer"]:
        assert f'href="{address("parent-carer", question.slug)}"' in check
    assert answer(client, "parent-carer", "topic", topic="felt").url == address("parent-carer", "check")
    assert "How it felt" in page(client, "parent-carer", "check")
    assert 'value="skip"' not in page(client, "parent-carer", "show")  # it was seen: nothing to pass over


def test_who_goes_back_from_an_empty_page_comes_to_it_again(client: Client) -> None:
    answer(client, "parent-carer", "words", text=WORDS)
    answer(client, "parent-carer", "topic", go="back")
    assert answer(client, "parent-carer", "words", text=WORDS).url == address("parent-carer", "topic")


def test_what_nobody_needs_to_answer_can_be_passed_over(client: Client) -> None:
    answer(client, "parent-carer", "words", text=WORDS)
    for name, is_needed in (("words", True), ("topic", True), ("whose-words", False), ("more", False)):
        assert ('value="skip"' in page(client, "parent-carer", name)) is not is_needed, name
    assert answer(client, "parent-carer", "topic", go="skip").status_code == 422
    assert answer(client, "parent-carer", "show", go="skip", may_show="words").url == address(
        "parent-carer", "safe"
    )
    answer(client, "parent-carer", "topic", topic="felt")
    assert "Only a summary, not my words" in page(
        client, "parent-carer", "check"
    )  # what was passed over is not kept


@pytest.mark.requirement("R-X9")
def test_an_error_keeps_everything_that_was_typed(client: Client) -> None:
    wrong = {"email": "not an address", "age_band": "5-10"}
    told = answer(client, "parent-carer", "more", **wrong)
    html = told.content.decode()
    assert (told.status_code, Draft.objects.count()) == (422, 0)
    assert 'value="not an address"' in html and '<option value="5-10" selected>' in html
    assert "<title>Error: " in html


@pytest.mark.requirement("R-X9")
def test_the_check_leads_to_the_first_thing_that_is_missing(client: Client) -> None:
    answer(client, "parent-carer", "show", may_show="words")
    assert client.get(address("parent-carer", "check")).url == address("parent-carer", "words")
    answer(client, "parent-carer", "words", text=WORDS)
    assert client.get(address("parent-carer", "check")).url == address("parent-carer", "topic")


def test_names_are_pointed_out_once_with_the_words_kept_and_may_stay(client: Client) -> None:
    words = "My son Jack waits. Ring 07700 900123."
    told = answer(client, "parent-carer", "words", text=words)
    html = told.content.decode()
    assert told.status_code == 200
    assert "It looks like there is a name: <strong>Jack</strong>" in html
    assert "It looks like there is a phone number: <strong>07700 900123</strong>" in html
    assert f"{words}</textarea>" in html
    assert answer(client, "parent-carer", "words", go="keep", text=words).status_code == 302
    assert answer(client, "parent-carer", "words", text=words).status_code == 302  # told once
    more = answer(client, "parent-carer", "words", text=f"{words} And Mrs Smith.")
    assert more.status_code == 200 and "Mrs Smith" in more.content.decode()


def test_the_words_are_kept_even_if_the_warning_is_left(client: Client) -> None:
    answer(client, "parent-carer", "words", text="My son Jack waits.")
    assert "My son Jack waits." in page(client, "parent-carer", "words")


def test_a_child_is_told_kindly_and_no_warning_comes_without_something_to_warn_of(client: Client) -> None:
    told = answer(client, "child", "words", text="my name is jack").content.decode()
    assert "Only the people who read it first can see it. We take it out" in told
    assert answer(client, "young-person", "words", text="Nobody rang.").status_code == 302


def test_the_partnerships_own_names_are_no_warning(client: Client) -> None:
    make.make_service("Harbour Lights Outreach")
    assert answer(client, "parent-carer", "words", text="We like Harbour Lights Outreach.").status_code == 302
    assert answer(client, "parent-carer", "words", text="We like Amber Lightfoot.").status_code == 200


@pytest.mark.requirement("R-X9")
def test_a_draft_that_is_gone_is_said_in_clear_words_and_the_last_answer_is_kept(client: Client) -> None:
    answer(client, "parent-carer", "words", text=WORDS)
    Draft.objects.update(changed_at=timezone.now() - datetime.timedelta(hours=25))
    assert "There is nothing to send here" in page(client, "parent-carer", "check")
    answer(client, "parent-carer", "words", text=WORDS)
    Draft.objects.all().delete()
    kept = answer(client, "parent-carer", "topic", topic="felt", go="next")
    told = client.get(kept.url).content.decode()
    assert "We do not have your earlier answers any more." in told
    assert client.get(address("parent-carer", "check")).url == address("parent-carer", "words")
    answer(client, "parent-carer", "words", text="Once more.")
    assert "How it felt" in page(client, "parent-carer", "check")


def test_who_writes_for_the_first_time_is_not_told_that_something_is_lost(client: Client) -> None:
    following = answer(client, "parent-carer", "words", text=WORDS).url
    assert "earlier answers" not in client.get(following).content.decode()


def test_a_session_that_ended_is_said_too(client: Client) -> None:
    answer(client, "parent-carer", "words", text=WORDS)
    Session.objects.all().delete()
    following = answer(client, "parent-carer", "topic", topic="felt").url
    assert "We do not have your earlier answers any more." in client.get(following).content.decode()


def test_a_childs_check_page_is_short_and_a_grown_ups_shows_what_was_left_out(client: Client) -> None:
    write(client, "child", feeling="sad", topic="")
    write(client, "parent-carer")
    child, adult = page(client, "child", "check"), page(client, "parent-carer", "check")
    assert ("How old are you?" in child, "What is it about?" in child) == (False, False)
    assert f'href="{address("child", "more")}"' in child
    assert "How old is the child or young person?" in adult
    answer(client, "child", "more", age_band="5-10")
    assert "How old are you?" in page(client, "child", "check")


@pytest.mark.requirement("R-S6")
def test_exit_this_page_deletes_everything_begun_and_leaves(client: Client) -> None:
    write(client, "child")
    write(client, "parent-carer")
    assert Draft.objects.count() == 2
    left = client.post("/voice/exit/")
    html = left.content.decode()
    assert 'content="0; url=https://www.bbc.co.uk/weather"' in html
    assert left.headers["Referrer-Policy"] == "no-referrer"
    assert (Draft.objects.count(), Session.objects.count()) == (0, 0)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert "There is nothing to send here" in page(client, "child", "check")


@pytest.mark.requirement("R-S6")
def test_exit_is_never_refused_and_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert "bbc.co.uk/weather" in browser.post("/voice/exit/").content.decode()

    def broken(*_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("voice.drafting.drop_all", broken)
    assert "bbc.co.uk/weather" in browser.post("/voice/exit/").content.decode()


@pytest.mark.requirement("R-S6")
def test_exit_stands_on_every_page_of_the_journey(client: Client, at_once: None) -> None:
    write(client, "child")
    pages = [address("child"), *(address("child", one.slug) for one in QUESTIONS["child"]), address("child", "check"),
             address("parent-carer", "words"), "/voice/follow/", "/help/safe/"]  # fmt: skip
    html = {path: client.get(path).content.decode() for path in pages}
    html["sent"] = press_send(client, "child").content.decode()
    assert [path for path, words in html.items() if 'action="/voice/exit/"' not in words] == []


def test_who_is_signed_in_stays_signed_in_after_exit_and_after_sending(client: Client, at_once: None) -> None:
    client.force_login(make.make_user())
    write(client)
    client.post("/voice/exit/")
    assert (Draft.objects.count(), "_auth_user_id" in client.session) == (0, True)


def test_delete_what_i_wrote_deletes_this_one_and_says_so(client: Client) -> None:
    write(client, "child")
    write(client, "parent-carer")
    assert "Delete what I wrote" in page(client, "child", "check")
    told = client.post(address("child", "check"), {"step": "delete"})
    assert "What you wrote is deleted" in told.content.decode()
    assert (list(Draft.objects.values_list("route", flat=True)), Comment.objects.count()) == (
        ["parent-carer"],
        0,
    )
    assert on_check(client, "parent-carer")["token"]


@pytest.mark.requirement("R-S6")
def test_no_page_of_the_journey_writes_when_it_is_only_looked_at(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    write(client)
    for name in [*(one.slug for one in QUESTIONS["parent-carer"]), "check"]:
        with django_assert_max_num_queries(12) as asked:
            client.get(address("parent-carer", name))
        assert not [
            one for one in asked.captured_queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        ]
