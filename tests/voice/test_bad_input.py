"""Whatever is typed or forged: a message beside the field or no such page, the words kept, never an error of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.tokens import new_token
from partnership.models import Service, User
from tests import factories as make
from voice.forms.questions import QUESTIONS
from voice.models import Comment, CommentOriginal, Draft, Response, Route, Stage

from .journey import answer, found_in, press_send, write

pytestmark = pytest.mark.django_db

ODD = {
    "nul": "a\x00b",
    "controls": "a\x01\x07\x1bb",
    "right to left": "a\u202eb\u2066c",
    "zero width": "\u200b\u200b\u2060",
    "marks": "a" + "\u0301" * 10_000,
    "astral": "\U0001f9d1\U000e0041\U0010ffff",
    "quotes": "'\"<script>alert(1)</script>{{ 7|add:7 }}{% now %}%s",
    "lines": "a\r\nb\rc\u2028d",
    "long": "x" * 1_000_000,
    "digits": "9" * 25,
    "space": "   \t\n ",
}
EMPTY = {"zero width", "space"}
TOO_LONG = {"long"}


@pytest.mark.parametrize("route", [Route.CHILD, Route.PARENT_CARER])
@pytest.mark.parametrize("kind", ODD)
def test_odd_words_are_kept_readable_or_told(client: Client, at_once: None, route: str, kind: str) -> None:
    told = answer(client, route, "words", text=ODD[kind])
    if kind in EMPTY | TOO_LONG:
        assert (list(told.context["form"].errors), Draft.objects.count()) == (["text"], 0)
        return
    answer(client, route, "more" if route == Route.CHILD else "topic", topic="felt")
    press_send(client, route)
    kept = CommentOriginal.objects.get().text
    assert kept == kept.strip() != ""
    assert not {"\x00", "\x01", "\r", "\u202e", "\u2066"} & set(kept)


@pytest.mark.parametrize(
    "field", ["topic", "whose_words", "may_show", "age_band", "district", "email", "feeling"]
)
@pytest.mark.parametrize("kind", sorted(set(ODD) - EMPTY))
def test_a_forged_answer_is_a_message_and_is_not_kept(client: Client, field: str, kind: str) -> None:
    page = next(one.slug for one in QUESTIONS["child"] if field in one.fields)
    told = answer(client, "child", page, **{field: ODD[kind]})
    assert (list(told.context["form"].errors), Draft.objects.count()) == ([field], 0)
    assert len(told.content) < 1_200_000


@pytest.mark.parametrize("token", ["", "forged", "a.b.c", "x" * 1_000_000, "\x00"])
def test_a_forged_token_sends_nothing_and_brings_a_fresh_one(
    client: Client, at_once: None, token: str
) -> None:
    write(client, "child", text="Kept words")
    told = press_send(client, "child", token=token)
    assert (list(told.context["form"].errors), Comment.objects.count()) == (["token"], 0)
    html = told.content.decode()
    assert "Kept words" in html
    fresh = {name: found_in(html, name) for name in ("token", "seen")}
    client.post("/voice/new/child/check/", fresh)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("code", [*ODD.values(), "", "BCD", "O01-AEI-OUB-CDF-GHJ-KLM"])
def test_an_odd_code_is_a_message_beside_the_box(client: Client, code: str) -> None:
    answer = client.post("/voice/follow/", {"code": code})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_an_odd_step_with_a_good_code_only_shows(client: Client) -> None:
    from foundation.codes import new_code

    code = new_code()
    comment = make.make_comment(code=code)
    for step in ODD.values():
        client.post("/voice/follow/", {"code": code, "step": step})
    comment.refresh_from_db()
    assert (comment.stage, comment.decisions.count()) == (Stage.RECEIVED, 0)


@pytest.mark.parametrize("field", ["text", "summary", "service", "priority", "version"])
@pytest.mark.parametrize("kind", ODD)
def test_a_moderators_form_bears_anything(
    signed_in: Callable[[str], Client], service: Service, field: str, kind: str
) -> None:
    comment = make.make_comment()
    good = {"step": "approve", "text": "Words", "summary": "Summary", "service": service.pk, "version": "1"}
    answer = signed_in("moderator").post(f"/voice/inbox/{comment.pk}/", good | {field: ODD[kind]})
    comment.refresh_from_db()
    if answer.status_code == 302:
        assert (comment.stage, "\x00" in comment.published_text) == (Stage.APPROVED, False)
    else:
        assert (answer.status_code, comment.stage) == (409 if field == "version" else 422, Stage.RECEIVED)
        kept = "Words" if field != "text" else "Summary"
        assert f"{kept}</textarea>" in answer.content.decode()


@pytest.mark.parametrize("step", ["", "approve-all", "withdrawn", "\x00", "x" * 10_000])
def test_a_forged_step_is_refused(signed_in: Callable[[str], Client], step: str) -> None:
    comment = make.make_comment()
    browser = signed_in("moderator")
    refused = browser.post(f"/voice/inbox/{comment.pk}/", {"step": step})
    comment.refresh_from_db()
    assert (refused.url, comment.stage) == (f"/voice/inbox/{comment.pk}/", Stage.RECEIVED)
    assert browser.post(f"/voice/inbox/{comment.pk}/", {"step": "claim"}).status_code == 302


@pytest.mark.parametrize(
    "field", ["kind", "you_said", "we_did", "difference", "no_action_reason", "comments", "actions"]
)
@pytest.mark.parametrize("kind", ODD)
def test_an_answer_form_bears_anything(
    signed_in: Callable[[str], Client], service: Service, field: str, kind: str
) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service)
    good: dict[str, Any] = {
        "comments": [comment.pk],
        "kind": "we_did",
        "you_said": "You said",
        "we_did": "We did",
        "no_action_reason": "Done",
        "token": new_token(),
    }
    page = f"/voice/answers/new/?comment={comment.pk}"
    answer = signed_in("contributor").post(page, good | {field: ODD[kind]})
    if answer.status_code == 302:
        saved = getattr(Response.objects.get(), field) if field not in ("comments", "actions") else ""
        assert not {"\x00", "\x01", "\u202e"} & set(saved)
    else:
        assert (answer.status_code, Response.objects.count()) == (422, 0)
        assert "You said" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/voice/inbox/{}/",
        "/voice/safeguarding/{}/",
        "/voice/answers/{}/edit/",
        "/voice/you-said-we-did/{}/",
    ],
)
@pytest.mark.parametrize("number", ["9" * 25, "9" * 18, "0", "-1", "1e3", "x", "\u0661"])
def test_a_number_that_nobody_has_is_no_page(
    signed_in: Callable[[str], Client], people: dict[str, User], path: str, number: str
) -> None:
    for who in ("moderator", "safeguarding", "publisher"):
        assert signed_in(who).get(path.format(number)).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["", "?comment=", "?comment=x", "?comment=" + "9" * 25, "?comment=-1", "?comment=" + "&comment=1" * 900],
)
def test_answering_nothing_goes_back_to_the_list(
    signed_in: Callable[[str], Client], service: Service, query: str
) -> None:
    answer = signed_in("contributor").get(f"/voice/answers/new/{query}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/voice/answers/")


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("field", ["outcome", "reference"])
def test_an_outcome_form_bears_anything(
    signed_in: Callable[[str], Client], people: dict[str, User], kind: str, field: str
) -> None:
    from django.utils import timezone

    flag = make.make_comment(flagged=True).flag
    flag.read_by, flag.read_at = people["safeguarding"], timezone.now()
    flag.save()
    words = {"step": "outcome", "outcome": "known", "reference": "R"} | {field: ODD[kind]}
    answer = signed_in("safeguarding").post(f"/voice/safeguarding/{flag.pk}/", words)
    flag.refresh_from_db()
    assert (answer.status_code, flag.outcome) in [(302, "known"), (422, "")]
    assert "\x00" not in flag.reference
