"""The past of an action and of a plan, field by field, in words a person reads (R-A5)."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import operations
from actions.history import NO_NEWS, action_history, plan_history
from actions.models import Action, Category, Impact, Plan, Status
from partnership.calendar import today
from partnership.roles import Role
from priorities.models import Commitment
from tests.factories import (
    make_action,
    make_audit,
    make_duty,
    make_finding,
    make_measure,
    make_partnership,
    make_passage,
    make_plan,
    make_priority,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db
START = timezone.now() - datetime.timedelta(days=100)


def on(day):
    """A moment so many days after the start."""
    return START + datetime.timedelta(days=day)


@pytest.fixture(autouse=True)
def _settings(db):
    make_partnership()


@pytest.fixture
def service():
    return make_service("Speech", code="SALT")


@pytest.fixture
def writer(service):
    return make_user(Role.CONTRIBUTOR, service=service, name="Ada Writer")


@pytest.fixture
def publisher(service):
    return make_user(Role.PUBLISHER, service=service, name="Pat Publisher")


def told(entries):
    """The time line as plain rows: who, what, the fields, the words."""
    return [
        (
            entry.who,
            entry.title,
            [
                (change.label, change.before, change.after)
                if not (change.added or change.taken_off)
                else (change.label, change.added, change.taken_off)
                for change in entry.changes
            ],
            entry.lines,
        )
        for entry in entries
    ]


@pytest.mark.requirement("R-A5")
def test_every_field_that_changed_is_told_in_words_with_who_and_when(service, writer):
    first, second = make_priority("Early help"), make_priority("Good lives")
    duty, partner = make_duty("Listen"), make_service("Therapy")
    plan = make_plan(service, status=Plan.Status.DRAFT)
    action = operations.add_action(
        by=writer, plan=plan, title="Old title", category=Category.SHOULD, priority=first, at=on(0)
    )
    operations.edit_action(
        by=writer,
        action=action,
        version=1,
        title="New title",
        category=Category.MUST,
        duty=duty,
        priority=second,
        due=datetime.date(2026, 5, 1),
        impact_question="identified",
        also_serves=[first],
        partners=[partner],
        at=on(1),
    )
    operations.edit_action(by=writer, action=action, version=2, partners=[], at=on(2))
    operations.edit_action(by=writer, action=action, version=3, title="New title", at=on(3))
    entries = action_history(action, writer)
    assert [entry.at for entry in entries] == [on(2), on(1), on(0)]
    assert told(entries) == [
        ("Ada Writer", "Words and facts changed", [("Works with", [], ["Therapy"])], []),
        (
            "Ada Writer",
            "Words and facts changed",
            [
                ("Title", "Old title", "New title"),
                ("Category", "Should do", "Must do"),
                ("Duty", "nothing", str(duty)),
                ("Priority", str(first), str(second)),
                ("Due date", "nothing", "1 May 2026"),
                ("Impact question", "nothing", "Needs are found and assessed well and on time"),
                ("Serves too", [str(first)], []),
                ("Works with", ["Therapy"], []),
            ],
            [],
        ),
        ("Ada Writer", "Action begun", [], []),
    ]


@pytest.mark.requirement("R-A5")
def test_what_was_done_to_an_action_stands_in_one_time_line(service, writer, publisher):
    plan = make_plan(service)
    due = datetime.date(2030, 3, 3)
    action = make_action(plan, due=due, status=Status.GREEN, public=True)
    action.history.update(history_date=on(0))
    measure = make_measure("Waiting weeks")
    assurance = make_user(Role.ASSURANCE, name="Sam Assurance")
    update = operations.add_update(
        by=writer, action=action, status="amber", reason="Late.", public_words="It is late.", at=on(1)
    )
    update.published_at, update.published_by = on(2), publisher
    update.save()
    operations.move_due(
        by=publisher, action=action, due=due.replace(month=5), was=due, reason="Rooms.", at=on(3)
    )
    step = operations.add_milestone(by=publisher, action=action, title="A room", at=on(4))
    operations.edit_milestone(by=writer, milestone=step, title="A room", done_on=on(5).date(), at=on(5))
    link = operations.link_measure(by=publisher, action=action, measure=measure, at=on(6))
    operations.unlink_measure(by=publisher, action=action, link=link, at=on(7))
    operations.add_evidence(by=writer, action=action, kind="data", statement="A count.", at=on(8))
    operations.rate_impact(by=assurance, action=action, rating=Impact.SOME, words="Shorter.", at=on(9))
    operations.close_action(by=make_user(Role.PROGRAMME, name="Pro"), action=action, reason="Cut.", at=on(10))
    assert told(action_history(action, writer)) == [
        (
            "Pro",
            "Closed: it will not go ahead",
            [("Status", "Amber: at risk", "Closed: not going ahead")],
            [("Why", "Cut."), ("For families", "Cut.")],
        ),
        (
            "Sam Assurance",
            "Difference for families: Some difference seen",
            [],
            [("What was seen", "Shorter.")],
        ),
        ("Ada Writer", "Evidence added", [], [("Data", "A count.")]),
        ("Pat Publisher", "Measure taken off: Waiting weeks", [], []),
        ("Pat Publisher", "Measure linked: Waiting weeks", [], []),
        (
            "Ada Writer",
            "Step changed: A room",
            [("Done on", "nothing", f"{on(5).day} {on(5):%B %Y}")],
            [],
        ),
        ("Pat Publisher", "Step added: A room", [], []),
        (
            "Pat Publisher",
            "Due date moved",
            [("Due date", "3 March 2030", "3 May 2030")],
            [("Why", "Rooms.")],
        ),
        (
            "Pat Publisher",
            f"Update of {on(1).astimezone().day} {on(1):%B %Y} made public",
            [("Status", "Green: on track", "Amber: at risk")],
            [("For families", "It is late.")],
        ),
        (
            "Ada Writer",
            "Update",
            [("Status", "Green: on track", "Amber: at risk")],
            [("Why", "Late."), ("For families", "It is late.")],
        ),
        ("The portal itself", "Action begun", [], []),
    ]


def test_publishing_is_told_and_what_a_date_request_came_to(service, writer, publisher):
    plan = make_plan(service)
    due = datetime.date(2030, 3, 3)
    action = make_action(plan, due=due, public=False)
    operations.publish_waiting(
        by=publisher, plan=plan, actions=[action], seen=operations.note_of([action]), at=on(1)
    )
    Action.history.filter(id=action.pk, history_type="+").update(history_date=on(0))
    asked = operations.move_due(
        by=writer, action=action, due=due.replace(year=2031), was=due, reason="Rooms.", at=on(2)
    )
    operations.decide_due_request(by=publisher, asked=asked, approve=False, words="Try again.", at=on(3))
    assert told(action_history(action, writer))[:3] == [
        ("Pat Publisher", "Later date: not approved", [], [("To the service", "Try again.")]),
        (
            "Ada Writer",
            "Later date asked for",
            [("Due date", "3 March 2030", "3 March 2031")],
            [("Why", "Rooms.")],
        ),
        ("Pat Publisher", "Made public", [], []),
    ]


def test_promises_that_come_and_go_are_in_the_past(service, writer):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    words = make_passage("We keep you told")
    promise = Commitment.objects.create(strategy=plan.strategy, title=words, kind="promise", number=1)
    action = make_action(plan)
    operations.edit_action(by=writer, action=action, version=1, commitments=[promise])
    assert told(action_history(action, writer))[0][2] == [("Promises", ["We keep you told"], [])]


def test_a_plans_past_tells_its_words_publishing_and_archiving(service, writer, publisher):
    plan = make_plan(service, status=Plan.Status.DRAFT, title="Old")
    make_action(plan)
    values = {"strategy": plan.strategy, "starts": plan.starts, "ends": plan.ends}
    operations.edit_plan(by=writer, plan=plan, version=1, title="New", **values)
    plan.refresh_from_db()
    note = operations.note_of(plan.actions.all(), plan=plan)
    operations.publish_plan(by=publisher, plan=plan, seen=note)
    plan.refresh_from_db()
    operations.archive_plan(by=publisher, plan=plan, version=plan.version)
    assert [row[:3] for row in told(plan_history(plan, writer))] == [
        ("Pat Publisher", "Archived", []),
        ("Pat Publisher", "Published", []),
        ("Ada Writer", "Plan changed", [("Title", "Old", "New")]),
        ("The portal itself", "Plan begun", []),
    ]


@pytest.mark.requirement("R-W7")
def test_a_plans_past_tells_when_its_yearly_reviews_began_and_ended_and_what_came_of_them(
    service, writer, publisher
):
    plan = make_plan(service, next_review=today())
    action = make_action(plan)
    answers = {"still_needed": True, "right_category": True, "difference_seen": "yes"}
    operations.review_action(by=writer, plan=plan, action=action, **answers)
    newest = plan_history(plan, writer)[0]
    assert (newest.who, newest.title) == ("Ada Writer", "Yearly review begun")
    later = today() + datetime.timedelta(days=300)
    operations.finish_review(by=publisher, plan=plan, words="It goes well.", next_review=later)
    operations.review_action(by=writer, plan=plan, action=action, **answers)
    period = {"title": "Next plan", "starts": later, "ends": later + datetime.timedelta(days=364)}
    operations.finish_review(by=publisher, plan=plan, next_review=later, next_period=period)
    plan.refresh_from_db()

    def reviews(person):
        return [
            (entry.who, entry.title, entry.lines)
            for entry in plan_history(plan, person)
            if "review" in entry.title
        ]

    kept, rolled = ("What came of it", "The plan goes on"), ("What came of it", "The next plan is begun")
    next_plan, found = ("The next plan", "Next plan"), ("What the review found", "It goes well.")
    begun = ("Ada Writer", "Yearly review begun", [])
    inside = [
        ("Pat Publisher", "Yearly review finished", [rolled, next_plan]),
        begun,
        ("Pat Publisher", "Yearly review finished", [kept, found]),
        begun,
    ]
    assert reviews(writer) == reviews(make_user(Role.PROGRAMME)) == inside
    # The next plan is a draft, and the words of a review are its service's own.
    assert reviews(make_user(Role.BOARD)) == [
        ("Pat Publisher", "Yearly review finished", [rolled]),
        begun,
        ("Pat Publisher", "Yearly review finished", [kept]),
        begun,
    ]


@pytest.mark.requirement("R-A14")
def test_an_actions_past_tells_which_gaps_it_was_linked_to_and_until_when(service, writer, publisher):
    action = make_action(make_plan(service))
    gap = make_finding(make_audit(service), "not_met", duty=make_duty("Listen to families"))
    link = operations.link_gap(by=writer, finding=gap, action=action, at=on(1))
    gap.refresh_from_db()
    operations.unlink_gap(by=publisher, link=link, version=gap.version, at=on(2))
    gaps = [row[:2] for row in told(action_history(action, publisher)) if "gap" in row[1]]
    assert gaps == [
        ("Pat Publisher", "Not linked any more to a gap: Listen to families"),
        ("Ada Writer", "Linked to a gap: Listen to families"),
    ]


@pytest.mark.requirement("R-A7")
def test_the_other_side_of_waiting_is_told_only_to_who_may_see_it(service, writer):
    action = make_action(make_plan(service), public=True)
    hidden_service = make_service("Hidden", code="HID")
    hidden = make_action(make_plan(hidden_service, status=Plan.Status.DRAFT), title="Hidden draft")
    both = make_user(Role.CONTRIBUTOR, service=hidden_service)
    operations.wait_for(by=both, action=hidden, on=action)
    titles = {
        name: [entry.title for entry in action_history(action, person) if "waits" in entry.title]
        for name, person in (("both", both), ("writer", writer), ("board", make_user(Role.BOARD)))
    }
    assert titles == {"both": [f"{hidden} waits for this"], "writer": [], "board": []}


def test_no_field_is_left_out_that_the_time_line_does_not_tell_otherwise():
    names = {field.name for field in Action._meta.concrete_fields}
    assert set(NO_NEWS) <= names


def test_the_page_asks_the_same_number_of_questions_for_many_rows_as_for_few_and_shows_fifty(
    client, service, publisher
):
    action = make_action(make_plan(service))
    url = reverse("actions:action_history", args=[action.ref])
    client.force_login(publisher)
    counts = []
    for rounds in (1, 2, 24):
        for _ in range(rounds):
            now = Action.objects.get(pk=action.pk)
            operations.edit_action(
                by=publisher,
                action=now,
                version=now.version,
                title=f"Title {now.version}",
                priority=make_priority(),
                partners=[make_service()],
                due=now.due + datetime.timedelta(days=1),
                due_reason="Why.",
            )
            operations.add_update(by=publisher, action=now, status="green", narrative="More.")
            link = operations.link_measure(by=publisher, action=now, measure=make_measure())
            operations.unlink_measure(by=publisher, action=now, link=link)
            operations.add_milestone(by=publisher, action=now, title="Step")
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url).context["page"]
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
    assert (len(page), page.paginator.num_pages > 2) == (50, True)
