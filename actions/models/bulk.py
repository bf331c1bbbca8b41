"""One change of several actions at once by the programme team: who, when, what and why. Rows are only added."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery

from priorities.models import Priority

from .actions import Action
from .plans import Plan


class BulkChange(models.Model):
    """What was done to several actions in one press. What each was before stands in its row."""

    private_content = True

    class Kind(models.TextChoices):
        MOVE = "move", "Moved to another service"
        REDATE = "redate", "New due date"
        SERVE = "serve", "Serves another priority too"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    reason = models.TextField()
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Where they went."
    )
    due = models.DateField(null=True, blank=True, help_text="The new due date of all.")
    days = models.SmallIntegerField(
        null=True,
        blank=True,
        help_text="By how many days each due date moved; below zero when to an earlier day.",
    )
    priority = models.ForeignKey(
        Priority,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What they serve too.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="move", plan__isnull=False, priority__isnull=True, due__isnull=True, days=None
                )
                | Q(kind="redate", plan__isnull=True, priority__isnull=True, due__isnull=False, days=None)
                | Q(kind="redate", plan__isnull=True, priority__isnull=True, due=None, days__isnull=False)
                | Q(kind="serve", plan__isnull=True, priority__isnull=False, due__isnull=True, days=None),
                name="bulk_change_has_what_its_kind_needs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"

    def due_after(self, due: datetime.date | None) -> datetime.date | None:
        """The date that an action got which was due on `due` before: the one of all, or its own moved by as many days."""
        if self.days is None or due is None:
            return self.due
        return due + datetime.timedelta(days=self.days)


class BulkChangeRowQuerySet(models.QuerySet["BulkChangeRow"]):
    def of_action(self, action: Action) -> "BulkChangeRowQuerySet":
        """The changes this action was part of, newest first, with how many others were (`others`)."""
        together = BulkChangeRow.objects.filter(change=OuterRef("change")).order_by().values("change")
        others = Subquery(together.annotate(number=Count("pk") - 1).values("number"))
        rows = self.filter(action=action).annotate(others=others)
        return rows.select_related(
            "change__by", "change__plan", "change__priority__strategy", "change__priority__title", "from_plan"
        )


class BulkChangeRow(models.Model):
    """One action of a change, and where it stood before."""

    private_content = True

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="rows")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="bulk_changes")
    from_plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_due = models.DateField(null=True, blank=True)

    objects = BulkChangeRowQuerySet.as_manager()

    class Meta:
        ordering = ["-change__at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["change", "action"], name="once_in_a_bulk_change"),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.change}"

    @property
    def to_due(self) -> datetime.date | None:
        """The date that the change gave it."""
        return self.change.due_after(self.from_due)
