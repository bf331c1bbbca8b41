"""What tests of pages share: the words of a page, and the county's data loaded."""

import html
import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests import factories


def words_of(page: bytes | str) -> str:
    """The words that a reader sees: no tags, white space made alike."""
    text = page.decode() if isinstance(page, bytes) else page
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


@pytest.fixture
def read(client: Client, db: None) -> Callable[[str], str]:
    """Open a page as whoever `client` is signed in as, and give back its words."""

    def run(address: str) -> str:
        response = client.get(address)
        assert response.status_code == 200, f"{address} answers {response.status_code}"
        return words_of(response.content)

    return run


@pytest.fixture
def loaded(db: None) -> None:
    """The county's own data, as `load_partnership` loads it."""
    call_command("load_partnership", "lancashire", stdout=StringIO(), stderr=StringIO())


@pytest.fixture
def partnership(db: None):
    return factories.make_partnership()


@pytest.fixture
def connection_of_test(db: None):
    """The database connection, for counting queries."""
    from django.db import connection

    return connection
