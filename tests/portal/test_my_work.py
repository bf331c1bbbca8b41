"""My work: one list, most urgent first, empty when nothing is due (R-W1)."""

import datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Category, Plan, Status
from partnership.calendar import today
from partnership.roles import STAFF_ROLES, Role
from tests.factories import (
    make_action,
    make_comment,
    make_evidence,
    make_plan,
    make_service,
    make_update,
    make_user,
)
from voice.models import Stage

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def lines(client: Client) -> list[str]:
    page = client.get(reverse("portal:my_work"))
    return [item.title for _, items in page.context["groups"] for item in items]


@pytest.mark.requirement("R-W1")
def test_signing_in_lands_on_my_work(client: Client) -> None:
    person = make_user()
    person.set_password("river lamp eleven")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    sent = {"login": person.email, "password": "river lamp eleven"}
    assert client.post("/accounts/login/", sent | {"password": "wrong words here"}).status_code == 200
    answer = client.post("/accounts/login/", sent)
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal:my_work"))


@pytest.mark.requirement("R-W1")
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_it_is_empty_when_nothing_is_due(client: Client, role: Role) -> None:
    service = make_service()
    scope = service if role in (Role.CONTRIBUTOR, Role.PUBLISHER) else None
    client.force_login(make_user(role, service=scope))
    # There is work under way, and none of it asks for anybody today.
    plan = make_plan(service, next_review=today() + DAY)
    make_update(make_action(plan, due=today() + 90 * DAY), narrative="All is well.")
    make_action(plan, status=Status.BLUE, due=today() - DAY)
    make_comment(stage=Stage.ANSWERED, service=service)
    page = client.get(reverse("portal:my_work"))
    assert page.context["groups"] == []
    assert "Nothing waits for you today" in page.content.decode()


@pytest.mark.requirement("R-W1")
def test_a_contributor_sees_what_is_overdue_before_what_is_unheard_of_before_what_is_due_soon(
    client: Client,
) -> None:
    service = make_service()
    plan = make_plan(service)
    soon = make_action(plan, title="Soon", due=today() + 10 * DAY)
    unheard = make_action(plan, title="Unheard", due=today() + 90 * DAY, last_heard=today() - 40 * DAY)
    late = make_action(plan, title="Late", due=today() - DAY)
    make_action(plan, title="Far away", due=today() + 90 * DAY)
    make_action(make_plan(), title="Not ours", due=today() - DAY)
    client.force_login(make_user(Role.CONTRIBUTOR, service=service))
    shown = lines(client)
    places = [
        next(i for i, line in enumerate(shown) if action.ref in line) for action in (late, unheard, soon)
    ]
    assert places == sorted(places)
    assert len(shown) == 3


@pytest.mark.requirement("R-Z2")
def test_of_what_is_equally_urgent_the_must_comes_first_whatever_its_date(client: Client) -> None:
    service = make_service()
    plan = make_plan(service)
    could = make_action(plan, category=Category.COULD, due=today() + 2 * DAY)
    must = make_action(plan, category=Category.MUST, due=today() + 9 * DAY)
    client.force_login(make_user(Role.CONTRIBUTOR, service=service))
    assert [line.split(":")[0] for line in lines(client)] == [must.ref, could.ref]


@pytest.mark.requirement("R-W1")
def test_each_role_sees_what_waits_for_it_and_nothing_of_the_others(client: Client) -> None:
    service = make_service()
    plan = make_plan(service)
    late = make_action(plan, due=today() - DAY)
    delivered = make_action(plan, status=Status.DELIVERED, due=today() + DAY)
    make_update(delivered, status=Status.DELIVERED)
    make_evidence(delivered)
    make_plan(service, status=Plan.Status.DRAFT, title="A draft")
    make_comment()
    make_comment(flagged=True)
    make_comment(stage=Stage.APPROVED, service=service)
    counts = {}
    for role in STAFF_ROLES:
        scope = service if role in (Role.CONTRIBUTOR, Role.PUBLISHER) else None
        client.force_login(make_user(role, service=scope))
        counts[role.value] = len(lines(client))
    assert late.ref
    # A service's own: what is late, the draft, and the words to answer. Each of the others: the one thing that is theirs.
    own = {"contributor": 3, "publisher": 3, "moderator": 1, "safeguarding": 1, "assurance": 1}
    assert counts == dict.fromkeys([role.value for role in STAFF_ROLES], 0) | own


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client: Client, settings: Any
) -> None:
    settings.PORTAL_PAGE_CACHE = True  # as it runs: whose portal this is is read once and kept
    service = make_service()
    plan = make_plan(service)
    client.force_login(make_user(Role.PUBLISHER, service=service))

    def questions() -> int:
        client.get(reverse("portal:my_work"))
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("portal:my_work"))
        return len(caught)

    def add() -> None:
        make_action(plan, due=today() - DAY)
        make_comment(stage=Stage.APPROVED, service=service)

    add()
    with_one = questions()
    add()
    add()
    assert questions() == with_one
    assert with_one <= 15


def test_a_family_account_sees_how_to_have_a_say_and_no_list(client: Client) -> None:
    client.force_login(make_user())
    page = client.get(reverse("portal:my_work")).content.decode()
    assert "Have your say" in page
    assert "Nothing waits for you today" not in page
