"""Yearly reviews, audits and brought-in spreadsheets for `seed_scale`: the work on plans, beside their actions."""

import datetime
import random
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db import models

from actions.models import (
    FINISHED_STATUSES,
    Action,
    Audit,
    Finding,
    GapAction,
    PlanImport,
    PlanImportCell,
    PlanImportRow,
    PlanReview,
    Result,
    ReviewedAction,
    StatutoryDuty,
)
from actions.models.audits import GAPS
from partnership.models import User
from priorities.models import Commitment

BATCH = 2000
DAY = datetime.timedelta(days=1)


def in_batches(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Write rows a batch at a time, so that a hundred thousand never stand in memory at once."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)


class WorkOnPlans:
    """Makes the rows that belong to plans and services."""

    def __init__(self, *, author: User, now: datetime.datetime, words: Callable[[int], str]) -> None:
        self.author, self.now, self.words = author, now, words
        self.today = now.date()
        self.random = random.Random(20260102)  # noqa: S311  (example rows, the same each time)
        columns = ("service", "plan", "status", "due", "impact", "version", "ref", "title")
        self.actions = list(Action.objects.only(*columns).order_by("pk"))
        self.by_service: dict[int, list[Action]] = {}
        for action in self.actions:
            self.by_service.setdefault(action.service_id, []).append(action)

    def reviews(self) -> None:
        """A yearly review in every fifth plan, half done; the first plan has one."""
        plans = list(dict.fromkeys(action.plan_id for action in self.actions))[::5]
        reviews = {
            plan: PlanReview.objects.create(plan_id=plan, begun_by=self.author, begun_at=self.now - 5 * DAY)
            for plan in plans
        }
        rows = (
            ReviewedAction(
                review=reviews[action.plan_id],
                action=action,
                still_needed=self.random.random() < 0.95,
                right_category=True,
                difference_seen=ReviewedAction.Seen.NOT_YET,
                by=self.author,
                at=self.now - DAY,
            )
            for action in self.actions[::2]
            if action.plan_id in reviews and action.status not in FINISHED_STATUSES
        )
        in_batches(ReviewedAction, rows)

    def audits(self) -> None:
        """Two finished audits of each service, with a finding of each duty and of twenty promises, and actions for half of
        the gaps."""
        things: list[dict[str, Any]] = [{"duty": duty} for duty in StatutoryDuty.objects.all()[:30]]
        things += [{"commitment": promise} for promise in Commitment.objects.all()[:20]]
        audits = [
            Audit(
                service_id=service,
                title=f"Example audit {number}",
                scope=self.words(20),
                date=self.today - 400 * DAY * number,
                started_by=self.author,
                started_at=self.now - 400 * DAY * number,
                finished_by=self.author,
                finished_at=self.now - 400 * DAY * number,
                is_example=True,
            )
            for service in self.by_service
            for number in (1, 0)
        ]
        in_batches(Audit, audits)
        findings = (
            Finding(
                audit=audit,
                position=place,
                result=self.random.choice([Result.MET, Result.MET, Result.PART, Result.NOT_MET]),
                words=self.words(15),
                by=self.author,
                at=audit.finished_at,
                **thing,
            )
            for audit in Audit.objects.all()
            for place, thing in enumerate(things)
        )
        in_batches(Finding, findings)
        gaps = Finding.objects.filter(result__in=GAPS).order_by("pk").values_list("pk", "audit__service_id")
        links = (
            GapAction(
                finding_id=gap,
                action=self.by_service[service][number % len(self.by_service[service])],
                linked_by=self.author,
                linked_at=self.now,
            )
            for number, (gap, service) in enumerate(gaps)
            if number % 2 == 0
        )
        in_batches(GapAction, links)

    def imports(self) -> None:
        """A spreadsheet that was brought into every tenth plan, fifty rows with two cells each."""
        plans = list(dict.fromkeys(action.plan_id for action in self.actions))[::10]
        made = [
            PlanImport(
                plan_id=plan,
                by=self.author,
                at=self.now - 10 * DAY,
                done_at=self.now - 10 * DAY,
                file_name="example.xlsx",
                stage=PlanImport.Stage.DONE,
                headings_mark="0",
                rows_total=50,
                rows_checked=50,
            )
            for plan in plans
        ]
        in_batches(PlanImport, made)
        rows = (
            PlanImportRow(
                plan_import=one, number=number, title=self.words(6), outcome=PlanImportRow.Outcome.CHANGED
            )
            for one in PlanImport.objects.all()
            for number in range(2, 52)
        )
        in_batches(PlanImportRow, rows)
        cells = (
            PlanImportCell(
                row_id=row, field=field, place="B2", old=f"Old {self.words(10)}", new=self.words(10)
            )
            for row in PlanImportRow.objects.values_list("pk", flat=True)
            for field in ("title", "problem")
        )
        in_batches(PlanImportCell, cells)
