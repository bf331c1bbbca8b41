"""A service reviews itself against its legal duties and the plan's promises; a gap it finds becomes an action (R-A14)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import has_role, is_staff, services_covered
from partnership.roles import SERVICE_ROLES, Role
from priorities.models import Commitment, Strategy

from .actions import Action
from .categories import StatutoryDuty
from .evidence import Evidence
from .plans import Plan
from .records import Status

AUDIT_AGAIN_AFTER_DAYS = 365
"""A service audits itself once a year: with the yearly review of its plan (R-A1), which it should stand on. The
partnership's own plan says "regular" and names no number."""


class AuditQuerySet(models.QuerySet["Audit"]):
    def visible_to(self, user: object) -> "AuditQuerySet":
        """Finished ones inside the partnership; one that is not finished for its own service and the programme team.

        Never the public: an audit is worth something only where a service can say what is wrong.
        """
        if has_role(user, Role.PROGRAMME):
            return self
        own = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(own | Q(finished_at__isnull=False)) if is_staff(user) else self.none()

    def editable_by(self, user: object) -> "AuditQuerySet":
        """Twin of `can_edit_audit`: of a service this person writes for, until it is finished."""
        own = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(own, finished_at__isnull=True)

    def finished(self) -> "AuditQuerySet":
        """Those that nobody changes any more."""
        return self.filter(finished_at__isnull=False)


class Audit(Versioned):
    """One service's look at itself on a day. Begun, gone on with, then finished by a person; a new one corrects it."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="audits")
    title = models.CharField(max_length=200)
    scope = models.TextField(blank=True, help_text="What was looked at, and how.")
    date = models.DateField("day of the audit")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["service", "finished_at"], name="audit_of_service")]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_at__isnull=False, finished_by__isnull=False),
                name="audit_finished_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("actions:audit", args=[self.pk])

    def is_old(self, today: datetime.date) -> bool:
        """Whether it is time for the next one."""
        return (today - self.date).days > AUDIT_AGAIN_AFTER_DAYS


class Result(models.TextChoices):
    """How a service stands with one duty or promise, in its own judgement."""

    MET = "met", "Met"
    PART = "part", "Part met"
    NOT_MET = "not_met", "Not met"
    NOT_KNOWN = "not_known", "Not known"


GAPS = (Result.PART, Result.NOT_MET, Result.NOT_KNOWN)
"""What needs an action. That nobody knows is a gap too: somebody must find out."""


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: object) -> "FindingQuerySet":
        """Those of the audits this person may read."""
        return self.filter(audit__in=Audit.objects.visible_to(user).order_by())

    def actionable_by(self, user: object) -> "FindingQuerySet":
        """Twin of `can_act_on_gap`: gaps of finished audits of services this person writes for."""
        own = services_covered(user, SERVICE_ROLES, prefix="audit__service__")
        return self.filter(own, audit__finished_at__isnull=False, result__in=GAPS)

    def gaps(self) -> "FindingQuerySet":
        """The gaps as they stand: not met, part met or not known when the service last finished an audit of that duty
        or promise. Promises of a strategy that was replaced are left behind with it."""
        again = Finding.objects.filter(
            Q(duty=OuterRef("duty")) | Q(commitment=OuterRef("commitment")),
            audit__service=OuterRef("audit__service"),
            audit__finished_at__gt=OuterRef("audit__finished_at"),
        )
        in_force = Q(commitment__isnull=True) | Q(commitment__strategy__status=Strategy.Status.CURRENT)
        return self.filter(~Exists(again), in_force, audit__finished_at__isnull=False, result__in=GAPS)

    def with_action(self) -> "FindingQuerySet":
        """Whether somebody acts (`has_action`): an action that came from it stands in a published plan and was not closed.

        Not one of a draft (`in_draft`), which may never be published, nor one that will not go ahead.
        """
        live = GapAction.objects.open().filter(finding=OuterRef("pk")).exclude(action__status=Status.CLOSED)
        return self.annotate(
            has_action=Exists(live.exclude(action__plan__status=Plan.Status.DRAFT)),
            in_draft=Exists(live.filter(action__plan__status=Plan.Status.DRAFT)),
        )

    def for_rows(self) -> "FindingQuerySet":
        """What a row shows: the duty or promise, and whose audit it stands in."""
        return self.select_related("duty", "commitment__title", "commitment__strategy", "audit__service")


class Finding(Versioned):
    """What an audit found of one legal duty, or of one promise of the plan. Empty until somebody looked."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    duty = models.ForeignKey(
        StatutoryDuty, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    position = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    words = models.TextField("what was found", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duty__isnull=True, commitment__isnull=False)
                | Q(duty__isnull=False, commitment__isnull=True),
                name="finding_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(result__in=["", *Result.values]), name="finding_result_known"),
            models.UniqueConstraint(fields=["audit", "duty"], name="duty_once_per_audit"),
            models.UniqueConstraint(fields=["audit", "commitment"], name="commitment_once_per_audit"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return f"{self.audit.get_absolute_url()}#finding-{self.pk}"

    @property
    def subject(self) -> str:
        """The duty or the promise, in its own words."""
        return self.duty.title if self.duty is not None else str(self.commitment)

    @property
    def is_gap(self) -> bool:
        return self.result in GAPS


class FindingEvidence(models.Model):
    """What a finding rests on, with one line saying what it shows. Added, never changed."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=16, choices=Evidence.Kind.choices)
    statement = models.CharField("what it shows", max_length=300)
    link = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name_plural = "evidence of findings"

    def __str__(self) -> str:
        return self.statement


class GapActionQuerySet(models.QuerySet["GapAction"]):
    def open(self) -> "GapActionQuerySet":
        """Links that hold: nobody took them off."""
        return self.filter(ended_at__isnull=True)

    def for_rows(self) -> "GapActionQuerySet":
        """With the gap and whose audit found it, as the action's own page tells it inside the partnership."""
        return self.select_related("finding__duty", "finding__commitment__title", "finding__audit__service")


class GapAction(models.Model):
    """That an action answers a gap. It stays, whatever becomes of the action, until somebody takes it off; then it stays
    in the past of the finding."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="gap_actions")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="came_from")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GapActionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "action"],
                condition=Q(ended_at__isnull=True),
                name="action_once_at_a_time_per_finding",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.finding}"
