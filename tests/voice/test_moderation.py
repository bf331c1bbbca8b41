"""Moderation: nothing public until a trained person approves, two of them for a child (R-V5, R-V6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.versions import VersionConflict
from partnership.models import Service, User
from tests import factories as make
from voice.models import Comment, MayShow, RefusalReason, Route, SafeguardingFlag, Stage
from voice.operations import (
    approve_comment,
    claim_comment,
    refuse_comment,
    second_approve_comment,
    send_back_comment,
)
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]


def address(comment: Comment) -> str:
    return f"/voice/inbox/{comment.pk}/"


def approval(comment: Comment, service: Service, **changes: Any) -> dict[str, Any]:
    words = {"text": "Redacted words.", "summary": "A short summary.", "service": service.pk}
    return words | {"step": "approve", "version": comment.version} | changes


def kinds(comment: Comment) -> list[str]:
    return list(comment.decisions.values_list("kind", flat=True))


@pytest.mark.requirement("R-V6")
def test_the_inbox_lists_the_oldest_first_without_a_word(signed_in: SignedIn) -> None:
    new = make.make_comment("SECRETWORDS new")
    old = make.make_comment("SECRETWORDS old", received_at=timezone.now() - timedelta(days=9))
    page = signed_in("moderator").get("/voice/inbox/")
    assert list(page.context["page"].object_list) == [old, new]
    assert "9 days ago" in page.content.decode()
    assert "SECRETWORDS" not in page.content.decode()


@pytest.mark.requirement("R-S2")
def test_the_inbox_neither_shows_nor_counts_what_is_marked_unsafe(signed_in: SignedIn) -> None:
    make.make_comment()
    before = signed_in("moderator2").get("/voice/inbox/").content.decode()
    make.make_comment(flagged=True)
    after = signed_in("moderator2").get("/voice/inbox/").content.decode()
    assert "1 comment" in before
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", after.split("<main")[1]) == token.sub("", before.split("<main")[1])


@pytest.mark.requirement("R-V6")
def test_only_moderators_have_an_inbox(people: dict[str, User], signed_in: SignedIn) -> None:
    comment = make.make_comment()
    got = {who: signed_in(who).get("/voice/inbox/").status_code for who in people if who != "left"}
    assert {who for who, status in got.items() if status == 200} == {"moderator", "moderator2"}
    got = {who: signed_in(who).get(address(comment)).status_code for who in people if who != "left"}
    assert {who: 200 if status == 200 else 404 for who, status in got.items()} == {
        who: 200 if who in ("moderator", "moderator2") else 404 for who in got
    }


@pytest.mark.requirement("R-V6")
def test_an_adults_words_go_to_the_service_and_the_public_after_one_person(
    signed_in: SignedIn, service: Service, client: Client, people: dict[str, User]
) -> None:
    comment = make.make_comment("Own words of Jo at Mill School", may_show=MayShow.WORDS)
    assert "Redacted words." not in client.get("/voice/you-said-we-did/").content.decode()
    signed_in("moderator").post(address(comment), approval(comment, service))
    comment.refresh_from_db()
    assert (comment.stage, comment.service, comment.published_text) == (
        Stage.APPROVED,
        service,
        "Redacted words.",
    )
    assert (comment.published_is_summary, kinds(comment)) == (False, ["approved", "routed"])
    assert comment.original.text == "Own words of Jo at Mill School"
    assert {step.by for step in comment.decisions.all()} == {people["moderator"]}
    public = client.get("/voice/you-said-we-did/").content.decode()
    assert "Redacted words." in public
    assert "Mill School" not in public


@pytest.mark.requirement("R-V5")
@pytest.mark.parametrize(
    ("may_show", "shown"),
    [(MayShow.WORDS, "Redacted words."), (MayShow.SUMMARY, "A short summary."), (MayShow.NOTHING, "")],
)
def test_what_is_shown_is_what_the_sender_allowed(
    service: Service, people: dict[str, User], may_show: str, shown: str
) -> None:
    comment = make.make_comment(may_show=may_show)
    approved = approve_comment(
        comment=comment,
        version=1,
        text="Redacted words.",
        summary="A short summary.",
        service=service,
        by=people["moderator"],
    )
    assert (approved.published_text, approved.published_at is not None) == (shown, bool(shown))
    assert list(Comment.objects.published()) == ([comment] if shown else [])
    # The service reads the redacted words whatever the public may see.
    assert list(
        Comment.objects.answerable_by(people["contributor"])
        .with_redacted()
        .values_list("redacted_words", flat=True)
    ) == ["Redacted words."]


@pytest.mark.requirement("R-V5")
def test_a_summary_is_needed_where_only_that_may_be_shown(
    signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    comment = make.make_comment("Own words", may_show=MayShow.SUMMARY)
    answer = signed_in("moderator").post(
        address(comment), approval(comment, service, summary="", text="Kept as typed")
    )
    assert answer.context["approve"].errors == {"summary": ["Write the summary that everybody may read."]}
    assert "Kept as typed</textarea>" in answer.content.decode()
    with pytest.raises(CannotDo, match="Write the summary"):
        approve_comment(comment=comment, version=1, text="Words.", service=service, by=people["moderator"])
    comment.refresh_from_db()
    assert comment.stage == Stage.RECEIVED


@pytest.mark.requirement("R-V6")
def test_a_childs_words_wait_for_a_second_person_who_is_not_the_first(
    signed_in: SignedIn, service: Service, client: Client
) -> None:
    comment = make.make_comment(route=Route.CHILD, may_show=MayShow.WORDS)
    signed_in("moderator").post(address(comment), approval(comment, service))
    comment.refresh_from_db()
    assert (comment.stage, comment.published_at, comment.published_text) == (Stage.SECOND_CHECK, None, "")
    assert "Redacted words." not in client.get("/voice/you-said-we-did/").content.decode()
    second = {"step": "second-approve", "version": comment.version}
    assert signed_in("moderator").post(address(comment), second).status_code == 403
    comment.refresh_from_db()
    assert comment.stage == Stage.SECOND_CHECK
    page = signed_in("moderator2").get(address(comment)).content.decode()
    assert comment.original.text in page
    assert "Redacted words." in page
    signed_in("moderator2").post(address(comment), second)
    comment.refresh_from_db()
    assert (comment.stage, comment.published_text) == (Stage.APPROVED, "Redacted words.")
    assert kinds(comment) == ["approved", "second_approved", "routed"]
    assert "Redacted words." in client.get("/voice/you-said-we-did/").content.decode()


@pytest.mark.requirement("R-V6")
@pytest.mark.parametrize("route", Route.values)
def test_only_a_childs_words_need_two_people(service: Service, people: dict[str, User], route: str) -> None:
    comment = make.make_comment(route=route)
    after = approve_comment(
        comment=comment, version=1, text="Words.", summary="Summary.", service=service, by=people["moderator"]
    )
    assert after.stage == (Stage.SECOND_CHECK if route == "child" else Stage.APPROVED)


@pytest.mark.requirement("R-V6")
def test_the_operation_itself_refuses_the_same_person_twice(
    service: Service, people: dict[str, User]
) -> None:
    comment = make.make_comment(route=Route.CHILD)
    first = people["moderator"]
    waiting = approve_comment(comment=comment, version=1, text="W.", summary="S.", service=service, by=first)
    with pytest.raises(CannotDo, match="second person"):
        second_approve_comment(comment=comment, version=waiting.version, by=first)
    assert second_approve_comment(comment=comment, version=waiting.version, by=people["moderator2"]).is_public


@pytest.mark.requirement("R-V6")
def test_the_second_person_sends_it_back_and_then_either_may_approve_first(
    signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    comment = make.make_comment(route=Route.CHILD)
    waiting = approve_comment(
        comment=comment, version=1, text="W.", summary="S.", service=service, by=people["moderator"]
    )
    signed_in("moderator2").post(address(comment), {"step": "send-back", "version": waiting.version})
    comment.refresh_from_db()
    assert (comment.stage, comment.first_approved_by, kinds(comment)) == (
        Stage.RECEIVED,
        None,
        ["approved", "sent_back"],
    )
    with pytest.raises(CannotDo):
        send_back_comment(comment=comment, version=comment.version, by=people["moderator2"])
    assert comment.original.text
    assert comment.redactions.count() == 1


@pytest.mark.requirement("R-V6")
@pytest.mark.parametrize("reason", RefusalReason.values)
def test_not_publishing_needs_one_of_the_fixed_reasons(signed_in: SignedIn, reason: str) -> None:
    comment = make.make_comment()
    browser = signed_in("moderator")
    for wrong in ("", "because", "x" * 1000):
        browser.post(address(comment), {"step": "refuse", "reason": wrong, "version": 1})
    comment.refresh_from_db()
    assert comment.stage == Stage.RECEIVED
    browser.post(address(comment), {"step": "refuse", "reason": reason, "version": 1})
    comment.refresh_from_db()
    assert (comment.stage, comment.decisions.get().reason) == (Stage.NOT_PUBLISHED, reason)


def test_there_are_five_reasons() -> None:
    assert set(RefusalReason.values) == {"identifies", "one_person", "vexatious", "safeguarding", "asked_not"}


@pytest.mark.requirement("R-V6")
def test_something_published_by_mistake_is_down_for_the_very_next_visitor(
    client: Client,
    service: Service,
    people: dict[str, User],
    django_capture_on_commit_callbacks: Any,
    settings: Any,
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="A mistake")
    make.make_response(comment, you_said="They said a mistake")
    assert "A mistake" in client.get("/voice/you-said-we-did/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        refuse_comment(comment=comment, version=1, reason="identifies", by=people["moderator"])
    after = client.get("/voice/you-said-we-did/").content.decode()
    assert "mistake" not in after
    comment.refresh_from_db()
    assert (comment.published_text, comment.published_at) == ("", None)


def test_a_claim_keeps_other_moderators_from_deciding(signed_in: SignedIn, service: Service) -> None:
    comment = make.make_comment()
    signed_in("moderator").post(address(comment), {"step": "claim"})
    stopped = signed_in("moderator2").post(
        address(comment), approval(comment, service, text="Typed in vain?")
    )
    comment.refresh_from_db()
    assert (stopped.status_code, comment.stage) == (409, Stage.RECEIVED)
    assert "Typed in vain?</textarea>" in stopped.content.decode()
    signed_in("moderator").post(address(comment), {"step": "release"})
    signed_in("moderator2").post(address(comment), approval(comment, service))
    comment.refresh_from_db()
    assert (comment.stage, kinds(comment)) == (
        Stage.APPROVED,
        ["claimed", "released", "approved", "routed"],
    )


def test_a_claim_is_free_again_after_a_day(people: dict[str, User]) -> None:
    comment = make.make_comment()
    start = timezone.now()
    claim_comment(comment=comment, by=people["moderator"], at=start)
    with pytest.raises(CannotDo):
        claim_comment(comment=comment, by=people["moderator2"], at=start + timedelta(hours=23))
    later = claim_comment(comment=comment, by=people["moderator2"], at=start + timedelta(hours=25))
    assert later.claimed_by == people["moderator2"]


def test_two_moderators_at_once_the_second_keeps_what_they_typed(
    signed_in: SignedIn, service: Service
) -> None:
    comment = make.make_comment(route=Route.CHILD)
    old = comment.version
    signed_in("moderator").post(address(comment), approval(comment, service))
    late = signed_in("moderator2").post(
        address(comment), approval(comment, service, version=old, text="Late words")
    )
    comment.refresh_from_db()
    assert (late.status_code, comment.redactions.count()) == (409, 1)
    assert "Late words</textarea>" in late.content.decode()


def test_a_stale_version_changes_nothing(service: Service, people: dict[str, User]) -> None:
    comment = make.make_comment(version=4)
    with pytest.raises(VersionConflict):
        refuse_comment(comment=comment, version=3, reason="vexatious", by=people["moderator"])
    comment.refresh_from_db()
    assert (comment.stage, comment.decisions.count()) == (Stage.RECEIVED, 0)


def test_a_face_without_words_is_approved_with_a_summary(signed_in: SignedIn, service: Service) -> None:
    comment = make.make_comment(may_show=MayShow.WORDS)
    comment.original.text, comment.original.feeling = "", "sad"
    comment.original.save()
    signed_in("moderator").post(
        address(comment), approval(comment, service, text="", summary="Somebody felt sad.")
    )
    comment.refresh_from_db()
    assert (comment.published_text, comment.published_is_summary) == ("Somebody felt sad.", True)


def test_what_was_taken_back_cannot_be_decided(signed_in: SignedIn, service: Service) -> None:
    comment = make.make_comment(stage=Stage.WITHDRAWN)
    browser = signed_in("moderator")
    assert "No words are left" in browser.get(address(comment)).content.decode()
    answer = browser.post(address(comment), approval(comment, service), follow=True).content.decode()
    assert "The sender took this one back. Nothing was changed." in answer
    comment.refresh_from_db()
    assert (comment.stage, comment.redactions.count()) == (Stage.WITHDRAWN, 0)


@pytest.mark.requirement("R-V12")
def test_nobody_can_reply_in_public(client: Client, service: Service) -> None:
    answer = make.make_response(make.make_comment(stage=Stage.ANSWERED, service=service))
    for page in ("/voice/you-said-we-did/", f"/voice/you-said-we-did/{answer.pk}/"):
        shown = client.get(page).content.decode()
        assert ("You said" in shown, 'method="post"' in shown, "<textarea" in shown) == (True, False, False)


@pytest.mark.parametrize("step", ["second-approve", "send-back"])
def test_a_second_click_of_the_second_moderator_is_answered_kindly(
    people: dict[str, User], signed_in: SignedIn, service: Service, step: str
) -> None:
    waiting = make.make_comment(
        stage=Stage.SECOND_CHECK,
        route=Route.CHILD,
        service=service,
        first_approved_by=people["moderator"],
    )
    make.make_redaction(waiting, by=people["moderator"], summary="In short.")
    browser, sent = signed_in("moderator2"), {"step": step, "version": waiting.version}
    path = f"/voice/inbox/{waiting.pk}/"
    assert signed_in("moderator").post(path, sent).status_code == 403
    assert browser.post(path, sent).status_code == 302
    again = browser.post(path, sent)
    assert again.status_code == 409
    assert "does not wait for a second moderator any more" in again.content.decode()


def test_a_second_click_on_somebody_may_be_unsafe_is_answered_kindly(signed_in: SignedIn) -> None:
    found = make.make_comment()
    browser, path = signed_in("moderator"), f"/voice/inbox/{found.pk}/"
    browser.post(path, {"step": "flag"})
    again = browser.post(path, {"step": "flag"}, follow=True)
    assert (again.status_code, "with the safeguarding lead" in again.content.decode()) == (200, True)
    assert SafeguardingFlag.objects.filter(comment=found).count() == 1


def test_only_what_is_to_be_read_is_offered_to_be_taken(signed_in: SignedIn, service: Service) -> None:
    offered = {
        stage: "Take it to read"
        in signed_in("moderator")
        .get(f"/voice/inbox/{make.make_comment(stage=stage, service=service).pk}/")
        .content.decode()
        for stage in (Stage.RECEIVED, Stage.NOT_PUBLISHED, Stage.SECOND_CHECK, Stage.APPROVED, Stage.ANSWERED)
    }
    assert [stage for stage, is_offered in offered.items() if is_offered] == [
        Stage.RECEIVED,
        Stage.NOT_PUBLISHED,
        Stage.SECOND_CHECK,
    ]
