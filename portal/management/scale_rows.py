"""What hangs on the actions of `seed_scale`, in the proportions of a partnership that uses all of it.

The first action has one of everything, so that its page is measured at its fullest.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models

from actions.models import (
    FINISHED_STATUSES,
    Action,
    ActionMeasure,
    BulkChange,
    BulkChangeRow,
    DueDateChange,
    DueDateRequest,
    Evidence,
    Impact,
    ImpactRating,
    Status,
    WaitingFor,
)
from board.models import BoardRating
from partnership.models import Service
from portal.management.scale_work import BATCH, DAY, WorkOnPlans, in_batches
from priorities.models import Commitment, Measure, Priority
from voice.models import DifferenceAnswer
from voice.models.difference import Noticed, Teller


class Rows(WorkOnPlans):
    """Makes the rows of every kind."""

    def make_all(self) -> None:
        """Every kind, in an order in which each finds what it points at."""
        self.links()
        self.history()
        self.proof()
        self.dates()
        self.waiting()
        self.ratings()
        self.reviews()
        self.audits()
        self.imports()

    def some(self, hundredth: int) -> Iterator[Action]:
        """So many actions in a hundred, the first always."""
        for place, action in enumerate(self.actions):
            if place == 0 or self.random.randrange(100) < hundredth:
                yield action

    def links(self) -> None:
        """Other priorities, promises, helping services, and the measures that success is read from."""
        kinds: list[tuple[type[models.Model], str, Any, int]] = [
            (Action.also_serves.through, "priority_id", Priority.objects, 30),
            (Action.commitments.through, "commitment_id", Commitment.objects, 40),
            (Action.partners.through, "service_id", Service.objects, 40),
        ]
        for model, column, rows, hundredth in kinds:
            keys = list(rows.values_list("pk", flat=True)[:20])
            made = (
                model(**{"action_id": action.pk, column: self.random.choice(keys)})
                for action in self.some(hundredth)
                if keys
            )
            in_batches(model, made)
        measures = list(Measure.objects.all()[:20])
        links = (
            ActionMeasure(action=action, measure=self.random.choice(measures), success_looks_like="Fewer.")
            for action in self.some(60)
            if measures
        )
        in_batches(ActionMeasure, links)

    def history(self) -> None:
        """That each action was begun, as the history of its row tells."""
        begun = self.now - 300 * DAY
        for start in range(0, len(self.actions), BATCH):
            keys = [action.pk for action in self.actions[start : start + BATCH]]
            rows = list(Action.objects.filter(pk__in=keys))
            Action.history.bulk_history_create(
                rows, batch_size=BATCH, default_user=self.author, default_date=begun
            )

    def proof(self) -> None:
        """Evidence, what difference assurance saw, and what people said of it."""
        evidence = (
            Evidence(
                action=action,
                kind=Evidence.Kind.DATA,
                statement=f"Example: {self.words(12)}",
                link="https://example.org/evidence",
                added_by=self.author,
                added_at=self.now - 30 * DAY * place,
            )
            for action in self.some(50)
            for place in (1, 2)
        )
        in_batches(Evidence, evidence)
        seen = (
            ImpactRating(
                action=action, rating=Impact.SOME, words=self.words(20), by=self.author, at=self.now - 9 * DAY
            )
            for action in self.some(20)
        )
        in_batches(ImpactRating, seen)
        answers = (
            DifferenceAnswer(
                action=action,
                answer=self.random.choice(Noticed.values),
                who=self.random.choice(Teller.values),
                on=self.today - DAY * number,
            )
            for action in self.actions
            if action.status in (Status.DELIVERED, Status.BLUE)
            for number in range(12)
        )
        in_batches(DifferenceAnswer, answers)

    def dates(self) -> None:
        """Dates that moved, later dates that wait for a publisher, and changes of several actions at once."""
        moved = list(self.some(15))
        changes = (
            DueDateChange(
                action=action,
                old_due=(action.due or self.today) - 30 * DAY,
                new_due=action.due,
                reason=self.words(15),
                by=self.author,
                at=self.now - 50 * DAY,
            )
            for action in moved
        )
        in_batches(DueDateChange, changes)
        Action.objects.filter(pk__in=[action.pk for action in moved]).update(
            slips=1, original_due=models.F("due") - 30 * DAY
        )
        asked = (
            DueDateRequest(
                action=action,
                old_due=action.due,
                new_due=(action.due or self.today) + 90 * DAY,
                reason=self.words(15),
                by=self.author,
                at=self.now - 2 * DAY,
            )
            for action in self.some(4)
            if action.status not in FINISHED_STATUSES
        )
        in_batches(DueDateRequest, asked)
        together = list(self.some(10))
        for start in range(0, len(together), 20):
            change = BulkChange.objects.create(
                kind=BulkChange.Kind.REDATE,
                reason=self.words(10),
                due=self.today,
                by=self.author,
                at=self.now - 40 * DAY,
            )
            in_batches(
                BulkChangeRow,
                (BulkChangeRow(change=change, action=one) for one in together[start : start + 20]),
            )

    def waiting(self) -> None:
        """Actions that wait for one of another service."""
        pairs = [(action, self.random.choice(self.actions)) for action in self.some(8)]
        rows = (
            WaitingFor(action=action, on=on, why=self.words(8), by=self.author, at=self.now - 20 * DAY)
            for action, on in pairs
            if action != on
        )
        in_batches(WaitingFor, rows)

    def ratings(self) -> None:
        """How the board rates some actions, a few of them twice."""
        rows = (
            BoardRating(
                action=action,
                rating=self.random.choice([Status.RED, Status.AMBER, Status.GREEN]),
                reason=self.words(25),
                by=self.author,
                at=self.now - 30 * DAY * number,
            )
            for action in self.some(10)
            for number in range(1, self.random.choice([2, 2, 3]))
        )
        in_batches(BoardRating, rows)
