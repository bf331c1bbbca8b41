"""Who was reminded of which action, and when: from these rows a second miss is read (R-W5)."""

from django.conf import settings
from django.db import models
from django.db.models import F

from .records import OPEN_STATUSES


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def since_last_heard(self) -> "ReminderQuerySet":
        """Those of the silence that still lasts: an update of the action ends it, and so does its end."""
        return self.filter(action__status__in=OPEN_STATUSES, on__gt=F("action__last_heard"))


class Reminder(models.Model):
    """That on one day an action's update was due, or was missed twice, and whose list it stood in. Rows are only added.

    A person who wants no mail still misses what is due: the row says that none was sent.
    """

    private_content = True

    class Kind(models.TextChoices):
        MAILED = "mailed", "Asked for an update by mail"
        NO_MAIL = "no_mail", "An update was due; this person gets no mail"
        MISSED_TWICE = "missed_twice", "Told that the update was missed twice"

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField(help_text="The day in London.")
    at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "person", "on", "kind"], name="reminded_once_a_day")
        ]
        indexes = [models.Index(fields=["on"], name="reminder_day")]

    def __str__(self) -> str:
        return f"{self.action.ref}, {self.on}: {self.get_kind_display()}"
