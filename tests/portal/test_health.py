"""The two questions machines ask, and the pages for what goes wrong."""

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor

from tests.priorities.conftest import words_of


def test_healthz_answers_without_the_database(client):
    # No mark for the database: asking it anything would fail this test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_readyz_is_ready_when_every_migration_has_been_run(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready")


@pytest.mark.django_db
def test_readyz_waits_for_migrations(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("a migration", False)])
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: migrations are waiting")


@pytest.mark.django_db
def test_readyz_says_that_the_database_does_not_answer(client, monkeypatch):
    def away(*args: object) -> None:
        raise DatabaseError("secret address of the server")

    monkeypatch.setattr("portal.health.MigrationExecutor", away)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready: the database does not answer")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.django_db
def test_machines_may_only_read(client, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.django_db
def test_an_unknown_address_gets_our_own_page(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "We cannot find that page" in words_of(response.content)


@pytest.mark.django_db
def test_a_broken_address_gets_our_own_page(client):
    response = client.get("/strategies/?page=%00")
    assert response.status_code == 400
    assert "We could not read that" in words_of(response.content)


@pytest.mark.django_db
def test_an_error_of_ours_gets_our_own_page_and_no_detail(client, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("portal.views.standings", broken)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Sorry, something went wrong" in words_of(response.content)
    assert b"a secret detail" not in response.content


@pytest.mark.django_db
def test_a_form_without_its_token_gets_our_own_page(client, settings):
    client.handler.enforce_csrf_checks = True
    response = client.post("/accounts/login/", {"login": "somebody@example.org"})
    assert response.status_code == 403
    assert "The form could not be sent" in words_of(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 25, ""])
def test_an_odd_page_number_is_the_nearest_page(client, page):
    for address in ("/strategies/", "/measures/"):
        assert client.get(address, {"page": page}).status_code == 200
