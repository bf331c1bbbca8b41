"""Many updates from one page: each saved on its own, nothing that was written lost, with JavaScript and without (R-W2)."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action, ActionUpdate, Category, Status
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_membership,
    make_partnership,
    make_plan,
    make_service,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
URL = "/actions/updates/"


@pytest.fixture(autouse=True)
def service(db):
    make_partnership()
    return make_service(code="SALT")


@pytest.fixture
def plan(service):
    return make_plan(service)


@pytest.fixture
def contributor(service, client):
    person = make_user(Role.CONTRIBUTOR, service=service)
    client.force_login(person)
    return person


def several(plan, number):
    return [make_action(plan, title=f"Action number {count}", status=Status.GREEN) for count in range(number)]


def as_shown(*actions):
    """What a browser sends when nothing was written: every row of the page with its boxes empty."""
    sent = {"row": [action.ref for action in actions]}
    for action in actions:
        status = action.status
        sent |= {
            f"{action.ref}-status": status,
            f"{action.ref}-was": status,
            f"{action.ref}-token": new_token(),
        }
    return sent


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def told():
    return list(
        ActionUpdate.objects.order_by("action__ref").values_list("action__ref", "status", "narrative")
    )


@pytest.mark.requirement("R-W2")
def test_ten_updates_are_made_from_one_page_each_an_update_of_its_own(client, contributor, plan):
    actions = several(plan, 10)
    page = client.get(URL)
    assert {row.action for row in page.context["rows"]} == set(actions)
    sent = as_shown(*actions) | {"save": "all"}
    for action in actions:
        sent |= {f"{action.ref}-narrative": f"Said of {action.ref}", f"{action.ref}-status": "amber"}
        sent |= {f"{action.ref}-reason": "Two people are ill."}
    response = client.post(URL, sent)
    assert response.url == URL
    assert said(response)[0].startswith("10 updates are saved: ")
    assert told() == sorted((action.ref, "amber", f"Said of {action.ref}") for action in actions)


@pytest.mark.requirement("R-W2", "R-A10")
def test_a_press_saves_its_own_row_and_keeps_what_stands_in_the_others(client, contributor, plan):
    first, second, third = several(plan, 3)
    sent = as_shown(first, second, third) | {
        "save": first.ref,
        f"{first.ref}-narrative": "The first is done.",
    }
    sent[f"{second.ref}-narrative"] = "Half written"
    response = client.post(URL, sent)
    assert response.status_code == 200
    assert told() == [(first.ref, "green", "The first is done.")]
    assert f"1 update is saved: {first.ref}." in response.content.decode()
    [kept] = [row for row in response.context["rows"] if row.is_open]
    assert (kept.action, kept.form["narrative"].value()) == (second, "Half written")
    unfolded = response.content.decode().split("<details")
    assert [
        part.startswith(' class="govuk-details" open>') for part in unfolded if "Write an update" in part
    ] == [
        True,  # the one that was half written stands first, open
        False,
        False,
    ]


@pytest.mark.requirement("R-W2")
def test_with_htmx_only_the_row_that_was_pressed_comes_back(client, contributor, plan):
    first, second = several(plan, 2)
    sent = as_shown(first, second) | {"save": first.ref, f"{first.ref}-narrative": "It is done."}
    response = client.post(URL, sent, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.strip().startswith("<li") and page.strip().endswith("</li>")
    assert "Saved." in page and "It is done." in page and second.ref not in page
    assert told() == [(first.ref, "green", "It is done.")]

    refused = client.post(URL, as_shown(second) | {"save": second.ref}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "Say what has changed." in refused.content.decode()
    assert len(told()) == 1


@pytest.mark.requirement("R-W2")
def test_nothing_has_changed_is_one_press_in_the_row(client, contributor, plan):
    first, second = several(plan, 2)
    response = client.post(URL, as_shown(first, second) | {"unchanged": second.ref})
    assert response.url == URL
    update = ActionUpdate.objects.get()
    assert (update.action, update.nothing_changed, update.status) == (second, True, "green")
    # Not where it would be untrue: there is no such button, and sending it all the same is refused.
    late = make_action(plan, status=Status.GREEN, due=today() - DAY)
    assert f'name="unchanged" value="{late.ref}"' not in client.get(URL).content.decode()
    response = client.post(URL, as_shown(late) | {"unchanged": late.ref})
    assert response.status_code == 422
    assert "The due date has passed" in response.content.decode()
    assert ActionUpdate.objects.count() == 1


def test_what_is_wrong_is_told_beside_its_field_while_the_good_ones_are_saved(client, contributor, plan):
    good, bad = several(plan, 2)
    sent = as_shown(good, bad) | {"save": "all", f"{good.ref}-narrative": "Going well."}
    sent |= {f"{bad.ref}-status": "red", f"{bad.ref}-narrative": "The trainer left."}
    response = client.post(URL, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert told() == [(good.ref, "green", "Going well.")]
    assert f"{bad.ref}: Say why this is worse than before." in page
    assert f'id="id_{bad.ref}-reason_error"' in page
    assert "The trainer left." in page
    assert "<title>Error: " in page


def test_a_second_click_saves_nothing_twice(client, contributor, plan):
    [action] = several(plan, 1)
    sent = as_shown(action) | {"save": action.ref, f"{action.ref}-narrative": "Once."}
    client.post(URL, sent)
    response = client.post(URL, sent)
    assert told() == [(action.ref, "green", "Once.")]
    assert "This was saved already. Nothing was added twice." in said(response)


def test_a_press_on_an_empty_page_says_that_nothing_is_saved(client, contributor, plan):
    response = client.post(URL, as_shown(*several(plan, 2)) | {"save": "all"})
    assert response.status_code == 422
    assert "Nothing is saved yet." in response.content.decode()
    assert told() == []


def test_an_action_that_was_closed_meanwhile_keeps_what_was_written_and_says_why(client, contributor, plan):
    open_one, closed = several(plan, 2)
    sent = as_shown(open_one, closed) | {"save": "all", f"{open_one.ref}-narrative": "Still going."}
    sent[f"{closed.ref}-narrative"] = "Written too late."
    Action.objects.filter(pk=closed.pk).update(status=Status.CLOSED)
    response = client.post(URL, sent)
    page = response.content.decode()
    assert told() == [(open_one.ref, "green", "Still going.")]
    assert "This action was closed. Nobody writes in it any more." in page
    assert "Written too late." in page


def test_words_about_an_action_that_is_out_of_sight_now_are_given_back(client, contributor, service, plan):
    other = make_service(code="OT")
    for_both = make_membership(contributor, Role.CONTRIBUTOR, service=other)
    hidden = make_action(make_plan(other), public=False, status=Status.GREEN)
    [mine] = several(plan, 1)
    sent = as_shown(mine, hidden) | {"save": "all", f"{mine.ref}-narrative": "Mine."}
    sent[f"{hidden.ref}-narrative"] = "About the one I left."
    for_both.delete()
    Action.objects.filter(pk=hidden.pk).update(plan=make_plan(other, status="draft"))
    response = client.post(URL, sent)
    page = response.content.decode()
    assert told() == [(mine.ref, "green", "Mine.")]
    assert "About the one I left." in page
    assert hidden.title not in page


def test_whose_role_ended_gets_every_word_back(client, contributor, plan):
    [action] = several(plan, 1)
    sent = as_shown(action) | {"save": action.ref, f"{action.ref}-narrative": "My last words here."}
    contributor.memberships.all().delete()
    make_membership(contributor, Role.BOARD)
    response = client.post(URL, sent)
    assert response.status_code == 403
    assert "My last words here." in response.content.decode()
    assert told() == []


@pytest.mark.requirement("R-A7")
def test_nobody_updates_the_action_of_another_service_from_here(client, contributor, plan):
    theirs = make_action(make_plan(make_service(code="OT")), status=Status.GREEN)
    sent = as_shown(theirs) | {"save": theirs.ref, f"{theirs.ref}-narrative": "Not mine to say."}
    response = client.post(URL, sent)
    assert response.status_code == 422
    assert "You do not write for this service" in response.content.decode()
    assert told() == []
    assert theirs not in [row.action for row in client.get(URL).context["rows"]]


@pytest.mark.requirement("R-W2", "R-Z2")
def test_red_musts_come_first_then_what_is_overdue_then_the_rest(client, contributor, plan):
    rest = make_action(plan, status=Status.GREEN, due=today() + 200 * DAY, last_heard=today())
    late_could = make_action(plan, category=Category.COULD, status=Status.GREEN, due=today() - 90 * DAY)
    red_must = make_action(plan, category=Category.MUST, status=Status.RED, due=today() + 90 * DAY)
    make_action(plan, status=Status.DELIVERED)
    rows = [row.action for row in client.get(URL).context["rows"]]
    assert rows == [red_must, late_could, rest]


def test_the_page_asks_the_database_as_often_for_three_actions_as_for_one(client, contributor, plan):
    def count():
        client.get(URL)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(URL)
        return len(queries)

    make_update(several(plan, 1)[0])
    one = count()
    for action in several(plan, 2):
        make_update(action)
    assert count() == one <= 15


def test_an_empty_page_leads_on(client, contributor):
    page = client.get(URL).content.decode()
    assert "You have no action to update." in page
    assert reverse("actions:plans") in page
