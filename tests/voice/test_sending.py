"""Have your say: what is asked, what is kept, and that nothing is lost or doubled (R-V1 to R-V5, R-V8, R-V10, R-V12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.codes import code_digest, code_from_token
from foundation.tokens import SpentToken, new_token
from partnership.models import District, User
from tests import factories as make
from voice import limits
from voice.forms.sending import opened_now, send_form_for
from voice.models import Comment, CommentContact, CommentOriginal, MayShow, Route, Topic, WhoseWords

pytestmark = pytest.mark.django_db

NEW = {route: f"/voice/new/{route}/" for route in Route.values}


def typed(**changes: Any) -> dict[str, Any]:
    """What a browser sends with the two needed answers and nothing else."""
    answers = {
        "topic": "missing",
        "text": "No lift at the clinic.",
        "token": new_token(),
        "opened": opened_now(),
    }
    return answers | changes


def shown_code(response: Any) -> str:
    """The code as it stands on the page."""
    groups = re.findall(r'portal-code__group">([^<]+)<', response.content.decode())
    return "-".join(groups)


def token_on(response: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert found
    return found.group(1)


@pytest.mark.requirement("R-V1")
@pytest.mark.parametrize("route", Route.values)
def test_each_way_in_needs_no_account_and_gives_a_code(client: Client, route: str, at_once: None) -> None:
    page = client.get(NEW[route])
    sent = client.post(NEW[route], typed(token=token_on(page)))
    comment = Comment.objects.get()
    assert (comment.route, comment.code_digest) == (route, code_digest(shown_code(sent)))


@pytest.mark.requirement("R-V1")
def test_the_child_has_faces_easier_words_and_large_targets(client: Client) -> None:
    child = client.get(NEW["child"]).content.decode()
    adult = client.get(NEW["parent-carer"]).content.decode()
    assert (child.count("portal-face--"), adult.count("portal-face--")) == (5, 0)
    assert ("How do you feel?" in child, "How do you feel?" in adult) == (True, False)
    assert (child.count("portal-child"), adult.count("portal-child")) == (1, 0)


def test_a_way_in_that_is_not_there_is_no_page(client: Client) -> None:
    assert client.get("/voice/new/journalist/").status_code == 404
    assert client.get(NEW["child"]).status_code == 200


@pytest.mark.requirement("R-V2")
def test_only_topic_and_comment_are_needed() -> None:
    form = send_form_for("parent-carer")(route="parent-carer")
    needed = {name for name, field in form.fields.items() if field.required} - {"token"}
    assert needed == {"topic", "text"}


@pytest.mark.requirement("R-V2")
@pytest.mark.parametrize("route", Route.values)
def test_these_are_all_the_questions_and_none_asks_who_somebody_is(route: str) -> None:
    form = send_form_for(route)(route=route)
    asked = {"topic", "text", "whose_words", "may_show", "age_band", "district", "email", "unsafe"}
    asked |= {"feeling"} if route == "child" else set()
    assert set(form.fields) == asked | {"token", "opened", "website"}
    assert {question.name for question in form.questions} == asked


@pytest.mark.requirement("R-V2")
def test_a_comment_with_the_two_needed_answers_keeps_nothing_else(client: Client, at_once: None) -> None:
    client.post(NEW["young-person"], typed())
    comment = Comment.objects.get()
    left = (
        comment.whose_words,
        comment.age_band,
        comment.district,
        comment.entered_by,
        comment.published_text,
    )
    assert left == ("", "", None, None, "")
    assert CommentContact.objects.count() == 0


def test_everything_that_is_given_is_kept(client: Client, at_once: None) -> None:
    north = District.objects.create(slug="north", name="North")
    given = {
        "whose_words": "for_someone",
        "age_band": "5-10",
        "district": north.pk,
        "email": "me@example.org",
    }
    client.post(NEW["parent-carer"], typed(may_show="words", **given))
    kept = Comment.objects.get()
    assert (kept.topic, kept.whose_words, kept.age_band, kept.district) == (
        "missing",
        "for_someone",
        "5-10",
        north,
    )
    assert (kept.may_show, kept.contact.email, kept.original.text) == (
        "words",
        "me@example.org",
        "No lift at the clinic.",
    )


@pytest.mark.requirement("R-V3")
@pytest.mark.parametrize("whose", WhoseWords.values)
def test_whose_words_they_are_is_kept(client: Client, at_once: None, whose: str) -> None:
    client.post(NEW["child"], typed(whose_words=whose))
    assert Comment.objects.get().whose_words == whose


@pytest.mark.requirement("R-V4")
def test_topics_are_those_of_the_regulation_and_two_more() -> None:
    assert set(Topic.values) == {"quality", "missing", "information", "involved", "felt", "went_well"}
    for route in Route.values:
        form = send_form_for(route)(route=route)
        assert {value for value, _ in form.fields["topic"].choices} == set(Topic.values)


@pytest.mark.requirement("R-V5")
def test_only_a_summary_may_be_shown_unless_somebody_says_otherwise(client: Client, at_once: None) -> None:
    page = client.get(NEW["parent-carer"]).content.decode()
    assert re.findall(r'name="may_show" value="(\w+)"[^>]*checked', page) == ["summary"]
    client.post(NEW["parent-carer"], typed())
    for choice in MayShow.values:
        client.post(NEW["parent-carer"], typed(may_show=choice))
    kept = Comment.objects.order_by("pk").values_list("may_show", flat=True)
    assert list(kept) == ["summary", *MayShow.values]


def test_a_face_alone_is_enough_for_a_child(client: Client, at_once: None) -> None:
    client.post(NEW["child"], {"feeling": "sad", "token": new_token(), "opened": opened_now()})
    comment = Comment.objects.get()
    assert (comment.topic, comment.original.feeling, comment.original.text) == ("felt", "sad", "")


def test_a_child_is_told_when_there_is_neither_face_nor_word(client: Client, at_once: None) -> None:
    answer = client.post(NEW["child"], {"token": new_token(), "opened": opened_now()})
    assert answer.context["form"].errors == {"feeling": ["Choose a face or tell us in words."]}
    assert Comment.objects.count() == 0


@pytest.mark.requirement("R-V8")
def test_the_code_is_shown_and_only_its_hash_is_kept(client: Client, at_once: None) -> None:
    code = shown_code(client.post(NEW["parent-carer"], typed()))
    assert len(code.replace("-", "")) == 18
    kept = str(list(Comment.objects.values())) + str(list(SpentToken.objects.values()))
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.requirement("R-V8")
def test_sending_the_same_page_again_keeps_one_and_shows_the_same_code(client: Client, at_once: None) -> None:
    page = typed()
    first, again = client.post(NEW["child"], page), client.post(NEW["child"], page)
    assert shown_code(first) == shown_code(again) == code_from_token(page["token"])
    assert (Comment.objects.count(), CommentOriginal.objects.count()) == (1, 1)


def test_the_same_page_with_other_words_keeps_the_first_and_offers_to_send_the_second(
    client: Client, at_once: None
) -> None:
    page = typed(text="First words.")
    code = shown_code(client.post(NEW["parent-carer"], page))
    changed = client.post(NEW["parent-carer"], page | {"text": "Second words."})
    assert list(CommentOriginal.objects.values_list("text", flat=True)) == ["First words."]
    assert shown_code(changed) == code
    assert "Second words.</textarea>" in changed.content.decode()
    client.post(NEW["parent-carer"], typed(text="Second words.", token=token_on(changed)))
    kept = CommentOriginal.objects.order_by("pk").values_list("text", flat=True)
    assert list(kept) == ["First words.", "Second words."]


@pytest.mark.requirement("R-V12")
def test_a_filled_trap_keeps_nothing_but_the_words_and_one_more_press_sends(
    client: Client, at_once: None
) -> None:
    caught = client.post(NEW["parent-carer"], typed(website="https://example.org"))
    assert (Comment.objects.count(), caught.context["form"]["website"].value()) == (0, "")
    assert "No lift at the clinic.</textarea>" in caught.content.decode()
    client.post(NEW["parent-carer"], typed(website=caught.context["form"]["website"].value()))
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V12")
def test_what_is_sent_faster_than_anyone_reads_waits_for_one_more_press(client: Client) -> None:
    page = typed()
    quick = client.post(NEW["parent-carer"], page)
    assert (Comment.objects.count(), quick.context["form"].non_field_errors()) == (
        0,
        ["We could not send this the first time. Your words are still here. Please press send again."],
    )
    assert "No lift at the clinic.</textarea>" in quick.content.decode()


@pytest.mark.requirement("R-V12")
def test_after_two_seconds_it_is_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = typed()
    import time

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3)
    client.post(NEW["parent-carer"], page)
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V12")
def test_a_forged_time_is_not_believed(client: Client, at_once: None) -> None:
    client.post(NEW["parent-carer"], typed(opened="opened.1.forged"))
    assert Comment.objects.count() == 0
    client.post(NEW["parent-carer"], typed())
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V12")
@pytest.mark.parametrize("limit", ["address", "route", "all"])
def test_a_limit_keeps_the_words_and_says_when_to_try_again(
    client: Client, at_once: None, settings: Any, limit: str
) -> None:
    settings.VOICE_LIMITS = {"sending": {limit: 2}}
    kept = [client.post(NEW["child"], typed()).status_code for _ in range(2)]
    stopped = client.post(NEW["child"], typed(text="One too many."))
    assert (kept, stopped.status_code, Comment.objects.count()) == ([200, 200], 429, 2)
    assert "One too many.</textarea>" in stopped.content.decode()
    assert "wait a few minutes" in stopped.content.decode()


@pytest.mark.requirement("R-V12")
def test_one_address_does_not_shut_out_another_and_a_whole_school_fits(
    client: Client, at_once: None, settings: Any
) -> None:
    assert limits.SENDING["address"] >= 200
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    client.post(NEW["child"], typed(), REMOTE_ADDR="192.0.2.1")
    here = client.post(NEW["child"], typed(), REMOTE_ADDR="192.0.2.1")
    elsewhere = client.post(NEW["child"], typed(), REMOTE_ADDR="192.0.2.2")
    assert (here.status_code, elsewhere.status_code, Comment.objects.count()) == (429, 200, 2)


@pytest.mark.requirement("R-V12")
def test_a_made_up_forwarded_address_does_not_dodge_the_limit(
    client: Client, at_once: None, settings: Any
) -> None:
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    settings.PORTAL_PROXIES = 1
    for made_up in ("203.0.113.1", "203.0.113.2"):
        last = client.post(NEW["child"], typed(), HTTP_X_FORWARDED_FOR=f"{made_up}, 192.0.2.1")
    assert (last.status_code, Comment.objects.count()) == (429, 1)


@pytest.mark.requirement("R-V12")
def test_no_address_is_kept_with_a_comment_or_in_the_cache(client: Client, at_once: None) -> None:
    from django.core.cache import cache

    client.post(NEW["child"], typed(), REMOTE_ADDR="192.0.2.77")
    assert Comment.objects.count() == 1
    tables = [model.objects.values() for model in (Comment, CommentOriginal, SpentToken)]
    assert "192.0.2.77" not in str([list(rows) for rows in tables])
    assert cache._cache
    assert "192.0.2.77" not in str(cache._cache)


@pytest.mark.requirement("R-V10")
def test_every_way_in_says_what_it_is_not_for_with_the_numbers_before_the_box(
    client: Client, numbers: None
) -> None:
    make.make_partnership(reading_hours="Tuesdays from ten to noon", reply_days=13)
    home = client.get("/voice/").content.decode()
    assert "not for emergencies, complaints or appeals" in home
    assert 'href="tel:999"' in home
    assert "01632 960001" in home
    assert 'href="https://example.org/advice"' in home
    assert "Tuesdays from ten to noon" in home
    assert "13 working days" in home
    assert reverse("partnership:help_my_child") in home
    assert reverse("partnership:help_safe") in home
    for address in NEW.values():
        page = client.get(address).content.decode()
        assert 0 < page.index("01632 960001") < page.index("<textarea")
    adult = client.get(NEW["parent-carer"]).content.decode()
    assert "Tuesdays from ten to noon" in adult
    assert "13 working days" in adult


@pytest.mark.requirement("R-S1")
@pytest.mark.parametrize("unsafe", ["", "on"])
def test_the_help_numbers_are_shown_whatever_was_ticked(
    client: Client, at_once: None, numbers: None, unsafe: str
) -> None:
    sent = client.post(NEW["child"], typed(unsafe=unsafe)).content.decode()
    assert 'href="tel:999"' in sent
    assert "01632 960001" in sent
    assert Comment.objects.get().is_flagged == bool(unsafe)


def test_an_unchecked_number_is_shown_but_is_no_link(client: Client, numbers: None) -> None:
    page = client.get("/voice/").content.decode()
    assert "01632 960001" in page
    assert 'href="tel:01632960001"' not in page


@pytest.mark.requirement("R-V8")
def test_the_code_page_is_kept_nowhere(client: Client, at_once: None) -> None:
    sent = client.post(NEW["child"], typed())
    assert shown_code(sent)
    assert sent.headers["Cache-Control"] == "no-store, private"
    assert sent.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("R-V8")
def test_two_presses_at_the_same_moment_make_one_comment_with_one_code(
    at_once: None, together: Callable[..., list[Any]]
) -> None:
    page = typed()

    def press() -> tuple[int, str]:
        response = Client().post(NEW["child"], page)
        return response.status_code, shown_code(response)

    assert together(*[press] * 4) == [(200, code_from_token(page["token"]))] * 4
    assert together(Comment.objects.count, CommentOriginal.objects.count) == [1, 1]


def test_the_words_stand_in_no_statement_when_the_page_was_sent_before(
    client: Client, at_once: None, django_assert_max_num_queries: Any
) -> None:
    page = typed(text="Words that must not be written twice")
    client.post(NEW["child"], page)
    with django_assert_max_num_queries(40) as asked:
        client.post(NEW["child"], page)
    assert asked.captured_queries
    assert not [one for one in asked.captured_queries if "must not be written" in one["sql"]]


def test_a_signed_in_person_may_have_their_say_too(client: Client, at_once: None) -> None:
    person: User = make.make_user()
    client.force_login(person)
    client.post(NEW["parent-carer"], typed())
    assert Comment.objects.get().entered_by is None


@pytest.mark.parametrize(
    ("route", "folded"),
    [
        ("child", ["topic", "whose_words", "age_band", "district", "email"]),
        ("parent-carer", ["age_band", "district"]),
    ],
)
def test_questions_nobody_needs_to_answer_wait_closed_and_open_when_something_needs_mending(
    client: Client, route: str, folded: list[str]
) -> None:
    fresh = client.get(NEW[route])
    assert [box.name for box in fresh.context["form"].more_questions] == folded
    assert b'<details class="govuk-details portal-more">' in fresh.content
    sent = client.post(NEW[route], {"age_band": "5-10"})
    assert b'<details class="govuk-details portal-more" open>' in sent.content
