"""A service takes its plan out as a spreadsheet, changes it, looks at what would change, and saves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from actions.models import Action
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.requirement("R-W3")
def test_a_publisher_changes_the_plan_in_a_spreadsheet(
    windows: Callable[..., Window],
    sign_in: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    from playwright.sync_api import expect

    monkeypatch.setattr("actions.operations.imports.PIECE", 2)
    first = priority(1)
    team = service("inclusion-service")
    plan = make.make_plan(team, strategy=first.strategy, title="Plan of this year", slug="this-year")
    for title in ("Train nurseries", "Meet families", "Visit schools"):
        make.make_action(plan, priority=first, title=title)
    cleo = windows()
    sign_in(cleo.page, make.make_user(Role.PUBLISHER, service=team, name="Cleo Publisher"))

    cleo.open("/plans/this-year/")
    with cleo.page.expect_download() as download:
        cleo.follow("plain table (.csv)")
    table = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline="")))
    table[0]["The problem"] = "Some nurseries turn children away."
    table.append(
        dict.fromkeys(table[0], "")
        | {"Title": "Write a guide", "Must, should or could": "could", "Priority": "1"}
    )
    table.append(dict.fromkeys(table[0], "") | {"Title": "No day", "Must, should or could": "could", "Priority": "1",
                                                "Due date": "ongoing"})  # fmt: skip
    file = tmp_path / "plan.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(table[0]))
        writer.writeheader()
        writer.writerows(table)

    cleo.follow("Bring in a spreadsheet")
    cleo.at("Bring in a spreadsheet")
    cleo.press("Read the file")
    cleo.at("Bring in a spreadsheet")
    assert cleo.page.title().startswith("Error: ")
    cleo.page.locator("input[name=file]").set_input_files(file)
    cleo.press("Read the file")
    # With a script the check goes on by itself. Without one it goes on piece by piece, at a button.
    if request.node.callspec.params["windows"] == "without JavaScript":
        # axe reads a page in a window that has scripts, where the button would press itself, so it does not look here.
        for checked, button in ((0, "Check the rows"), (2, "Go on"), (4, "Go on")):
            expect(cleo.page.locator("#checked-words")).to_have_text(f"{checked} of 5 rows checked")
            cleo.press(button)
    cleo.at("Look before you save plan.csv, for Plan of this year")
    assert cleo.texts(".portal-outcomes li") == ["1 refused", "1 changed", "1 new", "2 not changed"]
    assert cleo.says("“ongoing” is not a day. Write a day, or leave the cell empty.")
    assert cleo.says("Some nurseries turn children away.")
    assert Action.objects.count() == 3
    cleo.press("Save 2 rows in the plan")
    cleo.at("What was brought in plan.csv, for Plan of this year")
    assert sorted(Action.objects.values_list("title", flat=True)) == [
        "Meet families", "Train nurseries", "Visit schools", "Write a guide",
    ]  # fmt: skip
    cleo.open("/plans/this-year/")
    cleo.follow("Spreadsheets brought into this plan")
    cleo.at("Spreadsheets brought in Plan of this year")
    assert cleo.texts("main .portal-list .portal-tag") == ["Saved"]
