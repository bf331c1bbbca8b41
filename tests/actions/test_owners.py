"""Owners who are not there, and what they hold: never signed in, gone, silent for 90 days (R-W9)."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import Plan, Status
from actions.owners import absent_owners
from partnership.calendar import today
from partnership.models import Service, User
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_membership,
    make_plan,
    make_sector,
    make_service,
    make_update,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-W9")]
DAY = datetime.timedelta(days=1)


def ago(days: int) -> datetime.datetime:
    return timezone.now() - days * DAY


def here(service: Service, role: str = Role.CONTRIBUTOR, **fields) -> User:
    """Somebody who signs in, and who said something yesterday."""
    person = make_user(role, service=service, last_login=ago(1), **fields)
    make_update(make_action(make_plan(service), status=Status.BLUE), author=person, at=ago(1))
    return person


@pytest.fixture
def service(db) -> Service:
    return make_service("Inclusion")


@pytest.fixture
def actions(service):
    plan = make_plan(service)
    make_action(plan, status=Status.CLOSED)
    make_action(make_plan(service, status=Plan.Status.DRAFT))
    return [make_action(plan), make_action(plan, status=Status.NOT_STARTED)]


def listed() -> list[tuple[User, str, int, bool]]:
    return [(row.person, row.why, row.actions, row.is_alone) for row in absent_owners(today()).people]


def test_who_is_there_is_not_listed(service, actions) -> None:
    here(service)
    found = absent_owners(today())
    assert (found.orphans, found.people) == ([], [])


def test_who_never_signed_in_is_listed_with_the_open_actions_of_the_service(service, actions) -> None:
    person = make_user(Role.CONTRIBUTOR, service=service)
    assert listed() == [(person, "never", 2, True)]
    assert absent_owners(today()).orphans == [(service, 2)]
    here(service)
    assert listed() == [(person, "never", 2, False)]
    assert absent_owners(today()).orphans == []


def test_who_has_left_is_listed_for_90_days_or_until_somebody_else_is_there(service, actions) -> None:
    gone = make_user(last_login=ago(1))
    make_membership(gone, Role.CONTRIBUTOR, service=service, ends=today() - 91 * DAY)
    lately = make_user(last_login=ago(1))
    make_membership(lately, Role.PUBLISHER, service=service, stopped_on=today() - 2 * DAY)
    closed = make_user(Role.CONTRIBUTOR, service=service, last_login=ago(1), is_active=False)
    assert {(person, why) for person, why, _, _ in listed()} == {
        (gone, "left"),
        (lately, "left"),
        (closed, "left"),
    }
    assert absent_owners(today()).orphans == [(service, 2)]
    here(service)
    assert listed() == [(lately, "left", 2, False)]


def test_who_changed_the_role_has_not_left(service, actions) -> None:
    person = here(service, Role.PUBLISHER)
    make_membership(person, Role.CONTRIBUTOR, service=service, ends=today() - 2 * DAY)
    assert listed() == []


def test_who_neither_wrote_nor_published_an_update_for_90_days_is_silent(service, actions) -> None:
    writer = make_user(Role.CONTRIBUTOR, service=service, last_login=ago(1))
    publisher = make_user(Role.PUBLISHER, service=service, last_login=ago(1))
    new = make_user(last_login=ago(1))
    make_membership(new, Role.CONTRIBUTOR, service=service, starts=today() - 20 * DAY)
    make_update(actions[0], author=writer, at=ago(89), published_by=publisher)
    assert listed() == []
    actions[0].updates.all().delete()
    make_update(actions[0], author=writer, at=ago(92), published_by=publisher)
    assert {(person, why) for person, why, _, _ in listed()} == {(writer, "silent"), (publisher, "silent")}
    assert absent_owners(today()).orphans == []


def test_a_sectors_lead_is_there_for_each_of_its_services(service, actions) -> None:
    other = make_service(sector=service.sector)
    make_action(make_plan(other))
    make_action(make_plan(make_service(sector=make_sector())))
    lead = make_user(Role.PUBLISHER, sector=service.sector)
    assert listed() == [(lead, "never", 3, True)]
    assert [row for row, _ in absent_owners(today()).orphans if row in (service, other)] != []
    User.objects.filter(pk=lead.pk).update(last_login=ago(1))
    assert [row for row, _ in absent_owners(today()).orphans if row in (service, other)] == []


def test_those_whose_actions_nobody_else_holds_come_first(service, actions) -> None:
    here(service)
    held = make_user(Role.CONTRIBUTOR, service=service)
    lonely = make_service()
    make_action(make_plan(lonely))
    alone = make_user(Role.CONTRIBUTOR, service=lonely)
    assert [person for person, *_ in listed()] == [alone, held]


def test_a_service_without_open_actions_is_not_named(service) -> None:
    make_action(make_plan(service), status=Status.CLOSED)
    make_user(Role.CONTRIBUTOR, service=service)
    found = absent_owners(today())
    assert (found.orphans, found.people) == ([], [])


def test_the_page_moves_the_actions_in_one_step(client: Client, service, actions) -> None:
    make_user(Role.CONTRIBUTOR, service=service, name="Never Here")
    client.force_login(make_user(Role.PROGRAMME))
    page = client.get(reverse("actions:owners")).content.decode()
    assert "Never Here" in page
    assert "Has never signed in" in page
    url = f"{reverse('actions:bulk_change', args=['move'])}?which=all&service={service.slug}"
    assert f'href="{url.replace("&", "&amp;")}"' in page
    assert client.get(url).context["actions"] == actions


def test_as_many_questions_for_one_owner_as_for_three(client: Client, service, actions) -> None:
    client.force_login(make_user(Role.PROGRAMME))

    def add() -> None:
        other = make_service()
        make_action(make_plan(other))
        make_user(Role.CONTRIBUTOR, service=other)
        silent = make_user(Role.PUBLISHER, service=other, last_login=ago(1))
        make_update(actions[0], author=silent, at=ago(100))

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("actions:owners"))
        return len(caught)

    add()
    asked()
    one = asked()
    add()
    add()
    assert asked() == one
    assert one <= 15
