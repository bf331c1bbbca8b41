"""What every test may use. Browser tests: `page` (with JavaScript), `plain_page` (without), `axe`, `live_server`."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.db import connection, connections

from tests.page_shape import shape_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytest_plugins = ["tests.requirements_index"]

# No test asserts on time: a slow machine finds no fault, and neither does a busy one.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

# Playwright runs an event loop in the thread of the test, and Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

NO_CHROMIUM = (
    "Chromium is not here: apt-get install chromium-headless-shell (or set CHROMIUM=/path/to/chromium)"
)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    # The same engine without a window around it takes less than half the time.
    found = map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))
    return next(filter(None, found), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if connection.vendor != "sqlite":
        # On the second database, only what asks a database at all.
        alike = [item for item in items if not _asks_the_database(item)]
        config.hook.pytest_deselected(items=alike)
        items[:] = [item for item in items if _asks_the_database(item)]
    if chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def _asks_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database"):
        return False
    asked = {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """Let the collector look at what the tests make, not again and again at what was imported; as the server's does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def addresses_without_the_demo() -> None:
    """Read the addresses before any test turns the demo switch on, which would add the demo's for good."""
    import portal.urls  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Begin each test as a worker that has just started: its database is not the one of the test before."""
    from foundation import kept, pages

    kept.forget_all()
    pages.store.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Begin from the tables as the same migrations made them in an earlier run (SQLite): making them takes longest."""
    if connection.vendor != "sqlite":
        return
    creation, file = connection.creation, migrated_database()
    make, finish = creation._create_test_db, creation.create_test_db

    def make_from_file(*args: Any, **options: Any) -> Any:
        name = make(*args, **options)
        if file.exists():
            connection.close()
            connection.settings_dict["NAME"] = name
            connection.ensure_connection()
            with contextlib.closing(sqlite3.connect(file)) as stored:
                stored.backup(connection.connection)
        return name

    def finish_and_keep(*args: Any, **options: Any) -> Any:
        name = finish(*args, **options)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(f".{os.getpid()}")
            with contextlib.closing(sqlite3.connect(half)) as stored:
                connection.connection.backup(stored)
            half.replace(file)
        return name

    creation._create_test_db, creation.create_test_db = make_from_file, finish_and_keep  # type: ignore[method-assign]


def migrated_database() -> Path:
    """Where the tables of exactly these migrations and libraries are kept."""
    root = Path(__file__).resolve().parent.parent
    told = hashlib.sha256(f"{sqlite3.sqlite_version} {sys.version}".encode())
    for path in sorted([*root.glob("*/migrations/*.py"), *root.glob("requirements/*.txt")]):
        told.update(path.name.encode() + path.read_bytes())
    for path in sorted(root.glob("*/apps.py")):
        told.update(path.read_bytes())
    return root / "build" / "test-database" / f"{told.hexdigest()[:24]}.sqlite3"


@pytest.fixture(autouse=True)
def a_pdf_is_the_page_it_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words can be looked for then, which a packed PDF would hide; and nobody waits. One test has the real thing."""
    monkeypatch.setattr("actions.views.plans.make_pdf", lambda html, **_: html.encode())
    monkeypatch.setattr("voice.views.reports.make_pdf_once", lambda html, **_: html.encode())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give one Chromium for the whole run; each test has a fresh window in it."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if not path:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Give a maker of pages: `new_page(javascript=False, width=320)`. Each has its own cookies.

    A page fails its test when it asks another host for anything, when a script breaks, or when the page's own
    security policy refuses something.
    """
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def make(*, javascript: bool = True, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((live_server.url, "data:", "blob:", "about:"))
                else faults.append(f"asked another host: {asked.url}")
            ),
        )
        opened.append(context)
        return page

    make.faults = faults  # type: ignore[attr-defined]  # a test of these rules looks at them and empties the list
    yield make
    for context in opened:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Give a page with JavaScript, as wide as a laptop."""
    return new_page()


@pytest.fixture
def plain_page(new_page: Callable[..., Page]) -> Page:
    """Give a page with no JavaScript at all."""
    return new_page(javascript=False)


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def either_page(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Page:
    """Give the page twice: the test runs once with JavaScript and once without."""
    return new_page(javascript=request.param == "with JavaScript")


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Give a short way in: `sign_in(page, user)` puts a signed-in session into that page's cookies.

    The way through the sign-in form has tests of its own.
    """
    from django.conf import settings
    from django.test import Client

    def go(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return go


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """Give the window in which axe reads. One for the whole run: axe takes twice as long where it was never run before."""
    context = browser.new_context(bypass_csp=True, locale="en-GB")
    context.new_page()
    yield context
    context.close()


@pytest.fixture(scope="session")
def faultless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which this run keeps the names of pages that axe found nothing in, for all its workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "faultless"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def axe(reader: BrowserContext, faultless: Path, live_server: Any) -> Callable[[Page], list[str]]:
    """Give a checker: `assert axe(page) == []`. Each string is one accessibility fault, with its rule and place.

    A page of the same make as one without a fault is not read again (`tests/page_shape.py`). axe is a script, so a page
    without JavaScript is read again in a window that has it, with the same cookies; the page's policy forbids added
    scripts, so that window leaves the policy aside.
    """
    from axe_playwright_python.sync_playwright import Axe

    checker = Axe()
    [twin] = reader.pages

    def check(page: Page) -> list[str]:
        twin.set_viewport_size(page.viewport_size or {"width": 1280, "height": 900})
        reader.clear_cookies()
        reader.add_cookies(page.context.cookies())  # type: ignore[arg-type]  # what one gives the other takes
        # The words on the page as they stand now, at the same address, so that a posted page is read as it is.
        html, address = page.content(), page.url.split("#")[0]
        if (known := faultless / shape_of(html, page.viewport_size)).exists():
            return []
        twin.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        try:
            twin.goto(address)
            found = checker.run(
                twin,
                options={
                    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                    # Only faults in full: the long list of what is right takes three times as long to hand over.
                    "resultTypes": ["violations"],
                },
            )
        finally:
            twin.unroute(address)
            twin.goto("about:blank")  # nothing of this page is asked for in the next test
        faults = [
            f"{fault['id']} ({fault['impact']}): {fault['help']} at {node['target']}"
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]
        if not faults:
            known.touch()
        return faults

    return check


@pytest.fixture
def together(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., list[Any]]]:
    """Give a runner: `together(first, second, ...)` calls each in its own thread and connection, all at the same time.

    It gives back what each returned, or the exception it raised. Make the rows first; read the outcome through it too: on
    SQLite the threads share a file that is copied at the first call, because a database in memory does not lock as a real
    one does.
    """
    before = connection.settings_dict["NAME"]

    def run(*calls: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == before:
            copy = tmp_path / "together.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
            # The copy keeps no journal mode, and SQLite lets none of many wait who all change it at once. A real file is
            # changed by the first `migrate`, alone.
            with contextlib.closing(sqlite3.connect(copy)) as alone:
                alone.execute("PRAGMA journal_mode=WAL")
            connection.settings_dict["NAME"] = str(copy)
        results: list[Any] = [None] * len(calls)
        start = threading.Barrier(len(calls))

        def one(place: int, call: Callable[[], Any]) -> None:
            start.wait()
            try:
                results[place] = call()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    yield run
    connection.settings_dict["NAME"] = before
