"""A spreadsheet that somebody brought in: who, when, which file, and what became of each row and cell (R-W3, R-W4).

What was read waits here until it is confirmed. A confirmed import is a record: nobody changes it any more.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from partnership.models import Service
from partnership.permissions import has_role, is_person, services_covered
from partnership.roles import SERVICE_ROLES, Role
from priorities.models import Priority

from .actions import Action
from .categories import Category
from .plans import Plan

KEPT_WAITING = datetime.timedelta(days=7)
"""How long the rows of an import wait to be confirmed before they are cleared away."""


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def visible_to(self, user: object) -> "PlanImportQuerySet":
        """Twin of `can_view_import`: those who write for the plan's service, and the programme team."""
        if has_role(user, Role.PROGRAMME):
            return self
        return self.filter(services_covered(user, SERVICE_ROLES, prefix="plan__service__"))

    def confirmable_by(self, user: object) -> "PlanImportQuerySet":
        """Twin of `can_confirm_import`: one's own, into a plan that one may write in, while it waits."""
        if not is_person(user):
            return self.none()
        return self.filter(by=user, stage__in=WAITING, plan__in=Plan.objects.editable_by(user))

    def forgotten(self, now: datetime.datetime) -> "PlanImportQuerySet":
        """Those that waited for seven days and were not confirmed."""
        return self.filter(stage__in=WAITING, at__lt=now - KEPT_WAITING)

    def like(self, service: Service, headings_mark: str) -> "PlanImportQuerySet":
        """Earlier tables of a service with these same headings, whose columns were chosen; the newest first (R-W4)."""
        chosen = Q(columns__field__gt="")
        return self.filter(
            chosen, plan__service=service, headings_mark=headings_mark, is_own=False
        ).distinct()


class PlanImport(models.Model):
    """One file brought into one plan."""

    private_content = True

    class Stage(models.TextChoices):
        COLUMNS = "columns", "Columns to choose"
        CHECKING = "checking", "Being checked"
        READY = "ready", "Ready to look at"
        DONE = "done", "Saved"
        DROPPED = "dropped", "Thrown away"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file_name = models.CharField(max_length=110)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.CHECKING)
    is_own = models.BooleanField(
        default=True, help_text="Taken out of the portal before; else a table from elsewhere."
    )
    headings_mark = models.CharField(max_length=32)
    notes = models.TextField(blank=True, help_text="What the person should know of the file, a line each.")
    rows_total = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    default_category = models.PositiveSmallIntegerField(choices=Category.choices, null=True, blank=True)
    default_priority = models.ForeignKey(
        Priority, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("actions:plan_import", args=[self.pk])

    @property
    def progress(self) -> str:
        """For example "1,000 of 5,000 rows checked"."""
        return f"{self.rows_checked:,} of {self.rows_total:,} rows checked"

    @property
    def waits(self) -> bool:
        """Whether it can still be confirmed or thrown away."""
        return self.stage in WAITING


WAITING = (PlanImport.Stage.COLUMNS, PlanImport.Stage.CHECKING, PlanImport.Stage.READY)


class PlanImportColumn(models.Model):
    """One column of the file: its heading there, and the field of the portal that it goes into, if any."""

    private_content = True

    plan_import = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="columns")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    field = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan_import", "position"], name="import_column_once")]

    def __str__(self) -> str:
        return self.heading


class PlanImportWord(models.Model):
    """What a word of the file means here: that "High" is a must, or "Early help" is the second priority (R-W4)."""

    private_content = True

    plan_import = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="words")
    field = models.CharField(max_length=20)
    text = models.CharField(max_length=200)
    means = models.CharField(max_length=20, help_text="The number of the category, or of the priority's row.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan_import", "field", "text"], name="import_word_once")
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.means}"


class PlanImportRow(models.Model):
    """One row of the file, and what becomes of it."""

    private_content = True

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Not checked yet"
        NEW = "new", "New"
        CHANGED = "changed", "Changed"
        UNCHANGED = "unchanged", "Not changed"
        REFUSED = "refused", "Refused"

    plan_import = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="The row's number in the file.")
    words = models.JSONField(
        default=list, help_text="The cells as they were read; emptied when it is decided."
    )
    ref = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    mark = models.CharField(max_length=32, blank=True, help_text="What was shown, in short.")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="import_rows"
    )

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["plan_import", "outcome", "number"], name="import_row_outcome")]
        constraints = [models.UniqueConstraint(fields=["plan_import", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"Row {self.number}"


class PlanImportCell(models.Model):
    """One cell that brings something: what the action says now, what the file says, or why it is refused."""

    private_content = True

    row = models.ForeignKey(PlanImportRow, on_delete=models.CASCADE, related_name="cells")
    field = models.CharField(max_length=20)
    place = models.CharField(max_length=12, help_text="As the spreadsheet names it: B7.")
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    fault = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.place
