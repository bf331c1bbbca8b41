"""Letting a comment go needs a reason and a second, different person; then it is read anew, never shown at once (R-S4)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice import permissions as may
from voice.models import Comment, CommentOriginal, Decision, ReleaseRequest, SafeguardingFlag, Stage
from voice.operations import (
    agree_release,
    approve_comment,
    ask_release,
    decline_release,
    erase_found,
    flag_comment,
    mark_flag_read,
    record_outcome,
    withdraw_comment,
)
from voice.operations.errors import CannotDo
from voice.operations.removals import remove_past_their_time
from voice.work import work_items

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
REASON = ReleaseRequest.Reason.NOT_ABOUT_SAFETY


@pytest.fixture
def deputy(people: dict[str, User]) -> User:
    people["deputy"] = make.make_user()
    make.make_membership(people["deputy"], Role.SAFEGUARDING, is_deputy=True)
    make.make_two_step(people["deputy"])
    return people["deputy"]


def dealt_with(people: dict[str, User], comment: Comment | None = None) -> SafeguardingFlag:
    """Read, and an outcome written down."""
    flag = (comment or make.make_comment("Words", flagged=True)).flag
    mark_flag_read(flag=flag, by=people["safeguarding"])
    return record_outcome(flag=flag, outcome="not_safeguarding", by=people["safeguarding"])


def state(flag: SafeguardingFlag) -> tuple[bool, str]:
    comment = Comment.objects.get(pk=flag.comment_id)
    return comment.is_flagged, comment.stage


@pytest.mark.requirement("R-S4")
def test_an_outcome_or_one_person_does_not_let_it_go(people: dict[str, User], deputy: User) -> None:
    unread = make.make_comment(flagged=True).flag
    with pytest.raises(CannotDo, match="write down what was done first"):
        ask_release(flag=unread, reason=REASON, by=people["safeguarding"])
    flag = dealt_with(people)
    assert state(flag)[0]
    with pytest.raises(CannotDo, match="Nobody asks"):
        agree_release(flag=flag, by=deputy)
    ask_release(flag=flag, reason=REASON, by=people["safeguarding"])
    with pytest.raises(CannotDo, match="Somebody else in safeguarding has to agree"):
        agree_release(flag=flag, by=people["safeguarding"])
    with pytest.raises(CannotDo, match="has asked already"):
        ask_release(flag=flag, reason=REASON, by=deputy)
    assert state(flag)[0]


@pytest.mark.requirement("R-S4")
def test_the_database_itself_wants_two_people(people: dict[str, User]) -> None:
    flag = dealt_with(people)
    request = ask_release(flag=flag, reason=REASON, by=people["safeguarding"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseRequest.objects.filter(pk=request.pk).update(
            decision="agreed", decided_by=people["safeguarding"], decided_at=request.asked_at
        )


@pytest.mark.requirement("R-S4")
def test_let_go_it_is_to_be_read_anew_and_nothing_of_it_is_public(
    people: dict[str, User], deputy: User, service: Service
) -> None:
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="Public until then")
    flag_comment(comment=comment, by=people["moderator"])
    flag = dealt_with(people, Comment.objects.get(pk=comment.pk))
    ask_release(flag=flag, reason=REASON, words="It is about a film.", by=people["safeguarding"])
    agree_release(flag=flag, by=deputy)
    comment.refresh_from_db()
    assert (comment.is_flagged, comment.stage, comment.published_at) == (False, Stage.RECEIVED, None)
    assert not Comment.objects.published().exists() and not Comment.objects.approved().exists()
    assert not comment.redactions.filter(approved_at__isnull=False).exists()
    steps = list(comment.decisions.values_list("kind", "by"))
    assert steps == [
        ("flagged", people["moderator"].pk),
        ("flag_read", people["safeguarding"].pk),
        ("outcome", people["safeguarding"].pk),
        ("unflag_asked", people["safeguarding"].pk),
        ("unflagged", deputy.pk),
    ]
    moderator = people["moderator2"]
    assert may.can_open_for_moderation(moderator, comment) and may.can_moderate(moderator, comment)
    approve_comment(
        comment=comment, version=comment.version, text="New", summary="Anew", service=service, by=moderator
    )
    comment.refresh_from_db()
    assert comment.published_text == "Anew"


@pytest.mark.requirement("R-S4")
def test_declined_it_stays_and_may_be_asked_for_again(people: dict[str, User], deputy: User) -> None:
    flag = dealt_with(people)
    ask_release(flag=flag, reason=REASON, by=people["safeguarding"])
    decline_release(flag=flag, by=deputy)
    assert state(flag)[0]
    ask_release(flag=flag, reason=REASON, by=deputy)
    assert list(SafeguardingFlag.objects.to_agree(people["safeguarding"])) == [flag]
    agree_release(flag=flag, by=people["safeguarding"])
    assert not state(flag)[0]
    assert list(flag.release_requests.values_list("decision", flat=True)) == ["declined", "agreed"]
    for step in (agree_release, decline_release):
        with pytest.raises(CannotDo, match="Nobody asks"):
            step(flag=flag, by=deputy)


@pytest.mark.requirement("R-S2", "R-P1")
def test_held_is_held_and_goes_at_once_when_let_go_if_it_was_wanted_back(
    people: dict[str, User], deputy: User
) -> None:
    taken_back, erased = (
        make.make_comment("Words", flagged=True, email=f"{n}@example.org") for n in range(2)
    )
    assert withdraw_comment(comment=taken_back) is False
    assert erase_found(email="1@example.org", by=people["moderator"]).total == 0
    for comment in (taken_back, erased):
        assert CommentOriginal.objects.filter(comment=comment).exists()
        flag = dealt_with(people, comment)
        ask_release(flag=flag, reason=REASON, words="SECRETREASON", by=people["safeguarding"])
        after = agree_release(flag=flag, by=deputy)
        assert (after.is_flagged, after.stage) == (False, Stage.WITHDRAWN)
        assert not CommentOriginal.objects.filter(comment=comment).exists()
        assert flag.release_requests.get().words == ""


@pytest.mark.requirement("R-S4")
def test_may_agree_and_its_twin_say_the_same(people: dict[str, User], deputy: User) -> None:
    asked, calm, gone = (dealt_with(people) for _ in range(3))
    for flag in (asked, gone):
        ask_release(flag=flag, reason=REASON, by=people["safeguarding"])
    agree_release(flag=gone, by=deputy)
    for who, person in people.items():
        person = User.objects.get(pk=person.pk)
        one_by_one = [flag for flag in SafeguardingFlag.objects.all() if may.can_agree_release(person, flag)]
        assert list(SafeguardingFlag.objects.to_agree(person)) == one_by_one
        assert one_by_one == ([asked] if who == "deputy" else [])
    assert calm not in SafeguardingFlag.objects.to_agree(deputy)


@pytest.mark.requirement("R-S4")
def test_two_people_let_it_go_in_the_browser(
    signed_in: SignedIn, people: dict[str, User], deputy: User
) -> None:
    flag = dealt_with(people, make.make_comment("Words of the sender", flagged=True))
    page, lead, second = f"/voice/safeguarding/{flag.pk}/", signed_in("safeguarding"), signed_in("deputy")
    told = lead.post(page, {"step": "ask", "words": "Kept in the lane"})
    assert (told.status_code, told.context["form"].errors) == (422, {"reason": ["Choose a reason."]})
    assert "Kept in the lane" in told.content.decode()
    lead.post(page, {"step": "ask", "reason": "mistake", "words": "Kept in the lane"})
    assert "Agree and let it go" not in lead.get(page).content.decode()
    assert [item.title for item in work_items(deputy, today=flag.raised_at.date())] == [
        "Agree to let it go, or decline"
    ]
    lane = second.get("/voice/safeguarding/").content.decode()
    assert "You can agree to let it go" in lane
    shown = second.get(page).content.decode()
    assert "It was marked by mistake" in shown and "Kept in the lane" in shown
    lead.post(page, {"step": "agree"})
    assert state(flag)[0]
    assert second.post(page, {"step": "agree"}).url == "/voice/safeguarding/"
    assert state(flag) == (False, Stage.RECEIVED)
    after = lead.get(page).content.decode()
    assert "This was let go" in after and "Words of the sender" not in after
    assert lead.post(page, {"step": "outcome", "outcome": "known", "version": "1"}).status_code == 422
    moderated = signed_in("moderator").get(f"/voice/inbox/{flag.comment_id}/").content.decode()
    assert "Words of the sender" in moderated and "Let go by safeguarding: to be read" in moderated
    for secret in ("Kept in the lane", "by mistake", "Not a safeguarding matter"):
        assert secret not in moderated


def test_the_log_says_whose_step_it_was(people: dict[str, User]) -> None:
    comment = make.make_comment()
    by = people["moderator"]
    told = {
        (Decision.Kind.FLAGGED, None): "As it was sent",
        (Decision.Kind.FLAGGED, by): by.name,
        (Decision.Kind.WITHDRAWN, None): "The sender",
        (Decision.Kind.ORIGINAL_GONE, None): "The portal",
    }
    for (kind, person), who in told.items():
        row = Decision.objects.create(comment=comment, kind=kind, by=person, at=comment.received_at)
        assert row.who == who


@pytest.mark.requirement("R-P1")
def test_retention_holds_what_is_marked_until_it_is_let_go(people: dict[str, User], deputy: User) -> None:
    old = make.make_comment("Words", stage=Stage.NOT_PUBLISHED, email="old@example.org")
    closed = old.received_at - datetime.timedelta(days=3000)
    Decision.objects.create(comment=old, kind=Decision.Kind.NOT_PUBLISHED, by=people["moderator"], at=closed)
    flag_comment(comment=old, by=people["moderator"])
    assert remove_past_their_time(really=True).total == 0
    flag = dealt_with(people, Comment.objects.get(pk=old.pk))
    ask_release(flag=flag, reason=REASON, by=people["safeguarding"])
    agree_release(flag=flag, by=deputy)
    # To be read anew: it is open again, and its time begins when it is closed.
    assert remove_past_their_time(really=True).total == 0
    assert CommentOriginal.objects.filter(comment=old).exists()
