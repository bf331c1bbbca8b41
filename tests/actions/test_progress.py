"""The rules of progress, at their edges, and the database's twins of them."""

import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions import progress
from actions.models import FINISHED_STATUSES, OPEN_STATUSES, Action, Status
from tests.factories import make_action, make_plan

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2028, 2, 29)


@pytest.mark.requirement("R-W6")
@pytest.mark.parametrize(
    ("status", "due", "late"),
    [
        (Status.GREEN, TODAY - DAY, True),
        (Status.GREEN, TODAY, False),
        (Status.GREEN, TODAY + DAY, False),
        (Status.GREEN, None, False),
        (Status.NOT_STARTED, TODAY - DAY, True),
        (Status.AMBER, TODAY - DAY, True),
        (Status.RED, TODAY - DAY, True),
        (Status.DELIVERED, TODAY - DAY, False),
        (Status.BLUE, TODAY - DAY, False),
        (Status.CLOSED, TODAY - DAY, False),
    ],
)
def test_overdue_begins_the_day_after_and_clocks_stop_on_finished_work(status, due, late):
    assert progress.is_overdue(status=status, due=due, today=TODAY) is late


@pytest.mark.requirement("R-A8")
@pytest.mark.requirement("R-W6")
@pytest.mark.parametrize(
    ("status", "heard_days_ago", "start", "stale"),
    [
        (Status.GREEN, 34, None, False),
        (Status.GREEN, 35, None, True),
        (Status.GREEN, 35, TODAY, True),
        (Status.GREEN, 35, TODAY + DAY, False),
        (Status.NOT_STARTED, 400, TODAY + DAY, False),
        (Status.RED, 36, TODAY - DAY, True),
        (Status.DELIVERED, 400, None, False),
        (Status.BLUE, 400, None, False),
        (Status.CLOSED, 400, None, False),
        (Status.GREEN, None, None, False),
    ],
)
def test_stale_from_the_thirty_fifth_day_but_not_before_the_planned_start(
    status, heard_days_ago, start, stale
):
    heard = None if heard_days_ago is None else TODAY - heard_days_ago * DAY
    found = progress.is_stale(
        status=status, last_heard=heard, planned_start=start, today=TODAY, after_days=35
    )
    assert found is stale


@pytest.mark.requirement("R-A4")
@pytest.mark.parametrize("status", Status)
def test_only_green_and_not_started_turn_red_by_themselves(status):
    late = progress.shown_status(status=status, due=TODAY - DAY, today=TODAY)
    assert late == (Status.RED if status in (Status.GREEN, Status.NOT_STARTED) else status)
    assert progress.shown_status(status=status, due=TODAY, today=TODAY) == status


def faults(**changed):
    values = {
        "old": Status.GREEN,
        "new": Status.GREEN,
        "due": TODAY + DAY,
        "planned_start": None,
        "today": TODAY,
        "has_evidence": False,
        "reason": "",
    }
    return progress.status_faults(**(values | changed))


@pytest.mark.requirement("R-A4")
@pytest.mark.parametrize(
    ("refused", "allowed", "words"),
    [
        ({"due": TODAY - DAY}, {"due": TODAY}, "cannot be green"),
        ({"new": Status.DELIVERED}, {"new": Status.DELIVERED, "has_evidence": True}, "Add evidence"),
        ({"new": Status.BLUE}, {"new": Status.GREEN}, "service itself can set"),
        ({"new": Status.CLOSED}, {"new": Status.GREEN}, "service itself can set"),
        ({"new": Status.AMBER}, {"new": Status.AMBER, "reason": "Two left."}, "how you will catch up"),
        (
            {"new": Status.AMBER, "reason": " \n"},
            {"old": Status.AMBER, "new": Status.AMBER},
            "how you will catch up",
        ),
        ({"new": Status.RED}, {"new": Status.RED, "reason": "No room."}, "worse than before"),
        ({"old": Status.DELIVERED}, {"old": Status.DELIVERED, "reason": "Undone."}, "worse than before"),
        (
            {"new": Status.NOT_STARTED, "planned_start": TODAY},
            {"new": Status.NOT_STARTED, "planned_start": TODAY + DAY},
            "start date is still to come",
        ),
        ({"old": Status.BLUE}, {"old": Status.AMBER}, "finished"),
        ({"old": Status.CLOSED}, {"old": Status.RED}, "finished"),
        ({"new": "no such status"}, {}, "service itself can set"),
    ],
)
def test_each_status_rule_refuses_what_it_should_and_nothing_more(refused, allowed, words):
    found = faults(**refused)
    assert len(found) == 1
    assert words in found[0]
    assert faults(**allowed) == []


def test_not_started_may_stay_until_its_due_date_passes():
    stays = {"old": Status.NOT_STARTED, "new": Status.NOT_STARTED, "planned_start": TODAY - DAY}
    assert faults(**stays) == []
    assert len(faults(**stays, due=TODAY - DAY)) == 1


@pytest.mark.requirement("R-W2")
@pytest.mark.parametrize("status", Status)
def test_nothing_changed_is_refused_when_time_itself_changed_the_status(status):
    in_time = progress.nothing_changed_faults(status=status, due=TODAY, today=TODAY)
    late = progress.nothing_changed_faults(status=status, due=TODAY - DAY, today=TODAY)
    assert bool(in_time) == (status in FINISHED_STATUSES)
    assert bool(late) == (status in (*FINISHED_STATUSES, Status.GREEN, Status.NOT_STARTED))


def test_why_shown_speaks_only_where_the_status_is_not_what_was_set():
    said = progress.why_shown(status=Status.GREEN, due=datetime.date(2028, 2, 9), today=TODAY)
    assert said == "It is shown as red because its due date, 9 February 2028, has passed."
    assert progress.why_shown(status=Status.GREEN, due=TODAY, today=TODAY) == ""
    assert progress.why_shown(status=Status.RED, due=TODAY - DAY, today=TODAY) == ""


near = st.one_of(st.none(), st.integers(-40, 40).map(lambda days: TODAY + days * DAY))


@pytest.mark.requirement("R-A4")
@pytest.mark.requirement("R-W6")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(  # the days on which the answer turns
    rows=[
        (Status.GREEN, Status.GREEN, TODAY + days * DAY, TODAY + start * DAY, TODAY + (days - 35) * DAY)
        for days in (-1, 0, 1)
        for start in (-1, 0, 1)
    ],
    after_days=35,
)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(Status), st.sampled_from(Status), near, near, near), min_size=1, max_size=8
    ),
    after_days=st.integers(1, 40),
)
def test_the_database_says_the_same_as_the_rules(rows, after_days):
    Action.objects.all().delete()
    plan = make_plan()
    made = [
        make_action(plan, status=status, public_status=shown, due=due, planned_start=start, last_heard=heard)
        for status, shown, due, start, heard in rows
    ]
    pks = {name: set() for name in ("overdue", "public overdue", "stale")}
    for action in made:
        start = action.planned_start
        if progress.is_overdue(status=action.status, due=action.due, today=TODAY):
            pks["overdue"].add(action.pk)
        if progress.is_overdue(status=action.public_status, due=action.due, today=TODAY):
            pks["public overdue"].add(action.pk)
        heard = {"last_heard": action.last_heard, "planned_start": start, "after_days": after_days}
        if progress.is_stale(status=action.status, today=TODAY, **heard):
            pks["stale"].add(action.pk)
    asked = {
        "overdue": Action.objects.overdue(TODAY),
        "public overdue": Action.objects.overdue(TODAY, public=True),
        "stale": Action.objects.stale(TODAY, after_days=after_days),
    }
    assert {name: set(rows.values_list("pk", flat=True)) for name, rows in asked.items()} == pks
    shown = {a.pk: progress.shown_status(status=a.status, due=a.due, today=TODAY) for a in made}
    outside = {a.pk: progress.shown_status(status=a.public_status, due=a.due, today=TODAY) for a in made}
    with_status = Action.objects.with_shown_status(TODAY)
    assert dict(with_status.values_list("pk", "shown_status_code")) == shown
    assert dict(Action.objects.for_reader(None, TODAY).values_list("pk", "shown_status")) == outside
    for status in Status:
        inside_rows = Action.objects.shown_as(status, TODAY, public=False).values_list("pk", flat=True)
        outside_rows = Action.objects.shown_as(status, TODAY, public=True).values_list("pk", flat=True)
        assert set(inside_rows) == {pk for pk, code in shown.items() if code == status}
        assert set(outside_rows) == {pk for pk, code in outside.items() if code == status}


def test_every_status_is_open_finished_or_delivered():
    assert {*OPEN_STATUSES, *FINISHED_STATUSES, Status.DELIVERED} == set(Status)
