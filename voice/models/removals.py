"""That words and addresses were removed: who, when and how many, never which words and never whose (R-P1, R-P4)."""

from django.conf import settings
from django.db import models

from partnership.permissions import has_role
from partnership.roles import Role


class RemovalQuerySet(models.QuerySet["Removal"]):
    def visible_to(self, user: object) -> "RemovalQuerySet":
        """The auditor, who reads what was removed and removes nothing. Twin of `voice.permissions.can_view_removals`."""
        return self.all() if has_role(user, Role.AUDITOR) else self.none()


class Removal(models.Model):
    """One run of `retention`, or one erasing on request. What is kept for safety is not counted here: its number is nobody
    else's to know (R-S2)."""

    # Changes no public page by itself: the operation that takes public words down says so.
    private_content = True

    class Kind(models.TextChoices):
        COUNTED = "counted", "Counted what is past its time; removed nothing"
        RETENTION = "retention", "Removed what was past its time"
        ERASED = "erased", "Erased because somebody asked"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    command = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    contacts = models.PositiveIntegerField(default=0)
    originals = models.PositiveIntegerField(default=0)
    redactions = models.PositiveIntegerField(default=0)
    published = models.PositiveIntegerField(default=0)

    objects = RemovalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"
