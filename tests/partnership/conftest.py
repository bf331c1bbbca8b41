"""People of every role and a client that is signed in as one of them."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from partnership.models import User
from tests import factories as make


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """Give a maker of clients: `signed_in("programme")` or `signed_in(person)`. The person is `client.person`."""

    def sign_in(who: str | User, **fields: object) -> Client:
        person = who if isinstance(who, User) else make.make_user(who, **fields)
        client = Client()
        client.force_login(person)
        client.person = person
        return client

    return sign_in


def words(response: object) -> str:
    """What a reader sees of a page: no tags, single spaces."""
    import html
    import re

    text = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    text = re.sub(
        r"</?(a|abbr|em|span|strong|time)\b[^>]*>", "", text
    )  # inside a line: no space is seen around them
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def loaded(db: None) -> None:
    """The county's own data, as `load_partnership` loads it."""
    call_command("load_partnership", "lancashire", stdout=StringIO(), stderr=StringIO())
