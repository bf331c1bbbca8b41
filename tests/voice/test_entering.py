"""Words from paper, phone, events and groups go the way of all others (R-V11, R-V6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice.models import Comment, Decision, MayShow, Route, Stage
from voice.operations import approve_comment, enter_comment, second_approve_comment
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
NEW = "/voice/inbox/new/"


def filled(**changes: Any) -> dict[str, Any]:
    day = today() - timedelta(days=9)
    words = {
        "channel": "paper",
        "route": "parent-carer",
        "whose_words": "mine",
        "topic": "quality",
        "text": "SECRETWORDS of a letter",
        "may_show": "summary",
        "said_on_day": day.day,
        "said_on_month": day.month,
        "said_on_year": day.year,
        "token": new_token(),
    }
    return words | changes


@pytest.mark.requirement("R-V11")
def test_a_letter_is_written_down_and_its_code_leads_to_it(
    signed_in: SignedIn, people: dict[str, User], client: Client
) -> None:
    done = signed_in("moderator").post(NEW, filled())
    comment = Comment.objects.get()
    assert (comment.channel, comment.entered_by, comment.stage) == (
        "paper",
        people["moderator"],
        Stage.RECEIVED,
    )
    assert timezone.localdate(comment.received_at) == today() - timedelta(days=9)
    step = comment.decisions.get()
    assert (step.kind, step.by, timezone.localdate(step.at)) == (
        Decision.Kind.ENTERED, people["moderator"], today(),
    )  # fmt: skip
    assert "SECRETWORDS" not in done.content.decode() and "no-store" in done.headers["Cache-Control"]
    followed = client.post("/voice/follow/", {"code": done.context["code"]})
    assert "A trained person will read it soon." in followed.content.decode()
    page = signed_in("moderator").get(f"/voice/inbox/{comment.pk}/").content.decode()
    assert "It came on paper, written down by" in page and "Written down for the sender" in page


@pytest.mark.requirement("R-S3")
def test_what_is_marked_unsafe_in_an_old_letter_is_to_be_read_from_today(signed_in: SignedIn) -> None:
    signed_in("moderator").post(NEW, filled(unsafe="on"))
    comment = Comment.objects.get()
    assert timezone.localdate(comment.received_at) == today() - timedelta(days=9)
    assert timezone.localdate(comment.flag.raised_at) == today()


def test_nothing_is_shown_unless_somebody_asked(signed_in: SignedIn) -> None:
    assert signed_in("moderator").get(NEW).context["form"]["may_show"].value() == MayShow.NOTHING


@pytest.mark.requirement("R-V11")
def test_the_same_press_twice_writes_down_one_and_gives_the_same_code(signed_in: SignedIn) -> None:
    browser, sent = signed_in("moderator"), filled()
    codes = {browser.post(NEW, sent).context["code"] for _ in range(2)}
    assert (len(codes), Comment.objects.count(), Decision.objects.count()) == (1, 1, 1)
    other = browser.post(NEW, sent | {"text": "Other words"})
    assert other.status_code == 422 and "Other words" in other.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-V6", "R-V11")
def test_who_wrote_down_a_childs_words_is_never_the_only_one_who_approves_them(
    people: dict[str, User], service: Service
) -> None:
    for first, second in (("moderator", "moderator2"), ("moderator2", "moderator")):
        comment = enter_comment(
            token=new_token(),
            channel="phone",
            route=Route.CHILD,
            topic="felt",
            text="Words of a child",
            may_show=MayShow.SUMMARY,
            said_on=today(),
            by=people["moderator"],
        ).comment
        approve_comment(
            comment=comment, version=1, text="Words", summary="A child", service=service, by=people[first]
        )
        comment.refresh_from_db()
        with pytest.raises(CannotDo):
            second_approve_comment(comment=comment, version=comment.version, by=people[first])
        assert (comment.stage, comment.is_public) == (Stage.SECOND_CHECK, False)
        second_approve_comment(comment=comment, version=comment.version, by=people[second])
        comment.refresh_from_db()
        assert comment.is_public


@pytest.mark.requirement("R-S2")
def test_what_is_marked_unsafe_goes_to_safeguarding_at_once(signed_in: SignedIn) -> None:
    signed_in("moderator").post(NEW, filled(unsafe="on"))
    comment = Comment.objects.get()
    assert comment.is_flagged
    assert signed_in("moderator").get(f"/voice/inbox/{comment.pk}/").status_code == 404


@pytest.mark.requirement("R-V6")
def test_only_moderators_write_down_words(signed_in: SignedIn, people: dict[str, User]) -> None:
    for who in people:
        if who not in ("moderator", "moderator2", "left", "nobody"):
            assert signed_in(who).post(NEW, filled()).status_code == 403, who
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"said_on_year": today().year + 1}, "said_on"),
        ({"said_on_year": today().year - 3}, "said_on"),
        ({"channel": "online"}, "channel"),
        ({"text": "  "}, "text"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    signed_in: SignedIn, changes: dict[str, Any], field: str
) -> None:
    answer = signed_in("moderator").post(NEW, filled(**changes))
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert not Comment.objects.exists()


def test_an_event_is_named_only_for_what_came_at_one(signed_in: SignedIn, service: Service) -> None:
    event, draft = make.make_event("Open day", days=-3), make.make_event("Draft", status="draft", days=-3)
    browser = signed_in("moderator")
    assert "event" in browser.post(NEW, filled(event=event.pk)).context["form"].errors
    assert "event" in browser.post(NEW, filled(event=draft.pk, channel="event")).context["form"].errors
    browser.post(NEW, filled(event=event.pk, channel="event"))
    assert Comment.objects.get().event == event
