"""What waits for each person in plans and actions."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from actions import work
from actions.models import Category, Plan, Status
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_due_date_request,
    make_evidence,
    make_partnership,
    make_plan,
    make_reviewed_action,
    make_sector,
    make_service,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2027, 1, 15)


@pytest.fixture(autouse=True)
def service(db):
    make_partnership()
    return make_service()


@pytest.fixture
def plan(service):
    return make_plan(service)


def listed(user):
    return [(item.group, item.url) for item in work.work_items(user, today=TODAY)]


def update_url(action):
    return reverse("actions:action_update", args=[action.ref])


def fresh(plan, **fields):
    return make_action(plan, **{"last_heard": TODAY, "due": TODAY + 90 * DAY} | fields)


@pytest.mark.requirement("R-A8")
@pytest.mark.requirement("R-W1")
def test_a_contributor_sees_each_action_once_under_what_is_most_urgent(service, plan):
    soon = fresh(plan, due=TODAY + 30 * DAY)
    overdue = fresh(plan, due=TODAY - DAY, last_heard=TODAY - 90 * DAY)
    stale = fresh(plan, last_heard=TODAY - 35 * DAY)
    red = fresh(plan, status=Status.RED)
    fresh(plan)
    fresh(plan, due=TODAY + 31 * DAY)
    fresh(plan, last_heard=TODAY - 34 * DAY)
    fresh(plan, last_heard=TODAY - 35 * DAY, planned_start=TODAY + DAY)
    fresh(plan, due=TODAY - DAY, status=Status.DELIVERED)
    fresh(make_plan(), due=TODAY - DAY)
    draft = make_plan(service, status=Plan.Status.DRAFT)
    fresh(draft, due=TODAY - DAY)
    assert listed(make_user(Role.CONTRIBUTOR, service=service)) == [
        ("Overdue", update_url(overdue)),
        ("Off track", update_url(red)),
        ("No recent update", update_url(stale)),
        ("Due soon", update_url(soon)),
        ("Drafts", draft.get_absolute_url()),
    ]


@pytest.mark.requirement("R-Z2")
def test_of_two_overdue_actions_the_must_comes_first(service, plan):
    # Amber, so that the must is overdue as well and not red: those stand in a group of their own.
    could = fresh(plan, due=TODAY - 90 * DAY, category=Category.COULD, status=Status.AMBER)
    must = fresh(plan, due=TODAY - DAY, category=Category.MUST, status=Status.AMBER)
    urls = [url for _, url in listed(make_user(Role.CONTRIBUTOR, service=service))]
    assert urls == [update_url(must), update_url(could)]


@pytest.mark.requirement("R-Z2")
def test_a_must_that_is_red_stands_above_every_should_and_could(service, plan):
    could = fresh(plan, due=TODAY - 90 * DAY, category=Category.COULD)
    late = fresh(plan, due=TODAY - DAY, category=Category.MUST)
    red = fresh(plan, status=Status.RED, category=Category.MUST)
    caught_up_soon = fresh(plan, due=TODAY - DAY, status=Status.AMBER, category=Category.MUST)
    assert listed(make_user(Role.CONTRIBUTOR, service=service)) == [
        ("Must-dos that are red", update_url(late)),
        ("Must-dos that are red", update_url(red)),
        ("Overdue", update_url(caught_up_soon)),
        ("Overdue", update_url(could)),
    ]


@pytest.mark.requirement("R-A8")
def test_the_partnerships_own_thresholds_count(service, plan):
    fresh(plan, last_heard=TODAY - 20 * DAY)
    person = make_user(Role.CONTRIBUTOR, service=service)
    assert listed(person) == []
    make_partnership(stale_after_days=20)
    assert [group for group, _ in listed(person)] == ["No recent update"]


def test_a_publisher_sees_what_waits_plan_by_plan(service, plan):
    action = fresh(plan)
    fresh(plan, public=False)
    make_update(action, public=False)
    make_update(action, public=False, public_words="", nothing_changed=True)
    make_update(action)
    make_update(fresh(make_plan()), public=False)
    [item] = work.work_items(make_user(Role.PUBLISHER, service=service), today=TODAY)
    assert (item.group, item.url) == ("To publish", reverse("actions:plan_waiting", args=[plan.slug]))
    assert item.title == f"{plan.title}: 2 to read and publish"
    assert listed(make_user(Role.CONTRIBUTOR, service=service)) == []


def test_assurance_sees_what_is_delivered_and_not_their_own(plan):
    assurance = make_user(Role.ASSURANCE)
    waiting = fresh(plan, status=Status.DELIVERED)
    make_evidence(fresh(plan, status=Status.DELIVERED), by=assurance)
    fresh(plan, status=Status.BLUE)
    assert listed(assurance) == [("To sign off", reverse("actions:sign_off", args=[waiting.ref]))]


@pytest.mark.requirement("R-A1")
def test_the_programme_team_sees_plans_whose_yearly_review_is_due(service):
    due = make_plan(service, next_review=TODAY)
    make_plan(service, next_review=TODAY + DAY)
    make_plan(service)
    make_plan(service, next_review=TODAY - DAY, status=Plan.Status.ARCHIVED)
    review = reverse("actions:plan_review", args=[due.slug])
    assert listed(make_user(Role.PROGRAMME)) == [("Yearly reviews due", review)]


@pytest.mark.requirement("R-W1")
def test_nothing_waits_for_those_who_only_read_or_have_left(service, plan):
    fresh(plan, due=TODAY - DAY, status=Status.RED)
    assert listed(make_user(Role.PUBLISHER, service=service)) != []
    readers = [make_user(role) for role in (Role.BOARD, Role.CHAIR, Role.ADVISER, Role.AUDITOR, Role.FAMILY)]
    gone = make_user(Role.PUBLISHER, service=service, is_active=False)
    for person in [*readers, gone, make_user(), AnonymousUser()]:
        assert listed(person) == []


def test_a_long_list_stops_and_leads_to_the_rest_with_as_many_questions_as_a_short_one(
    django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("partnership.work.MOST", 3)
    sector = make_sector()
    person = make_user(Role.PUBLISHER, sector=sector)
    for _ in range(5):
        fresh(make_plan(make_service(sector=sector)), due=TODAY - DAY)
    with django_assert_max_num_queries(7):  # one for each kind of work, and two for what waits
        found = work.work_items(person, today=TODAY)
    assert [item.title for item in found][3:] == ["See all of them"]
    assert found[3].url == f"{reverse('actions:actions')}?sector={sector.slug}"


@pytest.mark.requirement("R-Z2")
@pytest.mark.parametrize(
    ("role", "group", "ask"),
    [
        (Role.PUBLISHER, "Due dates to decide", make_due_date_request),
        (Role.PROGRAMME, "Actions to close", lambda action: make_reviewed_action(action, still_needed=False)),
    ],
)
def test_a_must_is_listed_before_a_could_that_was_asked_earlier(plan, service, monkeypatch, role, group, ask):
    monkeypatch.setattr("partnership.work.MOST", 1)
    could, must = (make_action(plan, category=category) for category in (Category.COULD, Category.MUST))
    ask(could)
    ask(must)
    person = make_user(role, service=service if role == Role.PUBLISHER else None)
    shown = [item.title for item in work.work_items(person, today=TODAY) if item.group == group]
    assert shown == [f"{must.ref}: {must.title}", "See all of them"]
