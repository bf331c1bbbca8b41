"""What shows that an action was done, or made a difference: a link or a file, and one line that says what it shows (R-W8)."""

import uuid

from django.conf import settings
from django.db import models

from .records import ActionUpdate


def private_name(evidence: "Evidence", name: str) -> str:
    """Where a file is kept: under a name that nobody can guess and that says nothing of what is in it."""
    return f"evidence/{uuid.uuid4().hex}.{name.rpartition('.')[2].lower()}"


class Evidence(models.Model):
    """Something that shows an action was done or made a difference, with one line saying what it shows (R-W8).

    Read inside the partnership alone; `visible_to` of the action decides who reaches it. Added, never changed. A file is
    kept outside the folders that the web server knows and leaves by a page of ours alone, as a download.
    """

    class Kind(models.TextChoices):
        DATA = "data", "Data"
        AUDIT = "audit", "Audit"
        LIVED_EXPERIENCE = "lived_experience", "Lived experience"
        DOCUMENT = "document", "Document"

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="evidence")
    update = models.ForeignKey(
        ActionUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    statement = models.CharField("what it shows", max_length=300)
    link = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to=private_name, max_length=100, blank=True)
    file_name = models.CharField(max_length=120, blank=True, help_text="What it was called when it was sent.")
    file_type = models.CharField(
        max_length=100, blank=True, help_text="What its content is, as a media type."
    )
    file_size = models.PositiveIntegerField(null=True, blank=True, help_text="In bytes.")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-pk"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.statement
