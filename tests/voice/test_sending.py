"""Have your say: what is asked, what is kept, and that nothing is lost or doubled (R-V1 to R-V5, R-V8, R-V10, R-V12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from foundation.codes import code_digest, code_from_token
from foundation.tokens import SpentToken, new_token
from partnership.models import District, User
from partnership.roles import Role
from tests import factories as make
from voice import limits
from voice.forms.questions import QUESTIONS
from voice.forms.writing import AllAnswers, QuestionForm
from voice.models import (
    Comment,
    CommentContact,
    CommentOriginal,
    CommentSender,
    Draft,
    MayShow,
    Relation,
    Route,
    Topic,
    WhoseWords,
    Work,
)
from voice.operations import withdraw_comment

from .journey import WORDS, address, answer, found_in, on_check, press_send, send, shown_code, write

pytestmark = pytest.mark.django_db


def asked_on(route: str) -> dict[str, bool]:
    """Every field of every page, and whether it must be answered."""
    return {
        name: field.required
        for question in QUESTIONS[route]
        for name, field in QuestionForm(route=route, question=question, earlier={}).fields.items()
    }


@pytest.mark.requirement("R-V1")
@pytest.mark.parametrize("route", Route.values)
def test_each_way_in_needs_no_account_and_gives_a_code(client: Client, route: str, at_once: None) -> None:
    sent = send(client, route)
    comment = Comment.objects.get()
    assert (comment.route, comment.code_digest) == (route, code_digest(shown_code(sent)))
    assert (comment.original.text, Draft.objects.count()) == (WORDS, 0)


@pytest.mark.requirement("R-V1")
def test_the_child_has_faces_easier_words_large_targets_and_few_pages(client: Client) -> None:
    child = client.get(address("child", "face")).content.decode()
    adult = client.get(address("parent-carer", "words")).content.decode()
    assert (child.count("portal-face--"), adult.count("portal-face--")) == (5, 0)
    assert ("How do you feel?" in child, "How do you feel?" in adult) == (True, False)
    assert (child.count("portal-child"), adult.count("portal-child")) == (1, 0)
    assert [one.slug for one in QUESTIONS["child"]] == ["face", "words", "show", "safe", "more"]


def test_a_way_in_or_a_question_that_is_not_there_is_no_page(client: Client) -> None:
    wrong = ["/voice/new/journalist/", "/voice/new/journalist/check/", "/voice/new/journalist/words/",
             "/voice/new/child/topic/", "/voice/new/parent-carer/face/"]  # fmt: skip
    assert [client.get(path).status_code for path in wrong] == [404] * 5
    assert [client.post(path).status_code for path in wrong[1:]] == [404] * 4
    assert client.get(address("child", "face")).status_code == 200


@pytest.mark.requirement("R-V2")
@pytest.mark.parametrize("route", Route.values)
def test_only_topic_and_comment_are_needed(route: str) -> None:
    needed = {name for name, must in asked_on(route).items() if must}
    assert needed == (set() if route == "child" else {"topic", "text"})


@pytest.mark.requirement("R-V2")
def test_these_are_all_the_questions_and_none_asks_who_somebody_is() -> None:
    every = {"topic", "text", "whose_words", "may_show", "unsafe", "district", "email"}
    assert {route: set(asked_on(route)) for route in Route.values} == {
        "child": every | {"feeling", "age_band"},
        "young-person": every | {"age_band"},
        "parent-carer": every | {"age_band"},
        "practitioner": every | {"work"},  # nothing about a child
        "someone-else": every | {"relation", "age_band"},
    }


@pytest.mark.requirement("R-V2")
def test_a_comment_with_the_two_needed_answers_keeps_nothing_else(client: Client, at_once: None) -> None:
    send(client, "young-person")
    comment = Comment.objects.get()
    left = (
        comment.whose_words,
        comment.age_band,
        comment.district,
        comment.entered_by,
        comment.published_text,
    )
    assert left == ("", "", None, None, "")
    assert (CommentContact.objects.count(), CommentSender.objects.count()) == (0, 0)


def test_everything_that_is_given_is_kept(client: Client, at_once: None) -> None:
    north = District.objects.create(slug="north", name="North")
    send(client, "parent-carer", whose_words="for_someone", age_band="5-10", district=str(north.pk),
         email="me@example.org", may_show="words")  # fmt: skip
    kept = Comment.objects.get()
    assert (kept.topic, kept.whose_words, kept.age_band, kept.district, kept.may_show) == (
        "missing", "for_someone", "5-10", north, "words",
    )  # fmt: skip
    assert (kept.contact.email, kept.original.text, kept.is_flagged) == ("me@example.org", WORDS, False)


@pytest.mark.requirement("R-V1")
def test_a_practitioner_may_say_their_work_and_somebody_else_who_they_are(
    client: Client, at_once: None
) -> None:
    send(client, "practitioner", work="health")
    send(client, "someone-else", relation="grandparent")
    kept = CommentSender.objects.order_by("pk").values_list("comment__route", "work", "relation")
    assert list(kept) == [("practitioner", Work.HEALTH, ""), ("someone-else", "", Relation.GRANDPARENT)]


def test_a_moderator_reads_what_somebody_said_they_are_and_it_goes_when_the_words_are_taken_back(
    client: Client, at_once: None
) -> None:
    send(client, "practitioner", work="health")
    comment = Comment.objects.get()
    browser = Client()
    browser.force_login(make.make_user(Role.MODERATOR))
    assert "Work: Health" in browser.get(reverse("voice:comment", args=[comment.pk])).content.decode()
    withdraw_comment(comment=comment)
    assert CommentSender.objects.count() == 0


@pytest.mark.requirement("R-V3")
@pytest.mark.parametrize("route", Route.values)
def test_whose_words_they_are_is_asked_on_every_way_in_and_kept(
    client: Client, at_once: None, route: str
) -> None:
    for whose in WhoseWords.values:
        send(client, route, whose_words=whose)
    kept = Comment.objects.order_by("pk").values_list("whose_words", flat=True)
    assert list(kept) == WhoseWords.values


@pytest.mark.requirement("R-V4")
def test_topics_are_those_of_the_regulation_and_two_more() -> None:
    assert set(Topic.values) == {"quality", "missing", "information", "involved", "felt", "went_well"}
    for route in Route.values:
        fields = AllAnswers({}, route=route).fields
        assert {value for value, _ in fields["topic"].choices} == set(Topic.values)


@pytest.mark.requirement("R-V5")
def test_only_a_summary_may_be_shown_unless_somebody_says_otherwise(client: Client, at_once: None) -> None:
    page = client.get(address("parent-carer", "show")).content.decode()
    shown = [line for line in page.split("<input") if 'name="may_show"' in line and "checked" in line]
    assert len(shown) == 1 and 'value="summary"' in shown[0]
    send(client)
    for choice in MayShow.values:
        send(client, may_show=choice)
    kept = Comment.objects.order_by("pk").values_list("may_show", flat=True)
    assert list(kept) == ["summary", *MayShow.values]


def test_a_face_alone_is_enough_for_a_child(client: Client, at_once: None) -> None:
    send(client, "child", feeling="sad", topic="")
    comment = Comment.objects.get()
    assert (comment.topic, comment.original.feeling, comment.original.text) == ("felt", "sad", "")


def test_a_child_is_told_when_there_is_neither_face_nor_word(client: Client) -> None:
    assert answer(client, "child", "face", go="skip").url == address("child", "words")
    for button in ("next", "skip"):
        told = answer(client, "child", "words", go=button, text="")
        assert told.context["form"].errors == {"text": ["Write something, or go back and choose a face."]}
    assert Draft.objects.count() == 0


@pytest.mark.requirement("R-V8")
def test_the_code_is_shown_and_only_its_hash_is_kept(client: Client, at_once: None) -> None:
    code = shown_code(send(client))
    assert len(code.replace("-", "")) == 18
    kept = str(list(Comment.objects.values())) + str(list(SpentToken.objects.values()))
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.requirement("R-V8")
def test_sending_the_same_page_again_keeps_one_and_shows_the_same_code(client: Client, at_once: None) -> None:
    write(client, "child")
    page = on_check(client, "child")
    first, again = (client.post(address("child", "check"), page) for _ in range(2))
    assert shown_code(first) == shown_code(again) == code_from_token(page["token"])
    assert (Comment.objects.count(), CommentOriginal.objects.count()) == (1, 1)


@pytest.mark.requirement("R-V8")
def test_the_same_page_after_other_words_shows_the_first_code_and_offers_to_send_the_second(
    client: Client, at_once: None
) -> None:
    write(client, text="First words.")
    page = on_check(client, "parent-carer")
    code = shown_code(client.post(address("parent-carer", "check"), page))
    write(client, text="Second words.")
    told = client.post(address("parent-carer", "check"), page)
    html = told.content.decode()
    assert (shown_code(told), "Second words." in html) == (code, True)
    assert list(CommentOriginal.objects.values_list("text", flat=True)) == ["First words."]
    again = {name: found_in(html, name) for name in ("token", "seen")}
    other = shown_code(client.post(address("parent-carer", "check"), again))
    kept = CommentOriginal.objects.order_by("pk").values_list("text", flat=True)
    assert (list(kept), other != code) == (["First words.", "Second words."], True)


@pytest.mark.requirement("R-X9")
def test_two_windows_on_two_ways_in_never_mix_up_words(client: Client, at_once: None) -> None:
    write(client, "parent-carer", text="Of a parent.")
    write(client, "practitioner", text="Of a practitioner.")
    assert "Of a parent." in client.get(address("parent-carer", "check")).content.decode()
    press_send(client, "practitioner")
    press_send(client, "parent-carer")
    kept = dict(CommentOriginal.objects.values_list("comment__route", "text"))
    assert kept == {"practitioner": "Of a practitioner.", "parent-carer": "Of a parent."}


@pytest.mark.requirement("R-X9")
def test_what_was_changed_in_another_window_is_shown_before_it_is_sent(client: Client, at_once: None) -> None:
    write(client, text="As I saw it.")
    page = on_check(client, "parent-carer")
    answer(client, "parent-carer", "words", text="Changed elsewhere.")
    told = client.post(address("parent-carer", "check"), page)
    html = told.content.decode()
    assert (told.status_code, Comment.objects.count()) == (409, 0)
    assert "Changed elsewhere." in html and "have changed since this page was made" in html
    client.post(address("parent-carer", "check"), {name: found_in(html, name) for name in ("token", "seen")})
    assert CommentOriginal.objects.get().text == "Changed elsewhere."


def test_another_window_finds_nothing_to_send_after_the_first_has_sent(client: Client, at_once: None) -> None:
    write(client)
    pages = [on_check(client, "parent-carer") for _ in range(2)]
    first, second = (client.post(address("parent-carer", "check"), page) for page in pages)
    assert (first.status_code, second.status_code, Comment.objects.count()) == (200, 409, 1)
    assert "There is nothing to send here" in second.content.decode()


@pytest.mark.requirement("R-V12")
def test_a_filled_trap_keeps_nothing_but_the_words_and_one_more_press_sends(
    client: Client, at_once: None
) -> None:
    write(client)
    caught = press_send(client, website="https://example.org")
    assert (caught.status_code, Comment.objects.count()) == (422, 0)
    assert caught.context["form"]["website"].value() == ""
    assert WORDS in caught.content.decode()
    press_send(client)
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V12")
def test_what_is_sent_faster_than_anyone_reads_waits_for_one_more_press(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(client)
    quick = press_send(client)
    assert (Comment.objects.count(), quick.context["form"].non_field_errors()) == (
        0,
        ["We could not send this the first time. Your words are still here. Please press send again."],
    )
    import time

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3)
    press_send(client)
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V12")
@pytest.mark.parametrize("limit", ["address", "route", "all"])
def test_a_limit_keeps_the_words_and_says_when_to_try_again(
    client: Client, at_once: None, settings: Any, limit: str
) -> None:
    settings.VOICE_LIMITS = {"sending": {limit: 2}}
    kept = [send(client, "child").status_code for _ in range(2)]
    stopped = send(client, "child", text="One too many.")
    assert (kept, stopped.status_code, Comment.objects.count()) == ([200, 200], 429, 2)
    assert "One too many." in stopped.content.decode()
    assert "wait a few minutes" in stopped.content.decode()


@pytest.mark.requirement("R-V12")
def test_pages_and_drafts_do_not_count_so_that_a_class_writing_at_once_is_let_in(
    client: Client, at_once: None, settings: Any
) -> None:
    settings.VOICE_LIMITS = {"sending": {"address": 2, "route": 2, "all": 2}}
    writers = [Client() for _ in range(4)]
    for writer in writers:
        write(writer, "child")
    sent = [press_send(writer, "child").status_code for writer in writers]
    assert (sent, Comment.objects.count()) == ([200, 200, 429, 429], 2)


@pytest.mark.requirement("R-V12")
def test_one_address_does_not_shut_out_another_and_a_whole_school_fits(
    client: Client, at_once: None, settings: Any
) -> None:
    assert limits.SENDING["address"] >= 200
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    here, elsewhere = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    sent = [send(browser, "child").status_code for browser in (here, here, elsewhere)]
    assert (sent, Comment.objects.count()) == ([200, 429, 200], 2)


@pytest.mark.requirement("R-V12")
def test_a_made_up_forwarded_address_does_not_dodge_the_limit(at_once: None, settings: Any) -> None:
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    settings.PORTAL_PROXIES = 1
    for made_up in ("203.0.113.1", "203.0.113.2"):
        last = send(Client(HTTP_X_FORWARDED_FOR=f"{made_up}, 192.0.2.1"), "child")
    assert (last.status_code, Comment.objects.count()) == (429, 1)


@pytest.mark.requirement("R-V12")
def test_no_address_is_kept_with_a_comment_a_draft_or_in_the_cache(at_once: None) -> None:
    from django.core.cache import cache

    browser = Client(REMOTE_ADDR="192.0.2.77")
    send(browser, "child")
    write(browser, "child")
    assert (Comment.objects.count(), Draft.objects.count()) == (1, 1)
    tables = [model.objects.values() for model in (Comment, CommentOriginal, SpentToken, Draft)]
    assert "192.0.2.77" not in str([list(rows) for rows in tables])
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert sessions and "192.0.2.77" not in str(sessions)
    assert cache._cache
    assert "192.0.2.77" not in str(cache._cache)


@pytest.mark.requirement("R-V10")
@pytest.mark.parametrize("route", Route.values)
def test_every_way_in_says_what_it_is_not_for_with_the_numbers_before_the_box(
    client: Client, numbers: None, route: str
) -> None:
    make.make_partnership(reading_hours="Tuesdays from ten to noon", reply_days=13)
    for path in ("/voice/", address(route)):
        page = client.get(path).content.decode()
        assert 'href="tel:999"' in page
        assert "01632 960001" in page
        assert reverse("partnership:help_my_child") in page
        assert reverse("partnership:help_safe") in page
        if path == "/voice/" or route != "child":
            assert "not for emergencies, complaints or appeals" in page
            assert 'href="https://example.org/advice"' in page
            assert "within 2 months" in page and "mediation certificate" in page
            assert "Tuesdays from ten to noon" in page
            assert "13 working days" in page
    words = client.get(address(route, "words")).content.decode()
    assert 0 < words.index(reverse("partnership:help_my_child")) < words.index("<textarea")
    assert ("within 2 months" in words) is (route != "child")
    assert 'href="tel:999"' in words
    for path in (address(route, "safe"), "/voice/follow/"):
        assert "01632 960001" in client.get(path).content.decode()


@pytest.mark.requirement("R-S1")
@pytest.mark.parametrize("unsafe", ["", "on"])
def test_the_help_numbers_are_shown_whatever_was_ticked(
    client: Client, at_once: None, numbers: None, unsafe: str
) -> None:
    sent = send(client, "child", unsafe=unsafe).content.decode()
    assert 'href="tel:999"' in sent
    assert "01632 960001" in sent
    assert Comment.objects.get().is_flagged == bool(unsafe)


def test_an_unchecked_number_is_shown_but_is_no_link(client: Client, numbers: None) -> None:
    page = client.get("/voice/").content.decode()
    assert "01632 960001" in page
    assert 'href="tel:01632960001"' not in page


@pytest.mark.requirement("R-V8")
def test_the_code_page_and_every_page_before_it_is_kept_nowhere(client: Client, at_once: None) -> None:
    answer(client, "child", "face", feeling="sad")
    pages = [
        client.get(address("child", page)) for page in ("face", "words", "show", "safe", "more", "check")
    ]
    pages.append(press_send(client, "child"))
    assert shown_code(pages[-1])
    assert {page.headers["Cache-Control"] for page in pages} == {"no-store, private"}
    assert {page.headers["Referrer-Policy"] for page in pages} <= {"same-origin", "no-referrer"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("R-V8")
def test_two_presses_at_the_same_moment_make_one_comment_with_one_code(
    at_once: None, together: Callable[..., list[Any]], client: Client
) -> None:
    write(client, "child")
    page, cookies = on_check(client, "child"), client.cookies

    def press() -> tuple[int, str]:
        browser = Client()
        browser.cookies = cookies.copy()
        response = browser.post(address("child", "check"), page)
        return response.status_code, shown_code(response)

    assert together(*[press] * 4) == [(200, code_from_token(page["token"]))] * 4
    assert together(Comment.objects.count, CommentOriginal.objects.count) == [1, 1]


def test_the_words_stand_in_no_statement_but_the_one_that_keeps_them(
    client: Client, at_once: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(150) as asked:
        write(client, "child", text="Words that must not be written twice")
        page = on_check(client, "child")
        client.post(address("child", "check"), page)
        client.post(address("child", "check"), page)
    said = [one["sql"] for one in asked.captured_queries if "must not be written" in one["sql"]]
    assert [line.split("(")[0].strip() for line in said] == ['INSERT INTO "voice_commentoriginal"']


def test_a_signed_in_person_may_have_their_say_too(client: Client, at_once: None) -> None:
    person: User = make.make_user()
    client.force_login(person)
    send(client)
    assert Comment.objects.get().entered_by is None
    assert client.session["_auth_user_id"] == str(person.pk)  # still signed in


def test_a_token_that_is_not_ours_sends_nothing_and_a_press_on_the_page_shown_does(
    client: Client, at_once: None
) -> None:
    write(client)
    for token in ("", "made up", "x" * 5000):
        told = press_send(client, token=token)
        assert (told.status_code, Comment.objects.count()) == (422, 0)
        assert WORDS in told.content.decode()
    html = told.content.decode()
    client.post(address("parent-carer", "check"), {name: found_in(html, name) for name in ("token", "seen")})
    assert Comment.objects.count() == 1


def test_somebody_elses_draft_cannot_be_sent_with_a_page_of_ones_own(client: Client, at_once: None) -> None:
    write(client)
    page = on_check(client, "parent-carer")
    told = Client().post(address("parent-carer", "check"), page)
    assert (told.status_code, Comment.objects.count(), Draft.objects.count()) == (409, 0, 1)
    assert client.post(address("parent-carer", "check"), page | {"token": new_token()}).status_code == 200
