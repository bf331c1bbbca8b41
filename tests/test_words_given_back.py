"""Something is closed, taken back or a role ends while somebody types: nothing is saved, and every word comes back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.utils import timezone

from actions import operations, reasons
from actions.models import (
    Action,
    ActionUpdate,
    Audit,
    DueDateRequest,
    Evidence,
    Finding,
    GapAction,
    Milestone,
    Plan,
    Status,
)
from foundation.refusals import NOT_YOUR_ROLE
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.middleware import SIGNED_OUT
from partnership.models import Membership, PlainSummary, Service
from partnership.operations.people import end_membership
from partnership.roles import Role
from tests import factories as make
from tests.access_world import World, build_world
from voice.models import (
    Booking,
    BookingState,
    Comment,
    Event,
    Redaction,
    Response,
    SafeguardingFlag,
    Theme,
    Wording,
)
from voice.operations import ask_release, cancel_event, publish_answer, record_outcome, withdraw_comment
from voice.operations.bookings import NOT_BOOKABLE
from voice.operations.events import IS_CANCELLED
from voice.views.answering import NONE_LEFT, PUBLISHED
from voice.views.themes import GONE

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.requirement("R-A9")]

TYPED = "Typed for ten minutes"
KEPT = [
    Action,
    ActionUpdate,
    Audit,
    Booking,
    DueDateRequest,
    Event,
    Evidence,
    Finding,
    GapAction,
    Milestone,
    Plan,
    PlainSummary,
    Response,
    Redaction,
    Service,
    Theme,
    Wording,
]
Change = Callable[[World], None]


@pytest.fixture
def world() -> World:
    return build_world()


def action_closed(world: World) -> None:
    action = Action.objects.get(ref="INC-1")
    operations.close_action(by=world.users["programme"], action=action, reason="No money.")


def action_signed_off(world: World) -> None:
    Action.objects.filter(ref="INC-1").update(status=Status.BLUE)


def due_date_moved(world: World) -> None:
    action = Action.objects.get(ref="INC-1")
    due = action.due + datetime.timedelta(days=1)
    operations.move_due(by=world.users["publisher"], action=action, due=due, was=action.due, reason="Why.")


def delivered_closed(world: World) -> None:
    action = Action.objects.get(ref="INC-4")
    operations.close_action(by=world.users["programme"], action=action, reason="No money.")


def plan_archived(world: World) -> None:
    plan = Plan.objects.get(slug="open-plan")
    operations.archive_plan(by=world.users["publisher"], plan=plan, version=plan.version)


def audit_finished(world: World) -> None:
    audit = Audit.objects.get(pk=world.paths["draft_audit"])
    audit.findings.update(result="met", words="We do it.")
    note = operations.note_of_audit(audit, audit.findings.all())
    operations.finish_audit(by=world.users["publisher"], audit=audit, seen=note)


def audit_thrown_away(world: World) -> None:
    audit = Audit.objects.get(pk=world.paths["draft_audit"])
    note = operations.note_of_audit(audit, audit.findings.all())
    assert operations.drop_audit(by=world.users["publisher"], audit=audit, seen=note)


def went_to_another_service(world: World) -> None:
    role_ended("contributor")(world)
    make.make_membership(world.users["contributor"], Role.CONTRIBUTOR, service=make.make_service())


def plan_published(world: World) -> None:
    plan = Plan.objects.get(slug="draft-plan")
    note = operations.note_of(plan.actions.all(), plan=plan)
    operations.publish_plan(by=world.users["publisher"], plan=plan, seen=note)


def role_ended(person: str) -> Change:
    def end(world: World) -> None:
        for membership in Membership.objects.filter(user=world.users[person]):
            end_membership(membership=membership, last_day=None, by=world.users["programme"], today=today())

    return end


def comment_taken_back(world: World) -> None:
    withdraw_comment(comment=Comment.objects.get(pk=world.paths["approved"]))


def wording_dropped(world: World) -> None:
    Wording.objects.all().delete()


def answer_published(world: World) -> None:
    answer = Response.objects.get(pk=world.paths["draft_answer"])
    publish_answer(answer=answer, version=answer.version, by=world.users["publisher"])


def event_cancelled(world: World) -> None:
    event = Event.objects.get(slug="coming")
    cancel_event(event=event, version=1, reason="No heating.", by=world.users["programme"])


class Case(NamedTuple):
    """Who sends what where, what happens meanwhile, and the reason that they read."""

    person: str
    address: str
    fields: Mapping[str, Any]
    meanwhile: Change
    why: str


ACTION = {"title": TYPED, "category": "2", "version": "1"}
UPDATE = {"status": "green", "narrative": TYPED}
EVIDENCE = {"statement": TYPED, "kind": "data"}
MEASURE = {"success_looks_like": TYPED}
SIGN_OFF = {"rating": "clear", "words": TYPED, "decision": "sign_off"}
PLAN = {"title": TYPED, "version": "1"}
ANSWER = {"kind": "we_did", "you_said": "You said", "we_did": TYPED, "progress": "done"}
FINDING = "/audits/{draft_audit}/findings/{to_find}/edit/"
EVENT = {"title": TYPED, "audience": "everybody", "version": "1"}
STEP = {"title": TYPED, "due_day": "1", "due_month": "2", "due_year": "2030"}

CASES: dict[str, Case] = {
    "edit, closed": Case("publisher", "/actions/INC-1/edit/", ACTION, action_closed, reasons.CLOSED),
    "edit, signed off": Case(
        "publisher", "/actions/INC-1/edit/", ACTION, action_signed_off, reasons.COMPLETE
    ),
    "edit, archived": Case("publisher", "/actions/INC-1/edit/", ACTION, plan_archived, reasons.ARCHIVED),
    "edit, role": Case(
        "publisher", "/actions/INC-1/edit/", ACTION, role_ended("publisher"), reasons.NOT_YOURS
    ),
    "edit, public": Case("contributor", "/actions/INC-2/edit/", ACTION, plan_published, reasons.PUBLIC),
    "update, closed": Case("contributor", "/actions/INC-1/update/", UPDATE, action_closed, reasons.CLOSED),
    "update, archived": Case(
        "contributor", "/actions/INC-1/update/", UPDATE, plan_archived, reasons.ARCHIVED
    ),
    "evidence, closed": Case(
        "contributor", "/actions/INC-1/evidence/new/", EVIDENCE, action_closed, reasons.CLOSED
    ),
    "evidence, role": Case(
        "contributor",
        "/actions/INC-1/evidence/new/",
        EVIDENCE,
        role_ended("contributor"),
        reasons.NOT_YOURS,
    ),
    "due date, closed": Case(
        "contributor", "/actions/INC-1/due-date/", {"reason": TYPED}, action_closed, reasons.CLOSED
    ),
    "due date decision, overtaken": Case(
        "publisher",
        "/actions/INC-1/due-date/{due_request}/",
        {"words": TYPED},
        due_date_moved,
        reasons.DECIDED,
    ),
    "step, closed": Case("publisher", "/actions/INC-1/milestones/new/", STEP, action_closed, reasons.CLOSED),
    "step, public": Case(
        "contributor", "/actions/INC-2/milestones/new/", STEP, plan_published, reasons.PUBLIC
    ),
    "step change, closed": Case(
        "publisher", "/actions/INC-1/milestones/{milestone}/edit/", STEP, action_closed, reasons.CLOSED
    ),
    "step change, public": Case(
        "contributor",
        "/actions/INC-1/milestones/{milestone}/edit/",
        STEP,
        lambda world: None,
        reasons.PUBLIC,
    ),
    "measure, archived": Case(
        "publisher", "/actions/INC-1/measures/new/", MEASURE, plan_archived, reasons.ARCHIVED
    ),
    "sign-off, closed": Case(
        "assurance", "/actions/INC-4/sign-off/", SIGN_OFF, delivered_closed, reasons.CLOSED
    ),
    "sign-off, role": Case(
        "assurance", "/actions/INC-4/sign-off/", SIGN_OFF, role_ended("assurance"), NOT_YOUR_ROLE
    ),
    "close, closed": Case(
        "programme", "/actions/INC-1/close/", {"reason": TYPED}, action_closed, reasons.CLOSED
    ),
    "new action, archived": Case(
        "contributor", "/plans/open-plan/actions/new/", ACTION, plan_archived, reasons.ARCHIVED
    ),
    "review, archived": Case(
        "contributor",
        "/plans/open-plan/review/actions/INC-1/",
        {"words": TYPED},
        plan_archived,
        reasons.ARCHIVED,
    ),
    "new audit, role": Case(
        "contributor", "/audits/new/", {"title": TYPED}, role_ended("contributor"), NOT_YOUR_ROLE
    ),
    "audit, finished": Case(
        "publisher",
        "/audits/{draft_audit}/edit/",
        {"title": TYPED, "version": "1"},
        audit_finished,
        reasons.AUDIT_FINISHED,
    ),
    "audit, thrown away": Case(
        "contributor", "/audits/{draft_audit}/edit/", {"scope": TYPED}, audit_thrown_away, reasons.AUDIT_GONE
    ),
    "finding, finished": Case(
        "contributor", FINDING, {"words": TYPED}, audit_finished, reasons.AUDIT_FINISHED
    ),
    "finding, thrown away": Case(
        "contributor", FINDING, {"words": TYPED}, audit_thrown_away, reasons.AUDIT_GONE
    ),
    "action of a gap, another service": Case(
        "contributor",
        "/audits/{audit}/findings/{gap}/action/",
        {"title": TYPED},
        went_to_another_service,
        reasons.NOT_YOURS,
    ),
    "plan, archived": Case("publisher", "/plans/open-plan/edit/", PLAN, plan_archived, reasons.ARCHIVED),
    "plan, role": Case(
        "publisher", "/plans/open-plan/edit/", PLAN, role_ended("publisher"), reasons.NOT_YOURS
    ),
    "new plan, role": Case(
        "contributor", "/plans/new/", {"title": TYPED}, role_ended("contributor"), NOT_YOUR_ROLE
    ),
    "new answer, taken back": Case(
        "contributor", "/voice/answers/new/?comment={approved}", ANSWER, comment_taken_back, NONE_LEFT
    ),
    "new answer, role": Case(
        "contributor",
        "/voice/answers/new/?comment={approved}",
        ANSWER,
        role_ended("contributor"),
        NOT_YOUR_ROLE,
    ),
    "answer, published": Case(
        "contributor", "/voice/answers/{draft_answer}/edit/", ANSWER, answer_published, PUBLISHED
    ),
    "event, role": Case(
        "programme", "/voice/events/{event}/edit/", EVENT, role_ended("programme"), NOT_YOUR_ROLE
    ),
    "event, cancelled": Case(
        "programme", "/voice/events/{event}/edit/", EVENT, event_cancelled, IS_CANCELLED
    ),
    "written down, role": Case(
        "moderator", "/voice/inbox/new/", {"text": TYPED}, role_ended("moderator"), NOT_YOUR_ROLE
    ),
    "theme, role": Case(
        "moderator", "/voice/inbox/themes/", {"name": TYPED}, role_ended("moderator"), NOT_YOUR_ROLE
    ),
    "wording, role": Case(
        "moderator", "/voice/inbox/wordings/", {"text": TYPED}, role_ended("moderator"), NOT_YOUR_ROLE
    ),
    "wording, taken out": Case(
        "moderator", "/voice/inbox/wordings/{wording}/", {"text": TYPED}, wording_dropped, GONE
    ),
    "new event, role": Case("programme", "/voice/events/new/", EVENT, role_ended("programme"), NOT_YOUR_ROLE),
    "cancelling an event, role": Case(
        "programme",
        "/voice/events/{event}/cancel/",
        {"reason": TYPED},
        role_ended("programme"),
        NOT_YOUR_ROLE,
    ),
    "cancelling an event, cancelled": Case(
        "programme",
        "/voice/events/{event}/cancel/",
        {"reason": TYPED, "version": "2"},
        event_cancelled,
        IS_CANCELLED,
    ),
    "correcting a report, role": Case(
        "programme",
        "/voice/reports/2023/publish/",
        {"reason": TYPED},
        role_ended("programme"),
        NOT_YOUR_ROLE,
    ),
    "what was said, role": Case(
        "moderator",
        "/voice/events/{past_event}/said/",
        {"text": TYPED},
        role_ended("moderator"),
        NOT_YOUR_ROLE,
    ),
    "booking, cancelled": Case(
        "visitor",
        "/events/coming/book/",
        {"access_needs": TYPED},
        event_cancelled,
        NOT_BOOKABLE[BookingState.CANCELLED],
    ),
    "plain words, role": Case(
        "programme", "/sources/passages/P1/plain/", {"text": TYPED}, role_ended("programme"), NOT_YOUR_ROLE
    ),
    "service, role": Case(
        "programme",
        "/partnership/services/inclusion/edit/",
        {"name": TYPED},
        role_ended("programme"),
        NOT_YOUR_ROLE,
    ),
    "invitation, role": Case(
        "programme", "/partnership/invitations/new/", {"name": TYPED}, role_ended("programme"), NOT_YOUR_ROLE
    ),
}


def everything() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in KEPT}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_saved_and_what_was_typed_is_on_the_page_with_the_reason(world: World, name: str) -> None:
    case = CASES[name]
    browser, address = world.clients[case.person], case.address.format(**world.paths)
    form_was_there = browser.get(address)
    case.meanwhile(world)
    before = everything()
    told = browser.post(address, {**case.fields, "token": new_token()})
    html = told.content.decode()
    assert (form_was_there.status_code, told.status_code) == (200, 403)
    assert everything() == before
    assert "This was not saved" in html
    assert case.why in html
    assert f"<p>{TYPED}</p>" in html
    assert told.context["url"] and world.clients[case.person].get(told.context["url"]).status_code == 200


@pytest.mark.parametrize("address", ["/actions/INC-1/edit/", "/plans/open-plan/edit/", "/plans/new/"])
def test_who_typed_nothing_is_refused_plainly(world: World, address: str) -> None:
    for answer in (world.clients["board"].get(address), world.clients["board"].post(address)):
        assert (answer.status_code, "This was not saved" in answer.content.decode()) == (403, False)


@pytest.mark.parametrize("address", ["/actions/INC-2/edit/", "/plans/draft-plan/edit/"])
def test_who_may_not_even_see_it_any_more_finds_no_page(world: World, address: str) -> None:
    browser = world.clients["contributor"]
    assert browser.get(address).status_code == 200
    role_ended("contributor")(world)
    told = browser.post(address, ACTION)
    assert (told.status_code, TYPED in told.content.decode()) == (404, False)


def test_a_second_click_after_the_first_was_kept_says_so(world: World) -> None:
    browser, address = world.clients["contributor"], "/actions/INC-1/update/"
    sent = UPDATE | {"token": new_token()}
    assert browser.post(address, sent).status_code == 302
    action_closed(world)
    again = browser.post(address, sent, follow=True)
    assert "Nothing was added twice." in again.content.decode()


def test_an_answer_to_several_comments_keeps_its_words_when_one_is_taken_back(world: World) -> None:
    answered = Comment.objects.get(pk=world.paths["approved"])
    other = Comment.objects.get(pk=answered.pk)
    other.pk = None
    other.code_digest = "1" * 64
    other.save()
    address = f"/voice/answers/new/?comment={answered.pk}&comment={other.pk}"
    comment_taken_back(world)
    before = Response.objects.count()
    sent = {**ANSWER, "comments": [answered.pk, other.pk], "no_action_reason": "Done", "token": new_token()}
    told = world.clients["contributor"].post(address, sent)
    html = told.content.decode()
    assert (told.status_code, Response.objects.count()) == (422, before)
    assert "A comment you chose cannot be answered any more." in html
    assert f"{TYPED}</textarea>" in html


def test_an_outcome_that_somebody_else_wrote_first_gives_the_reference_back(world: World) -> None:
    flag = SafeguardingFlag.objects.get(pk=world.paths["flag"])
    flag.read_by, flag.read_at = world.users["safeguarding"], timezone.now()
    flag.save()
    record_outcome(flag=flag, outcome="known", reference="First", by=world.users["moderator"])
    sent = {"step": "outcome", "outcome": "referred", "referred_to": "A team", "reference": TYPED}
    told = world.clients["safeguarding"].post(f"/voice/safeguarding/{flag.pk}/", sent)
    html = told.content.decode()
    flag.refresh_from_db()
    assert (told.status_code, flag.reference) == (422, "First")
    assert "has already written down what was done." in html
    assert f'value="{TYPED}"' in html


def test_the_words_of_a_request_that_somebody_made_first_are_given_back(world: World) -> None:
    flag = SafeguardingFlag.objects.get(pk=world.paths["flag"])
    flag.read_by, flag.read_at, flag.outcome = world.users["safeguarding"], timezone.now(), "known"
    flag.save()
    ask_release(flag=flag, reason="mistake", by=world.users["moderator"])
    sent = {"step": "ask", "reason": "not_safety", "words": TYPED}
    told = world.clients["safeguarding"].post(f"/voice/safeguarding/{flag.pk}/", sent)
    html = told.content.decode()
    assert (told.status_code, flag.release_requests.count()) == (422, 1)
    assert "has asked already." in html
    assert f"{TYPED}</textarea>" in html


def test_a_decision_that_somebody_else_was_quicker_with_keeps_what_was_typed(world: World) -> None:
    comment = Comment.objects.get(pk=world.paths["unread"])
    address = f"/voice/inbox/{comment.pk}/"
    Comment.objects.filter(pk=comment.pk).update(
        claimed_by=world.users["programme"], claimed_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    service = Service.objects.get(slug="inclusion")
    approve = {"step": "approve", "text": TYPED, "summary": "S", "service": service.pk, "version": "1"}
    told = world.clients["moderator"].post(address, approve)
    assert (told.status_code, f"{TYPED}</textarea>" in told.content.decode()) == (409, True)
    sent = {"step": "refuse", "reason": "vexatious", "version": "1"}
    refused = world.clients["moderator"].post(address, sent)
    assert refused.status_code == 409
    assert refused.context["refuse"]["reason"].value() == "vexatious"
    comment.refresh_from_db()
    assert comment.stage == "received"


@pytest.mark.requirement("R-V8")
def test_words_made_of_a_comment_that_was_taken_back_are_not_handed_back(world: World) -> None:
    comment = Comment.objects.get(pk=world.paths["unread"])
    withdraw_comment(comment=comment)
    sent = {"step": "approve", "text": TYPED, "summary": TYPED, "version": "1"}
    page = world.clients["moderator"].post(f"/voice/inbox/{comment.pk}/", sent, follow=True)
    assert "The sender took this one back. Nothing was changed." in page.content.decode()
    assert TYPED not in page.content.decode()


@pytest.mark.requirement("R-X2")
@pytest.mark.parametrize("address", ["/actions/INC-1/update/", "/voice/answers/{draft_answer}/edit/"])
def test_who_was_signed_out_while_writing_gets_the_words_back_and_the_way_to_sign_in(
    world: World, address: str
) -> None:
    browser, address = world.clients["contributor"], address.format(**world.paths)
    assert browser.get(address).status_code == 200
    browser.logout()
    before = everything()
    told = browser.post(address, {**UPDATE, **ANSWER, "narrative": TYPED, "token": new_token()})
    html = told.content.decode()
    assert (told.status_code, everything()) == (403, before)
    assert "This was not saved" in html and SIGNED_OUT in html
    assert html.count(f"<p>{TYPED}</p>") == 2  # the update's words and the answer's
    assert f'href="/accounts/login/?next={address}"' in html
    assert told.headers["Cache-Control"] == "no-store, private"


def test_who_is_signed_out_and_sends_no_words_is_asked_to_sign_in(world: World) -> None:
    sent = {"status": "green", "old_password": "three short words", "narrative": ""}
    told = world.clients["visitor"].post("/actions/INC-1/update/", sent)
    assert (told.status_code, told.headers["Location"]) == (
        302,
        "/accounts/login/?next=/actions/INC-1/update/",
    )


@pytest.mark.requirement("R-X2")
@pytest.mark.parametrize(
    ("from_where", "given_back"), [("same-origin", True), ("cross-site", False), ("none", False), ("", False)]
)
def test_a_form_that_was_open_too_long_gives_its_words_back_to_our_own_pages_alone(
    world: World, from_where: str, given_back: bool
) -> None:
    browser = Client(enforce_csrf_checks=True)
    headers = {"Sec-Fetch-Site": from_where} if from_where else {}
    told = browser.post("/voice/new/parent-carer/words/", {"text": TYPED}, headers=headers)
    html = told.content.decode()
    assert (told.status_code, Comment.objects.filter(original__text=TYPED).exists()) == (403, False)
    assert "The form could not be sent" in html
    assert (f"<p>{TYPED}</p>" in html) is given_back
    assert ("What you typed may still be there." in html) is not given_back
