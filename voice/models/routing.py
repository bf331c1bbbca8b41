"""Where an approved comment was sent on to, and the wordings that moderators keep."""

from django.conf import settings
from django.db import models
from django.db.models import F

from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import services_covered
from partnership.roles import SERVICE_ROLES

from .comments import MODERATED_STAGES
from .moderation import Decision


class RerouteReason(models.TextChoices):
    """Why another service should answer. A fixed list, so that no word of a comment gets into the log."""

    WRONG = "wrong", "It was sent to the wrong service"
    OTHER_HALF = "other_half", "Another service can answer more of it"
    ASKED = "asked", "The service asked for it"
    CHANGED = "changed", "The work went to another service"


class ReroutingQuerySet(models.QuerySet["Rerouting"]):
    def away_from(self, user: object) -> "ReroutingQuerySet":
        """What was sent on from this person's services and is not marked unsafe: they see where it went, not a word of it."""
        mine = services_covered(user, SERVICE_ROLES, prefix="from_service__")
        rows = self.filter(
            mine, decision__comment__is_flagged=False, decision__comment__stage__in=MODERATED_STAGES
        )
        return rows.exclude(decision__comment__service=F("from_service"))  # it came back

    def newest(self) -> "ReroutingQuerySet":
        """Newest first, with what a line shows."""
        rows = self.select_related("decision__comment__service", "from_service")
        return rows.order_by("-decision__at", "-pk")


class Rerouting(models.Model):
    """From which service to which an unanswered comment went, and why. Its decision says who and when."""

    private_content = True

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, primary_key=True, related_name="rerouting"
    )
    from_service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    to_service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=RerouteReason.choices)

    objects = ReroutingQuerySet.as_manager()

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
