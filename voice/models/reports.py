"""The yearly report of what families said and what was answered, as it was published (regulation 56(2) and (3), R-V9, R-Z9).

A report keeps its numbers, its order and which version of an answer it showed. It keeps no word of a family: its entries
point at the comments, so what is taken back, taken down or marked unsafe later is gone from every report at once.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from foundation.templatetags.ui import day

from .comments import Comment
from .responses import Response


class VoiceReportQuerySet(models.QuerySet["VoiceReport"]):
    def newest_editions(self) -> "VoiceReportQuerySet":
        """The edition of each year that counts now."""
        later = VoiceReport.objects.filter(year=OuterRef("year"), edition__gt=OuterRef("edition"))
        return self.filter(~Exists(later))


class VoiceReport(models.Model):
    """One edition of the report of one year. Nothing in it changes; a correction is a new edition with its reason."""

    year = models.PositiveSmallIntegerField(
        help_text="The calendar year in which the year of the report begins."
    )
    edition = models.PositiveSmallIntegerField(default=1)
    starts = models.DateField()
    ends = models.DateField()
    counted_on = models.DateField(help_text="The day on which its numbers were counted.")
    some_unread = models.BooleanField(
        help_text="Whether something that came in the year was still to be read."
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why there is a new edition.")
    words_taken_down = models.BooleanField(
        default=False, help_text="A correction took the words out of this edition; its numbers stay."
    )
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    is_example = models.BooleanField(default=False, editable=False)

    objects = VoiceReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["year", "edition"], name="report_edition_once"),
            models.CheckConstraint(
                condition=Q(edition=1) | ~Q(reason=""), name="later_report_edition_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"What families told us, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("voice:report", args=[self.year])

    @property
    def period(self) -> str:
        """For example: April 2025 to March 2026."""
        return months_between(self.starts, self.ends)

    def entries_to_show(self) -> "models.QuerySet[ReportEntry]":
        """Its entries in their order, as far as everybody may read their words today (R-V6, R-V8)."""
        if self.words_taken_down:
            return ReportEntry.objects.none()
        shown = Comment.objects.published().filter(pk=OuterRef("comment_id")).order_by()
        return self.entries.filter(Exists(shown)).order_by("position")


def months_between(starts: datetime.date, ends: datetime.date) -> str:
    """The first and the last month of a time, in words."""
    return f"{day(starts).partition(' ')[2]} to {day(ends).partition(' ')[2]}"


class ReportNumber(models.Model):
    """One number of a report as it is shown. What is hidden is not kept at all."""

    report = models.ForeignKey(VoiceReport, on_delete=models.CASCADE, related_name="numbers")
    table = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=120)
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Empty where it is not shown.")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "table", "key"], name="report_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}, {self.label}: {'not shown' if self.number is None else self.number}"


class ReportAnswer(models.Model):
    """An answer in the words it had when the report was published: a row of the answer's own history."""

    report = models.ForeignKey(VoiceReport, on_delete=models.CASCADE, related_name="answers")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    words = models.ForeignKey(Response.history.model, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "response"], name="report_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Answer {self.response_id} in report {self.report_id}"


class ReportEntry(models.Model):
    """That a comment stands in a report, where, and with which answers."""

    report = models.ForeignKey(VoiceReport, on_delete=models.CASCADE, related_name="entries")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    answers = models.ManyToManyField(ReportAnswer, related_name="entries")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "comment"], name="report_entry_once"),
            models.UniqueConstraint(fields=["report", "position"], name="report_position_once"),
        ]

    def __str__(self) -> str:
        return f"Comment {self.comment_id} in report {self.report_id}"
