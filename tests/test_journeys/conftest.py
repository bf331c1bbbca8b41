"""What the journeys start from: the loaded partnership, and windows in which people look, type and press."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from foundation.pages import store
from partnership.calendar import today
from partnership.models import Service
from priorities.models import Priority, Strategy
from voice.forms import sending

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

PATIENCE = 20_000  # milliseconds; a busy machine is slow, not wrong
JAVASCRIPT = {"with JavaScript": True, "without JavaScript": False}


@pytest.fixture
def lancashire(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the partnership's own data: strategies, priorities, services. No person, no plan, no comment.

    Public pages are kept between visits as in production, so a journey also proves that a change shows to the next visitor.
    """
    settings.PORTAL_PAGE_CACHE = True
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # quick; nothing secret is here
    # The journeys type faster than anybody reads; the least time has tests of its own.
    monkeypatch.setattr(sending, "LEAST_SECONDS", 0)
    cache.clear()
    store.clear()
    made_once("partnership", lambda: call_command("load_partnership", verbosity=0))


_made: dict[str, sqlite3.Connection] = {}


def made_once(name: str, make: Callable[[], object]) -> None:
    """Make the rows, or put the whole database back as it was after they were made for an earlier test of today.

    Only where a test has the database to itself, and only on SQLite, where the browser tests run.
    """
    if connection.vendor != "sqlite":
        make()
        return
    connection.ensure_connection()
    name = f"{name} {today()}"
    if name in _made:
        _made[name].backup(connection.connection)
        return
    make()
    _made[name] = sqlite3.connect(":memory:", check_same_thread=False)
    connection.connection.backup(_made[name])


def priority(number: int) -> Priority:
    """Find a priority of the strategy in force."""
    strategy = Strategy.objects.current().get(kind=Strategy.Kind.STRATEGY)
    return Priority.objects.get(strategy=strategy, number=number)


def service(slug: str) -> Service:
    """Find a loaded service."""
    return Service.objects.get(slug=slug)


class Window:
    """One person's browser window. `at()` looks at the page they have come to."""

    def __init__(
        self, page: Page, axe: Callable[[Page], list[str]], looked_at: set[tuple[str, str, int]] | None = None
    ) -> None:
        self.page, self._axe = page, axe
        page.set_default_timeout(PATIENCE)
        self._looked_at = set() if looked_at is None else looked_at

    def open(self, address: str) -> Response:
        """Type an address."""
        answer = self.page.goto(address)
        assert answer is not None
        return answer

    def at(self, heading: str) -> None:
        """See that this is the page with that one heading, and that axe finds no fault in it.

        A page that this journey came past before, with the same title and as many notices, is not read by axe again.
        """
        from playwright.sync_api import expect

        expect(self.page.locator("h1")).to_have_text(heading, timeout=PATIENCE)
        notices = self.page.locator(".portal-notice, .govuk-error-summary").count()
        page = (urlsplit(self.page.url).path, self.page.title(), notices)
        if page not in self._looked_at:
            self._looked_at.add(page)
            assert self._axe(self.page) == [], self.page.url

    def follow(self, name: str, *, within: str = "main") -> None:
        """Follow the one link of that name."""
        self.page.locator(within).get_by_role("link", name=name, exact=True).click()

    def press(self, name: str) -> None:
        """Press the one button of that name in the page's own part."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def fill(self, **answers: str) -> None:
        """Type into fields, by the field's own name."""
        for field, words in answers.items():
            self.page.locator(f"main [name={field}]:visible").fill(words)

    def fill_day(self, field: str, day: Any) -> None:
        """Type a day into its three boxes."""
        for part in ("day", "month", "year"):
            self.page.locator(f"[name={field}_{part}]").fill(str(getattr(day, part)))

    def choose(self, field: str, value: Any) -> None:
        """Choose one radio button or tick one box."""
        box = self.page.locator(f"input[name={field}][value='{value}']")
        if not box.is_visible():
            self.page.locator("main details").filter(has=box).locator("summary").click()  # more questions
        box.check()

    def pick(self, field: str, value: Any) -> None:
        """Pick from a list that opens."""
        self.page.locator(f"select[name={field}]").select_option(str(value))

    def texts(self, selector: str) -> list[str]:
        """Read every matching thing, top to bottom."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def says(self, words: str) -> bool:
        """Whether these words stand on the page, as a reader sees it."""
        return words in " ".join(self.page.locator("body").inner_text().split())

    def part(self, label: str) -> Locator:
        """Find the section under that heading."""
        return self.page.get_by_role("region", name=label, exact=True)


@pytest.fixture(params=list(JAVASCRIPT))
def windows(
    request: pytest.FixtureRequest,
    lancashire: None,
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> Callable[..., Window]:
    """Give a maker of windows, one for each person of a journey. The whole journey runs with JavaScript and then without."""

    looked_at: set[tuple[str, str, int]] = set()

    def make(**options: Any) -> Window:
        return Window(new_page(javascript=JAVASCRIPT[request.param], **options), axe, looked_at)

    return make


@pytest.fixture
def window(lancashire: None, new_page: Callable[..., Page], axe: Callable[[Page], list[str]]) -> Window:
    """Give one window without JavaScript, for what no script has a part in."""
    return Window(new_page(javascript=False), axe)
