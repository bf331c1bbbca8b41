"""Answers in Easy Read: short sentences of the service, each with a picture, and flagged when they are behind (R-Z8)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from tests.voice.test_claims import draft, in_form
from voice.easy_words import long_sentence
from voice.models import Comment, MayShow, Response, Stage
from voice.operations import edit_answer, publish_answer

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
EASY = "/voice/you-said-we-did/easy-read/"
WORDS = {"easy_said": "You wait too long.", "easy_did": "We have two more people."}
BEHIND = "The whole answer has changed since these words were written."
REASON = {"no_action_reason": "It is done."}


@pytest.fixture
def comment(service: Service) -> Comment:
    return make.make_comment(stage=Stage.APPROVED, service=service)


def rows(page: str) -> list[str]:
    found = re.findall(r'<li class="portal-easy__row">.*?</li>', page, re.DOTALL)
    assert all("<svg" in row for row in found)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", row)).strip() for row in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You wait too long. It is hard.", ""),
        ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen.", ""),
        ("Short. " + "word " * 15 + "end. Short.", "word " * 15 + "end"),
        ("They said “we wait " + "too " * 9 + "long.” So we now pay for two more people.", ""),
        ("We wait (in " + "old " * 10 + "rooms.) You can come on Monday now.", ""),
        ("", ""),
    ],
)
def test_a_sentence_of_easy_read_has_at_most_fifteen_words(text: str, found: str) -> None:
    assert long_sentence(text) == found


def test_an_answer_is_written_and_read_in_easy_read(
    signed_in: SignedIn, comment: Comment, client: Client
) -> None:
    publisher = signed_in("publisher")
    publisher.post(f"/voice/answers/new/?comment={comment.pk}", in_form(comment, **WORDS, **REASON))
    answer = Response.objects.get()
    assert (answer.is_easy, answer.easy_is_behind) == (True, False)
    assert "You wait too long." not in client.get(EASY).content.decode()
    publish_answer(
        answer=answer, version=answer.version, by=make.make_user(Role.PUBLISHER, service=comment.service)
    )
    said = ["You said: You wait too long.", "We did: We have two more people."]
    assert rows(client.get(EASY).content.decode()) == said
    page = client.get(answer.get_absolute_url()).content.decode()
    assert rows(page) == said and BEHIND not in page


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"kind": Response.Kind.WE_CANNOT}, ["We cannot: We have two more people."]),
        ({"progress": "doing"}, ["We are doing: We have two more people."]),
        ({"progress": "will_do", "do_by": datetime.date(2999, 3, 1)}, ["We will: We have two more people.", "When? By 1 March 2999."]),
        (
            {"progress": "will_do", "do_by": datetime.date(2999, 3, 1), "first_do_by": datetime.date(2024, 3, 1)},
            ["We will: We have two more people.", "When? By 1 March 2999.", "We changed the day. First we said 1 March 2024."],
        ),
        (
            {"progress": "will_do", "do_by": datetime.date(2024, 3, 1)},
            ["We will: We have two more people.", "Not done yet. We said we would do it by 1 March 2024."],
        ),
    ],
)  # fmt: skip
def test_it_says_how_it_stands(
    client: Client, comment: Comment, fields: dict[str, Any], shown: list[str]
) -> None:
    make.make_response(comment, **WORDS, **fields)
    assert rows(client.get(EASY).content.decode()) == ["You said: You wait too long.", *shown]


def test_only_what_everybody_may_read_and_has_easy_words_is_listed(client: Client, service: Service) -> None:
    hidden = make.make_comment(stage=Stage.ANSWERED, service=service, may_show=MayShow.NOTHING)
    shown = make.make_comment(stage=Stage.ANSWERED, service=service)
    make.make_response(hidden, **WORDS)
    make.make_response(shown, status=Response.Status.DRAFT, **WORDS)
    make.make_response(shown)
    make.make_response(shown, easy_said="Half of it.")
    page = client.get(EASY).content.decode()
    assert rows(page) == ["No answer is in Easy Read yet. You can ask us to tell you about one."]


def test_when_the_answer_changes_its_easy_words_are_flagged_until_somebody_has_read_them(
    signed_in: SignedIn, comment: Comment, client: Client, people: dict[str, User]
) -> None:
    answer = draft(comment, people["publisher"], **WORDS, **REASON)
    Response.objects.filter(pk=answer.pk).update(status="published", published_at=comment.received_at)
    address, browser = f"/voice/answers/{answer.pk}/edit/", signed_in("publisher")
    assert "They still say the same" not in browser.get(address).content.decode()
    form = {"kind": "we_did", "you_said": "It takes long.", "progress": "done", **WORDS, **REASON}
    page = browser.post(
        address, form | {"we_did": "We closed it.", "version": "1"}, follow=True
    ).content.decode()
    assert "Read its words in Easy Read again" in page and "They still say the same" in page
    assert BEHIND in client.get(EASY).content.decode()
    assert f'href="{address}#easy"' in browser.get("/voice/answers/").content.decode()
    sent = form | {"we_did": "We closed it.", "version": "2", "easy_is_right": "on"}
    assert "They still say the same" not in browser.post(address, sent, follow=True).content.decode()
    assert BEHIND not in client.get(EASY).content.decode()
    answer.refresh_from_db()
    edit_answer(answer=answer, version=answer.version, by=people["publisher"], we_did="We opened it.")
    assert BEHIND in client.get(answer.get_absolute_url()).content.decode()
    answer.refresh_from_db()
    edit_answer(answer=answer, version=answer.version, by=people["publisher"], easy_did="It is open.")
    assert BEHIND not in client.get(EASY).content.decode()


@pytest.mark.parametrize(
    ("words", "field", "told"),
    [
        ({"easy_said": "You wait."}, "easy_did", "Say this part in Easy Read too, or leave both empty."),
        ({"easy_did": "We did it."}, "easy_said", "Say this part in Easy Read too, or leave both empty."),
        (
            {"easy_said": "word " * 16, "easy_did": "We did it."},
            "easy_said",
            "Make this sentence shorter, 15 words at most: “word word word word…”",
        ),
    ],
)
def test_half_of_it_or_a_long_sentence_is_told_beside_the_field(
    signed_in: SignedIn, comment: Comment, words: dict[str, str], field: str, told: str
) -> None:
    page = signed_in("contributor").post(
        f"/voice/answers/new/?comment={comment.pk}", in_form(comment, **words, **REASON)
    )
    assert page.status_code == 422
    assert page.context["form"].errors == {field: [told]}
    assert all(value.strip() in page.content.decode() for value in words.values())
    assert not Response.objects.exists()


def test_the_second_person_reads_the_easy_words_too(
    signed_in: SignedIn, comment: Comment, people: dict[str, User]
) -> None:
    answer = make.make_response(comment, status=Response.Status.WAITING, by=people["contributor"], **WORDS)
    page = signed_in("moderator").get(f"/voice/answers/{answer.pk}/check/").content.decode()
    assert rows(page) == ["You said: You wait too long.", "We did: We have two more people."]


def test_five_answers_stand_on_a_page(client: Client, comment: Comment) -> None:
    for _ in range(6):
        make.make_response(comment, **WORDS)
    assert len(rows(client.get(EASY).content.decode())) == 10
    assert len(rows(client.get(EASY, {"page": "2"}).content.decode())) == 2


def test_nobody_says_that_easy_words_are_right_beside_words_they_have_not_read(
    signed_in: SignedIn, comment: Comment, people: dict[str, User]
) -> None:
    answer = draft(comment, people["publisher"], **WORDS, **REASON)
    edit_answer(answer=answer, version=1, by=people["publisher"], we_did="We closed it.")
    form = {"kind": "we_did", "you_said": "It takes long.", "progress": "done", **WORDS, **REASON}
    form |= {"comments": [comment.pk], "we_did": "We opened it.", "version": "1", "easy_is_right": "on"}
    page = signed_in("publisher").post(f"/voice/answers/{answer.pk}/edit/", form)
    assert page.status_code == 409
    html = page.content.decode()
    assert "They still say the same" in html and not re.search(r'name="easy_is_right"[^>]*checked', html)
