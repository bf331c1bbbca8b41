"""Rows and people that most tests of the voice rooms start from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from foundation.pages import store
from partnership.models import Contact, Service, User
from partnership.roles import Role
from tests import factories as make
from voice.forms import sending


@pytest.fixture(autouse=True)
def clean_memory() -> None:
    """Nothing counted or kept by an earlier test."""
    cache.clear()
    store.clear()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in a test that is not about waiting."""
    monkeypatch.setattr(sending, "LEAST_SECONDS", 0)


@pytest.fixture
def service(db: Any) -> Service:
    return make.make_service("Speech therapy")


@pytest.fixture
def people(service: Service) -> dict[str, User]:
    """One person for each role, twice where a second one matters. "other" writes for another service."""
    own = {Role.CONTRIBUTOR, Role.PUBLISHER}
    found = {role.value: make.make_user(role, service=service if role in own else None) for role in Role}
    found["moderator2"] = make.make_user(Role.MODERATOR)
    found["other"] = make.make_user(Role.PUBLISHER, service=make.make_service("Another service"))
    found["sector_lead"] = make.make_user(Role.PUBLISHER, sector=service.sector)
    found["nobody"] = make.make_user()
    found["left"] = make.make_user(Role.MODERATOR, is_active=False)
    return found


@pytest.fixture
def signed_in(people: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which this person is signed in: `signed_in("moderator")`."""

    def make_client(who: str) -> Client:
        browser = Client()
        browser.force_login(people[who])
        return browser

    return make_client


@pytest.fixture
def numbers(db: Any) -> None:
    """The emergency and safety numbers as the partnership's data would have them."""
    Contact.objects.create(
        slug="emergency",
        label="Police, fire or ambulance",
        kind=Contact.Kind.PHONE,
        value="999",
        status=Contact.Status.VERIFIED,
        last_checked="2026-01-05",
        purpose=Contact.Purpose.EMERGENCY,
    )
    Contact.objects.create(
        slug="worried",
        label="Worried about a child",
        kind=Contact.Kind.PHONE,
        value="01632 960001",
        status=Contact.Status.TO_CHECK,
        purpose=Contact.Purpose.SAFETY,
    )
    Contact.objects.create(
        slug="advice",
        label="Free advice for families",
        kind=Contact.Kind.WEB,
        value="https://example.org/advice",
        status=Contact.Status.VERIFIED,
        last_checked="2026-01-05",
        purpose=Contact.Purpose.MY_CHILD,
    )
