"""What was said at an event goes to the moderators, and its page shows what came of it (R-E3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.tokens import new_token
from partnership.models import User
from tests import factories as make
from voice.models import Comment, Event, SafeguardingFlag, Stage
from voice.operations import add_said, approve_comment
from voice.operations.errors import CannotDo
from voice.views.event_staff import SAID_BEFORE, SAID_SENT

pytestmark = pytest.mark.django_db

WORDS = "Nobody told us when we would hear."


@pytest.fixture
def event() -> Event:
    return make.make_event("Tea", slug="tea", days=-1)


def filled(**answers: str) -> dict[str, str]:
    sent = {"route": "parent-carer", "topic": "information", "text": WORDS, "may_show": "words"}
    return sent | {"token": new_token()} | answers


def text_of(page: Any) -> str:
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.requirement("R-E3")
@pytest.mark.parametrize("who", ["programme", "moderator"])
def test_words_of_an_event_go_to_the_moderators_with_the_event_as_their_source(
    event: Event, who: str, signed_in: Callable[[str], Client], people: dict[str, User]
) -> None:
    done = signed_in(who).post(f"/voice/events/{event.pk}/said/", filled(), follow=True)
    assert SAID_SENT in text_of(done) and WORDS not in text_of(done)
    comment = Comment.objects.get()
    assert (comment.event, comment.channel, comment.entered_by) == (event, "event", people[who])
    assert (comment.stage, comment.original.text, comment.is_public) == (Stage.RECEIVED, WORDS, False)
    inbox = signed_in("moderator").get(f"/voice/inbox/{comment.pk}/")
    assert "Said at Tea, written down by" in text_of(inbox).replace("Tea ,", "Tea,")


@pytest.mark.requirement("R-E3", "R-V6")
def test_the_page_shows_only_what_is_published_with_the_answer_and_the_action(
    event: Event, signed_in: Callable[[str], Client], people: dict[str, User], service: Any
) -> None:
    signed_in("programme").post(f"/voice/events/{event.pk}/said/", filled())
    waiting = Comment.objects.get()
    address = event.get_absolute_url()
    before = text_of(Client().get(address))
    assert "Nothing is shown here yet." in before and WORDS not in before
    approve_comment(
        comment=waiting, version=waiting.version, text=WORDS, service=service, by=people["moderator"]
    )
    page = text_of(Client().get(address))
    assert WORDS in page and "A service will answer this." in page
    action = make.make_action(make.make_plan(service), title="Give a date")
    hidden = make.make_action(make.make_plan(service, status="draft"), title="Draft action")
    make.make_response(waiting, actions=(action, hidden), we_did="We give a date in writing.")
    make.make_response(waiting, status="draft", we_did="Draft words of an answer.")
    Comment.objects.filter(pk=waiting.pk).update(stage=Stage.ANSWERED)
    page = text_of(Client().get(address))
    for words in ("We give a date in writing.", "Give a date"):
        assert words in page
    for words in ("Draft words", "Draft action", "A service will answer this."):
        assert words not in page


@pytest.mark.requirement("R-E3", "R-V6", "R-S2")
def test_what_nobody_may_read_changes_neither_the_page_nor_a_number_on_it(
    event: Event, service: Any, signed_in: Callable[[str], Client]
) -> None:
    make.make_comment(stage=Stage.ANSWERED, service=service, event=event, published_text="Shown to all")
    first = text_of(Client().get(event.get_absolute_url()))
    desk = text_of(signed_in("programme").get(f"/voice/events/{event.pk}/"))
    make.make_comment("Flagged", stage=Stage.APPROVED, service=service, event=event, flagged=True)
    make.make_comment("Flagged, unread", event=event, flagged=True)
    assert text_of(signed_in("programme").get(f"/voice/events/{event.pk}/")) == desk
    make.make_comment("Unread", event=event)
    make.make_comment("Second", stage=Stage.SECOND_CHECK, event=event, route="child")
    make.make_comment("Nothing", stage=Stage.APPROVED, service=service, event=event, may_show="nothing")
    make.make_comment("Refused", stage=Stage.NOT_PUBLISHED, event=event)
    assert text_of(Client().get(event.get_absolute_url())) == first
    assert "2 things wait for a moderator." in text_of(
        signed_in("programme").get(f"/voice/events/{event.pk}/")
    )


@pytest.mark.requirement("R-E3", "R-V6")
def test_a_childs_words_from_an_event_need_two_moderators_too(
    event: Event, people: dict[str, User], service: Any
) -> None:
    said = add_said(
        token=new_token(), event=event, route="child", topic="felt", text=WORDS, may_show="words", by=people["programme"]
    ).comment  # fmt: skip
    done = approve_comment(
        comment=said, version=said.version, text=WORDS, service=service, by=people["moderator"]
    )
    assert (done.stage, done.is_public) == (Stage.SECOND_CHECK, False)


@pytest.mark.requirement("R-E3", "R-S2")
def test_what_may_mean_that_somebody_is_unsafe_goes_to_safeguarding_alone(
    event: Event, signed_in: Callable[[str], Client]
) -> None:
    signed_in("programme").post(f"/voice/events/{event.pk}/said/", filled(unsafe="on"))
    flag = SafeguardingFlag.objects.get()
    assert signed_in("moderator").get(f"/voice/inbox/{flag.comment_id}/").status_code == 404


def test_a_double_click_adds_it_once_and_other_words_ask_for_one_more_press(
    event: Event, signed_in: Callable[[str], Client]
) -> None:
    team, sent = signed_in("programme"), filled()
    team.post(f"/voice/events/{event.pk}/said/", sent)
    assert SAID_BEFORE in text_of(team.post(f"/voice/events/{event.pk}/said/", sent, follow=True))
    other = team.post(f"/voice/events/{event.pk}/said/", sent | {"text": "Other words"})
    assert (other.status_code, "Other words" in other.content.decode(), Comment.objects.count()) == (
        422,
        True,
        1,
    )
    token = re.search(r'name="token" value="([^"]+)"', other.content.decode())
    assert token is not None
    team.post(f"/voice/events/{event.pk}/said/", sent | {"text": "Other words", "token": token[1]})
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("fields", [{"days": 3}, {"status": "draft"}, {"status": "cancelled", "days": -1}])
def test_nothing_was_said_before_it_began_or_where_it_did_not_take_place(
    fields: dict[str, Any], people: dict[str, User]
) -> None:
    given = {"route": "child", "topic": "felt", "text": WORDS, "may_show": "words", "by": people["programme"]}
    with pytest.raises(CannotDo):
        add_said(token=new_token(), event=make.make_event(**fields), **given)
