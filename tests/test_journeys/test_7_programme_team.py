"""The programme team finds owners who are not there, moves their actions, re-dates several at once; people choose their mail."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from actions.models import Action, BulkChange
from partnership.calendar import today
from partnership.models import MailPreference
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


class Partnership:
    """A service whose one owner never signed in, beside a service that works."""

    def __init__(self) -> None:
        first = priority(1)
        self.programme = make.make_user(Role.PROGRAMME, name="Pat Programme")
        self.absent = make.make_user(
            Role.CONTRIBUTOR, service=service("inclusion-service"), name="Nobody Came"
        )
        self.orphaned = make.make_plan(
            service("inclusion-service"), strategy=first.strategy, title="Inclusion plan"
        )
        self.living = make.make_plan(
            service("public-health"), strategy=first.strategy, title="Public health plan"
        )
        self.actions = [
            make.make_action(
                self.orphaned,
                ref=f"INC-{number}",
                priority=first,
                title=f"Task {number}",
                due=today() + number * DAY,
            )
            for number in (71, 72)
        ]
        self.undated = make.make_action(
            self.orphaned, ref="INC-73", priority=first, title="Task 73", due=None
        )


@pytest.mark.requirement("R-W9")
def test_the_actions_of_an_owner_who_never_came_go_to_another_service_and_get_a_new_date(
    windows: Callable[..., Window], sign_in: Callable[[Page, Any], None]
) -> None:
    team = Partnership()
    pat = windows()
    sign_in(pat.page, team.programme)

    pat.open("/my-work/")
    pat.follow("See owners who are not there")
    pat.at("Owners who are not there")
    assert pat.says("Nobody holds these")
    assert pat.says("Has never signed in")
    pat.follow("Move these actions of Nobody Came")
    pat.at("Move them to another service")
    pat.press("Look at it first")
    pat.at("Move them to another service")
    assert pat.page.title().startswith("Error: ")
    pat.pick("plan", team.living.pk)
    pat.fill(reason="The post has been empty since May.")
    pat.press("Look at it first")
    pat.at("Move them to another service")
    assert pat.says("3 actions change. Nothing is saved yet.")
    assert not Action.objects.filter(plan=team.living).exists()
    pat.press("Move 3 actions")
    pat.at("Change several actions")
    assert Action.objects.filter(plan=team.living, service=team.living.service).count() == 3
    pat.open("/actions/owners/")
    pat.at("Owners who are not there")
    assert not pat.says("Nobody Came")

    pat.open("/actions/?service=public-health")
    pat.follow("Change several of these actions")
    pat.at("Change several actions")
    for action in (*team.actions, team.undated):
        pat.choose("action", action.pk)
    pat.press("Give them a new due date")
    pat.at("Give them a new due date")
    later = today() + 200 * DAY
    pat.fill_day("due", later)
    pat.fill(reason="New people start in spring.")
    pat.press("Look at it first")
    pat.at("Give them a new due date")
    assert pat.says("It has no due date to move. Its service sets one.")
    pat.press("Change what I typed")
    pat.at("Give them a new due date")
    assert pat.page.locator("[name=due_year]").input_value() == str(later.year)
    pat.press("Look at it first")
    pat.at("Give them a new due date")
    # While Pat reads, somebody closes one of them.
    Action.objects.filter(pk=team.actions[1].pk).update(status="closed", version=2)
    pat.press("Re-date 2 actions")
    pat.at("Give them a new due date")
    assert pat.says("Nothing was changed. Something changed while you were reading")
    pat.press("Re-date 1 action")
    pat.at("Change several actions")
    assert list(Action.objects.filter(due=later)) == [team.actions[0]]
    assert BulkChange.objects.count() == 2

    pat.open("/actions/INC-71/")
    pat.at("Task 71")
    assert pat.says("Moved from Inclusion plan to Public health plan, with 2 other actions.")
    assert pat.says("New people start in spring.")


@pytest.mark.requirement("R-W5")
def test_a_person_chooses_the_day_of_their_mail_and_stops_it(
    windows: Callable[..., Window], sign_in: Callable[[Page, Any], None]
) -> None:
    person = make.make_user(Role.BOARD, name="Bea Board")
    bea = windows()
    sign_in(bea.page, person)
    bea.open("/my-work/")
    bea.follow("Choose when we mail you what waits")
    bea.at("Mail about your work")
    bea.choose("when", 3)
    bea.press("Save")
    bea.at("Bea Board My work")
    assert bea.says("Your mail comes each Thursday when something waits.")
    bea.open("/my-work/mail/")
    bea.choose("when", "never")
    bea.press("Save")
    bea.at("Bea Board My work")
    assert MailPreference.objects.get(person=person).is_wanted is False
