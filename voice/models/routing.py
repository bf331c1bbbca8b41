"""Where an approved comment was sent on to, and the wordings that moderators keep."""

from django.conf import settings
from django.db import models

from foundation.versions import Versioned
from partnership.models import Service

from .moderation import Decision


class RerouteReason(models.TextChoices):
    """Why another service should answer. A fixed list, so that no word of a comment gets into the log."""

    WRONG = "wrong", "It was sent to the wrong service"
    OTHER_HALF = "other_half", "Another service can answer more of it"
    ASKED = "asked", "The service asked for it"
    CHANGED = "changed", "The work went to another service"


class Rerouting(models.Model):
    """From which service to which an unanswered comment went, and why. Its decision says who and when."""

    private_content = True

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, primary_key=True, related_name="rerouting"
    )
    from_service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    to_service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=RerouteReason.choices)

    def __str__(self) -> str:
        return f"From {self.from_service} to {self.to_service}"


class Wording(Versioned):
    """A sentence that moderators use again and again in a summary. It speaks of no single comment."""

    private_content = True

    name = models.CharField(max_length=60, unique=True)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_example = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
