"""A service's action plan for a period, serving a strategy (R-A1)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import has_role, services_covered
from partnership.roles import SERVICE_ROLES, Role
from priorities.models import Strategy


class PlanQuerySet(models.QuerySet["Plan"]):
    def on_the_record(self) -> "PlanQuerySet":
        """Plans that a publisher has made public, in force or archived."""
        return self.exclude(status=Plan.Status.DRAFT)

    def visible_to(self, user: object) -> "PlanQuerySet":
        """Published and archived ones for everybody; a draft for its own service and the programme team."""
        if has_role(user, Role.PROGRAMME):
            return self
        own = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(~Q(status=Plan.Status.DRAFT) | own)

    def editable_by(self, user: object) -> "PlanQuerySet":
        """Plans this person may write in (R-A7): draft or published, of a service they cover."""
        own = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(own).exclude(status=Plan.Status.ARCHIVED)

    def publishable_by(self, user: object) -> "PlanQuerySet":
        """Twin of `can_publish_plan`: drafts of services this person publishes for (R-A7)."""
        return self.filter(
            services_covered(user, [Role.PUBLISHER], prefix="service__"), status=Plan.Status.DRAFT
        )

    def reviewable_by(self, user: object) -> "PlanQuerySet":
        """Twin of `can_review_plan`: published plans of services this person writes for (R-W7)."""
        return self.editable_by(user).filter(status=Plan.Status.PUBLISHED)

    def review_finishable_by(self, user: object) -> "PlanQuerySet":
        """Twin of `can_finish_review`: published plans of services this person publishes for (R-W7)."""
        own = services_covered(user, [Role.PUBLISHER], prefix="service__")
        return self.filter(own, status=Plan.Status.PUBLISHED)

    def review_due(self, today: datetime.date) -> "PlanQuerySet":
        """Published plans whose annual review is due today or was due before (R-A1)."""
        return self.filter(status=Plan.Status.PUBLISHED, next_review__lte=today)

    def review_overdue(self, today: datetime.date) -> "PlanQuerySet":
        """Published plans whose annual review should have been finished before today: an exception for the board (R-A1)."""
        return self.filter(status=Plan.Status.PUBLISHED, next_review__lt=today)


class Plan(Versioned):
    """One service's plan for one period: a draft until a publisher publishes it, archived when it is over."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="plans")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="plans")
    starts = models.DateField("first day of the period")
    ends = models.DateField("last day of the period")
    next_review = models.DateField("next annual review", null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["service__name", "-starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="plan_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actions:plan", args=[self.slug])
