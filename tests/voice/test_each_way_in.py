"""Each of the five ways in, on a narrow phone, with the keyboard alone and without JavaScript (R-V1, R-Z10, R-X2, R-X3).

From the first page to the code, and with the code to where the words are. On each page on the way nothing is pushed aside, and
whatever has the focus shows it and can be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from voice.forms.questions import QUESTIONS
from voice.models import CommentOriginal, Route

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH, HEIGHT = 320, 640
MOST_STOPS = 60
NEXT, BACK, SKIP, KEEP = (f"main button[name=go][value={word}]" for word in ("next", "back", "skip", "keep"))
WORDS = "The bus comes late."
WITH_A_NAME = "My friend is called Jack. " + WORDS
LEAST_SEEN = 24
"""Pixels of a thing in focus that must stand in the window."""

FOCUS = """wanted => {
  const it = document.activeElement;
  if (it === document.body) return null;  // past the last thing of the page
  const own = [it, ...(it.labels ?? [])];
  const drawn = () => own.flatMap(one => ["", "::before"].map(part => {
    const style = getComputedStyle(one, part || null);
    return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor].join();
  })).join();
  const inside = (from, to, room) => Math.min(to, room) - Math.max(from, 0);
  const box = it.getBoundingClientRect();
  const [wide, high] = [inside(box.left, box.right, innerWidth), inside(box.top, box.bottom, innerHeight)];
  const top = document.elementFromPoint(Math.max(box.left, 0) + wide / 2, Math.max(box.top, 0) + high / 2);
  const focused = drawn();
  it.blur();
  const at_rest = drawn();
  it.focus({preventScroll: true});
  return {
    there: it.matches(wanted),
    seen: own.some(one => one.contains(top) || top?.contains(one)) ? Math.min(wide, high) : 0,
    shows: focused !== at_rest,
    name: it.outerHTML.slice(0, 200),
  };
}"""
"""Whether what is wanted has the focus; how much of what has it stands in the window with nothing over it; and whether it, or
its label, is drawn otherwise than without the focus."""


class Hands:
    """Somebody who has a keyboard and no mouse. Every page is looked at on the way to what is wanted on it."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def to(self, selector: str) -> None:
        """Press Tab until it has the focus. Each thing on the way shows that it has it, and can be seen."""
        for _ in range(MOST_STOPS):
            self.keys.press("Tab")
            if focus := self.page.evaluate(FOCUS, selector):
                assert focus["seen"] >= LEAST_SEEN, f"{focus} on {self.page.url}"
                assert focus["shows"], f"{focus} on {self.page.url}"
                if focus["there"]:
                    return
        raise AssertionError(f"Tab never comes to {selector} on {self.page.url}")

    def press(self, selector: str, *, key: str = "Enter") -> None:
        """Press a button or follow a link, and see that the next page is not too wide."""
        self.to(selector)
        with self.page.expect_navigation():
            self.keys.press(key)
        self.look()

    def type(self, selector: str, words: str) -> None:
        """Write in place of what stands there."""
        self.to(selector)
        self.keys.press("Control+A")
        self.keys.type(words)

    def look(self) -> None:
        """Nothing pushes the page aside."""
        assert self.page.evaluate("document.scrollingElement.scrollWidth") == WIDTH, self.page.url

    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())


@pytest.fixture
def hands(new_page: Callable[..., Page]) -> Hands:
    return Hands(new_page(javascript=False, width=WIDTH, height=HEIGHT))


@pytest.mark.requirement("R-V1")
@pytest.mark.requirement("R-Z10")
@pytest.mark.requirement("R-X2")
@pytest.mark.requirement("R-X3")
@pytest.mark.parametrize("route", list(Route))
def test_it_is_walked_to_its_end(hands: Hands, route: Route, at_once: None, numbers: None) -> None:
    page = hands.page
    page.goto("/voice/")
    hands.look()
    hands.press(f"main a[href='/voice/new/{route}/']")
    hands.press("main a.govuk-button")
    for question in QUESTIONS[route]:
        assert page.url.endswith(f"/voice/new/{route}/{question.slug}/")
        ANSWER[question.slug](hands)
    assert page.url.endswith("/check/")
    change_an_answer(hands)
    hands.press("main form button.govuk-button")
    assert hands.heading() == "Thank you. We have it."
    code = "".join(page.locator(".portal-code__groups").inner_text().split())
    assert CommentOriginal.objects.get().text == f"{WORDS} Every day."

    hands.press("main a[href='/voice/follow/']")
    hands.type("input[name=code]", code)
    with page.expect_navigation():
        hands.keys.press("Enter")
    hands.look()
    assert hands.heading() == "We have it."
    assert "Nobody outside can read it." in page.locator("main").inner_text()
    add_one_thing(hands)
    take_it_back(hands)


def choose_a_face(hands: Hands) -> None:
    hands.to("input[name=feeling]")
    hands.keys.press("Space")
    hands.keys.press("ArrowRight")
    hands.press(NEXT)


def write_words(hands: Hands) -> None:
    """Nothing at first, where it is needed; then a name, which is noticed; then what is kept."""
    if "/child/" not in hands.page.url:  # a child has chosen a face, which is enough
        hands.press(NEXT)
        assert hands.page.title().startswith("Error: ")
    hands.type("textarea[name=text]", WITH_A_NAME)
    hands.press(NEXT)
    assert "It looks like there is a name: Jack" in hands.page.locator(".portal-notice").inner_text()
    hands.type("textarea[name=text]", WORDS)
    hands.press(KEEP)


def choose_a_topic(hands: Hands) -> None:
    hands.press(NEXT)
    assert hands.page.title().startswith("Error: ")
    hands.to("input[name=topic]")
    hands.keys.press("Space")
    hands.keys.press("ArrowDown")
    hands.press(NEXT)


def skip(hands: Hands) -> None:
    hands.press(SKIP, key="Space")


def go_back_and_on(hands: Hands) -> None:
    """What was chosen is kept by going back, so the page is not asked again."""
    here = hands.page.url
    hands.to("input[name=may_show]")
    hands.keys.press("ArrowDown")
    hands.press(BACK)
    assert hands.page.url != here
    hands.press(NEXT)
    assert hands.page.url.endswith("/safe/")


def tick(hands: Hands) -> None:
    """Ticked, and thought better of."""
    hands.to("input[name=unsafe]")
    hands.keys.press("Space")
    hands.keys.press("Space")
    hands.press(NEXT)


def answer_more(hands: Hands) -> None:
    hands.type("input[name=email]", "no address")
    hands.press(NEXT)
    assert hands.page.title().startswith("Error: ")
    hands.type("input[name=email]", "somebody@example.org")
    hands.press(NEXT)


ANSWER: dict[str, Callable[[Hands], None]] = {
    "face": choose_a_face,
    "words": write_words,
    "topic": choose_a_topic,
    "whose-words": skip,
    "show": go_back_and_on,
    "safe": tick,
    "more": answer_more,
}


def change_an_answer(hands: Hands) -> None:
    hands.press("main a[href$='/words/']")
    hands.type("textarea[name=text]", f"{WORDS} Every day.")
    hands.press(NEXT)
    assert hands.page.url.endswith("/check/")


def add_one_thing(hands: Hands) -> None:
    hands.press("form:has(input[value=add]) button")
    hands.type("textarea[name=text]", "It is cold there.")
    hands.press("form:has(input[value=add-send]) button")
    assert "What you added" in hands.page.locator("main").inner_text()


def take_it_back(hands: Hands) -> None:
    hands.press("form:has(input[value=ask]) button")
    hands.press("form:has(input[value=take-back]) button")
    assert hands.heading() == "You took it back"
    assert CommentOriginal.objects.filter(comment__stage="withdrawn").exclude(text="").count() == 0
