"""What happened when, with the date no more exact than the documents give it (R-C6, R-B8)."""

from django.db import models

from partnership.dates import Precision, describe_period

from .sources import Passage, SourceDocument


class TimelineEvent(models.Model):
    """An inspection, review, decision or expected step. A window's basis is told; a date is never computed."""

    class Standing(models.TextChoices):
        HAPPENED = "happened", "Happened"
        SCHEDULED = "scheduled", "Planned; the outcome is not in the documents we hold"
        EXPECTED = "expected", "Expected"
        WINDOW = "window", "Period the figures cover"
        COVERS = "covers", "Years that it covers"

    ref = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision.choices)
    is_open = models.BooleanField(default=False, help_text="When it ended is not given.")
    inferred = models.BooleanField(default=False)
    as_published = models.CharField(
        max_length=200, blank=True, help_text="The date in the document's own words."
    )
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.HAPPENED)
    basis = models.TextField(blank=True, help_text="For an expected window: what it is counted from.")
    note = models.TextField(blank=True)
    elsewhere = models.TextField(blank=True, help_text="Facts from outside the documents, marked as such.")
    passages = models.ManyToManyField(Passage, blank=True, related_name="timeline_events")
    sources = models.ManyToManyField(SourceDocument, blank=True, related_name="timeline_events")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    @property
    def date_text(self) -> str:
        """For example "4 September 2025 (year worked out by us)" (R-C6)."""
        text = describe_period(
            self.starts, self.ends, self.precision, inferred=self.inferred, as_published=self.as_published
        )
        return f"{text}, end not given" if self.is_open else text
