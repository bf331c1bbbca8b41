"""A service reviews its plan once a year, action by action, and what is open goes on into the next plan (R-W7)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from actions.models import Action, Plan, ReviewedAction, Status
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.requirement("R-W7")
def test_a_review_is_half_done_left_gone_on_with_and_rolls_into_the_next_plan(
    windows: Callable[..., Window], sign_in: Callable[[Page, Any], None]
) -> None:
    inclusion = service("inclusion-service")
    asha = make.make_user(Role.CONTRIBUTOR, service=inclusion)
    bryn = make.make_user(Role.PUBLISHER, service=inclusion)
    due = today() - datetime.timedelta(days=2)
    plan = make.make_plan(inclusion, title="Plan of this year", slug="this-year", next_review=due)
    first = priority(1)
    for ref, title, status in (
        ("INC-1", "Ring each family", Status.GREEN),
        ("INC-2", "Open a room", Status.AMBER),
        ("INC-3", "Print a list", Status.BLUE),
    ):
        make.make_action(plan, ref=ref, title=title, priority=first, status=status)

    # Asha looks at one action and leaves.
    one = windows()
    sign_in(one.page, asha)
    one.open("/my-work/")
    one.page.locator("main a[href='/plans/this-year/review/']").click()
    one.at("Yearly review Plan of this year")
    assert one.says("0 of 2 actions looked at.")
    one.follow("Look at it (INC-1)")
    one.at("Yearly review INC-1: Ring each family")
    one.press("Save and go on")
    assert one.says("Choose whether it is still needed.")
    one.choose("still_needed", "yes")
    one.choose("right_category", "yes")
    one.choose("difference_seen", "yes")
    one.fill(words="Families say that it helps.")
    one.press("Save and go on")
    one.at("Yearly review INC-2: Open a room")

    # Bryn goes on with it another day, says that one is not needed, and begins the next plan.
    two = windows()
    sign_in(two.page, bryn)
    two.open("/plans/this-year/")
    two.follow("Look at each action")
    two.at("Yearly review Plan of this year")
    assert two.says("1 of 2 actions looked at.")
    assert two.says("Families say that it helps.")
    two.follow("Look at it (INC-2)")
    two.choose("still_needed", "no")
    two.choose("right_category", "yes")
    two.choose("difference_seen", "no")
    two.press("Save and go on")
    assert two.says("Say why it is not needed any more.")
    two.fill(words="The library has a room.")
    two.press("Save and go on")
    two.at("Yearly review Plan of this year")
    assert two.says("The programme team is asked to close it.")
    two.follow("Finish the review")
    two.at("Finish the review Plan of this year")
    two.choose("outcome", "roll")
    two.fill_day("next_review", today() + datetime.timedelta(days=300))
    two.fill(title="Plan of next year", words="A good year.")
    two.press("Finish the review")
    two.at("Plan of next year")
    assert two.says("2 open actions come into it from Plan of this year.")

    # The programme team closes what is not needed; then the draft is published.
    three = windows()
    sign_in(three.page, make.make_user(Role.PROGRAMME))
    three.open("/my-work/")
    three.follow("INC-2: Open a room")
    assert three.says("The library has a room.")
    three.fill(reason="The library has a room.")
    three.press("Close the action")
    two.page.reload()
    two.follow("Publish the plan")
    two.at("Publish Plan of next year")
    two.press("Publish the plan")
    two.at("Plan of next year")

    # Everybody reads in the old plan what it held.
    visitor = windows()
    visitor.open("/plans/this-year/")
    visitor.at("Plan of this year")
    assert visitor.says("This plan is archived.")
    gone = visitor.part("Gone on into the next plan")
    assert "INC-1: Ring each family" in gone.inner_text()
    visitor.follow("INC-1: Ring each family")
    visitor.at("Ring each family")

    new = Plan.objects.get(previous=plan)
    homes = dict(Action.objects.order_by("ref").values_list("ref", "plan"))
    assert homes == {"INC-1": new.pk, "INC-2": plan.pk, "INC-3": plan.pk}
    answers = ReviewedAction.objects.order_by("pk").values_list("action__ref", "still_needed", "by")
    assert list(answers) == [("INC-1", True, asha.pk), ("INC-2", False, bryn.pk)]
