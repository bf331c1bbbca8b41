"""What was struck out of somebody's words, and why (R-V6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .moderation import Redaction


class StrikeReason(models.TextChoices):
    """Why words may not be read by others. The label is what the moderators read."""

    NAME = "name", "A name"
    SCHOOL = "school", "A school, nursery or college"
    PLACE = "place", "A place"
    CONTACT = "contact", "How to reach someone"
    HEALTH = "health", "A detail of somebody’s health"
    STAFF = "staff", "A member of staff"
    OTHER = "other", "Something else that tells who it is"


class Strike(models.Model):
    """From which sign to which sign of the original, and why. It holds no word: those lie with the original alone."""

    private_content = True

    redaction = models.ForeignKey(Redaction, on_delete=models.CASCADE, related_name="strikes")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField(help_text="The first sign that stays.")
    reason = models.CharField(max_length=8, choices=StrikeReason.choices)
    suggested = models.BooleanField(default=False, help_text="The portal noticed it; a moderator agreed.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="strike_holds_something"),
            models.UniqueConstraint(fields=["redaction", "start"], name="strike_once_per_place"),
        ]

    def __str__(self) -> str:
        return f"Strike {self.start} to {self.end} of redaction {self.redaction_id}"
