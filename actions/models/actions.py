"""One action: the problem, what we will do, the difference it will make, and how it stands (R-A2)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.calendar import today as today_in_london
from partnership.models import Service
from priorities.models import Commitment, Priority

from .action_queries import ActionQuerySet
from .categories import Category, ImpactQuestion, StatutoryDuty
from .plans import Plan
from .records import (
    DONE_STATUSES,
    OPEN_STATUSES,
    SHOWN_RED_WHEN_LATE,
    Impact,
    Status,
)

NEEDED_TO_PUBLISH = {
    "title": "the title",
    "problem": "the problem",
    "doing": "what we will do",
    "difference": "the difference it will make",
    "lead_role": "the role that leads it",
    "due": "the due date",
}


class Action(Versioned):
    """Something a service has undertaken. It keeps its reference for life, whichever plan it stands in."""

    ref = models.CharField(max_length=16, unique=True, help_text="Service code and number, for life.")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="actions", help_text="The one accountable service."
    )
    title = models.CharField(max_length=200)
    problem = models.TextField(blank=True)
    doing = models.TextField("what we will do", blank=True)
    difference = models.TextField("the difference it will make", blank=True)
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    duty = models.ForeignKey(
        StatutoryDuty, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="actions", help_text="The one it serves first."
    )
    also_serves = models.ManyToManyField(Priority, blank=True, related_name="also_served_by")
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="actions")
    partners = models.ManyToManyField(Service, blank=True, related_name="partnered_actions")
    lead_role = models.CharField(max_length=120, blank=True, help_text="A role, not a person's name.")
    accountable_role = models.CharField(max_length=120, blank=True, help_text="A role, not a person's name.")
    planned_start = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    original_due = models.DateField(null=True, blank=True, editable=False)
    impact_question = models.CharField(max_length=12, choices=ImpactQuestion.choices, blank=True)
    resources = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    public_status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.NOT_STARTED, editable=False
    )
    impact = models.CharField(max_length=14, choices=Impact.choices, default=Impact.NOT_YET_KNOWN)
    last_heard = models.DateField(
        null=True, blank=True, editable=False, help_text="Day of the last update, or of publication."
    )
    last_update_at = models.DateTimeField(null=True, blank=True, editable=False)
    slips = models.PositiveSmallIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords(m2m_fields=[also_serves, commitments, partners])

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["category", "due", "ref"]
        indexes = [
            models.Index(fields=["plan", "category", "due"], name="action_plan_order"),
            models.Index(fields=["priority", "category"], name="action_priority_order"),
            models.Index(fields=["category", "due", "ref"], name="action_list_order"),
            models.Index(fields=["status", "due"], name="action_status_due"),
            models.Index(fields=["status", "last_heard"], name="action_status_heard"),
            models.Index(fields=["public_status", "due"], name="action_public_due"),
            models.Index(fields=["service", "category"], name="action_service_order"),
            # Counts are read from these two alone, without the rows: the board's figures, and how priorities stand.
            models.Index(
                fields=["priority", "category", "plan", "status", "due", "last_heard", "planned_start"],
                name="action_board_figures",
            ),
            models.Index(
                fields=["priority", "public_status", "due", "plan"],
                condition=Q(published_at__isnull=False),
                name="action_public_figures",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="action_category_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="action_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("actions:action", args=[self.ref])

    @property
    def category_slug(self) -> str:
        """must, should or could: the word the category tag and addresses use."""
        return Category(self.category).slug

    seen_on: datetime.date | None = None
    """The day that a past page speaks of; None stands for today."""

    @cached_property
    def shown_status(self) -> str:
        """The status as families are shown it today. `for_reader` puts what the reader may see in its place."""
        late = self.due is not None and self.due < today_in_london()
        return Status.RED if late and self.public_status in SHOWN_RED_WHEN_LATE else self.public_status

    def may_have(self, name: str) -> bool:
        """Whether it is worth asking for the rows of this relation: not where `having` looked and found none."""
        return getattr(self, f"has_{name}", True)

    @property
    def is_done_in_public(self) -> bool:
        """Twin of `ActionQuerySet.done_in_public` for a row in hand."""
        is_public = self.published_at is not None and self.plan.status != Plan.Status.DRAFT
        return is_public and self.public_status in DONE_STATUSES

    @property
    def status_today(self) -> str:
        """How it stands today inside the partnership: what the service said, or red where its day has passed (R-A4)."""
        late = self.due is not None and self.due < today_in_london()
        return Status.RED if late and self.status in SHOWN_RED_WHEN_LATE else self.status

    @property
    def is_late(self) -> bool:
        """Whether the reader is told that the due date has passed: open, as it is shown, and past its day."""
        day = self.seen_on or today_in_london()
        return self.shown_status in OPEN_STATUSES and self.due is not None and self.due < day

    @property
    def impact_level(self) -> int | None:
        """0 to 3 bars of difference made; None while it is not yet known (R-A6)."""
        return {Impact.NONE_SEEN: 0, Impact.SOME: 2, Impact.CLEAR: 3}.get(Impact(self.impact))

    def missing_to_publish(self) -> list[str]:
        """What this action still lacks before a publisher can publish it, in words for the person; empty when ready."""
        return list(self.fields_to_publish().values())

    def fields_to_publish(self) -> dict[str, str]:
        """The same by the field that holds it. A must needs the legal duty that it meets (R-A3)."""
        missing = {name: words for name, words in NEEDED_TO_PUBLISH.items() if not getattr(self, name)}
        if self.category == Category.MUST and self.duty_id is None:
            missing["duty"] = "the legal duty that this must-do meets"
        return missing
