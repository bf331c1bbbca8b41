"""A later due date that a publisher must approve first (R-A5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .actions import Action


class DueDateRequestQuerySet(models.QuerySet["DueDateRequest"]):
    def open(self) -> "DueDateRequestQuerySet":
        """Those that nobody has decided and nothing has overtaken."""
        return self.filter(outcome=DueDateRequest.Outcome.WAITING)

    def decidable_by(self, user: object) -> "DueDateRequestQuerySet":
        """Twin of `can_decide_due_request`: open ones of actions whose dates this person approves."""
        return self.open().filter(action__in=Action.objects.date_approvable_by(user).order_by())


class DueDateRequest(models.Model):
    """That a service wants a date moved further than it may move it alone. Its words never change; a decision is added."""

    private_content = True  # families read of a date when it is in force, and that is a DueDateChange

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waits for a publisher"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Not approved"
        WITHDRAWN = "withdrawn", "Taken back"
        SUPERSEDED = "superseded", "Overtaken: the date moved, or the action ended, meanwhile"

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="due_date_requests")
    old_due = models.DateField(null=True, blank=True)
    new_due = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField("what the publisher said", blank=True)

    objects = DueDateRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action"], condition=Q(outcome="waiting"), name="one_open_due_date_request"
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at__isnull=True)
                | (~Q(outcome="waiting") & Q(decided_at__isnull=False)),
                name="due_date_request_decided_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.old_due} to {self.new_due}, {self.get_outcome_display()}"
