"""Example plans and actions, told of the past through the same operations that staff use. Dates follow today."""

import datetime
from collections.abc import Callable

from django.utils import timezone

from actions import operations
from actions.models import Action, Category, Evidence, Impact, Plan, Status, StatutoryDuty
from partnership.models import Service, User
from priorities.models import Measure, Priority, Strategy

MUST, SHOULD, COULD = Category.MUST, Category.SHOULD, Category.COULD

# Title, category, number of the priority, due in so many days, problem, what we will do, the difference.
FIRST_ACTIONS = [
    (
        "Give families a date for every decision",
        MUST,
        1,
        60,
        "Families told us they do not know when they will hear from us. They ring to ask, and are asked the same things again.",
        "We give a date in writing within two days of a request, and ring before the date if we cannot keep it.",
        "Families know what happens next and when. Fewer of them have to ring us.",
    ),
    (
        "Ask every child for their own view before a review",
        MUST,
        4,
        -12,
        "Some reviews go ahead with only the words of adults.",
        "We send a short picture form before each review, and a person who knows the child helps them to fill it in.",
        "Children say what matters to them, and see it written down.",
    ),
    (
        "Send review papers two weeks before the meeting",
        MUST,
        5,
        30,
        "Parent carers get papers the day before, and cannot prepare.",
        "We send papers two weeks before. If they are late we offer another date.",
        "Parent carers come prepared and feel part of the decision.",
    ),
    (
        "Train one person in each early years setting to spot needs",
        SHOULD,
        1,
        120,
        "Some settings are not sure what to look for, so help starts late.",
        "We train one person in each setting, and visit them each term.",
        "Needs are seen sooner and help starts before school.",
    ),
    (
        "Open a drop-in for parent carers in each district",
        SHOULD,
        2,
        45,
        "Families travel a long way to talk to someone.",
        "We open one drop-in a month in each district, at times families choose.",
        "Families get help close to home.",
    ),
    (
        "Write to young people in words they use",
        SHOULD,
        3,
        14,
        "Letters about moving on from school are hard to read.",
        "Young people rewrite our six letters with us.",
        "Young people know their choices and can decide for themselves.",
    ),
    (
        "Map every travel training place",
        COULD,
        3,
        200,
        "Nobody can see where travel training is on offer.",
        "We put all places on one map, with who they are for.",
        "Young people find training near them and travel on their own.",
    ),
    (
        "Lend sensory kits through libraries",
        COULD,
        2,
        90,
        "Families buy costly things without knowing if they help.",
        "Libraries lend kits for four weeks at a time.",
        "Families try before they buy.",
    ),
    (
        "Print a wall planner of school dates",
        COULD,
        4,
        -60,
        "Families asked for dates on one page.",
        "We print and post a planner.",
        "Families can plan ahead.",
    ),
]
SECOND_ACTIONS = [
    (
        "Start speech therapy within twelve weeks of a referral",
        MUST,
        1,
        75,
        "Children wait months before anybody sees them.",
        "We open Saturday clinics and share places between teams.",
        "Children get help while it matters most.",
    ),
    (
        "Give each waiting family one person to ring",
        SHOULD,
        5,
        20,
        "Families on the waiting list hear nothing.",
        "Each family gets a name and a number in the first week.",
        "Families know somebody is on their side while they wait.",
    ),
    (
        "Offer therapy at home for children who cannot come in",
        SHOULD,
        2,
        -5,
        "Some children cannot come to a clinic.",
        "Two therapists make home visits each week.",
        "No child misses help because of where it is.",
    ),
    (
        "Film short how-to clips with families",
        COULD,
        5,
        150,
        "Families forget what to practise.",
        "We film clips of two minutes with families who want to.",
        "Families practise at home with confidence.",
    ),
]


class Story:
    """Tells what happened, day by day before now, so that the demo is always about these weeks."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people
        self.now = timezone.now()
        self.today = timezone.localdate()
        current = Strategy.objects.filter(kind=Strategy.Kind.STRATEGY).current().get()
        self.strategy = current
        self.priorities = {
            priority.number: priority for priority in Priority.objects.filter(strategy=current)
        }
        self.duty = (
            StatutoryDuty.objects.filter(slug="listen-and-involve").first() or StatutoryDuty.objects.first()
        )

    def ago(self, days: int) -> datetime.datetime:
        """A moment in the working day, so many days ago; never later than now."""
        return self.now - datetime.timedelta(days=days, minutes=7)

    def day(self, days: int) -> datetime.date:
        """A day so many days from today; a negative number lies in the past."""
        return self.today + datetime.timedelta(days=days)

    def priority(self, number: int) -> Priority:
        """The priority of that number, or the first where the partnership has fewer."""
        return self.priorities.get(number) or next(iter(self.priorities.values()))

    def plan(self, service: Service, title: str, *, contributor: str, begun: int, review: int = 200) -> Plan:
        plan = operations.create_plan(
            by=self.people[contributor],
            service=service,
            strategy=self.strategy,
            title=title,
            starts=self.day(-begun),
            ends=self.day(365 - begun),
            next_review=self.day(review - begun),
            is_example=True,
            at=self.ago(begun),
        )
        assert plan is not None  # noqa: S101  (None is only for a repeated form)
        return plan

    def action(
        self, plan: Plan, row: tuple, *, contributor: str, begun: int, starts: int | None = None
    ) -> Action:
        title, category, number, due, problem, doing, difference = row
        action = operations.add_action(
            by=self.people[contributor],
            plan=plan,
            title=title,
            category=category,
            priority=self.priority(number),
            duty=self.duty if category == MUST else None,
            problem=problem,
            doing=doing,
            difference=difference,
            lead_role="Team manager",
            accountable_role="Head of service",
            planned_start=self.day(starts if starts is not None else -begun),
            due=self.day(due),
            is_example=True,
            at=self.ago(begun),
        )
        assert action is not None  # noqa: S101
        return action

    def update(self, action: Action, days: int, status: str, *, by: str, **words: object) -> None:
        operations.add_update(by=self.people[by], action=action, status=status, at=self.ago(days), **words)  # type: ignore[arg-type]


def tell_plans(people: dict[str, User], first: Service, second: Service) -> list[Action]:
    """Two published plans with a past and one draft. Returns the public actions, in the order of the tables above."""
    story = Story(people)
    plan = story.plan(first, "Example learning support plan", contributor="contributor", begun=150)
    ours = [
        story.action(
            plan, row, contributor="contributor", begun=149, starts=10 if row[0].startswith("Map") else None
        )
        for row in FIRST_ACTIONS
    ]
    operations.publish_plan(by=people["publisher"], plan=plan, seen=_seen(plan), at=story.ago(148))
    other = story.plan(second, "Example therapy plan", contributor="contributor2", begun=120, review=114)
    theirs = [story.action(other, row, contributor="contributor2", begun=119) for row in SECOND_ACTIONS]
    operations.publish_plan(by=people["publisher2"], plan=other, seen=_seen(other), at=story.ago(118))
    _link_a_measure(story, ours[0])
    _first_service(story, ours)
    _second_service(story, theirs)
    draft = story.plan(first, "Example learning support plan, next year", contributor="contributor", begun=5)
    story.action(draft, FIRST_ACTIONS[0], contributor="contributor", begun=4, starts=30)
    operations.add_action(
        by=people["contributor"],
        plan=draft,
        title="Begin a circle of friends in each school",
        category=COULD,
        priority=story.priority(2),
        is_example=True,
    )
    return [*ours, *theirs]


def _seen(plan: Plan) -> str:
    """The note of a publisher who looked at all that stands in the plan."""
    return operations.note_of(plan.actions.all(), plan=Plan.objects.get(pk=plan.pk))


def _link_a_measure(story: Story, action: Action) -> None:
    """Say where success is read from, where the partnership has a measure with a figure, so that a thread can be followed."""
    measure = Measure.objects.filter(is_published=True, readings__isnull=False).first()
    if measure is not None:
        operations.link_measure(
            by=story.people["publisher"],
            action=action,
            measure=measure,
            success_looks_like="Families wait less, and the figure shows it.",
            at=story.ago(120),
        )


def _first_service(story: Story, actions: list[Action]) -> None:
    say: Callable[..., None] = story.update
    dates, views, papers, early, drop_in, letters, _, kits, planner = actions
    say(
        dates,
        90,
        Status.GREEN,
        by="publisher",
        narrative="The new letter is in use in two teams.",
        public_words="Two of our five teams now give a date in writing.",
        next_step="Bring in the other three teams.",
    )
    say(
        dates,
        6,
        Status.GREEN,
        by="publisher",
        narrative="All five teams use the letter. Calls asking what is happening went down.",
        public_words="All five teams now give a date in writing, and ring if they cannot keep it.",
        next_step="Ask families whether it helped.",
    )
    story_by = story.people["publisher"]
    operations.add_milestone(
        by=story_by,
        action=dates,
        title="Two teams use the letter",
        due=story.day(-95),
        done_on=story.day(-92),
        at=story.ago(91),
    )
    operations.add_milestone(
        by=story_by,
        action=dates,
        title="All teams use the letter",
        due=story.day(-5),
        done_on=story.day(-8),
        at=story.ago(7),
    )
    operations.add_milestone(
        by=story_by, action=dates, title="Families say whether it helped", due=story.day(50), at=story.ago(90)
    )
    say(
        views,
        45,
        Status.GREEN,
        by="publisher",
        narrative="Form agreed with the young people’s group.",
        public_words="Young people helped us to make the picture form.",
        next_step="Use it in every review from next month.",
    )
    say(
        papers,
        20,
        Status.RED,
        by="publisher",
        reason="Two of four co-ordinators left, and papers for half of the reviews were late.",
        narrative="Half of the papers were late last month.",
        public_words="Papers for half of the meetings were late last month. We are short of staff.",
        barriers="Vacancies",
        next_step="Two people start next month.",
        help_wanted="Agree to share two co-ordinators with the neighbouring team until then.",
    )
    say(early, 100, Status.GREEN, by="publisher", narrative="Forty settings have a trained person.",
        public_words="Forty settings have a trained person.", next_step="Sixty more by spring.")  # fmt: skip
    say(early, 60, Status.GREEN, by="publisher", nothing_changed=True)
    say(
        drop_in,
        9,
        Status.AMBER,
        by="publisher",
        reason="Three rooms fell through. We have found two others and will open them first.",
        narrative="Nine drop-ins are open, three are not.",
        public_words="Nine drop-ins are open. Three are late because the rooms fell through.",
        next_step="Open the last three within six weeks.",
    )
    say(
        letters,
        3,
        Status.GREEN,
        by="contributor",
        narrative="Four of six letters are done.",
        public_words="Young people have rewritten four of our six letters.",
        next_step="Two more, then print.",
    )
    say(
        kits,
        12,
        Status.DELIVERED,
        by="publisher",
        narrative="All libraries lend kits.",
        public_words="Every library now lends sensory kits.",
        next_step="See who uses them.",
        evidence={
            "kind": Evidence.Kind.DATA,
            "statement": "Loans by library in the first eight weeks.",
            "link": "",
        },
    )
    say(
        planner,
        70,
        Status.DELIVERED,
        by="publisher",
        narrative="Posted to every family.",
        public_words="We posted the planner to every family.",
        evidence={
            "kind": Evidence.Kind.LIVED_EXPERIENCE,
            "statement": "What forty parent carers said about the planner.",
            "link": "",
        },
    )
    operations.sign_off(
        by=story.people["assurance"],
        action=planner,
        rating=Impact.CLEAR,
        words="Thirty-six of forty parent carers said the planner helped them to plan.",
        at=story.ago(40),
    )


def _second_service(story: Story, actions: list[Action]) -> None:
    say: Callable[..., None] = story.update
    speech, one_person, at_home, _ = actions
    say(
        speech,
        15,
        Status.AMBER,
        by="publisher2",
        reason="Saturday clinics began a month late. We have added a second room to catch up.",
        narrative="Waits are shorter but not yet twelve weeks.",
        public_words="Waits are shorter, but most children still wait more than twelve weeks.",
        next_step="Open the second room.",
    )
    say(
        one_person,
        10,
        Status.GREEN,
        by="publisher2",
        narrative="Every new family gets a name and number.",
        public_words="Every family who joins the list now gets a name and a number.",
        next_step="Do the same for families already waiting.",
    )
    say(
        at_home,
        28,
        Status.GREEN,
        by="publisher2",
        narrative="One therapist visits homes each week.",
        public_words="One therapist visits children at home each week.",
        next_step="Find the second therapist.",
    )
