"""In a real browser: the child's page, the code and the way out, with and without JavaScript (R-S6, R-X9, R-A10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests import factories as make
from voice.models import Comment, Draft

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OUTSIDE = "https://www.bbc.co.uk/weather"


def send(page: Page, words: str = "I like my helper.") -> None:
    page.goto("/voice/new/child/")
    page.get_by_role("link", name="Start now").click()
    page.get_by_label("Happy").check(force=True)
    go_on(page)
    page.get_by_label("Tell us more").fill(words)
    for _ in range(4):
        go_on(page)
    page.get_by_role("button", name="Send").click()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


@pytest.mark.requirement("R-V1")
@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-X9")
def test_a_child_sends_gets_a_code_and_follows_it(
    either_page: Page, axe: Callable[[Page], list[str]], at_once: None, numbers: None
) -> None:
    page = either_page
    page.goto("/voice/")
    assert axe(page) == []
    page.get_by_role("link", name="I am a child").click()
    assert axe(page) == []
    page.get_by_role("link", name="Start now").click()
    page.get_by_label("Happy").check(force=True)
    for name in ("face", "words", "show", "safe", "more"):
        assert page.url.endswith(f"/voice/new/child/{name}/")
        assert axe(page) == []
        if name == "words":
            page.get_by_label("Tell us more").fill("my name is jack")
            go_on(page)
            assert axe(page) == []
            page.get_by_role("button", name="Keep it as it is").click()
        else:
            go_on(page)
    assert axe(page) == []
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Thank you. We have it."
    assert axe(page) == []
    code = page.locator(".portal-code__groups").inner_text().replace("\n", "")
    page.get_by_role("link", name="See where your words are").click()
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Show me").click()
    assert page.get_by_role("heading", level=1).inner_text() == "We have it."
    assert axe(page) == []
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Yes, take it back").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You took it back"
    assert Comment.objects.get().stage == "withdrawn"


@pytest.mark.requirement("R-V8")
def test_a_refresh_of_the_code_page_shows_the_same_code_and_keeps_one(
    plain_page: Page, at_once: None
) -> None:
    send(plain_page)
    first = plain_page.locator(".portal-code__groups").inner_text()
    plain_page.reload()
    assert plain_page.locator(".portal-code__groups").inner_text() == first
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-S6")
@pytest.mark.parametrize("javascript", [True, False])
def test_exit_this_page_leaves_tells_nothing_and_what_was_typed_is_gone(
    browser: Browser, live_server: Any, at_once: None, javascript: bool
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=javascript)
    asked: list[dict[str, str]] = []

    def outside(route: Any) -> None:
        asked.append(route.request.headers)
        route.fulfill(body="<h1>Weather</h1>", content_type="text/html")

    context.route(f"{OUTSIDE}**", outside)
    try:
        page = context.new_page()
        page.goto("/voice/new/child/words/")
        page.get_by_label("Tell us more").fill("Nobody may see this")
        go_on(page)
        assert Draft.objects.count() == 1
        page.get_by_role("button", name="Exit this page").click()
        page.wait_for_url(OUTSIDE)
        assert page.get_by_role("heading").inner_text() == "Weather"
        assert "referer" not in asked[0]
        assert Draft.objects.count() == 0
        assert "session" not in {cookie["name"] for cookie in context.cookies()}
        page.go_back()  # whatever the browser kept, nothing of it can be read
        assert "Nobody may see this" not in page.content()
        page.goto("/voice/new/child/words/")
        assert page.get_by_label("Tell us more").input_value() == ""
        send(page)
        page.get_by_role("button", name="Exit this page").click()
        page.wait_for_url(OUTSIDE)
        assert "referer" not in asked[1]
    finally:
        context.close()


@pytest.mark.requirement("R-S6")
@pytest.mark.parametrize("address", ["/voice/new/child/words/", "/voice/follow/", "/help/safe/"])
def test_the_way_out_is_large_and_first_after_the_way_back(plain_page: Page, address: str) -> None:
    plain_page.goto(address)
    box = plain_page.get_by_role("button", name="Exit this page").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] < 400


@pytest.mark.requirement("R-V1")
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_a_childs_targets_are_at_least_44_pixels(
    new_page: Callable[..., Page], width: int, numbers: None
) -> None:
    page = new_page(javascript=False, width=width)
    small = {}
    for name in ("", "face/", "words/", "show/", "safe/", "more/", "check/"):
        page.goto(f"/voice/new/child/{name}")
        for control in page.locator(
            "main a, main button, .portal-faces__item, .govuk-radios__label, main select, main textarea"
        ).all():
            box = control.bounding_box()
            if box and min(box["height"], box["width"]) < 44:
                small[name, control.inner_text()] = box
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if name == "words/":
            page.get_by_label("Tell us more").fill("I like my helper.")
            go_on(page)
    assert small == {}


@pytest.mark.requirement("R-X3")
def test_a_word_without_a_space_breaks_rather_than_push_a_page_aside(new_page: Callable[..., Page]) -> None:
    word = "Multidisciplinary" * 8
    service = make.make_service(word)
    action = make.make_action(make.make_plan(service, title=word), title=word)
    comment = make.make_comment(stage="answered", service=service, published_text=word)
    answer = make.make_response(comment, service=service, actions=(action,), you_said=word, we_did=word)
    page = new_page(javascript=False, width=320)
    wide = {}
    for address in [
        "/", "/actions/", action.get_absolute_url(), "/plans/", action.plan.get_absolute_url(),
        action.priority.get_absolute_url(), "/voice/you-said-we-did/", f"/voice/you-said-we-did/{answer.pk}/",
    ]:  # fmt: skip
        page.goto(address)
        wide[address] = page.evaluate("document.scrollingElement.scrollWidth")
    assert set(wide.values()) == {320}, wide


def test_staff_pages_have_no_faults(
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    live_server: Any,
    people: Any,
    signed_in: Any,
) -> None:
    service = make.make_service()
    one = make.make_comment()
    waiting = make.make_comment(stage="approved", service=people["contributor"].memberships.get().service)
    flag = make.make_comment(flagged=True).flag
    make.make_response(make.make_comment(stage="answered", service=service))
    for who, pages in {
        "moderator": ["/voice/inbox/", f"/voice/inbox/{one.pk}/"],
        "safeguarding": ["/voice/safeguarding/", f"/voice/safeguarding/{flag.pk}/"],
        "contributor": [
            "/voice/answers/",
            f"/voice/answers/new/?comment={waiting.pk}",
            "/voice/you-said-we-did/",
        ],
    }.items():
        page = new_page(javascript=False, width=320)
        cookie = signed_in(who).cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
        for address in pages:
            page.goto(address)
            assert (address, axe(page)) == (address, [])
            page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
