"""Waiting for another action: who says it, who sees it on which side, and that nothing goes round in a circle."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import operations, reasons
from actions.models import Plan, Status, WaitingFor
from actions.operations import RuleBroken
from actions.work import work_items
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import make_action, make_partnership, make_plan, make_service, make_user

pytestmark = pytest.mark.django_db


def days(number):
    return today() + datetime.timedelta(days=number)


@pytest.fixture(autouse=True)
def _settings(db):
    make_partnership()


@pytest.fixture
def ours():
    return make_service("Inclusion", code="INC")


@pytest.fixture
def theirs():
    return make_service("Therapy", code="THE")


@pytest.fixture
def contributor(ours):
    return make_user(Role.CONTRIBUTOR, service=ours)


@pytest.fixture
def other_contributor(theirs):
    return make_user(Role.CONTRIBUTOR, service=theirs)


@pytest.fixture
def action(ours):
    return make_action(make_plan(ours), ref="INC-1", title="Open the room", due=days(60))


@pytest.fixture
def other(theirs):
    return make_action(make_plan(theirs), ref="THE-1", title="Hire two people", due=days(50))


def page(client, person, action):
    client.logout()
    if person is not None:
        client.force_login(person)
    return client.get(action.get_absolute_url()).content.decode()


def test_both_sides_see_it_and_families_see_it_where_both_are_public(client, contributor, action, other):
    url = reverse("actions:waiting_new", args=[action.ref])
    client.force_login(contributor)
    sent = client.post(url, {"on": "the-1", "why": "Two therapists.", "token": new_token()})
    assert (sent.status_code, sent.url) == (302, action.get_absolute_url())
    for person, reads_why in ((contributor, True), (make_user(Role.BOARD), True), (None, False)):
        html = page(client, person, action)
        assert "It waits for" in html
        assert "THE-1: Hire two people" in html
        assert ("Two therapists." in html) is reads_why
        html = page(client, person, other)
        assert "Others wait for this" in html
        assert "INC-1: Open the room" in html
        assert ("Two therapists." in html) is reads_why


@pytest.mark.requirement("R-A7")
def test_what_somebody_may_not_see_never_shows_through_the_other_side(client, ours, theirs, other):
    both = make_user(Role.CONTRIBUTOR, service=ours)
    both.memberships.create(role=Role.CONTRIBUTOR, service=theirs, starts="2020-01-01")
    draft = make_action(make_plan(ours, status=Plan.Status.DRAFT), title="Secret draft", ref="INC-7")
    inside = make_action(make_plan(ours), title="Not public yet", ref="INC-8", public=False)
    operations.wait_for(by=both, action=draft, on=other)
    operations.wait_for(by=both, action=inside, on=other)
    them = make_user(Role.CONTRIBUTOR, service=theirs)
    shown = {
        name: [words for words in ("Secret draft", "Not public yet") if words in page(client, person, other)]
        for name, person in (
            ("both", both),
            ("them", them),
            ("board", make_user(Role.BOARD)),
            ("family", None),
        )
    }
    assert shown == {
        "both": ["Secret draft", "Not public yet"],
        "them": ["Not public yet"],
        "board": ["Not public yet"],
        "family": [],
    }


@pytest.mark.requirement("R-A7")
def test_an_action_of_a_draft_of_others_is_told_as_one_that_is_not_there(client, contributor, action, theirs):
    make_action(make_plan(theirs, status=Plan.Status.DRAFT), ref="THE-9")
    client.force_login(contributor)
    url = reverse("actions:waiting_new", args=[action.ref])
    said = [
        client.post(url, {"on": ref, "token": new_token()}).context["form"].errors
        for ref in ("THE-9", "THE-10", "nonsense")
    ]
    assert said[0] == said[1] == said[2] == {"on": [operations.NO_SUCH_ACTION]}


def test_it_goes_round_in_no_circle_and_not_to_itself(contributor, action, other, ours):
    third = make_action(action.plan, ref="INC-3")
    contributor.memberships.create(role=Role.CONTRIBUTOR, service=other.service, starts="2020-01-01")
    operations.wait_for(by=contributor, action=action, on=other)
    operations.wait_for(by=contributor, action=other, on=third)
    for waits, on, words in (
        (third, action, "INC-1 waits for INC-3 itself, straight or through others"),
        (other, action, "INC-1 waits for THE-1 itself"),
        (action, action, "cannot wait for itself"),
        (action, other, "INC-1 waits for THE-1 already"),
    ):
        with pytest.raises(RuleBroken, match=words):
            operations.wait_for(by=contributor, action=waits, on=on)
    assert WaitingFor.objects.count() == 2
    operations.end_waiting(by=contributor, waiting=other.waits_for.get())
    operations.wait_for(by=contributor, action=third, on=action)


def test_a_circle_closed_by_several_at_once_is_refused_to_one_of_them(together, contributor, action, other):
    contributor.memberships.create(role=Role.CONTRIBUTOR, service=other.service, starts="2020-01-01")
    third, fourth = make_action(action.plan), make_action(action.plan)
    ring = [(action, other), (other, third), (third, fourth), (fourth, action)]
    results = together(
        *(lambda pair=pair: operations.wait_for(by=contributor, action=pair[0], on=pair[1]) for pair in ring)
    )
    assert sorted(type(result).__name__ for result in results) == ["RuleBroken", *["WaitingFor"] * 3]


def test_nothing_waits_for_what_is_finished(contributor, action, other):
    other.status = Status.BLUE
    other.save()
    with pytest.raises(RuleBroken, match="THE-1 is finished"):
        operations.wait_for(by=contributor, action=action, on=other)


def test_only_who_updates_the_waiting_action_begins_and_ends_it(
    client, contributor, other_contributor, action, other
):
    with pytest.raises(RuleBroken, match=reasons.NOT_YOURS):
        operations.wait_for(by=other_contributor, action=action, on=other)
    waiting = operations.wait_for(by=contributor, action=action, on=other)
    with pytest.raises(RuleBroken, match=reasons.NOT_YOURS):
        operations.end_waiting(by=other_contributor, waiting=waiting)
    url = reverse("actions:waiting_end", args=[action.ref, waiting.pk])
    client.force_login(other_contributor)
    assert client.post(url).status_code == 403
    client.force_login(contributor)
    for _ in range(2):  # a double click is no error
        assert client.post(url).url == action.get_absolute_url()
    waiting.refresh_from_db()
    assert waiting.ended_by == contributor
    assert "It waits for" not in page(client, contributor, action)
    assert WaitingFor.objects.count() == 1


@pytest.mark.requirement("R-W1")
@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"due": days(50)}, False),
        ({"due": days(60)}, False),
        ({"due": days(61)}, True),
        ({"due": days(50), "status": Status.RED}, True),
        ({"due": days(-1), "status": Status.AMBER}, True),
        ({"due": days(61), "status": Status.DELIVERED}, False),
        ({"due": None, "status": Status.GREEN}, False),
    ],
)
def test_the_other_service_is_told_when_somebody_waits_in_vain(
    contributor, other_contributor, action, other, fields, told
):
    operations.wait_for(by=contributor, action=action, on=other)
    for name, value in fields.items():
        setattr(other, name, value)
    other.save()
    found = [
        item for item in work_items(other_contributor, today=today()) if item.group == "Others wait for you"
    ]
    assert [(item.url, item.detail) for item in found] == (
        [(other.get_absolute_url(), "INC-1 of Inclusion waits for this")] if told else []
    )
    assert [
        item for item in work_items(contributor, today=today()) if item.group == "Others wait for you"
    ] == []


def test_the_page_asks_as_many_questions_for_three_that_wait_as_for_one(client, contributor, action, theirs):
    plan = make_plan(theirs)
    counts = []
    client.force_login(contributor)
    for number in (1, 2):
        for _ in range(number):
            operations.wait_for(by=contributor, action=action, on=make_action(plan))
        client.get(action.get_absolute_url())
        with CaptureQueriesContext(connection) as asked:
            client.get(action.get_absolute_url())
        counts.append(len(asked))
    assert counts[0] == counts[1]
