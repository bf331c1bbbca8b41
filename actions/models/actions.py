"""One action: the problem, what we will do, the difference it will make, and how it stands (R-A2)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import has_role, is_staff, services_covered
from partnership.roles import SERVICE_ROLES, Role
from priorities.models import Commitment, Measure, Priority

from .plans import Plan
from .records import OPEN_STATUSES, Impact, Status


class Category(models.IntegerChoices):
    """Must, should, could, numbered in their order so that every list can be ordered by it (R-A3, R-Z2)."""

    MUST = 1, "Must do"
    SHOULD = 2, "Should do"
    COULD = 3, "Could do"

    @property
    def slug(self) -> str:
        """The word used in addresses: must, should, could."""
        return self.name.lower()


class ImpactQuestion(models.TextChoices):
    """The five questions inspectors ask about the difference made (Area SEND framework)."""

    IDENTIFIED = "identified", "Needs are found and assessed well and on time"
    INVOLVED = "involved", "Families take part in decisions about plans and support"
    RIGHT_HELP = "right_help", "The right help comes at the right time"
    PREPARED = "prepared", "Children and young people are well prepared for next steps"
    INCLUDED = "included", "Children and young people are valued, visible and included"


class StatutoryDuty(models.Model):
    """A legal duty that a must-do meets, from a maintained list with its source (R-A3, R-Z2)."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    law = models.CharField(max_length=200, help_text="For example Children and Families Act 2014, section 27.")
    summary = models.TextField()
    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "statutory duties"

    def __str__(self) -> str:
        return f"{self.title} ({self.law})"


class ActionQuerySet(QuerySet["Action"]):
    def on_the_record(self) -> "ActionQuerySet":
        """Actions of published or archived plans: what the board is shown."""
        return self.exclude(plan__status=Plan.Status.DRAFT)

    def public(self) -> "ActionQuerySet":
        """Actions that a publisher has made public."""
        return self.on_the_record().filter(published_at__isnull=False)

    def visible_to(self, user: object) -> "ActionQuerySet":
        """Public ones for everybody; inside the partnership all of published plans; drafts for their own service
        and the programme team."""
        if has_role(user, Role.PROGRAMME):
            return self
        own = services_covered(user, SERVICE_ROLES, prefix="plan__service__")
        shown = ~Q(plan__status=Plan.Status.DRAFT)
        if not is_staff(user):
            shown &= Q(published_at__isnull=False)
        return self.filter(shown | own)

    def editable_by(self, user: object) -> "ActionQuerySet":
        """Actions this person may change and update (R-A7)."""
        return self.filter(plan__in=Plan.objects.editable_by(user))

    def overdue(self, today: datetime.date) -> "ActionQuerySet":
        """Twin of `progress.is_overdue` for lists and counts."""
        return self.filter(status__in=OPEN_STATUSES, due__lt=today)

    def stale(self, today: datetime.date, *, after_days: int) -> "ActionQuerySet":
        """Twin of `progress.is_stale` for lists and counts (R-A8)."""
        return self.filter(
            Q(planned_start__isnull=True) | Q(planned_start__lte=today),
            status__in=OPEN_STATUSES,
            last_heard__lte=today - datetime.timedelta(days=after_days),
        )

    def with_shown_status(self, today: datetime.date) -> "ActionQuerySet":
        """Twin of `progress.shown_status`: an overdue action is never counted as green or not started (R-A4)."""
        return self.annotate(
            shown_status_code=Case(
                When(
                    status__in=[Status.GREEN, Status.NOT_STARTED], due__lt=today, then=Value(Status.RED.value)
                ),
                default=F("status"),
                output_field=models.CharField(max_length=12),
            )
        )

    def for_lists(self) -> "ActionQuerySet":
        """Everything a row of a list shows, in one query, musts first (R-A3, R-Z2)."""
        return self.select_related("plan", "service", "priority__strategy", "priority__title", "priority__short_title")


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
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords(m2m_fields=[also_serves])

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["category", "due", "ref"]
        indexes = [
            models.Index(fields=["plan", "category", "due"], name="action_plan_order"),
            models.Index(fields=["priority", "category"], name="action_priority_order"),
            models.Index(fields=["category", "due", "ref"], name="action_list_order"),
            models.Index(fields=["status", "due"], name="action_status_due"),
            models.Index(fields=["status", "last_heard"], name="action_status_heard"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("actions:action", args=[self.ref])


class ActionMeasure(models.Model):
    """That success of an action is read from a measure, and what success would look like."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="success_measures")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="action_links")
    success_looks_like = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "measure"], name="measure_once_per_action")]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.measure}"
