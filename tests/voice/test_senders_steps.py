"""With the code: add one thing, change what may be shown, stop the mails (R-V5, R-V6, R-V8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.codes import new_code
from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice import permissions as may
from voice.models import (
    Comment,
    CommentContact,
    MayShow,
    MoreWords,
    RefusalReason,
    Route,
    SenderStep,
    ShowChange,
    Stage,
)
from voice.operations import (
    add_words,
    approve_comment,
    change_may_show,
    decide_show_change,
    refuse_comment,
    refuse_show_change,
    second_approve_comment,
    second_show_change,
    withdraw_comment,
)
from voice.operations.errors import CannotDo
from voice.operations.more_words import ADDED_BEFORE
from voice.operations.senders_mail import tell_received
from voice.work import work_items

pytestmark = pytest.mark.django_db
FOLLOW = "/voice/follow/"
SignedIn = Callable[[str], Client]


@pytest.fixture
def code() -> str:
    return new_code()


def ask(client: Client, code: str, step: str = "", **more: Any) -> str:
    return client.post(FOLLOW, {"code": code, "step": step} | more).content.decode()


def public_pages() -> str:
    visitor = Client()
    return "".join(visitor.get(page).content.decode() for page in ("/voice/you-said-we-did/", "/"))


# --- Add one thing ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R-V8", "R-V6")
def test_what_is_added_waits_for_a_moderator_as_a_row_of_its_own(
    client: Client, code: str, service: Service
) -> None:
    first = make.make_comment(stage=Stage.ANSWERED, service=service, code=code, may_show="words")
    sent = {"text": "ADDED words", "token": new_token()}
    page = ask(client, code, "add-send", **sent)
    assert "We have what you added. A trained person reads it first." in page
    added = Comment.objects.latest("pk")
    link = MoreWords.objects.get()
    assert (link.comment, link.added, added.stage, added.original.text) == (
        first,
        added,
        "received",
        "ADDED words",
    )
    assert "ADDED words" not in public_pages() + page
    # A double click or a refresh is the same press.
    ask(client, code, "add-send", **sent)
    assert Comment.objects.count() == 2
    # It can be done once, and the page says so.
    again = ask(client, code, "add-send", text="A second thing", token=new_token())
    assert (ADDED_BEFORE in again, "A second thing" in again, Comment.objects.count()) == (True, True, 2)
    assert ("Add one thing" in page, "What you added" in page) == (False, True)


@pytest.mark.requirement("R-V6")
def test_what_a_child_adds_is_read_by_two(service: Service, people: dict[str, User]) -> None:
    child = make.make_comment(stage=Stage.APPROVED, service=service, route=Route.CHILD)
    added = add_words(token=new_token(), comment=child, text="more").comment
    told = {"text": "more", "summary": "A child says more.", "service": service, "by": people["moderator"]}
    approve_comment(comment=added, version=added.version, **told)
    added.refresh_from_db()
    assert (added.stage, added.is_public) == (Stage.SECOND_CHECK, False)
    second_approve_comment(comment=added, version=added.version, by=people["moderator2"])
    added.refresh_from_db()
    assert added.is_public


@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize(("first_unsafe", "now_unsafe"), [(True, False), (False, True)])
def test_what_is_added_goes_to_safeguarding_if_it_or_the_first_may_be_about_safety(
    people: dict[str, User], first_unsafe: bool, now_unsafe: bool
) -> None:
    first = make.make_comment(flagged=first_unsafe)
    added = add_words(token=new_token(), comment=first, text="UNSAFE", unsafe=now_unsafe).comment
    assert Comment.objects.get(pk=added.pk).is_flagged
    moderator, lead = (User.objects.get(pk=people[who].pk) for who in ("moderator", "safeguarding"))
    assert added in Comment.objects.visible_to(lead)
    assert added not in Comment.objects.visible_to(moderator)


@pytest.mark.requirement("R-V8")
def test_taking_it_back_takes_what_was_added_too(service: Service) -> None:
    first = make.make_comment(stage=Stage.APPROVED, service=service)
    added = add_words(token=new_token(), comment=first, text="ADDED").comment
    withdraw_comment(comment=first)
    added.refresh_from_db()
    assert (added.stage, hasattr(added, "original")) == (Stage.WITHDRAWN, False)
    with pytest.raises(CannotDo):
        add_words(token=new_token(), comment=first, text="More")
    with pytest.raises(CannotDo):
        change_may_show(comment=first, may_show="words")


def test_a_moderator_sees_what_it_was_added_to(signed_in: SignedIn, service: Service) -> None:
    first = make.make_comment(stage=Stage.APPROVED, service=service)
    added = add_words(token=new_token(), comment=first, text="ADDED").comment
    page = signed_in("moderator").get(f"/voice/inbox/{added.pk}/").content.decode()
    said = f'Added later by the sender of <a class="govuk-link" href="/voice/inbox/{first.pk}/">'
    assert said in page
    make.make_flag(first)  # what is marked unsafe is not spoken of to a moderator (R-S2)
    assert said not in signed_in("moderator").get(f"/voice/inbox/{added.pk}/").content.decode()


# --- Change what may be shown -------------------------------------------------------------------------------------------


def shown(service: Service, may_show: str, *, route: str = Route.PARENT_CARER, **more: Any) -> Comment:
    """A published comment whose approved words and summary are known."""
    public = {"words": "APPROVED words", "summary": "APPROVED summary", "nothing": ""}[may_show]
    comment = make.make_comment(
        "SENT words", stage=Stage.ANSWERED, service=service, may_show=may_show, route=route,
        published_text=public, published_is_summary=may_show != "words", **more,
    )  # fmt: skip
    comment.redactions.update(text="APPROVED words", summary="APPROVED summary")
    return comment


@pytest.mark.requirement("R-V5", "R-V6")
@pytest.mark.parametrize(
    ("before", "after", "public"),
    [("words", "summary", "APPROVED summary"), ("words", "nothing", ""), ("summary", "nothing", "")],
)
def test_less_is_in_force_at_once(
    client: Client, code: str, service: Service, before: str, after: str, public: str
) -> None:
    comment = shown(service, before, code=code)
    make.make_response(comment)
    assert comment.published_text in public_pages()
    ask(client, code, "show-send", may_show=after)
    was = comment.published_text
    comment.refresh_from_db()
    assert (comment.may_show, comment.published_text, comment.is_public) == (after, public, bool(public))
    assert comment.stage == Stage.ANSWERED
    pages = public_pages()
    assert (was in pages, bool(public) and public in pages) == (False, bool(public))
    assert ShowChange.objects.get().state == ShowChange.State.AT_ONCE


@pytest.mark.requirement("R-V5", "R-V6")
def test_words_without_an_approved_summary_come_down_and_wait_for_one(
    service: Service, people: dict[str, User]
) -> None:
    comment = shown(service, "words")
    comment.redactions.update(summary="")
    change = change_may_show(comment=comment, may_show=MayShow.SUMMARY)
    comment.refresh_from_db()
    assert change is not None
    assert (comment.is_public, change.state) == (False, ShowChange.State.WAITING)
    decide_show_change(change=change, text="APPROVED words", summary="Now short", by=people["moderator"])
    comment.refresh_from_db()
    assert (comment.published_text, comment.published_is_summary) == ("Now short", True)


@pytest.mark.requirement("R-V6")
@pytest.mark.parametrize(
    ("before", "after", "public"),
    [("summary", "words", "READ AGAIN"), ("nothing", "summary", "SHORT"), ("nothing", "words", "READ AGAIN")],
)
def test_more_waits_for_a_moderator_and_until_then_stays_as_it_is(
    client: Client, code: str, service: Service, people: dict[str, User], before: str, after: str, public: str
) -> None:
    comment = shown(service, before, code=code)
    was = comment.published_text
    page = ask(client, code, "show-send", may_show=after)
    assert "A trained person reads it again first." in page
    comment.refresh_from_db()
    assert (comment.may_show, comment.published_text, comment.stage) == (before, was, Stage.ANSWERED)
    change = ShowChange.objects.get()
    decide_show_change(change=change, text="READ AGAIN", summary="SHORT", by=people["moderator"])
    comment.refresh_from_db()
    assert (comment.may_show, comment.published_text, comment.stage) == (after, public, Stage.ANSWERED)
    assert comment.redactions.get(approved_at__isnull=False).text == "READ AGAIN"


@pytest.mark.requirement("R-V6")
def test_a_childs_words_are_shown_more_widely_only_when_two_agree(
    service: Service, people: dict[str, User], signed_in: SignedIn
) -> None:
    comment = shown(service, "summary", route=Route.CHILD)
    change = change_may_show(comment=comment, may_show=MayShow.WORDS)
    assert change is not None
    change = decide_show_change(change=change, text="READ AGAIN", by=people["moderator"])
    comment.refresh_from_db()
    assert (change.state, comment.published_text) == (ShowChange.State.FIRST, "APPROVED summary")
    with pytest.raises(CannotDo, match="second person"):
        second_show_change(change=change, by=people["moderator"])
    page = f"/voice/show-changes/{change.pk}/"
    assert signed_in("moderator").post(page, {"step": "second"}).status_code == 403
    assert signed_in("moderator2").post(page, {"step": "second"}).status_code == 302
    comment.refresh_from_db()
    assert (comment.published_text, comment.published_is_summary) == ("READ AGAIN", False)


def test_a_moderator_may_say_no_and_the_sender_reads_it(
    client: Client, code: str, service: Service, people: dict[str, User]
) -> None:
    comment = shown(service, "summary", code=code)
    change = change_may_show(comment=comment, may_show=MayShow.WORDS)
    assert change is not None
    refuse_show_change(change=change, by=people["moderator"])
    comment.refresh_from_db()
    assert (comment.may_show, comment.published_text) == ("summary", "APPROVED summary")
    assert "do not show more" in ask(client, code)
    with pytest.raises(CannotDo):
        decide_show_change(change=change, text="Late", by=people["moderator2"])


@pytest.mark.requirement("R-V6")
def test_a_wish_for_more_is_dropped_by_less_and_by_taking_it_back(
    service: Service, people: dict[str, User]
) -> None:
    for then in (
        lambda row: change_may_show(comment=row, may_show="nothing"),
        lambda row: withdraw_comment(comment=row),
    ):
        comment = shown(service, "summary")
        change = change_may_show(comment=comment, may_show=MayShow.WORDS)
        assert change is not None
        then(comment)
        change.refresh_from_db()
        assert change.state == ShowChange.State.DROPPED
        with pytest.raises(CannotDo):
            decide_show_change(change=change, text="READ AGAIN", by=people["moderator"])
        comment.refresh_from_db()
        assert not comment.is_public


@pytest.mark.requirement("R-V5")
def test_before_it_was_read_the_new_choice_counts_for_the_reading(
    service: Service, people: dict[str, User]
) -> None:
    new = make.make_comment(may_show="summary")
    assert change_may_show(comment=new, may_show="nothing") is not None
    told = {"text": "x", "summary": "Short", "service": service, "by": people["moderator"]}
    new.refresh_from_db()
    assert new.version == 2  # whoever had it open reads that the choice has changed
    approve_comment(comment=new, version=new.version, **told)
    new.refresh_from_db()
    assert not new.is_public
    second = make.make_comment(
        stage=Stage.SECOND_CHECK, route=Route.CHILD, first_approved_by=people["moderator"], may_show="nothing"
    )
    change_may_show(comment=second, may_show="words")
    second.refresh_from_db()
    assert (second.stage, second.first_approved_by, second.is_public) == (Stage.RECEIVED, None, False)


def test_what_was_not_shown_because_they_asked_is_read_again_when_they_allow_it(
    people: dict[str, User], client: Client
) -> None:
    for reason, stage in (
        (RefusalReason.ASKED_NOT, Stage.RECEIVED),
        (RefusalReason.VEXATIOUS, Stage.NOT_PUBLISHED),
    ):
        own = new_code()
        comment = make.make_comment(may_show="nothing", code=own)
        refuse_comment(comment=comment, version=1, reason=reason, by=people["moderator"])
        # A choice that would change nothing is not offered.
        assert ("Change who can read it" in ask(client, own)) == (reason == RefusalReason.ASKED_NOT)
        change_may_show(comment=comment, may_show="summary")
        comment.refresh_from_db()
        assert comment.stage == stage


@pytest.mark.requirement("R-V5")
def test_less_may_be_chosen_of_what_was_refused_for_it_may_be_approved_yet(
    people: dict[str, User], client: Client, code: str
) -> None:
    comment = make.make_comment(may_show="words", code=code)
    refuse_comment(comment=comment, version=1, reason=RefusalReason.IDENTIFIES, by=people["moderator"])
    assert "Change who can read it" in ask(client, code)
    change_may_show(comment=comment, may_show="nothing")
    assert "Change who can read it" not in ask(client, code)


@pytest.mark.requirement("R-V5")
def test_a_wish_for_more_goes_with_a_refusal_and_the_sender_is_told_of_none(
    service: Service, people: dict[str, User], client: Client, code: str
) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service, code=code)
    change_may_show(comment=comment, may_show="words")
    assert "You let us show more" in ask(client, code)
    comment.refresh_from_db()
    refuse_comment(comment=comment, version=comment.version, reason="identifies", by=people["moderator"])
    assert comment.show_changes.get().state == ShowChange.State.DROPPED
    assert "You let us show more" not in ask(client, code)


@pytest.mark.requirement("R-S2")
def test_a_wish_for_more_is_out_of_sight_once_it_is_marked_unsafe(
    service: Service, people: dict[str, User]
) -> None:
    comment = shown(service, "summary")
    change = change_may_show(comment=comment, may_show=MayShow.WORDS)
    assert change is not None
    moderator = User.objects.get(pk=people["moderator"].pk)
    assert list(ShowChange.objects.decidable_by(moderator)) == [change]
    make.make_flag(comment)
    assert list(ShowChange.objects.decidable_by(moderator)) == []
    with pytest.raises(CannotDo):
        decide_show_change(change=change, text="READ AGAIN", by=moderator)


def test_who_may_decide_is_the_same_rule_for_one_and_for_all(
    service: Service, people: dict[str, User]
) -> None:
    waiting = change_may_show(comment=shown(service, "summary"), may_show="words")
    first = change_may_show(comment=shown(service, "summary", route=Route.CHILD), may_show="words")
    assert waiting is not None and first is not None  # noqa: PT018
    decide_show_change(change=first, text="x", by=people["moderator"])
    change_may_show(comment=shown(service, "words"), may_show="nothing")
    found = {}
    for name, person in people.items():
        reader = User.objects.get(pk=person.pk)
        rows = set(ShowChange.objects.decidable_by(reader))
        assert rows == {row for row in ShowChange.objects.all() if may.can_decide_show_change(reader, row)}
        if rows:
            found[name] = rows
    assert found == {"moderator": {waiting}, "moderator2": {waiting, first}}
    items = work_items(User.objects.get(pk=people["moderator2"].pk), today=today())
    assert len([item for item in items if item.group == "May be shown now"]) == 2


# --- Stop the mails -----------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R-V8", "R-P1")
def test_stopping_the_mails_asks_first_and_then_deletes_the_address(client: Client, code: str) -> None:
    comment = make.make_comment(code=code, email="me@example.org")
    tell_received(comment, at=comment.received_at)
    assert OutboxMail.objects.filter(to="me@example.org").count() == 1
    assert "Stop the e-mails" in ask(client, code)
    assert "Yes, stop them" in ask(client, code, "stop")
    assert CommentContact.objects.count() == 1
    page = ask(client, code, "stop-send")
    assert ("We do not write to you any more." in page, CommentContact.objects.count()) == (True, 0)
    assert comment.sender_steps.filter(kind=SenderStep.Kind.STOPPED).exists()
    assert OutboxMail.objects.filter(to="me@example.org").count() == 0
    assert "Stop the e-mails" not in ask(client, code)


def test_a_step_that_is_none_shows_where_it_stands(client: Client, code: str) -> None:
    make.make_comment(code=code)
    for step in ("nonsense", "remove", "", "x" * 5000):
        assert "We have it." in ask(client, code, step)


@pytest.mark.parametrize("step", ["add", "show", "helped", "stop", "ask"])
def test_no_code_stands_in_an_address_on_any_step(
    client: Client, code: str, service: Service, step: str
) -> None:
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, code=code, email="a@example.org")
    make.make_response(comment)
    page = ask(client, code, step)
    assert f'name="code" value="{code}"' in page
    assert code not in "".join(part.split('"')[0] for part in page.split('href="')[1:])
    assert code not in "".join(part.split('"')[0] for part in page.split('action="')[1:])
