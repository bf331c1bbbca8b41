"""What stands after the question mark: every name that a page reads is in the table, and nothing in it breaks a page (R-X2)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.handlers import wsgi
from django.http import QueryDict

from tests.access_world import World, build_world
from tests.bad_input_table import LISTS
from tests.test_access import PEOPLE, rows
from tests.test_bad_input import ODD

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-X2")]


@pytest.fixture
def world() -> World:
    return build_world()


def test_every_name_that_a_page_reads_stands_in_the_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page of the access table is asked for by somebody who may read it, and what it looks for is written down."""
    pages = {address: name for address, name, *_ in rows()}
    every = urlencode({name: "1" for _, names in LISTS.values() for name in names})
    read: dict[str, set[str]] = {}

    class Watched(QueryDict):
        page = ""
        is_made = False

        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self.is_made = True

        def note(self, name: object) -> None:
            if self.is_made:
                read.setdefault(self.page, set()).add(str(name))

        def __getitem__(self, name: str) -> Any:
            self.note(name)
            return super().__getitem__(name)

        def __contains__(self, name: object) -> bool:
            self.note(name)
            return super().__contains__(name)

        def getlist(self, name: str, default: Any = None) -> Any:
            self.note(name)
            return super().getlist(name, default)

        def copy(self) -> QueryDict:
            return QueryDict(self.urlencode(), mutable=True)  # to write on, for another address

    monkeypatch.setattr(wsgi, "QueryDict", Watched)
    asked = 0
    for address, _, reading, _, _ in rows():
        if "." not in reading:
            continue
        Watched.page = pages[address]
        browser, path = world.clients[PEOPLE[reading.index(".")]], address.format(**world.paths)
        asked += browser.get(path).status_code == 200
        # Some look closer where something is asked.
        browser.get(f"{path}{'&' if '?' in path else '?'}{every}")
    Watched.page = "/accounts/login/"
    world.clients["visitor"].get("/accounts/login/")
    assert asked > 60
    assert read == {pages.get(path, path): names for path, (_, names) in LISTS.items()}


@pytest.mark.parametrize("path", LISTS)
def test_nothing_after_the_question_mark_breaks_a_page(world: World, path: str) -> None:
    person, names = LISTS[path]
    address, wrong = path.format(**world.paths), []
    for name in sorted(names):
        for fault, value in ODD.items():
            query = urlencode({name: (value or "")[:4000]}, errors="surrogatepass")
            code = world.clients[person].get(f"{address.partition('?')[0]}?{query}").status_code
            right = (200, 302, 404, 400) if fault == "nul" else (200, 302, 404)  # no address holds a NUL
            if code not in right:
                wrong.append(f"{path} {name}, {fault}: {code}")
    assert wrong == []
