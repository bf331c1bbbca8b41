"""When the database is away the page says so and when to try again; other faults say something went wrong."""

import pytest
from django.test import Client

from foundation import errors


@pytest.fixture
def get(settings, db):
    settings.ROOT_URLCONF = "tests.foundation.urls"
    return Client(raise_request_exception=False).get


@pytest.mark.parametrize(
    ("kind", "status"), [("database", 503), ("interface", 503), ("table", 500), ("other", 500)]
)
def test_the_status_tells_what_is_wrong(get, kind, status):
    response = get(f"/broken/{kind}/")
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert response.content.decode().count("<h1") == 1
    assert "secret" not in response.content.decode()


def test_the_pages_ask_nothing_of_the_database(get, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert get("/broken/database/").status_code == 503


def test_a_page_that_cannot_be_made_still_says_something(get, monkeypatch):
    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = get("/broken/database/")
    assert response.status_code == 503
    assert "<h1>Sorry, the portal is not working just now</h1>" in response.content.decode()
