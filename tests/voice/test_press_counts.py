"""How many questions a press asks that sends, decides or answers (S4)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from foundation.tokens import new_token
from partnership.models import User
from tests import factories as make
from tests.asked import asked_by, browser_of
from voice.models import Comment, Response, Stage

from .full_world import build
from .journey import WORDS, address, on_check, write

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SAVED = {"claim": 8, "refuse": 15, "approve": 23, "second-approve": 14, "draft": 17, "publish": 21}
"""The press, and the most that it asks: 20, but for what writes to as many places as approving and publishing do."""


@pytest.fixture
def world(settings: Any, people: dict[str, User]) -> SimpleNamespace:
    settings.PORTAL_PAGE_CACHE = True
    return build(people)


@pytest.mark.usefixtures("at_once")
def test_sending_asks_at_most_twenty_questions(world: SimpleNamespace) -> None:
    browser = Client()
    write(browser, "parent-carer", email="someone@example.org", may_show="words")
    carried = on_check(browser, "parent-carer")
    asked = asked_by(lambda: browser.post(address("parent-carer", "check"), carried))
    assert len(asked) <= 20, "\n".join(asked)
    assert Comment.objects.filter(original__text=WORDS).exists()


@pytest.mark.parametrize("step", ["refuse", "claim", "approve", "second-approve"])
def test_a_moderators_press_asks_at_most_so_many(world: SimpleNamespace, step: str) -> None:
    who = "moderator2" if step == "second-approve" else "moderator"
    browser, one = browser_of(world.people[who]), world.second if step == "second-approve" else world.unread
    words = {"text": "Fewer words", "summary": "A summary", "service": world.service.pk}
    form = {"step": step, "version": one.version, "reason": "vexatious"} | words
    asked = asked_by(lambda: browser.post(f"/voice/inbox/{one.pk}/", form))
    assert len(asked) <= SAVED[step], "\n".join(asked)
    one.refresh_from_db()
    done = {"claim": one.claimed_by == world.people[who], "refuse": one.stage == Stage.NOT_PUBLISHED}
    assert done.get(step, one.stage == Stage.APPROVED)


@pytest.mark.parametrize("press", ["draft", "publish"])
def test_an_answer_is_saved_and_published_with_at_most_so_many(world: SimpleNamespace, press: str) -> None:
    browser = browser_of(world.people["publisher"])
    comment = make.make_comment(stage=Stage.APPROVED, email="told@example.org", **world.approved)
    form = {
        "comments": [comment.pk],
        "kind": "we_did",
        "you_said": "Long.",
        "we_did": "Less.",
        "progress": "done",
    }
    form |= {"no_action_reason": "It is done.", "token": new_token()}
    if press == "draft":
        asked = asked_by(lambda: browser.post(f"/voice/answers/new/?comment={comment.pk}", form))
        assert Response.objects.filter(you_said="Long.").exists()
    else:
        answer = make.make_response(comment, status=Response.Status.DRAFT, by=world.people["contributor"])
        publish = f"/voice/answers/{answer.pk}/publish/"
        asked = asked_by(lambda: browser.post(publish, {"version": answer.version}))
        assert Response.objects.get(pk=answer.pk).is_published
    assert len(asked) <= SAVED[press], "\n".join(asked)
