"""Fill an empty portal with as many example rows as a big partnership has in years, for `make bench`."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from actions.models import Action, ActionUpdate, Category, Milestone, Plan, Status
from foundation import content_version
from partnership.calendar import today
from partnership.models import Membership, Organisation, Sector, Service, User
from partnership.roles import Role
from portal.management.scale_rows import Rows
from portal.management.scale_voice import WorkOnVoices
from portal.management.scale_work import in_batches
from priorities.models import Priority, Strategy
from voice.models import (
    ActionVoice,
    Comment,
    CommentOriginal,
    Feeling,
    MayShow,
    Response,
    ResponseComment,
    Route,
    Stage,
    Topic,
)

ACTIONS_PER_PLAN = 50
TEXT = (
    "Families wait too long for an answer and are asked the same thing twice. We will agree one date, say it in writing "
    "and keep it. Fewer people will have to ring to ask what is happening, and children will start with help in place."
)
WORDS = TEXT.split()


class Command(BaseCommand):
    """Example rows in bulk. Refuses unless the demo switch is on, and if there are actions already."""

    help = "Fill an empty portal with example rows for measuring. Needs PORTAL_DEMO and a loaded partnership."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--actions", type=int, default=10_000)
        parser.add_argument("--updates", type=int, default=200_000)
        parser.add_argument("--comments", type=int, default=100_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("seed_scale makes example rows. It runs only where PORTAL_DEMO is on.")
        if Action.objects.exists():
            raise CommandError("There are actions already. seed_scale fills an empty portal only.")
        self.random = random.Random(20260101)  # noqa: S311  (example rows, the same each time)
        self.now, self.today = timezone.now(), today()
        with transaction.atomic():
            self.make_people_and_plans(options["actions"])
            self.make_actions(options["actions"])
            self.make_updates(options["updates"])
            self.make_comments(options["comments"])
            Rows(author=self.author, now=self.now, words=self.words).make_all()
            WorkOnVoices(author=self.author, now=self.now, words=self.words).make_all()
        content_version.bump()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(
            f"{Action.objects.count()} actions, {ActionUpdate.objects.count()} updates, {Comment.objects.count()} comments"
        )

    def words(self, count: int) -> str:
        start = self.random.randrange(len(WORDS))
        return " ".join((WORDS * (count // len(WORDS) + 2))[start : start + count])

    def make_people_and_plans(self, actions: int) -> None:
        strategy = Strategy.objects.filter(kind=Strategy.Kind.STRATEGY).current().get()
        self.priorities = list(Priority.objects.filter(strategy=strategy))
        sectors, organisation = (
            list(Sector.objects.all()),
            Organisation.objects.filter(ended__isnull=True).first(),
        )
        wanted = max(1, -(-actions // ACTIONS_PER_PLAN))
        self.services = [
            Service.objects.create(
                slug=f"example-service-{number}",
                name=f"Example service {number}",
                code=f"EX{number}",
                sector=sectors[number % len(sectors)],
                organisation=organisation,
                is_example=True,
            )
            for number in range(1, min(40, wanted) + 1)
        ]
        self.author = User.objects.create_user("scale@example.org", name="Example author", is_example=True)
        for role in (Role.CONTRIBUTOR, Role.PUBLISHER):
            Membership.objects.create(
                user=self.author,
                role=role,
                service=self.services[0],
                starts=self.today - datetime.timedelta(days=900),
            )
        self.plans = [
            Plan.objects.create(
                slug=f"example-plan-{number}",
                title=f"Example plan {number}",
                service=self.services[number % len(self.services)],
                strategy=strategy,
                starts=self.today.replace(month=1, day=1),
                ends=self.today.replace(month=12, day=31),
                status=Plan.Status.PUBLISHED,
                published_at=self.now,
                is_example=True,
            )
            for number in range(wanted)
        ]

    def make_actions(self, count: int) -> None:
        statuses = [Status.GREEN] * 10 + [Status.AMBER] * 4 + [Status.RED] * 2 + [Status.NOT_STARTED] * 3
        statuses += [Status.DELIVERED] * 2 + [Status.BLUE] * 3 + [Status.CLOSED]

        def rows() -> Iterator[Action]:
            for number in range(count):
                plan = self.plans[number // ACTIONS_PER_PLAN]
                status = self.random.choice(statuses)
                due = self.today + datetime.timedelta(days=self.random.randrange(-40, 700))
                start = due - datetime.timedelta(days=300)
                yield Action(
                    ref=f"{plan.service.code}-{number + 1:03}",
                    plan=plan,
                    service=plan.service,
                    title=f"Example action {number + 1}: {self.words(8)}",
                    problem=self.words(40),
                    doing=self.words(40),
                    difference=self.words(30),
                    category=self.random.choice(
                        [Category.MUST, Category.SHOULD, Category.SHOULD, Category.COULD]
                    ),
                    priority=self.random.choice(self.priorities),
                    lead_role="Head of service",
                    planned_start=max(start, self.today + datetime.timedelta(days=5))
                    if status == Status.NOT_STARTED
                    else start,
                    due=due,
                    original_due=due,
                    status=status,
                    public_status=status,
                    last_heard=self.today - datetime.timedelta(days=self.random.randrange(0, 40)),
                    last_update_at=self.now,
                    published_at=self.now,
                    is_example=True,
                )

        in_batches(Action, rows())
        self.actions = list(Action.objects.values_list("pk", "status", "plan__service_id").order_by("pk"))
        in_batches(
            Milestone,
            (
                Milestone(
                    action_id=pk, title=f"Example milestone: {self.words(5)}", due=self.today, position=place
                )
                for pk, _, _ in self.actions
                for place in (1, 2)
            ),
        )

    def make_updates(self, count: int) -> None:
        def rows() -> Iterator[ActionUpdate]:
            for number in range(count):
                action, status, _ = self.actions[number % len(self.actions)]
                age = number // len(self.actions)
                at = self.now - datetime.timedelta(days=28 * age, minutes=self.random.randrange(600))
                yield ActionUpdate(
                    action_id=action,
                    author=self.author,
                    at=at,
                    status=status,
                    status_before=status if self.random.random() < 0.9 else Status.AMBER,
                    narrative=self.words(30),
                    public_words=self.words(20),
                    next_step=self.words(12),
                    published_at=at,
                    published_by=self.author,
                )

        in_batches(ActionUpdate, rows())

    def make_comments(self, count: int) -> None:
        def rows() -> Iterator[Comment]:
            for number in range(count):
                stage = (
                    Stage.RECEIVED if number % 50 == 0 else Stage.ANSWERED if number % 3 else Stage.APPROVED
                )
                shown = stage != Stage.RECEIVED and (stage == Stage.ANSWERED or number % 2 == 0)
                at = self.now - datetime.timedelta(minutes=11 * number)
                yield Comment(
                    route=self.random.choice(Route.values),
                    topic=self.random.choice(Topic.values),
                    may_show=MayShow.SUMMARY,
                    stage=stage,
                    received_at=at,
                    code_digest=f"{number:064x}",  # no code opens these
                    service_id=None if stage == Stage.RECEIVED else self.random.choice(self.services).pk,
                    priority=None if stage == Stage.RECEIVED else self.random.choice(self.priorities),
                    published_text=self.words(20) if shown else "",
                    published_at=at if shown else None,
                    is_example=True,
                )

        in_batches(Comment, rows())
        comments = list(Comment.objects.values_list("pk", "stage", "service_id").order_by("pk"))
        in_batches(
            CommentOriginal,
            (
                CommentOriginal(comment_id=pk, text=self.words(30), feeling=Feeling.OK)
                for pk, _, _ in comments
            ),
        )
        self.make_answers([row for row in comments if row[1] == Stage.ANSWERED])

    def make_answers(self, comments: list[tuple[int, str, int]]) -> None:
        """One answer to each ten comments of a service, each linked to an action of that service."""
        by_service: dict[int, list[int]] = {}
        for pk, _, service in comments:
            by_service.setdefault(service, []).append(pk)
        actions: dict[int, list[int]] = {}
        for pk, _, service in self.actions:
            actions.setdefault(service, []).append(pk)
        groups = [
            (service, pks[i : i + 10]) for service, pks in by_service.items() for i in range(0, len(pks), 10)
        ]
        in_batches(
            Response,
            (
                Response(
                    service_id=service,
                    kind=Response.Kind.WE_DID,
                    you_said=self.words(20),
                    we_did=self.words(25),
                    difference=self.words(15),
                    easy_said=self.words(10) if number % 10 == 0 else "",
                    easy_did=self.words(10) if number % 10 == 0 else "",
                    status=Response.Status.PUBLISHED,
                    drafted_by=self.author,
                    drafted_at=self.now,
                    published_by=self.author,
                    published_at=self.now - datetime.timedelta(minutes=number),
                    is_example=True,
                )
                for number, (service, _) in enumerate(groups)
            ),
        )
        answers = list(Response.objects.order_by("pk").values_list("pk", flat=True))
        pairs = list(zip(answers, groups, strict=True))
        in_batches(
            ResponseComment,
            (
                ResponseComment(response_id=answer, comment_id=pk, added_by=self.author, added_at=self.now)
                for answer, (_, pks) in pairs
                for pk in pks
            ),
        )
        in_batches(
            ActionVoice,
            (
                ActionVoice(
                    action_id=actions[service][answer % len(actions[service])],
                    comment_id=pk,
                    response_id=answer,
                    linked_by=self.author,
                    linked_at=self.now,
                )
                for answer, (service, pks) in pairs
                for pk in pks
            ),
        )
