"""The inbox: clocks, what narrows it, what is done to many at once, where things are sent on to, and the log (R-V6, R-V9)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation.versions import VersionConflict
from partnership.calendar import working_days_between
from partnership.models import Service, User
from tests import factories as make
from voice.clocks import is_late, promised_since
from voice.models import Comment, Decision, RefusalReason, Response, Route, Stage, Topic
from voice.operations import claim_comment, flag_comment, refuse_comment, reroute_comment, withdraw_comment
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]


def listed(browser: Client, query: str = "") -> list[Comment]:
    return list(browser.get(f"/voice/inbox/{query}").context["page"].object_list)


def ago(**time: int) -> datetime.datetime:
    return timezone.now() - timedelta(**time)


@pytest.mark.requirement("R-V9")
def test_how_long_each_waits_is_marked_and_what_is_done_is_not(signed_in: SignedIn, service: Service) -> None:
    for days in (1, 40, 280, 400):
        make.make_comment(received_at=ago(days=days))
        make.make_comment(received_at=ago(days=days), stage=Stage.APPROVED, service=service)
        make.make_comment(received_at=ago(days=days), stage=Stage.ANSWERED, service=service)
    browser = signed_in("moderator")
    assert [row.clock for row in listed(browser)] == ["year", "nine", "late", ""]
    assert [row.clock for row in listed(browser, "?show=with-services")] == ["year", "nine", "", ""]
    assert {row.clock for row in listed(browser, "?show=done")} == {""}
    assert "Longer than we promise" in browser.get("/voice/inbox/").content.decode()


days = st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31))


@given(days, st.integers(0, 40), st.integers(0, 120), st.sets(days, max_size=12))
def test_late_means_more_working_days_than_promised(
    today: datetime.date, promised: int, before: int, holidays: set[datetime.date]
) -> None:
    came = today - timedelta(days=before)
    moment = timezone.make_aware(datetime.datetime.combine(came, datetime.time(13)))
    late = is_late(moment, promised_since(today, promised, holidays=holidays))
    assert late == (working_days_between(came, today, holidays=holidays) > promised)


def test_the_inbox_is_narrowed_by_topic_route_service_theme_and_who_has_it(
    signed_in: SignedIn, people: dict[str, User], service: Service
) -> None:
    one = make.make_comment(topic=Topic.FELT, route=Route.PRACTITIONER)
    two = make.make_comment()
    three = make.make_comment()
    theme = make.make_theme("Waiting", two)
    claim_comment(comment=two, by=people["moderator"])
    claim_comment(comment=three, by=people["moderator2"])
    browser = signed_in("moderator")
    assert listed(browser, "?topic=felt") == listed(browser, "?route=practitioner") == [one]
    assert listed(browser, f"?theme={theme.pk}") == listed(browser, "?held=me") == [two]
    assert listed(browser, "?held=nobody") == [one]
    assert listed(browser, "?topic=nothing&theme=999999") == [one, two, three]
    Comment.objects.filter(pk=three.pk).update(claimed_at=ago(days=2))  # a claim holds for a day
    assert listed(browser, "?held=nobody") == [one, three]
    sent = make.make_comment(stage=Stage.APPROVED, service=service)
    make.make_comment(stage=Stage.APPROVED)
    assert listed(browser, f"?show=with-services&service={service.pk}") == [sent]


def do(browser: Client, what: str, *comments: Comment, **more: Any) -> tuple[int, list[str]]:
    """Press the button for these, and what is told afterwards."""
    sent = {"do": what, "chosen": [row.pk for row in comments]} | more
    answer = browser.post("/voice/inbox/", sent, follow=True)
    return answer.status_code, [str(message) for message in answer.context["messages"]]


@pytest.mark.requirement("R-V6")
def test_taking_many_leaves_what_somebody_else_has_and_names_it(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    free, mine, theirs, unsafe = (make.make_comment() for _ in range(4))
    done = make.make_comment(stage=Stage.APPROVED)
    claim_comment(comment=mine, by=people["moderator"])
    claim_comment(comment=theirs, by=people["moderator2"])
    flag_comment(comment=unsafe, by=people["moderator2"])
    code, told = do(signed_in("moderator"), "claim", free, mine, theirs, unsafe, done)
    assert (code, told) == (
        200,
        [
            "Done: 2 comments.",
            f"Left as it was: number {theirs.pk}: {people['moderator2']} has it; "
            f"number {unsafe.pk}: it is not here any more; number {done.pk}: it does not wait to be read.",
        ],
    )
    held = Comment.objects.filter(claimed_by=people["moderator"])
    assert set(held) == {free, mine}
    code, told = do(signed_in("moderator"), "release", free, mine, theirs)
    assert not held.all().exists() and told[0] == "Done: 2 comments."
    assert Comment.objects.get(claimed_by=people["moderator2"]) == theirs


def test_many_get_a_theme_and_go_on_to_another_service_each_by_itself(
    signed_in: SignedIn, people: dict[str, User], service: Service
) -> None:
    sent = [make.make_comment(stage=Stage.APPROVED, service=service) for _ in range(2)]
    unread, back = make.make_comment(), make.make_comment()
    withdraw_comment(comment=back)
    other, browser = make.make_service("Other"), signed_in("moderator")
    _, told = do(browser, "tag", *sent, unread, back, new_theme="Waiting")
    assert told == [
        "Done: 3 comments.", f"Left as it was: number {back.pk}: its sender took it back.",
    ]  # fmt: skip
    assert {row.theme_rows.get().theme.name for row in (*sent, unread)} == {"Waiting"}
    _, told = do(browser, "reroute", *sent, unread, service=other.pk, reason="wrong")
    assert told[0] == "Done: 2 comments." and f"number {unread.pk}" in told[1]
    assert set(Comment.objects.filter(service=other)) == set(sent)
    unread.refresh_from_db()
    assert unread.stage == Stage.RECEIVED


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "chosen"),
        ({"do": "claim"}, "chosen"),
        ({"chosen": ["1"]}, "do"),
        ({"chosen": ["1"], "do": "tag"}, "theme"),
        ({"chosen": ["1"], "do": "reroute"}, "service"),
        ({"chosen": ["1"], "do": "reroute", "service": "x"}, "reason"),
        ({"chosen": ["1"], "do": "approve"}, "do"),
        ({"chosen": ["1"], "do": "publish"}, "do"),
        ({"chosen": ["1"] * 51, "do": "claim"}, "chosen"),
    ],
)
def test_a_bulk_step_that_lacks_something_says_so_and_nothing_can_be_approved_in_bulk(
    signed_in: SignedIn, sent: dict[str, Any], field: str
) -> None:
    comment = make.make_comment(pk=1)
    answer = signed_in("moderator").post("/voice/inbox/", sent)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    ticked = answer.content.decode().count('id="chosen-1" checked')
    assert ticked == bool(sent.get("chosen"))
    comment.refresh_from_db()
    assert (comment.stage, comment.claimed_by, comment.decisions.count()) == (Stage.RECEIVED, None, 0)


@pytest.mark.requirement("R-V6")
def test_what_is_with_a_service_goes_on_to_another_with_the_reason_in_the_log(
    signed_in: SignedIn, people: dict[str, User], service: Service
) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service)
    draft = make.make_response(comment, service=service, status=Response.Status.DRAFT)
    other = make.make_service("Transport")
    make.make_membership(people["other"], "contributor", service=other)
    page = f"/voice/inbox/{comment.pk}/"
    sent = {"step": "reroute", "service": other.pk, "reason": "wrong", "version": comment.version}
    assert signed_in("moderator").post(page, sent).status_code == 302
    comment.refresh_from_db()
    step = comment.decisions.get(kind=Decision.Kind.REROUTED)
    assert (comment.service, step.by, step.rerouting.from_service) == (other, people["moderator"], service)
    html = signed_in("moderator").get(page).content.decode()
    assert "From Speech therapy to Transport. It was sent to the wrong service." in html
    assert not draft.answered.exists()
    before = signed_in("contributor").get("/voice/answers/")
    assert list(before.context["page"].object_list) == []
    assert "It is with Transport now." in before.content.decode()
    assert list(signed_in("other").get("/voice/answers/").context["page"].object_list) == [comment]


def test_only_what_is_unanswered_and_free_is_sent_on(people: dict[str, User], service: Service) -> None:
    by, other = people["moderator"], make.make_service()

    def send(comment: Comment, to: Service = other) -> None:
        reroute_comment(comment=comment, version=comment.version, service=to, reason="wrong", by=by)

    sent = make.make_comment(stage=Stage.APPROVED, service=service)
    for comment in (make.make_comment(), make.make_comment(stage=Stage.ANSWERED, service=service)):
        with pytest.raises(CannotDo):
            send(comment)
    with pytest.raises(CannotDo):
        send(sent, service)
    with pytest.raises(Comment.DoesNotExist):
        send(make.make_comment(stage=Stage.APPROVED, service=service, flagged=True))
    claim_comment(comment=sent, by=people["moderator2"])
    with pytest.raises(CannotDo):
        send(sent)
    sent.version = 99
    with pytest.raises(VersionConflict):
        send(sent)
    assert not Decision.objects.filter(kind=Decision.Kind.REROUTED).exists()


@pytest.mark.requirement("R-S2")
def test_a_service_is_told_nothing_of_what_was_sent_on_and_is_marked_unsafe_now(
    signed_in: SignedIn, people: dict[str, User], service: Service
) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service)
    other, by = make.make_service("Transport"), people["moderator"]
    reroute_comment(comment=comment, version=1, service=other, reason="asked", by=by)
    assert "Transport" in signed_in("contributor").get("/voice/answers/").content.decode()
    flag_comment(comment=comment, by=by)
    assert "Transport" not in signed_in("contributor").get("/voice/answers/").content.decode()


@pytest.mark.requirement("R-V6", "R-S2")
def test_the_log_holds_every_decision_newest_first_but_none_about_safety(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    first, unsafe = make.make_comment("SECRETWORDS"), make.make_comment("SECRETWORDS")
    claim_comment(comment=first, by=people["moderator"])
    claim_comment(comment=unsafe, by=people["moderator"])
    refuse_comment(comment=first, version=1, reason=RefusalReason.VEXATIOUS, by=people["moderator"])
    flag_comment(comment=unsafe, by=people["moderator2"])
    seen = signed_in("moderator2").get("/voice/inbox/log/")
    assert [(row.comment, row.kind) for row in seen.context["page"].object_list] == [
        (first, "not_published"),
        (first, "claimed"),
    ]
    html = signed_in("auditor").get("/voice/inbox/log/").content.decode()
    assert "Not published: it is vexatious" in html
    assert "SECRETWORDS" not in html and f"/voice/inbox/{first.pk}/" not in html
    Comment.objects.filter(pk=unsafe.pk).update(is_flagged=False)  # safety is dealt with: its steps stay out
    of_safety = (
        "flag_read",
        "outcome",
        "withdraw_asked",
        "erase_asked",
        "unflag_asked",
        "unflag_declined",
        "unflagged",
    )
    for kind in of_safety:
        Decision.objects.create(comment=unsafe, kind=kind, by=people["safeguarding"], at=timezone.now())
    kinds = [row.kind for row in signed_in("auditor").get("/voice/inbox/log/").context["page"].object_list]
    assert kinds == ["not_published", "claimed", "claimed"]


def test_the_log_is_narrowed_by_what_was_done_and_by_whom(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    one, two = make.make_comment(), make.make_comment()
    claim_comment(comment=one, by=people["moderator"])
    claim_comment(comment=two, by=people["moderator2"])
    withdraw_comment(comment=one)
    browser = signed_in("auditor")

    def found(query: str) -> list[tuple[Comment, str]]:
        rows = browser.get(f"/voice/inbox/log/?{query}").context["page"].object_list
        return [(row.comment, row.kind) for row in rows]

    assert found("kind=withdrawn") == [(one, "withdrawn")]
    assert found(f"by={people['moderator2'].pk}") == [(two, "claimed")]
    assert len(found(f"by={people['board'].pk}&kind=flagged")) == 3  # not on the lists: narrows nothing
