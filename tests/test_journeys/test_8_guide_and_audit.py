"""A service new to the plan gets from the guide to a first published must-do in one sitting; the board sees the gap close."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from actions.models import Action, Audit, StatutoryDuty
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOUND = "In eight of twenty reviews only adults spoke."
TITLE = "Ask each child before the review"


@pytest.fixture
def people(lancashire: None) -> SimpleNamespace:
    """A service that has no plan and has never audited itself, and a member of the board."""
    team = service("inclusion-service")
    return SimpleNamespace(
        contributor=make.make_user(Role.CONTRIBUTOR, service=team, name="Asha Contributor"),
        publisher=make.make_user(Role.PUBLISHER, service=team, name="Cleo Publisher"),
        member=make.make_user(Role.BOARD, name="Bea Board"),
    )


def audit(asha: Window, gap: StatutoryDuty, met: StatutoryDuty) -> None:
    """From my work by way of the guide to a finished audit of two duties, one of them not met."""
    asha.open("/my-work/")
    asha.follow("Read the guide: from gaps to action")
    asha.at("Guide: from gaps to action")
    asha.follow("Go to the audits")
    asha.at("Audits")
    asha.follow("Begin the first audit")
    asha.at("Begin an audit")
    asha.fill(title="Our first audit")
    for box in asha.page.locator("input[type=checkbox]").all():
        if (
            box.get_attribute("value") not in (str(gap.pk), str(met.pk))
            or box.get_attribute("name") != "duties"
        ):
            box.uncheck()
    asha.press("Begin")
    asha.at("Our first audit")
    asha.follow("Look at the first one")
    asha.at(f"Legal duty {gap.title}")
    asha.fill(words=FOUND)
    # The guide opens beside the form, and nothing that was typed is lost.
    with asha.page.context.expect_page() as opened:
        asha.follow("Guide: how to write what you found (opens in a new tab)")
    assert opened.value.url.endswith("/guide/#finding-words")
    opened.value.close()
    assert asha.page.locator("[name=words]").input_value() == FOUND
    asha.choose("result", "not_met")
    asha.press("Save and go on")
    # It can be left half done and gone on with.
    asha.open("/my-work/")
    asha.follow("Our first audit")
    asha.at("Our first audit")
    assert asha.says("Not looked at yet: 1 of 2.")
    asha.follow("Go on")
    asha.at(f"Legal duty {met.title}")
    asha.choose("result", "met")
    asha.fill(words="All twenty files show it.")
    asha.press("Save")
    asha.at("Finish the audit Our first audit")
    asha.press("Finish the audit")
    asha.at("Our first audit")
    assert asha.says("No action yet.")


def begin_plan(asha: Window) -> None:
    asha.fill(title="Our first plan")
    asha.pick("strategy", priority(1).strategy_id)
    asha.fill_day("starts", today())
    asha.fill_day("ends", today() + datetime.timedelta(days=365))
    asha.press("Save the draft")
    asha.at("Our first plan")


def make_must_do(asha: Window, gap: StatutoryDuty) -> None:
    """The gap becomes a must-do in one step, and then the rest is written that publishing asks for."""
    asha.open("/my-work/")
    assert asha.texts("h2")[0] == "Gaps without an action 1"
    asha.follow(gap.title)
    asha.at(f"Make this gap a must-do {gap.title}")
    assert asha.page.locator("[name=problem]").input_value() == FOUND
    asha.fill(title=TITLE)
    asha.pick("priority", priority(4).pk)
    asha.press("Make it a must-do")
    asha.at(TITLE)
    assert asha.says("This came from the audit of Inclusion Service")
    asha.follow("Write it now")
    asha.fill(
        doing="We send a picture form two weeks before.",
        difference="Each child says what matters to them.",
        lead_role="Team manager",
    )
    asha.fill_day("due", today() + datetime.timedelta(days=120))
    asha.press("Save")
    asha.at(TITLE)


def gaps_told(bea: Window) -> tuple[str, list[str]]:
    """The number on the board's first page, and the gaps on its page of exceptions."""
    bea.open("/board/")
    bea.at("How we are doing")
    [number] = [text for text in bea.texts(".portal-number__link") if "gaps without an action" in text]
    bea.open("/board/exceptions/")
    bea.at("Exceptions")
    return number, bea.texts("section[aria-labelledby=gaps] li.portal-exception")


@pytest.mark.requirement("R-A13")
@pytest.mark.requirement("R-A14")
@pytest.mark.requirement("R-Z10")
def test_a_new_service_goes_from_the_guide_to_a_first_published_must_do(
    windows: Callable[..., Window], people: SimpleNamespace, sign_in: Callable[..., None]
) -> None:
    gap, met = StatutoryDuty.objects.all()[:2]
    asha, cleo, bea, visitor = windows(), windows(), windows(), windows()
    sign_in(asha.page, people.contributor)
    sign_in(bea.page, people.member)
    audit(asha, gap, met)

    number, shown = gaps_told(bea)
    assert number == "1 gaps without an action"
    assert len(shown) == 1
    assert gap.title in shown[0]
    assert shown[0].endswith("No action.")

    asha.page.locator("main").get_by_role("link").filter(has_text="Make it a must-do").click()
    asha.at(f"Make this gap a must-do {gap.title}")
    assert asha.says("Your service has no plan to put it in.")
    asha.follow("Begin a plan")
    asha.at("Begin a plan")
    begin_plan(asha)
    make_must_do(asha, gap)
    assert gaps_told(bea)[1][0].endswith("The service has one in a draft.")

    sign_in(cleo.page, people.publisher)
    cleo.open("/my-work/")
    cleo.follow("Our first plan")
    cleo.follow("Publish the plan")
    cleo.at("Publish Our first plan")
    cleo.press("Publish the plan")
    cleo.at("Our first plan")

    assert gaps_told(bea) == ("0 gaps without an action", [])
    bea.open("/board/audits/")
    bea.at("Who has audited itself, and what it found")
    bea.page.get_by_role("row").filter(has_text="Inclusion Service").get_by_role("link").nth(1).click()
    bea.at("Gaps")
    assert TITLE in bea.texts("li.portal-exception")[0]

    visitor.open("/plans/")
    visitor.follow("Our first plan")
    visitor.at("Our first plan")
    assert visitor.texts("main h2")[-1] == "Must do"
    visitor.follow(TITLE)
    visitor.at(TITLE)
    assert visitor.says(FOUND)
    assert visitor.says("Each child says what matters to them.")
    assert visitor.says(gap.title)
    assert "audit" not in visitor.page.locator("main").inner_text().lower()
    assert visitor.open(Audit.objects.get().get_absolute_url()) is not None
    visitor.at("Sign in")
    assert Action.objects.get().duty == gap
