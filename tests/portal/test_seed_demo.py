"""The demo goes in on top of a loaded partnership, is labelled row by row, and comes out in one command (R-C9)."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from actions.models import Action, Audit, Plan, Status
from actions.owners import absent_owners
from partnership.calendar import today
from partnership.models import Service, User
from partnership.roles import Role
from voice.models import Booking, Comment, Event, Response, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings: Any) -> None:
    settings.PORTAL_DEMO = True
    call_command("load_partnership", verbosity=0)


def rows_by_table() -> dict[str, int]:
    """How many rows each table of ours has, but for the two that only count and remember."""
    left_out = {"ContentVersion", "SpentToken"}
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__name__ not in left_out
        and not model.__module__.startswith("tests.")  # other tests have tables of their own
        and model._meta.app_label not in ("sessions", "contenttypes", "auth", "admin")
    }


@pytest.mark.requirement("R-C9")
@pytest.mark.parametrize("command", ["seed_demo", "seed_scale"])
def test_it_refuses_without_the_switch_and_changes_nothing(loaded: None, settings: Any, command: str) -> None:
    settings.PORTAL_DEMO = False
    before = rows_by_table()
    with pytest.raises(CommandError, match=f"^{command} makes example .* only where PORTAL_DEMO is on"):
        call_command(command, verbosity=0)
    assert rows_by_table() == before


@pytest.mark.requirement("R-C9")
def test_it_goes_in_once_and_comes_out_to_the_row(loaded: None) -> None:
    before = rows_by_table()
    call_command("seed_demo", verbosity=0)
    with_demo = rows_by_table()
    assert with_demo != before
    call_command("seed_demo", verbosity=0)
    assert rows_by_table() == with_demo
    call_command("seed_demo", "--remove", verbosity=0)
    assert rows_by_table() == before
    call_command("seed_demo", verbosity=0)
    assert rows_by_table() == with_demo


@pytest.mark.requirement("R-C9")
def test_every_row_that_can_be_seen_alone_is_marked_example(loaded: None) -> None:
    real = set(Service.objects.values_list("pk", flat=True))
    call_command("seed_demo", verbosity=0)
    for model in (Action, Audit, Event, Plan, Comment, Response, User):
        assert model._default_manager.exists()
        assert not model._default_manager.filter(is_example=False).exists()
    assert set(Service.objects.filter(is_example=False).values_list("pk", flat=True)) == real


def test_it_shows_every_state_that_a_newcomer_should_see(loaded: None) -> None:
    call_command("seed_demo", verbosity=0)
    assert set(Action.objects.values_list("status", flat=True)) >= {
        Status.NOT_STARTED, Status.RED, Status.AMBER, Status.GREEN, Status.DELIVERED, Status.BLUE,
    }  # fmt: skip
    assert set(Comment.objects.values_list("stage", flat=True)) == {
        Stage.RECEIVED, Stage.SECOND_CHECK, Stage.APPROVED, Stage.ANSWERED, Stage.NOT_PUBLISHED,
    }  # fmt: skip
    roles = set(User.objects.values_list("memberships__role", flat=True)) - {None}
    assert roles == {role.value for role in Role if role != Role.FAMILY}


@pytest.mark.requirement("R-W9")
def test_it_shows_an_owner_who_never_signed_in_and_one_who_said_nothing_for_90_days(loaded: None) -> None:
    call_command("seed_demo", verbosity=0)
    found = {(owner.person.email, owner.why) for owner in absent_owners(today()).people}
    assert found == {("contributor2@example.org", "silent"), ("contributor3@example.org", "never")}


def test_pages_mark_what_is_made_up(loaded: None, client: Client) -> None:
    call_command("seed_demo", verbosity=0)
    for path in ("/actions/", "/actions/EXL-1/", "/plans/", "/voice/you-said-we-did/", "/events/"):
        assert "portal-example" in client.get(path).content.decode(), path


@pytest.mark.requirement("R-E1")
def test_it_shows_an_event_with_places_a_full_one_and_a_past_one_with_what_came_of_it(
    loaded: None, client: Client
) -> None:
    call_command("seed_demo", verbosity=0)
    now = timezone.now()
    with_places, full = Event.objects.coming(now).with_people()
    states = [row.booking_state(now, booked=row.people_booked) for row in (with_places, full)]
    assert (states, full.people_waiting > 0) == (["open", "full"], True)
    past = Event.objects.get(ends_at__lt=now)
    page = client.get(past.get_absolute_url()).content.decode()
    assert "we do not know how long it takes" in page and "Each letter now says" in page
    assert "good to meet other parents" not in page
    assert Booking.objects.filter(event=full).waiting().exists()
