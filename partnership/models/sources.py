"""Published words have one home: a source document and its passages. Everything else points at them (R-C2, R-C3)."""

from django.db import models
from django.urls import reverse

from partnership.dates import Precision, describe_period


class SourceDocument(models.Model):
    """A published document that the partnership's words, dates and figures come from."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=80, blank=True, help_text="For example plan, web page, news article.")
    published_from = models.DateField(null=True, blank=True)
    published_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)
    inferred = models.BooleanField(default=False)
    seen_at = models.CharField(
        max_length=300, blank=True, help_text="The address where it was seen, as text: it may have moved."
    )
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnership:source", args=[self.slug])

    @property
    def date_text(self) -> str:
        """The document's date as far as it is known, or "date not given" (R-C3)."""
        if self.published_from is None:
            return "date not given"
        return describe_period(self.published_from, self.published_to, self.precision, inferred=self.inferred)


class PassageQuerySet(models.QuerySet["Passage"]):
    def with_sources(self) -> "PassageQuerySet":
        """Passages with everything a quotation shows: source, plain words and notes, in a fixed number of queries."""
        return self.prefetch_related("sources", "plain_summaries", "plain_summaries__author", "source_notes")


class Passage(models.Model):
    """Words exactly as published. Nobody edits them in the portal, whatever their role (R-C2)."""

    ref = models.CharField(
        max_length=20, unique=True, help_text="Stable name of the passage, for example B5.1a."
    )
    text = models.TextField()
    sources = models.ManyToManyField(SourceDocument, related_name="passages")
    heading = models.CharField(max_length=200, blank=True, help_text="Where in the source it stands.")
    speaker = models.CharField(max_length=200, blank=True, help_text="Who said it, where the source says so.")
    editor_note = models.TextField(blank=True, help_text="What a reader should know beside the quotation.")
    archive = models.BooleanField(default=False, help_text="Speaks of the past; never shown as current.")
    has_slip = models.BooleanField(
        default=False, help_text="Published with a slip; shown as published, marked [sic]."
    )
    position = models.PositiveIntegerField(default=0)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "ref"]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{reverse('partnership:passage', args=[self.ref])}"

    @property
    def plain(self) -> "PlainSummary | None":
        """The newest plain-words version, or None. Uses prefetched rows where there are any."""
        rows = list(self.plain_summaries.all())
        return max(rows, key=lambda row: (row.written_at, row.pk)) if rows else None


class PlainSummary(models.Model):
    """The portal's own plain-words version of a passage. A change is a new row, so every version stays (R-C2)."""

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="plain_summaries")
    text = models.TextField()
    author = models.ForeignKey(
        "partnership.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plain_summaries",
        help_text="Empty where it came with the partnership's data files.",
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name_plural = "plain summaries"

    def __str__(self) -> str:
        return self.text


class SourceNote(models.Model):
    """One contradiction inside or between the published documents, and how the portal deals with it (R-C7)."""

    number = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=200)
    contradiction = models.TextField(help_text="What the documents say.")
    treatment = models.TextField(help_text="What the portal does about it.")
    elsewhere = models.TextField(
        blank=True, help_text="Facts from outside these documents that explain it, marked as such."
    )
    passages = models.ManyToManyField(Passage, blank=True, related_name="source_notes")
    sources = models.ManyToManyField(SourceDocument, blank=True, related_name="source_notes")

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Note {self.number}: {self.title}"

    def get_absolute_url(self) -> str:
        return f"{reverse('partnership:source_notes')}#note-{self.number}"
