"""Did it help? Asked with the code, counted on the answer and on the actions behind it, never in small numbers (R-Z5)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from actions.models import Action, Impact, Status
from foundation.codes import new_code
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice.models import Comment, DifferenceAnswer, HelpAnswer, MoreWords, Response, Stage
from voice.operations import answer_helped, flag_comment, refuse_comment, withdraw_comment
from voice.operations.errors import CannotDo
from voice.work import work_items

pytestmark = pytest.mark.django_db
FOLLOW = "/voice/follow/"


@pytest.fixture
def done(service: Service) -> Action:
    make.make_partnership(hide_counts_below=5)
    return make.make_action(make.make_plan(service), status=Status.DELIVERED, impact=Impact.CLEAR)


@pytest.fixture
def comment(service: Service) -> Comment:
    return make.make_comment(stage=Stage.ANSWERED, service=service)


def counted(action: Action) -> list[tuple[str, str]]:
    return list(action.difference_answers.order_by("pk").values_list("who", "answer"))


@pytest.mark.requirement("R-Z5")
@pytest.mark.parametrize(
    ("said", "rows"),
    [("yes", ["yes"]), ("partly", ["a_little"]), ("no", ["no"]), ("too_early", [])],
)
def test_it_counts_on_each_finished_action_behind_the_answer(
    comment: Comment, done: Action, said: str, rows: list[str]
) -> None:
    unfinished = make.make_action(done.plan)
    make.make_response(comment, actions=(done, unfinished))
    answer_helped(comment=comment, answer=said)
    assert counted(done) == [("parent-carer", row) for row in rows]
    assert counted(unfinished) == []


@pytest.mark.requirement("R-Z5")
def test_one_answer_for_each_sender_that_may_be_changed(comment: Comment, done: Action) -> None:
    make.make_response(comment, actions=(done,))
    for said in ("yes", "no", "too_early", "partly", "partly"):
        answer_helped(comment=comment, answer=said)
    assert (HelpAnswer.objects.get().answer, counted(done)) == ("partly", [("parent-carer", "a_little")])


def test_somebody_who_is_in_no_group_counts_on_the_answer_alone(service: Service, done: Action) -> None:
    other = make.make_comment(stage=Stage.ANSWERED, service=service, route="someone-else")
    make.make_response(other, actions=(done,))
    answer_helped(comment=other, answer="yes")
    assert (HelpAnswer.objects.counted().count(), counted(done)) == (1, [])


def test_nothing_is_asked_without_an_answer(service: Service) -> None:
    waiting = make.make_comment(stage=Stage.APPROVED, service=service)
    make.make_response(waiting, status=Response.Status.DRAFT)
    with pytest.raises(CannotDo):
        answer_helped(comment=waiting, answer="yes")


@pytest.mark.requirement("R-S2", "R-V8")
def test_what_is_taken_back_or_marked_unsafe_counts_no_more(
    service: Service, done: Action, people: dict[str, User]
) -> None:
    gone, unsafe = (make.make_comment(stage=Stage.ANSWERED, service=service) for _ in range(2))
    refused = make.make_comment(stage=Stage.ANSWERED, service=service, route="young-person")
    answer = make.make_response(gone, refused, unsafe, actions=(done,))
    for row in (gone, refused, unsafe):
        answer_helped(comment=row, answer="no")
    assert HelpAnswer.objects.told_of([answer])[answer.pk].total == 3
    assert ("young-person", "no") in counted(done)
    refuse_comment(comment=refused, version=1, reason="identifies", by=people["moderator"])
    assert HelpAnswer.objects.told_of([answer])[answer.pk].total == 2
    assert ("young-person", "no") not in counted(done)
    withdraw_comment(comment=gone)
    flag_comment(comment=unsafe, by=people["moderator"])
    assert HelpAnswer.objects.told_of([answer])[answer.pk].total == 0
    assert not HelpAnswer.objects.filter(comment=gone).exists()
    assert counted(done) == [("parent-carer", "no")]  # only the one that safeguarding holds


@pytest.mark.requirement("R-Z5", "R-K6")
def test_small_numbers_are_not_told_on_the_page_of_the_answer_nor_to_its_service(
    service: Service, done: Action, people: dict[str, User]
) -> None:
    senders = [make.make_comment(stage=Stage.ANSWERED, service=service) for _ in range(6)]
    old = timezone.now() - datetime.timedelta(days=100)
    answer = make.make_response(*senders, actions=(done,), published_at=old)
    address = f"/voice/you-said-we-did/{answer.pk}/"

    def page() -> str:
        return Client().get(address).content.decode().partition('id="helped"')[2]

    def work() -> list[str]:
        items = work_items(User.objects.get(pk=people["contributor"].pk), today=today())
        return [item.url for item in items if item.group == "It did not help"]

    hidden = "Fewer than 5 people have told us if it helped, so we show no number."
    for number, sender in enumerate(senders, start=1):
        assert (hidden in page(), work()) == (number <= 5, [] if number <= 5 else [address])
        answer_helped(comment=sender, answer="no")
    assert "None of the 6 people who told us say that it helped." in page()
    # The action that assurance rated clear is disputed now, by the rows that the board's lists read.
    assert list(DifferenceAnswer.objects.disputed()) == [{"action": done.pk}]


def test_before_anybody_is_asked_the_page_says_nothing_of_it(comment: Comment, done: Action) -> None:
    answer = make.make_response(comment, actions=(done,))
    page = Client().get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()
    assert 'id="helped"' not in page


@pytest.mark.requirement("R-Z5", "R-V6")
def test_with_the_code_it_is_said_and_the_words_wait_for_a_moderator(
    client: Client, service: Service, done: Action
) -> None:
    code = new_code()
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, code=code)
    make.make_response(comment, actions=(done,))

    def ask(step: str, **more: Any) -> str:
        return client.post(FOLLOW, {"code": code, "step": step} | more).content.decode()

    assert "Tell us if it helped" in ask("")
    assert ">No</label>" in ask("helped")
    assert "Choose one." in ask("helped-send", token=new_token(), text="KEPT words")
    assert "Thank you. We have your answer." in ask(
        "helped-send", answer="no", text="HELPED words", token=new_token()
    )
    said = MoreWords.objects.get().added
    assert (said.stage, said.original.text, counted(done)) == (
        "received",
        "HELPED words",
        [("parent-carer", "no")],
    )
    assert said.action_voices.get().about_difference
    assert "HELPED words" not in client.get(done.get_absolute_url()).content.decode()
    # Changed later: the words are asked for once.
    changing = ask("helped")
    assert ('name="text"' in changing, "you said: no" in ask("")) == (False, True)
    ask("helped-send", answer="yes", token=new_token())
    assert (HelpAnswer.objects.get().answer, counted(done)) == ("yes", [("parent-carer", "yes")])
    assert Comment.objects.count() == 2
