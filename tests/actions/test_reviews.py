"""The yearly review of a plan: saved as it goes, finished by a publisher, and what is open goes on (R-W7)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions import operations, reasons
from actions.models import Action, CarriedAction, Plan, PlanReview, ReviewedAction, Status
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
def service():
    return make_service("Speech", code="SALT")


@pytest.fixture
def contributor(service):
    return make_user(Role.CONTRIBUTOR, service=service)


@pytest.fixture
def publisher(service):
    return make_user(Role.PUBLISHER, service=service)


@pytest.fixture
def plan(service):
    return make_plan(service, title="This year", next_review=days(-3))


def answer(by, plan, action, **fields):
    values = {"still_needed": True, "right_category": True, "difference_seen": "yes"} | fields
    return operations.review_action(by=by, plan=plan, action=action, **values)


NEXT = {"title": "Next year", "starts": datetime.date(2027, 1, 1), "ends": datetime.date(2027, 12, 31)}


def finish(by, plan, **fields):
    return operations.finish_review(by=by, plan=plan, **({"next_review": days(300)} | fields))


def publish(by, plan):
    note = operations.note_of(plan.actions.all(), plan=Plan.objects.get(pk=plan.pk))
    return operations.publish_plan(by=by, plan=plan, seen=note)


@pytest.mark.requirement("R-W7")
def test_answers_are_kept_as_they_come_and_only_a_whole_review_is_finished(contributor, publisher, plan):
    first, second = make_action(plan), make_action(plan, status=Status.DELIVERED)
    make_action(plan, status=Status.BLUE)
    answer(contributor, plan, first)
    with pytest.raises(RuleBroken, match=f"These are left: {second.ref}"):
        finish(publisher, plan)
    answer(publisher, plan, second, words="Nearly.")
    answer(publisher, plan, first, difference_seen="no")
    assert finish(publisher, plan, words="Good.").outcome == PlanReview.Outcome.KEPT
    rows = ReviewedAction.objects.order_by("pk").values_list("action", "by", "difference_seen")
    assert list(rows) == [
        (first.pk, contributor.pk, "yes"),
        (second.pk, publisher.pk, "yes"),
        (first.pk, publisher.pk, "no"),
    ]
    plan.refresh_from_db()
    assert (plan.next_review, plan.status) == (days(300), Plan.Status.PUBLISHED)
    assert plan.history.first().history_user == publisher
    # The next review begins anew.
    answer(contributor, plan, first)
    assert [row.outcome for row in plan.reviews.order_by("pk")] == ["kept", "open"]


@pytest.mark.requirement("R-W7")
def test_a_plan_rolls_into_the_next_and_what_is_open_goes_on_when_that_is_published(
    client, contributor, publisher, plan
):
    open_one = make_action(
        plan, title="Goes on", status=Status.AMBER, public_status=Status.GREEN, ref="SALT-7"
    )
    done = make_action(plan, title="Stays", status=Status.BLUE)
    unpublished = make_action(plan, title="Not public", public=False)
    for action in (open_one, unpublished):
        answer(contributor, plan, action)
    made = finish(publisher, plan, next_period=NEXT).next_plan
    assert (made.previous, made.status, made.title, made.service) == (
        plan,
        "draft",
        "Next year",
        plan.service,
    )
    assert set(plan.actions.all()) == {open_one, done, unpublished}  # nothing moves while it is a draft
    client.force_login(contributor)
    draft = client.get(made.get_absolute_url()).content.decode()
    assert "Coming from the plan before" in draft
    assert "SALT-7: Goes on" in draft
    publish(publisher, made)
    plan.refresh_from_db()
    assert plan.status == Plan.Status.ARCHIVED
    assert (set(plan.actions.all()), set(made.actions.all())) == ({done}, {open_one, unpublished})
    open_one.refresh_from_db()
    assert (open_one.ref, open_one.plan, open_one.status) == ("SALT-7", made, Status.AMBER)
    carried = CarriedAction.objects.get(action=open_one)
    assert (carried.from_plan, carried.to_plan, carried.status, carried.due) == (
        plan,
        made,
        "amber",
        open_one.due,
    )
    # Families read in the old plan what it held and how that stood, and nothing that was not public.
    client.logout()
    operations.close_action(by=make_user(Role.PROGRAMME), action=open_one, reason="Cut.")
    old = client.get(plan.get_absolute_url()).content.decode()
    assert "Gone on into the next plan" in old
    assert "SALT-7: Goes on" in old
    assert "Green: on track" in old
    assert "Not public" not in old
    client.force_login(contributor)
    assert "Amber: at risk" in client.get(plan.get_absolute_url()).content.decode()
    history = client.get(reverse("actions:action_history", args=["SALT-7"])).content.decode()
    assert "Moved to another plan" in history


@pytest.mark.requirement("R-W7")
def test_the_checklist_asks_three_questions_and_tells_what_a_review_came_to(
    client, contributor, publisher, plan
):
    action = make_action(plan)
    client.force_login(contributor)
    checklist = reverse("actions:plan_review", args=[plan.slug])
    address = reverse("actions:plan_review_action", args=[plan.slug, action.ref])
    values = {"still_needed": "yes", "right_category": "yes", "difference_seen": "not_yet"}
    for name in values:
        refused = client.post(address, values | {name: "", "token": new_token()})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [name])
    client.post(address, values | {"words": "Two more terms.", "token": new_token()})
    told = client.get(checklist).content.decode()
    said = ["Still needed: yes", "Right place: yes", "Difference seen: too early to say", "Two more terms."]
    assert [words for words in said if words not in told] == []
    made = finish(publisher, plan, words="We go on.", next_period=NEXT).next_plan
    told = client.get(checklist).content.decode()
    came_to = ["The next plan is begun.", f'href="{made.get_absolute_url()}"', "We go on.", publisher.name]
    assert [words for words in came_to if words not in told] == []


def test_what_was_finished_meanwhile_stays_in_the_old_plan(contributor, publisher, plan):
    action, other = make_action(plan), make_action(plan)
    for row in (action, other):
        answer(contributor, plan, row)
    made = finish(publisher, plan, next_period=NEXT).next_plan
    operations.close_action(by=make_user(Role.PROGRAMME), action=action, reason="Cut.")
    publish(publisher, made)
    assert (list(plan.actions.all()), list(made.actions.all())) == ([action], [other])


def test_the_next_plan_is_begun_once(contributor, publisher, plan):
    finish(publisher, plan, next_period=NEXT)
    with pytest.raises(RuleBroken, match="is begun already"):
        finish(publisher, plan, next_period=NEXT)
    assert Plan.objects.filter(previous=plan).count() == 1


@pytest.mark.requirement("R-W7")
def test_not_needed_any_more_is_proposed_to_the_programme_team_until_it_is_closed(client, contributor, plan):
    action = make_action(plan, ref="SALT-3")
    programme = make_user(Role.PROGRAMME)
    with pytest.raises(RuleBroken, match="Say why"):
        answer(contributor, plan, action, still_needed=False)
    answer(contributor, plan, action, still_needed=False, words="Others do it.")

    def asked():
        return [item.url for item in work_items(programme, today=today()) if item.group == "Actions to close"]

    assert asked() == [reverse("actions:action_close", args=["SALT-3"])]
    client.force_login(programme)
    assert "Others do it." in client.get(asked()[0]).content.decode()
    answer(contributor, plan, action)
    assert asked() == []
    answer(contributor, plan, action, still_needed=False, words="Others do it.")
    operations.close_action(by=programme, action=action, reason="Others do it.")
    assert asked() == []


@pytest.mark.requirement("R-A1", "R-W1")
def test_a_review_that_is_due_is_in_the_work_of_its_service_and_of_the_programme_team(
    client, contributor, publisher, plan
):
    stranger = make_user(Role.PUBLISHER, service=make_service())
    people = {"contributor": contributor, "publisher": publisher, "stranger": stranger}
    people["programme"] = make_user(Role.PROGRAMME)
    url = reverse("actions:plan_review", args=[plan.slug])

    def told():
        return {
            name: [
                item.url for item in work_items(person, today=today()) if item.group == "Yearly reviews due"
            ]
            for name, person in people.items()
        }

    assert told() == {"contributor": [url], "publisher": [url], "programme": [url], "stranger": []}
    client.force_login(contributor)
    assert "The yearly review of this plan is due." in client.get(plan.get_absolute_url()).content.decode()
    finish(publisher, plan)
    assert told() == {"contributor": [], "publisher": [], "programme": [], "stranger": []}
    assert (
        "The yearly review of this plan is due." not in client.get(plan.get_absolute_url()).content.decode()
    )


@pytest.mark.requirement("R-A7")
def test_only_the_service_answers_and_only_its_publisher_finishes(contributor, plan):
    action = make_action(plan)
    for person in (make_user(Role.CONTRIBUTOR, service=make_service()), make_user(Role.PROGRAMME)):
        with pytest.raises(RuleBroken, match=reasons.NOT_YOURS):
            answer(person, plan, action)
    answer(contributor, plan, action)
    with pytest.raises(RuleBroken, match="Only a publisher"):
        finish(contributor, plan)


def test_an_action_of_another_plan_or_a_finished_one_is_not_answered_for(contributor, plan, service):
    for action in (make_action(make_plan(service)), make_action(plan, status=Status.CLOSED)):
        with pytest.raises(RuleBroken, match="not in this plan any more"):
            answer(contributor, plan, action)


def test_a_wrong_place_leads_to_the_form_that_mends_it(client, contributor, publisher, plan):
    action = make_action(plan)
    url = reverse("actions:plan_review_action", args=[plan.slug, action.ref])
    values = {"still_needed": "yes", "right_category": "no", "difference_seen": "no"}
    client.force_login(publisher)
    sent = client.post(url, values | {"token": new_token()})
    assert sent.url == reverse("actions:action_edit", args=[action.ref])
    client.force_login(contributor)  # may not change what families read: back to the checklist
    sent = client.post(url, values | {"token": new_token()})
    assert sent.url == reverse("actions:plan_review", args=[plan.slug])


@pytest.mark.requirement("R-A9")
def test_two_people_answering_at_once_are_both_kept_in_one_review(together, contributor, publisher, plan):
    first, second = make_action(plan), make_action(plan)
    together(lambda: answer(contributor, plan, first), lambda: answer(publisher, plan, second))
    (found,) = together(lambda: (PlanReview.objects.count(), ReviewedAction.objects.count()))
    assert found == (1, 2)


def test_the_checklist_asks_as_many_questions_for_three_actions_as_for_one(client, contributor, plan):
    url = reverse("actions:plan_review", args=[plan.slug])
    client.force_login(contributor)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            answer(contributor, plan, make_action(plan))
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_past_day_tells_the_plan_of_that_day(client, contributor, publisher, plan):
    action = make_action(plan)
    Action.history.filter(id=action.pk).update(
        history_date=plan.history.first().history_date - datetime.timedelta(days=9)
    )
    plan.history.update(history_date=plan.history.first().history_date - datetime.timedelta(days=10))
    answer(contributor, plan, action)
    publish(publisher, finish(publisher, plan, next_period=NEXT).next_plan)
    for day, title in ((days(-1), "This year"), (today(), "Next year")):
        html = client.get(f"{action.get_absolute_url()}?as_at={day.isoformat()}").content.decode()
        assert f"in the plan “{title}”" in html
