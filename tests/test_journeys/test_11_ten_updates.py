"""Somebody with ten minutes says how ten actions stand, from one page, with JavaScript and without (R-W2)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from actions.models import ActionUpdate, Status
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN = range(1, 11)


@pytest.fixture
def asha(windows: Callable[..., Window], lancashire: None, sign_in: Callable[..., None]) -> Window:
    """A contributor whose ten actions have all been silent for too long."""
    team, first = service("inclusion-service"), priority(1)
    plan = make.make_plan(team, strategy=first.strategy, title="Plan of this year")
    silent = today() - datetime.timedelta(days=40)
    for number in TEN:
        make.make_action(
            plan,
            ref=f"INC-{number}",
            priority=first,
            title=f"Work number {number}",
            status=Status.GREEN,
            last_heard=silent,
            due=today() + datetime.timedelta(days=100 + number),
        )
    person = make.make_user(Role.CONTRIBUTOR, service=team, name="Asha Contributor")
    window = windows()
    sign_in(window.page, person)
    return window


def row(window: Window, number: int) -> Locator:
    return window.page.locator(f"#INC-{number}")


def button(window: Window, name: str, number: int) -> Locator:
    return row(window, number).locator(f"button[name={name}][value=INC-{number}]")


def write(window: Window, number: int, narrative: str, **more: Any) -> None:
    """Unfold a row and write in it, as a person does."""
    box = row(window, number)
    if not box.locator(f"[name=INC-{number}-narrative]").is_visible():
        box.locator("summary").first.click()
    box.locator(f"[name=INC-{number}-narrative]").fill(narrative)
    for name, words in more.items():
        box.locator(f"[name=INC-{number}-{name}]").fill(words)


@pytest.mark.requirement("R-W2")
def test_ten_updates_are_made_from_one_page(asha: Window) -> None:
    from playwright.sync_api import expect

    asha.open("/my-work/")
    asha.at("Asha Contributor My work")
    asha.follow("Make your updates on one page")
    asha.at("Make your updates")
    assert asha.says("10 actions need a word from you.")

    # One honest click, and nine short forms; a word written in another row meanwhile is never lost.
    write(asha, 2, "Half a sentence")
    button(asha, "unchanged", 1).click()
    expect(
        asha.page.get_by_text("Noted: nothing has changed.").or_(
            asha.page.get_by_text("1 update is saved: INC-1.")
        )
    ).to_be_visible()
    expect(row(asha, 2).locator("[name=INC-2-narrative]")).to_have_value("Half a sentence")
    for number in TEN[1:]:
        write(asha, number, f"We did part {number}.", public_words=f"Families see part {number}.")
        button(asha, "save", number).click()
        saved = asha.page.get_by_text(f"1 update is saved: INC-{number}.", exact=True)
        expect(saved.or_(row(asha, number).get_by_text("Saved.", exact=True))).to_be_visible()

    said = dict(ActionUpdate.objects.values_list("action__ref", "narrative"))
    assert said == {"INC-1": ""} | {f"INC-{number}": f"We did part {number}." for number in TEN[1:]}
    asha.open("/my-work/")
    asha.at("Asha Contributor My work")
    assert asha.says("Nothing waits for you today")


@pytest.mark.requirement("R-W2")
def test_what_is_wrong_in_a_row_is_told_in_that_row_and_mended_there(asha: Window) -> None:
    from playwright.sync_api import expect

    asha.open("/actions/updates/")
    write(asha, 4, "The trainer is ill.")
    row(asha, 4).get_by_label("Amber: at risk").check()
    button(asha, "save", 4).click()
    told = row(asha, 4).locator("#id_INC-4-reason_error")
    expect(told).to_contain_text("Say what puts it at risk and how you will catch up.")
    asha.at("Make your updates")
    expect(row(asha, 4).locator("[name=INC-4-narrative]")).to_have_value("The trainer is ill.")
    assert ActionUpdate.objects.count() == 0

    row(asha, 4).locator("[name=INC-4-reason]").fill("One trainer is ill. Another starts on Monday.")
    button(asha, "save", 4).click()
    saved = asha.page.get_by_text("1 update is saved: INC-4.", exact=True)
    expect(saved.or_(row(asha, 4).get_by_text("Saved.", exact=True))).to_be_visible()
    update = ActionUpdate.objects.get()
    assert (update.action.ref, update.status) == ("INC-4", "amber")


@pytest.mark.requirement("R-W2")
def test_who_was_signed_out_meanwhile_is_told_and_keeps_the_words(asha: Window) -> None:
    from playwright.sync_api import expect

    asha.open("/actions/updates/")
    write(asha, 3, "Written in the train.")
    asha.page.context.clear_cookies()
    button(asha, "save", 3).click()
    # In the row with JavaScript; on the page that gives words back without it.
    here = row(asha, 3).get_by_text("This was not saved. Your words are still here.")
    expect(here.or_(asha.page.get_by_role("heading", name="What you typed"))).to_be_visible()
    kept = asha.page.locator("textarea").evaluate_all("boxes => boxes.map(box => box.value)")
    assert "Written in the train." in kept or asha.says("Written in the train.")
    assert ActionUpdate.objects.count() == 0
