"""What a page asks of the database (S4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation import kept
from partnership.models import User


def browser_of(person: User | None) -> Client:
    """A browser that has looked at a page before: the first page of a session may write to it."""
    browser = Client()
    if person is not None:
        browser.force_login(person)
        browser.get("/help/")
    return browser


def questions(client: Client, address: str) -> list[str]:
    """What a page asks right after a change: nothing is kept in the worker's memory, but what it asks for it keeps."""
    # A request that says who it is never gets a kept page.
    return _asked(lambda: client.get(address, headers={"Authorization": "none"}), statuses={200})


def asked_by(press: Callable[[], HttpResponse]) -> list[str]:
    """What one press asks. BEGIN and SAVEPOINT are left out: they ask nothing."""
    asked = _asked(press, statuses={200, 302})
    return [sql for sql in asked if "SAVEPOINT" not in sql and sql != "BEGIN"]


def _asked(request: Callable[[], HttpResponse], *, statuses: Container[int]) -> list[str]:
    kept.forget_all()
    with CaptureQueriesContext(connection) as caught:
        answered = request()
    assert answered.status_code in statuses, answered.content.decode()
    return [query["sql"] for query in caught]


def shape(sql: str) -> str:
    """A question without its values: the same one asked again and again is a question for each row."""
    return re.sub(r"\bIN \([^()]*\)", "IN ()", re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", sql))
