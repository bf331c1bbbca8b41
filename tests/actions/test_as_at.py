"""An action as it stood on a day: the past page says what the page said then, and shows nobody more than they may see."""

import contextlib
import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions import operations
from actions.models import Action, Category, Evidence, Impact, Plan, Status, StatusDefinition, WaitingFor
from actions.operations import RuleBroken
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_duty,
    make_measure,
    make_membership,
    make_partnership,
    make_plan,
    make_priority,
    make_service,
    make_user,
    make_waiting_for,
)

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 1, 5)
NOON = datetime.time(12, 0)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self):
        self.set(FIRST)

    def set(self, day, time=NOON):
        self.now = timezone.make_aware(datetime.datetime.combine(day, time))

    def __call__(self):
        self.now += datetime.timedelta(seconds=7)  # no two things at once
        return self.now


@pytest.fixture
def clock(monkeypatch):
    held = Clock()
    monkeypatch.setattr("django.utils.timezone.now", held)
    return held


@pytest.fixture
def cast(db):
    make_partnership()
    service = make_service(code="SALT")
    people = {
        "contributor": make_user(Role.CONTRIBUTOR, service=service),
        "publisher": make_user(Role.PUBLISHER, service=service),
        "assurance": make_user(Role.ASSURANCE),
        "programme": make_user(Role.PROGRAMME),
        "board": make_user(Role.BOARD),
        "everywhere": make_user(Role.CONTRIBUTOR, service=service),
    }
    return service, people


def shown(client, person, action, day=None):
    """What the page of the action, today's or a past one, tells this person; None when it tells nothing."""
    client.logout()
    if person is not None:
        client.force_login(person)
    address = action.get_absolute_url()
    page = client.get(address if day is None else f"{address}?as_at={day.isoformat()}")
    if page.status_code == 404 or (day is not None and page.context["then"] is None):
        return None
    context, one = page.context, page.context["action"]
    names = ("title", "problem", "doing", "difference", "category", "lead_role", "planned_start", "due")
    names += ("original_due", "slips", "impact", "last_heard", "shown_status", "is_late", "resources")
    found = {name: getattr(one, name) for name in names}
    found |= {"duty": one.duty, "priority": one.priority, "meaning": context["why_shown"]}
    found |= {name: sorted(str(row) for row in context[name]) for name in ("also_serves", "partners")}
    found["updates"] = [(row.pk, row.published_at is not None) for row in context["updates"]]
    found["milestones"] = [(row.title, row.due, row.done_on) for row in context["milestones"]]
    found["measures"] = [(row.measure.name, row.success_looks_like) for row in context["measures"]]
    for name in ("waits_for", "waited_for_by"):
        found[name] = [(row.pk, other.ref, other.title, other.service.name) for row, other in context[name]]
    for name in ("moves", "evidence", "ratings"):
        found[name] = [row.pk for row in context[name]] if name != "moves" or found["slips"] else []
    return found


def differences(past, told):
    """What a past page says otherwise than the page of that day: reader, field, now, then."""
    found = []
    for reader, was in told.items():
        now = past[reader]
        if now is None or was is None:
            found += [] if now == was else [(reader, "the page", now is not None, was is not None)]
        else:
            found += [(reader, name, now[name], was[name]) for name in was if now[name] != was[name]]
    return found


class Steps:
    """Things that people do to one action, by chance."""

    def __init__(self, chance, service, people, action, plan):
        self.chance, self.service, self.people, self.action, self.plan = chance, service, people, action, plan
        self.priorities = [make_priority() for _ in range(3)]
        self.measures = [make_measure() for _ in range(2)]

    def now(self):
        return Action.objects.get(pk=self.action.pk)

    def edit(self):
        now = self.now()
        fields = self.chance.choice(
            [
                {"title": f"Title {self.chance.random()}"},
                {"problem": "Other words.", "priority": self.chance.choice(self.priorities)},
                {"also_serves": self.chance.sample(self.priorities, 2)},
                {"partners": self.chance.choice([[], [self.partner]])},
                {"category": Category.MUST, "duty": self.duty},
                {"category": Category.COULD},
                {"due": now.due + datetime.timedelta(days=self.chance.randint(-5, 9)), "due_reason": "Why."},
            ]
        )
        operations.edit_action(by=self.people["publisher"], action=now, version=now.version, **fields)

    def update(self):
        operations.add_update(
            by=self.people[self.chance.choice(["contributor", "publisher"])],
            action=self.action,
            status=self.chance.choice([Status.GREEN, Status.AMBER, Status.RED]),
            reason="Because.",
            narrative="What changed.",
            public_words=self.chance.choice(["", "Words for families."]),
        )

    def publish(self):
        plan = Plan.objects.get(pk=self.plan.pk)
        updates = list(self.action.updates.waiting())
        if plan.status == Plan.Status.DRAFT:
            note = operations.note_of(plan.actions.all(), updates, plan=plan)
            operations.publish_plan(by=self.people["publisher"], plan=plan, seen=note)
        else:
            note = operations.note_of([], updates)
            operations.publish_waiting(by=self.people["publisher"], plan=plan, updates=updates, seen=note)

    def move(self):
        now = self.now()
        due = max(now.due, today()) + datetime.timedelta(days=self.chance.randint(1, 60))
        made = operations.move_due(
            by=self.people["contributor"], action=now, due=due, reason="Why.", was=now.due
        )
        if self.chance.random() < 0.5 and hasattr(made, "outcome"):
            operations.decide_due_request(by=self.people["publisher"], asked=made, approve=True)

    def step(self):
        steps = list(self.action.milestones.all())
        if steps and self.chance.random() < 0.5:
            operations.edit_milestone(
                by=self.people["publisher"], milestone=steps[0], title="Changed", done_on=today()
            )
        else:
            operations.add_milestone(
                by=self.people["publisher"], action=self.action, title="Step", due=today()
            )

    def measure(self):
        link = self.action.success_measures.first()
        if link is not None and self.chance.random() < 0.6:
            operations.unlink_measure(by=self.people["publisher"], action=self.action, link=link)
        else:
            operations.link_measure(
                by=self.people["publisher"], action=self.action, measure=self.chance.choice(self.measures)
            )

    def wait(self):
        """For a public action, a draft of its own service or another's; or one of these for it."""
        now, other = self.now(), self.chance.choice(self.others)
        first, second = self.chance.choice([(now, other), (other, now)])
        operations.wait_for(by=self.people["everywhere"], action=first, on=second, why="Why.")

    def wait_no_longer(self):
        waiting = WaitingFor.objects.open().first()
        if waiting is not None:
            operations.end_waiting(by=self.people["everywhere"], waiting=waiting)

    def prove(self):
        operations.add_evidence(
            by=self.people["contributor"], action=self.action, kind=Evidence.Kind.DATA, statement="So."
        )

    def rate(self):
        rating = self.chance.choice(list(Impact))
        operations.rate_impact(by=self.people["assurance"], action=self.action, rating=rating, words="Seen.")


@pytest.mark.requirement("R-A5")
@pytest.mark.parametrize("seed", range(3))
def test_every_past_day_reads_as_it_read_on_that_day(client, clock, cast, seed):
    service, people = cast
    plan = make_plan(service, status=Plan.Status.DRAFT)
    clock.set(FIRST, datetime.time(8, 0))
    readers = {"visitor": None, "contributor": people["contributor"], "board": people["board"]}
    action = operations.add_action(
        by=people["contributor"],
        plan=plan,
        title="Begun",
        category=Category.SHOULD,
        priority=make_priority(),
        problem="P.",
        doing="W.",
        difference="D.",
        lead_role="Head",
        due=FIRST + datetime.timedelta(days=10),
    )
    steps = Steps(random.Random(seed), service, people, action, plan)
    steps.partner, steps.duty = make_service("Partner"), make_duty()
    theirs = [make_action(make_plan(status=status)) for status in (Plan.Status.PUBLISHED, Plan.Status.DRAFT)]
    steps.others = [*theirs, make_action(plan, public=False)]
    for other in theirs:
        make_membership(people["everywhere"], Role.CONTRIBUTOR, service=other.plan.service)
    told = {}
    days = [FIRST + datetime.timedelta(days=number) for number in range(0, 24, 2)]
    for number, day in enumerate(days):
        clock.set(day)
        if number == 2:
            steps.publish()
        for _ in range(steps.chance.randint(0, 3)):
            usual = [steps.edit, steps.edit, steps.update, steps.move, steps.step, steps.measure, steps.prove]
            usual += [steps.wait, steps.wait, steps.wait_no_longer]
            # A rule may forbid it today; then it changes nothing.
            with contextlib.suppress(RuleBroken):
                steps.chance.choice([*usual, steps.rate, steps.publish if number > 2 else steps.step])()
        clock.set(day, datetime.time(23, 50))
        told[day] = {name: shown(client, person, action) for name, person in readers.items()}
    clock.set(days[-1] + datetime.timedelta(days=30))
    operations.close_action(by=people["programme"], action=action, reason="Cut.")
    for day in days:
        past = {name: shown(client, person, action, day) for name, person in readers.items()}
        assert differences(past, told[day]) == [], day
    assert told[days[0]] == {"visitor": None, "board": None, "contributor": told[days[0]]["contributor"]}


def test_a_withdrawn_action_stays_in_the_past(client, clock, cast):
    service, people = cast
    action = make_action(make_plan(service), title="Words then", status=Status.GREEN)
    clock.set(FIRST + datetime.timedelta(days=5))
    operations.close_action(by=people["programme"], action=action, reason="No money.")
    html = client.get(f"{action.get_absolute_url()}?as_at={FIRST.isoformat()}").content.decode()
    assert "This is the past." in html
    assert "as it stood at the end of 5 January 2026" in html
    assert "Green: on track" in html
    assert "No money." not in html
    assert f'href="{action.get_absolute_url()}"' in html


@pytest.mark.requirement("R-A7")
def test_words_that_were_drafted_and_not_public_then_are_shown_to_nobody_who_could_not_read_them(
    client, clock, cast
):
    service, people = cast
    plan = make_plan(service)
    action = make_action(plan, public=False, problem="Words of the draft.")
    clock.set(FIRST + datetime.timedelta(days=5))
    now = Action.objects.get(pk=action.pk)
    operations.edit_action(by=people["publisher"], action=now, version=1, problem="Words for all.")
    now.refresh_from_db()
    operations.publish_waiting(
        by=people["publisher"], plan=plan, actions=[now], seen=operations.note_of([now])
    )
    early = f"{action.get_absolute_url()}?as_at={FIRST.isoformat()}"
    late = f"{action.get_absolute_url()}?as_at={today().isoformat()}"
    assert "Nothing of this action was public on 5 January 2026." in client.get(early).content.decode()
    assert "Words of the draft." not in client.get(early).content.decode()
    assert "Words for all." in client.get(late).content.decode()
    client.force_login(people["board"])
    assert "Words of the draft." in client.get(early).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("as_at=2027-01-01", "This day has not come yet."),
        ("as_at=nonsense", "Enter a real day"),
        ("as_at_day=31&as_at_month=2&as_at_year=2026", "Enter a real day"),
        ("as_at_day=3&as_at_month=&as_at_year=2026", "Enter the day, the month and the year."),
    ],
)
def test_a_wrong_or_future_day_is_told_and_what_was_typed_is_kept(client, clock, cast, query, words):
    action = make_action(make_plan(cast[0]))
    page = client.get(f"{action.get_absolute_url()}?{query}")
    html = page.content.decode()
    assert words in html
    assert page.context["form"].errors
    if "as_at_day" in query:
        assert 'value="2026"' in html


def test_a_day_before_it_existed_says_so_and_no_day_asks_for_one(client, clock, cast):
    action = make_action(make_plan(cast[0]))
    client.force_login(cast[1]["board"])
    html = client.get(f"{action.get_absolute_url()}?as_at=2025-12-24").content.decode()
    assert "This action did not exist on 24 December 2025." in html
    page = client.get(f"{action.get_absolute_url()}?as_at=")
    assert (page.context["form"].errors, "Which day?" in page.content.decode()) == ({}, True)


def test_an_action_that_is_not_there_for_the_reader_has_no_past_either(client, cast):
    action = make_action(make_plan(cast[0], status=Plan.Status.DRAFT))
    assert client.get(f"{action.get_absolute_url()}?as_at=2026-01-01").status_code == 404


@pytest.mark.requirement("R-A5")
def test_what_it_waited_for_on_a_day_is_told_until_the_day_it_waited_no_longer(client, clock, cast):
    action, on = make_action(make_plan(cast[0])), make_action(title="The other")
    back = make_action(title="The one behind")
    clock.set(FIRST + datetime.timedelta(days=2))
    waiting = make_waiting_for(action, on, why="Their data.", at=clock())
    make_waiting_for(back, action, at=clock())
    clock.set(FIRST + datetime.timedelta(days=4))
    operations.end_waiting(by=cast[1]["contributor"], waiting=waiting)
    told = {}
    for number in range(6):
        day = FIRST + datetime.timedelta(days=number)
        clock.set(day, datetime.time(23, 50))
        told[number] = client.get(f"{action.get_absolute_url()}?as_at={day.isoformat()}").content.decode()
    assert [number for number, html in told.items() if "It waited for" in html] == [2, 3]
    assert [number for number, html in told.items() if "Others waited for this" in html] == [2, 3, 4, 5]
    assert f'href="{on.get_absolute_url()}?as_at=2026-01-07">{on.ref}: The other' in told[2]
    assert "Their data." not in told[2]  # for staff
    client.force_login(cast[1]["board"])
    early = client.get(f"{action.get_absolute_url()}?as_at=2026-01-07").content.decode()
    assert "Their data." in early


@pytest.mark.requirement("R-A7")
def test_an_action_that_was_a_draft_then_does_not_show_through_the_one_that_waited_for_it(
    client, clock, cast
):
    """Nor does one that is a draft today."""
    action = make_action(make_plan(cast[0]))
    was, is_draft = (make_plan(status=Plan.Status.DRAFT) for _ in range(2))
    others = make_action(was, title="Hidden then", public=True), make_action(is_draft, title="Hidden now")
    for other in others:
        make_waiting_for(action, other, at=clock())
    clock.set(FIRST + datetime.timedelta(days=3))
    was.status = Plan.Status.PUBLISHED
    was.save()
    address = f"{action.get_absolute_url()}?as_at="
    early, late = (client.get(address + day).content.decode() for day in ("2026-01-06", "2026-01-08"))
    assert "Hidden" not in early
    assert ("Hidden then" in late, "Hidden now" in late) == (True, False)
    client.force_login(cast[1]["programme"])
    assert "Hidden now" in client.get(address + "2026-01-06").content.decode()


def test_a_past_page_asks_as_much_for_one_that_waits_as_for_three(client, clock, cast):
    action = make_action(make_plan(cast[0]))

    def asked():
        with CaptureQueriesContext(connection) as caught:
            client.get(f"{action.get_absolute_url()}?as_at={FIRST.isoformat()}")
        return len(caught)

    make_waiting_for(action, make_action(), at=clock())
    asked()
    one = asked()
    for _ in range(2):
        make_waiting_for(action, make_action(), at=clock())
    assert asked() == one


@pytest.mark.requirement("R-A4")
def test_a_past_page_says_what_a_status_means_in_the_partnerships_own_words(client, clock, cast):
    action = make_action(make_plan(cast[0]), status=Status.GREEN)
    address = f"{action.get_absolute_url()}?as_at={FIRST.isoformat()}"
    assert "It will be done on time and do what it should." in client.get(address).content.decode()
    StatusDefinition.objects.create(status=Status.GREEN, meaning="Our own words for green.")
    html = client.get(address).content.decode()
    assert "Our own words for green." in html
    assert "It will be done on time and do what it should." not in html
