"""Measures and their readings, exactly as reported: about, over, almost, and with no target made up (R-K1 to R-K5)."""

import calendar
import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse

from partnership.dates import Precision, describe_period
from partnership.models import Passage, Service, SourceDocument
from partnership.permissions import is_staff

from .strategies import Priority


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of the month so many months later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class MeasureQuerySet(models.QuerySet["Measure"]):
    def visible_to(self, user: object) -> "MeasureQuerySet":
        """Published ones for everybody; the rest inside the partnership."""
        return self if is_staff(user) else self.filter(is_published=True)

    def with_readings(self) -> "MeasureQuerySet":
        """Measures with their figures, their sources and the words they were reported in, in a fixed number of queries."""
        readings = Reading.objects.select_related("source", "as_reported").order_by("-period_end", "-pk")
        return self.prefetch_related(models.Prefetch("readings", queryset=readings))


class Measure(models.Model):
    """What is counted, of whom, in which unit, and which way is better (R-K1)."""

    class Unit(models.TextChoices):
        COUNT = "count", "Number"
        PERCENT = "percent", "Percentage"
        MONEY = "money", "Pounds"
        PLACES = "places", "Places"

    class Direction(models.TextChoices):
        UP = "up", "Higher is better"
        DOWN = "down", "Lower is better"
        NEUTRAL = "neutral", "Neither higher nor lower is better"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    plain = models.TextField(blank=True, help_text="What it means for families, in plain words.")
    numerator = models.CharField(max_length=300)
    denominator = models.CharField(max_length=300, blank=True)
    denominator_stated = models.BooleanField(default=True)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    owner = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="measures"
    )
    frequency_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How often it is read, in months; empty where not stated."
    )
    is_published = models.BooleanField(default=True)
    priorities = models.ManyToManyField(Priority, blank=True, related_name="measures")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("priorities:measure", args=[self.slug])

    @property
    def denominator_text(self) -> str:
        """Of whom or what, or "not stated": never left blank (source note 17)."""
        if not self.denominator_stated:
            return "Not stated in the source"
        return self.denominator or "Does not apply: this is a count"

    @property
    def frequency_text(self) -> str:
        """How often it is read, in words."""
        if self.frequency_months is None:
            return "Not stated in the source"
        return {1: "Every month", 3: "Every three months", 6: "Every six months", 12: "Every year"}.get(
            self.frequency_months, f"Every {self.frequency_months} months"
        )

    @property
    def newest_first(self) -> list["Reading"]:
        """Its figures, newest first. Fetched once where the page asked for them `with_readings`."""
        rows = list(self.readings.all())
        for row in rows:
            row.measure = self
        return sorted(rows, key=lambda row: (row.period_end, row.pk), reverse=True)

    @property
    def latest(self) -> "Reading | None":
        """The newest figure, or None."""
        rows = self.newest_first
        return rows[0] if rows else None

    def is_out_of_date(self, today: datetime.date) -> bool:
        """Whether a newer figure was due by now: the newest is older than how often it is read (R-K5).

        Never for a measure whose frequency nobody stated, and not for one without figures.
        """
        latest = self.latest
        if latest is None or self.frequency_months is None:
            return False
        return add_months(latest.period_end, self.frequency_months) < today


class Reading(models.Model):
    """One reported figure: an amount, or only a change, with how exact the report was (R-K2)."""

    class Kind(models.TextChoices):
        ABSOLUTE = "absolute", "Amount"
        CHANGE = "change", "Change, as a percentage"

    class Comparator(models.TextChoices):
        EXACT = "exact", "Exactly"
        ABOUT = "about", "About"
        MORE_THAN = "more_than", "More than"
        LESS_THAN = "less_than", "Less than"

    ref = models.CharField(max_length=20, unique=True)
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="readings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.DecimalField(max_digits=16, decimal_places=3)
    comparator = models.CharField(max_length=10, choices=Comparator.choices, default=Comparator.EXACT)
    period_start = models.DateField()
    period_end = models.DateField()
    precision = models.CharField(max_length=10, choices=Precision.choices)
    inferred = models.BooleanField(default=False)
    as_reported = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="readings"
    )
    source = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="readings")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["period_end", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")), name="reading_period_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.value_text}"

    @property
    def period_text(self) -> str:
        """The period the figure is for, saying so where the portal worked the year out."""
        return describe_period(self.period_start, self.period_end, self.precision, inferred=self.inferred)

    @property
    def value_text(self) -> str:
        """The figure in words a reader can trust: "more than 16% lower", "13,402", "£5,000,000"."""
        number = f"{abs(self.value):,.3f}".rstrip("0").rstrip(".")
        if self.kind == self.Kind.CHANGE:
            text = f"{number}% {'lower' if self.value < 0 else 'higher'}"
        elif self.measure.unit == Measure.Unit.PERCENT:
            text = f"{number}%"
        else:
            text = f"£{number}" if self.measure.unit == Measure.Unit.MONEY else number
        prefix = {"about": "about ", "more_than": "more than ", "less_than": "almost "}.get(
            self.comparator, ""
        )
        return prefix + text


class WorkedOutFigure(models.Model):
    """A share the portal works out from two readings, always labelled so, with both inputs shown (R-K4)."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="worked_out")
    label = models.CharField(max_length=200)
    part = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="+")
    whole = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="+")
    caution = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["measure", "label"], name="worked_out_once")]

    def __str__(self) -> str:
        return f"{self.label}: {self.percent}%"

    @property
    def formula(self) -> str:
        """How it was worked out, with both inputs: "6,488 ÷ 13,402 × 100" (R-K4)."""
        return f"{self.part.value_text} ÷ {self.whole.value_text} × 100"

    @property
    def percent(self) -> str:
        """The share as a percentage with one decimal place."""
        return f"{100 * self.part.value / self.whole.value:.1f}"
