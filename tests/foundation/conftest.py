"""Tables for the tests of foundation, and a way to do things at the same time on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from foundation import pages

from .notes import Note, Secret, Tag


@pytest.fixture(scope="session")
def note_tables(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make the tables of `notes.py` in the test database, which is thrown away at the end."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in (Tag, Note, Secret):
            editor.create_model(model)


@pytest.fixture
def notes(note_tables: None, db: None) -> None:
    """The database with the tables of `notes.py`, undone after the test."""


@pytest.fixture
def page_cache(settings: Any) -> Iterator[pages.PageStore]:
    """The page cache, switched on and empty."""
    settings.PORTAL_PAGE_CACHE = True
    pages.store.clear()
    yield pages.store
    pages.store.clear()


@pytest.fixture
def own_site(settings: Any, notes: None) -> None:
    """The addresses of `urls.py` and the plainest of templates, so that no other package is needed."""
    settings.ROOT_URLCONF, settings.LOGIN_URL = "tests.foundation.urls", "/sign-in/"
    pages_of_errors = {f"{status}.html": f"<h1>{status}</h1>" for status in (400, 403, 404, 500, 503)}
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", pages_of_errors)]},
        }
    ]


@pytest.fixture
def at_once(note_tables: None, transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., list[Any]]]:
    """Give a runner: `at_once(first, second, ...)` calls each in its own thread, with its own connection, all together.

    It returns what each gave back, or the exception it raised. Everything the test writes or reads must go through it: on
    SQLite the threads share a file of their own, because a database in memory does not lock as a real one does.
    """
    before = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        copy = tmp_path / "together.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        connection.settings_dict["NAME"] = str(copy)

    def run(*calls: Callable[[], Any]) -> list[Any]:
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
