"""The first answers of somebody new are read by a second person (R-V7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice import permissions as may
from voice.models import AnswerCheck, AnswerRules, Comment, Response, Stage
from voice.operations import approve_answer, ask_second_person, edit_answer, publish_answer, send_back_answer
from voice.operations.errors import CannotDo
from voice.work import work_items

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
WAITING = Response.Status.WAITING


@pytest.fixture
def comment(service: Service) -> Comment:
    return make.make_comment(stage=Stage.APPROVED, service=service)


@pytest.fixture
def own(comment: Comment, people: dict[str, User]) -> Response:
    """A draft that a new publisher wrote."""
    return make.make_response(comment, status=Response.Status.DRAFT, by=people["publisher"])


def kinds(answer: Response) -> list[tuple[str, str]]:
    return [(row.kind, row.by.email) for row in answer.checks.all()]


@pytest.mark.requirement("R-V7")
def test_a_new_writer_cannot_publish_their_own_answer_and_another_publisher_can(
    own: Response, people: dict[str, User]
) -> None:
    with pytest.raises(CannotDo, match="second person"):
        publish_answer(answer=own, version=1, by=people["publisher"])
    own.refresh_from_db()
    assert (own.status, own.checks.count()) == ("draft", 0)
    publish_answer(answer=own, version=1, by=people["sector_lead"])
    assert kinds(own) == [("approved", people["sector_lead"].email)]


@pytest.mark.requirement("R-V7")
@pytest.mark.parametrize(
    ("published", "first", "free"), [(2, 3, False), (3, 3, True), (0, 0, True), (1, 1, True)]
)
def test_so_many_first_answers_need_a_second_person_and_no_more(
    own: Response, service: Service, people: dict[str, User], published: int, first: int, free: bool
) -> None:
    AnswerRules.objects.create(pk=1, approve_first_answers=first)
    for _ in range(published):
        make.make_response(service=service, by=people["publisher"])
    if not free:
        with pytest.raises(CannotDo):
            publish_answer(answer=own, version=1, by=people["publisher"])
        return
    publish_answer(answer=own, version=1, by=people["publisher"])
    assert own.checks.count() == 0


@pytest.mark.requirement("R-V7")
def test_a_moderator_approves_and_the_writer_then_publishes(own: Response, people: dict[str, User]) -> None:
    asked = ask_second_person(answer=own, version=1, by=people["publisher"])
    assert asked.status == WAITING
    approved = approve_answer(answer=own, version=asked.version, by=people["moderator"])
    assert approved.status == "draft"
    published = publish_answer(answer=own, version=approved.version, by=people["publisher"])
    assert published.is_published
    assert kinds(own) == [("asked", people["publisher"].email), ("approved", people["moderator"].email)]


@pytest.mark.requirement("R-V7")
def test_what_is_changed_after_it_was_approved_needs_a_second_person_again(
    own: Response, people: dict[str, User]
) -> None:
    asked = ask_second_person(answer=own, version=1, by=people["publisher"])
    approved = approve_answer(answer=own, version=asked.version, by=people["moderator"])
    changed = edit_answer(answer=own, version=approved.version, we_did="Other words", by=people["publisher"])
    with pytest.raises(CannotDo, match="second person"):
        publish_answer(answer=own, version=changed.version, by=people["publisher"])
    again = ask_second_person(answer=own, version=changed.version, by=people["publisher"])
    approve_answer(answer=own, version=again.version, by=people["moderator"])


@pytest.mark.requirement("R-V7")
def test_another_publisher_approves_and_publishes_with_one_press(
    own: Response, people: dict[str, User]
) -> None:
    asked = ask_second_person(answer=own, version=1, by=people["publisher"])
    assert approve_answer(answer=own, version=asked.version, by=people["sector_lead"]).is_published


@pytest.mark.requirement("R-V7")
def test_whoever_had_a_hand_in_it_is_not_the_second_person(own: Response, people: dict[str, User]) -> None:
    waiting = ask_second_person(answer=own, version=1, by=people["contributor"])
    changed = edit_answer(answer=own, version=waiting.version, we_did="Changed", by=people["sector_lead"])
    assert changed.status == WAITING
    for who in ("publisher", "contributor", "sector_lead"):
        with pytest.raises(CannotDo, match="You wrote it"):
            approve_answer(answer=own, version=changed.version, by=people[who])
        with pytest.raises(CannotDo, match="You wrote it"):
            send_back_answer(answer=own, version=changed.version, reason="No", by=people[who])
    approve_answer(answer=own, version=changed.version, by=people["moderator"])


@pytest.mark.requirement("R-V7")
def test_sent_back_with_a_reason_that_the_writer_reads(
    own: Response, people: dict[str, User], signed_in: SignedIn
) -> None:
    asked = ask_second_person(answer=own, version=1, by=people["publisher"])
    page = f"/voice/answers/{own.pk}/check/"
    without = signed_in("moderator").post(page, {"step": "send-back", "reason": "", "version": asked.version})
    assert (without.status_code, own.checks.count()) == (422, 1)
    with pytest.raises(CannotDo, match="Say what should change"):
        send_back_answer(answer=own, version=asked.version, reason="", by=people["moderator"])
    why = "Say by when."
    signed_in("moderator").post(page, {"step": "send-back", "reason": why, "version": asked.version})
    own.refresh_from_db()
    row = own.checks.last()
    assert (own.status, row.kind, row.reason, row.by) == ("draft", "sent_back", why, people["moderator"])
    assert why in signed_in("publisher").get(f"/voice/answers/{own.pk}/edit/").content.decode()


@pytest.mark.requirement("R-V7", "R-A9")
def test_two_at_once_lose_nothing(own: Response, people: dict[str, User], signed_in: SignedIn) -> None:
    asked = ask_second_person(answer=own, version=1, by=people["publisher"])
    edit_answer(answer=own, version=asked.version, we_did="Newer words", by=people["publisher"])
    with pytest.raises(VersionConflict):
        approve_answer(answer=own, version=asked.version, by=people["moderator"])
    typed = {"step": "send-back", "reason": "My long reason", "version": asked.version}
    late = signed_in("moderator").post(f"/voice/answers/{own.pk}/check/", typed)
    page = late.content.decode()
    assert (late.status_code, "Newer words" in page, "My long reason" in page) == (409, True, True)
    own.refresh_from_db()
    approve_answer(answer=own, version=own.version, by=people["moderator"])
    with pytest.raises((CannotDo, VersionConflict)):
        approve_answer(answer=own, version=own.version, by=people["moderator2"])
    assert [row.kind for row in own.checks.all()] == ["asked", "changed", "approved"]


@pytest.mark.requirement("R-V7")
@pytest.mark.parametrize("asks", ["publisher", "contributor"])  # its writer, or somebody else for them
def test_it_stands_in_the_work_of_those_who_may_approve(
    own: Response, people: dict[str, User], asks: str
) -> None:
    ask_second_person(answer=own, version=1, by=people[asks])

    def waits(who: str) -> bool:
        items = work_items(User.objects.get(pk=people[who].pk), today=today())
        return any(item.group == "Answers to check" for item in items)

    everyone = [name for name in people if name != "left"]
    assert {who for who in everyone if waits(who)} == {"sector_lead", "moderator", "moderator2"}


def test_the_rule_and_its_twin_agree(own: Response, service: Service, people: dict[str, User]) -> None:
    ask_second_person(answer=own, version=1, by=people["publisher"])
    unsafe = make.make_comment(stage=Stage.APPROVED, service=service, flagged=True)
    make.make_response(unsafe, status=WAITING)
    make.make_response(make.make_comment(stage=Stage.APPROVED), status=WAITING)
    make.make_response(make.make_comment(stage=Stage.APPROVED, service=service), status=Response.Status.DRAFT)
    yes = 0
    for person in people.values():
        reader = User.objects.get(pk=person.pk)
        rows = set(Response.objects.approvable_by(reader))
        assert rows == {row for row in Response.objects.all() if may.can_approve_answer(reader, row)}
        yes += len(rows)
    # Two moderators see the two that are safe to read; the publisher sees one, the sector lead two, the other none.
    assert yes == 2 * 2 + 1 + 2


def test_the_page_of_a_draft_leads_to_the_right_next_step(
    own: Response, signed_in: SignedIn, people: Any
) -> None:
    page = f"/voice/answers/{own.pk}/edit/"
    ask, publish = "Send to a second person", "Publish this answer"

    def offers(who: str) -> tuple[bool, bool]:
        words = signed_in(who).get(page).content.decode()
        return ask in words, publish in words

    assert [offers(who) for who in ("publisher", "contributor", "sector_lead")] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    signed_in("publisher").post(f"/voice/answers/{own.pk}/ask/", {"version": 1})
    assert AnswerCheck.objects.get().by == people["publisher"]
    assert [offers(who) for who in ("publisher", "sector_lead")] == [(False, False), (False, False)]
    shown = signed_in("sector_lead").get(f"/voice/answers/{own.pk}/check/")
    assert "Approve this answer" in shown.content.decode()
    assert signed_in("publisher").get(f"/voice/answers/{own.pk}/check/").status_code == 404
