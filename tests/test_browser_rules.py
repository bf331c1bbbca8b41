"""Controls: the watch that every browser test stands under does see what it is there to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SIGN_IN = "/accounts/login/"  # a page that needs no rows


def test_a_request_to_another_host_is_refused_by_the_page_and_seen_by_the_watch(new_page: Any) -> None:
    page = new_page()
    page.goto(SIGN_IN)
    assert new_page.faults == []
    page.evaluate("fetch('http://elsewhere.example/').catch(() => 0)")
    assert any("elsewhere.example" in fault for fault in new_page.faults)
    new_page.faults.clear()


def test_a_script_that_breaks_is_seen_by_the_watch(new_page: Any) -> None:
    page = new_page()
    page.goto(SIGN_IN)
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('broken') })")
    assert new_page.faults == ["script error: broken"]
    new_page.faults.clear()


def test_an_added_inline_style_is_refused_and_seen_by_the_watch(new_page: Any) -> None:
    page = new_page()
    page.goto(SIGN_IN)
    with page.expect_console_message():
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
    assert any("style-src" in fault for fault in new_page.faults)
    new_page.faults.clear()


def test_a_page_without_javascript_runs_none(plain_page: Page, page: Page) -> None:
    for window in (plain_page, page):
        window.goto(SIGN_IN)
        window.set_content("<noscript><p>No script</p></noscript>")
    assert plain_page.get_by_text("No script").count() == 1
    assert page.get_by_text("No script").count() == 0


@pytest.mark.parametrize("which", ["page", "plain_page"])
def test_axe_names_a_fault_that_was_put_there(
    request: pytest.FixtureRequest, which: str, axe: Callable[[Page], list[str]]
) -> None:
    window: Page = request.getfixturevalue(which)
    window.goto(SIGN_IN)
    before = axe(window)
    window.evaluate(
        "document.querySelector('form').insertAdjacentHTML('beforeend', '<img src=\"/favicon.ico\">')"
    )
    after = [fault.split(" ")[0] for fault in axe(window) if fault not in before]
    assert [rule for rule in after if rule != "region"] == ["image-alt"]
