"""A claim of change stands on something that can be checked, and says how far it has come (R-V7)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from actions.models import Action
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice.models import Comment, Response, Stage
from voice.operations import draft_answer, edit_answer, publish_answer
from voice.operations.answers import DAY_PASSED, NO_DAY, NO_PROGRESS, UNTOLD
from voice.operations.errors import CannotDo
from voice.work import work_items

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
DAY = datetime.timedelta(days=1)
WILL_DO = Response.Progress.WILL_DO


@pytest.fixture
def comment(service: Service) -> Comment:
    return make.make_comment(stage=Stage.APPROVED, service=service, published_text="The approved words")


@pytest.fixture
def action(service: Service) -> Action:
    return make.make_action(make.make_plan(service), title="Open a clinic")


def draft(comment: Comment, by: User, **changes: Any) -> Response:
    words = {
        "kind": "we_did",
        "you_said": "It takes long.",
        "we_did": "We opened a clinic.",
        "progress": "done",
    }
    made = draft_answer(service=comment.service, comments=[comment], by=by, **words | changes)
    assert made is not None
    return made


def in_form(comment: Comment, **changes: Any) -> dict[str, Any]:
    words = {"comments": [comment.pk], "kind": "we_did", "you_said": "It takes long.", "progress": "done"}
    return words | {"we_did": "We opened a clinic.", "token": new_token()} | changes


def by_day(day: datetime.date) -> dict[str, Any]:
    return {
        "progress": "will_do",
        "do_by_day": str(day.day),
        "do_by_month": str(day.month),
        "do_by_year": str(day.year),
    }


@pytest.mark.requirement("R-V7")
def test_a_draft_that_claims_a_change_with_nothing_behind_it_is_refused(
    comment: Comment, people: dict[str, User]
) -> None:
    writer = people["contributor"]
    with pytest.raises(CannotDo, match=UNTOLD):
        draft(comment, writer)
    assert draft(comment, writer, no_action_reason="It is done.").no_action_reason == "It is done."
    assert draft(comment, writer, kind="we_cannot").kind == "we_cannot"
    assert Response.objects.count() == 2


@pytest.mark.requirement("R-V7")
def test_an_answer_cannot_lose_what_stands_behind_it(
    comment: Comment, action: Action, people: dict[str, User]
) -> None:
    answer = draft(comment, people["contributor"], actions=[action])
    with pytest.raises(CannotDo, match=UNTOLD):
        edit_answer(answer=answer, version=1, actions=[], by=people["contributor"])
    assert list(answer.actions.all()) == [action]
    publish_answer(answer=answer, version=1, by=people["publisher"])
    with pytest.raises(CannotDo, match=UNTOLD):
        edit_answer(answer=answer, version=2, actions=[], by=people["publisher"])


@pytest.mark.requirement("R-V7")
def test_an_answer_is_not_published_when_its_action_is_not_public_any_more(
    comment: Comment, action: Action, people: dict[str, User]
) -> None:
    answer = draft(comment, people["contributor"], actions=[action])
    Action.objects.filter(pk=action.pk).update(published_at=None)
    with pytest.raises(CannotDo, match=UNTOLD):
        publish_answer(answer=answer, version=1, by=people["publisher"])
    Action.objects.filter(pk=action.pk).update(published_at=action.published_at)
    publish_answer(answer=answer, version=1, by=people["publisher"])


@pytest.mark.requirement("R-V7", "R-Z1")
def test_a_step_of_an_action_brings_its_action_and_is_shown(
    client: Client, signed_in: SignedIn, comment: Comment, action: Action, people: dict[str, User]
) -> None:
    step = make.make_milestone(action, "The rooms are rented")
    theirs = make.make_milestone(make.make_action())
    address = f"/voice/answers/new/?comment={comment.pk}"
    browser = signed_in("contributor")
    refused = browser.post(address, in_form(comment, milestones=[theirs.pk]))
    assert refused.context["form"].errors["milestones"] == ["Choose from the list."]
    assert browser.post(address, in_form(comment, milestones=[step.pk])).status_code == 302
    answer = Response.objects.get()
    assert (list(answer.milestones.all()), list(answer.actions.all())) == ([step], [action])
    publish_answer(answer=answer, version=1, by=people["publisher"])
    page = client.get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()
    assert ("Open a clinic" in page, "This step of it: The rooms are rented" in page) == (True, True)


@pytest.mark.requirement("R-V7")
@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"progress": ""}, {"progress": [NO_PROGRESS]}),
        ({"progress": "soon"}, {"progress": ["Choose one from the list."]}),
        ({"progress": "will_do"}, {"do_by": [NO_DAY]}),
        (by_day(datetime.date(2020, 2, 1)), {"do_by": [DAY_PASSED]}),
        ({"kind": "we_cannot", "progress": "", "no_action_reason": ""}, None),
    ],
)
def test_the_form_asks_how_far_it_has_come(
    signed_in: SignedIn, comment: Comment, typed: dict[str, Any], errors: Any
) -> None:
    words = in_form(comment, no_action_reason="It needs no plan.") | typed
    answer = signed_in("contributor").post(f"/voice/answers/new/?comment={comment.pk}", words)
    assert (answer.context["form"].errors if errors else answer.status_code) == (errors or 302)


@pytest.mark.requirement("R-V7")
def test_a_promise_needs_a_day_to_come_and_a_refusal_has_none(
    comment: Comment, people: dict[str, User]
) -> None:
    writer, why = people["contributor"], {"no_action_reason": "It needs no plan."}
    with pytest.raises(CannotDo, match=NO_DAY):
        draft(comment, writer, progress=WILL_DO, **why)
    late = draft(comment, writer, progress=WILL_DO, do_by=today() - DAY, **why)
    with pytest.raises(CannotDo, match=DAY_PASSED):
        publish_answer(answer=late, version=1, by=people["publisher"])
    cannot = draft(comment, writer, kind="we_cannot", progress=WILL_DO, do_by=today() + DAY)
    assert (cannot.progress, cannot.do_by) == ("", None)


@pytest.mark.requirement("R-V7")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"progress": "done"}, ["We did<", ">Done<"]),
        ({"progress": "doing"}, ["We are doing<", ">Being done<", "40 days ago"]),
        ({"progress": "will_do", "do_by": 5}, ["We will<", ">Will be done<"]),
        ({"progress": "will_do", "do_by": -5}, ["We will<", ">The day has passed<", "That was 5 days ago."]),
        ({"kind": "we_cannot"}, ["We cannot, because<", ">We cannot do this<"]),
    ],
)
def test_each_answer_shows_how_it_stands_with_its_day(
    client: Client, comment: Comment, fields: dict[str, Any], words: list[str]
) -> None:
    if "do_by" in fields:
        fields = fields | {"do_by": today() + fields["do_by"] * DAY}
    answer = make.make_response(comment, progress_on=today() - 40 * DAY, **fields)
    for address in ("/voice/you-said-we-did/", f"/voice/you-said-we-did/{answer.pk}/"):
        page = client.get(address).content.decode()
        assert [word for word in words if word not in page] == [], address


@pytest.mark.requirement("R-V7")
def test_a_day_that_has_passed_stands_in_the_work_of_the_service_until_it_says_how_it_stands(
    signed_in: SignedIn, comment: Comment, people: dict[str, User]
) -> None:
    told = {"progress": WILL_DO, "do_by": today() - DAY, "first_do_by": today() - DAY}
    answer = make.make_response(comment, **told)

    def waits(who: str) -> list[str]:
        items = work_items(User.objects.get(pk=people[who].pk), today=today())
        return [item.title for item in items if item.group == "The promised day has passed"]

    ask = "Ask your publisher to say how it stands"
    assert [waits(who) for who in ("publisher", "contributor", "other", "board")] == [
        ["Say how it stands now"],
        [ask],
        [],
        [],
    ]
    new_day = by_day(today() + 9 * DAY) | {"version": 1, "no_action_reason": "It needs no plan."}
    signed_in("publisher").post(f"/voice/answers/{answer.pk}/edit/", in_form(comment) | new_day)
    answer.refresh_from_db()
    assert (answer.do_by, answer.first_do_by) == (today() + 9 * DAY, today() - DAY)
    assert (waits("publisher"), answer.was_moved) == ([], True)
    page = Client().get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()
    assert "First we said" in page


def test_passed_days_are_told_apart_the_same_way_for_one_and_for_all(comment: Comment) -> None:
    for days in (-1, 0, 1):
        make.make_response(comment, progress=WILL_DO, do_by=today() + days * DAY)
        make.make_response(
            comment, progress=WILL_DO, do_by=today() + days * DAY, status=Response.Status.DRAFT
        )
    passed = set(Response.objects.promise_passed(today()))
    assert passed == {row for row in Response.objects.all() if row.is_past}
    assert len(passed) == 1


def test_a_long_list_offers_the_chosen_and_the_oldest_and_takes_any(
    signed_in: SignedIn, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice.forms.answers.MORE_SHOWN", 2)
    many = [make.make_comment(stage=Stage.APPROVED, service=service) for _ in range(6)]
    address = f"/voice/answers/new/?comment={many[5].pk}"
    browser = signed_in("contributor")
    page = browser.get(address)
    offered = [key for key, _ in page.context["form"].fields["comments"].widget.choices]
    assert offered == [many[5].pk, many[0].pk, many[1].pk]
    sent = in_form(many[5], no_action_reason="It is done.") | {"comments": [many[5].pk, many[4].pk]}
    assert browser.post(address, sent).status_code == 302
    assert set(Response.objects.get().comments.all()) == {many[4], many[5]}
