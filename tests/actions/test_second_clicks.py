"""A second click changes nothing twice and is never answered with a refusal (R-A4, R-A6)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from actions.models import Action, ActionUpdate, ImpactRating, Plan, Status
from foundation.tokens import new_token
from partnership.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


def signed_in(role: str, **fields: Any) -> Client:
    browser = Client()
    browser.force_login(make.make_user(role, **fields))
    return browser


@pytest.fixture
def delivered() -> Action:
    make.make_partnership()
    action = make.make_action(make.make_plan(make.make_service()), status=Status.DELIVERED)
    make.make_evidence(action, by=make.make_user(Role.CONTRIBUTOR))
    return action


@pytest.mark.requirement("R-A6")
@pytest.mark.parametrize("decision", ["rate", "sign_off"])
def test_judging_twice_by_a_double_click_counts_once(delivered: Action, decision: str) -> None:
    browser, path = signed_in(Role.ASSURANCE), f"/actions/{delivered.ref}/sign-off/"
    sent = {"rating": "clear", "words": "Families told us.", "decision": decision, "token": new_token()}
    assert browser.post(path, sent).status_code == 302
    again = browser.post(path, sent, follow=True)
    assert "Nothing was added twice." in again.content.decode()
    assert ImpactRating.objects.count() == 1
    another = browser.post(path, sent | {"decision": "rate", "token": new_token()})
    assert (another.status_code, ImpactRating.objects.count()) == (302, 2)


@pytest.mark.requirement("R-A4")
def test_closing_twice_by_a_double_click_is_no_refusal(delivered: Action) -> None:
    browser, path = signed_in(Role.PROGRAMME), f"/actions/{delivered.ref}/close/"
    sent = {"reason": "There is no money.", "token": new_token()}
    assert browser.post(path, sent).status_code == 302
    again = browser.post(path, sent, follow=True)
    assert (again.status_code, "Nothing was added twice." in again.content.decode()) == (200, True)
    assert ActionUpdate.objects.filter(status=Status.CLOSED).count() == 1
    assert browser.post(path, sent | {"token": new_token()}).status_code == 403


@pytest.mark.parametrize(
    ("start", "button", "words"),
    [
        (Plan.Status.DRAFT, "publish", "The plan is public already."),
        (Plan.Status.PUBLISHED, "archive", "The plan is archived already."),
    ],
)
def test_a_second_click_on_a_plans_button_is_no_refusal(start: str, button: str, words: str) -> None:
    make.make_partnership()
    service = make.make_service()
    plan = make.make_plan(service, status=start)
    make.make_action(plan)
    browser, path = signed_in(Role.PUBLISHER, service=service), f"/plans/{plan.slug}/{button}/"
    carried = browser.get(path).context["form"].initial
    assert browser.post(path, carried).status_code == 302
    again = browser.post(path, carried, follow=True)
    assert (again.status_code, words in again.content.decode()) == (200, True)
    assert signed_in(Role.CONTRIBUTOR, service=service).post(path, {"version": 9}).status_code == 403
