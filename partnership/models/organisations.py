"""Organisations, sectors, services and boards, each with the dates between which it existed (R-C5)."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.dates import Precision, describe_date, say_inferred

from .sources import Passage


class ExistedQuerySet(models.QuerySet):
    """Rows with a start and an end: the question is always "as at which day?"."""

    def as_at(self, day: datetime.date) -> Self:
        """Rows that existed on `day`. An unknown start counts as always, an unknown end as still going."""
        return self.filter(Q(started__isnull=True) | Q(started__lte=day)).filter(
            Q(ended__isnull=True) | Q(ended__gte=day)
        )


class Existed(models.Model):
    """A body, role or duty that began and may have ended; month or year precision is allowed (R-C5)."""

    started = models.DateField(null=True, blank=True)
    started_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)
    ended = models.DateField(
        null=True, blank=True, help_text="Last day; for a month or a year, the last day of it."
    )
    ended_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)
    inferred = models.BooleanField(
        default=False, help_text="The year is worked out, not given in the documents."
    )

    objects = ExistedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def dates_text(self) -> str:
        """For example "May 2018 to 30 June 2022", "from 2025 (year worked out by us)", or "dates not given" (R-C6)."""
        start = describe_date(self.started, self.started_precision) if self.started else ""
        end = describe_date(self.ended, self.ended_precision) if self.ended else ""
        if not start and not end:
            return "dates not given"
        if start and end:
            text = start if start == end else f"{start} to {end}"
        else:
            text = f"from {start}" if start else f"until {end}"
        return say_inferred(text) if self.inferred else text

    def existed_on(self, day: datetime.date) -> bool:
        """Whether it existed on `day`, by the same rule as the queryset's `as_at`."""
        return (self.started is None or self.started <= day) and (self.ended is None or self.ended >= day)


class Sector(models.Model):
    """A part of the partnership: education, health, social care, voluntary and community, families."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Organisation(Existed):
    """A partner body, as named in the published documents."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations"
    )
    number_of_bodies = models.PositiveSmallIntegerField(
        default=1, help_text="More than one where the documents name a group, for example six groups."
    )
    is_voice = models.BooleanField(default=False, help_text="Speaks for children, young people or families.")
    is_impartial = models.BooleanField(
        default=False, help_text="Gives impartial help; never shown as a line-managed delivery service."
    )
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    current_checked = models.BooleanField(
        default=False, help_text="Somebody has checked that this is still its name and role."
    )
    note = models.TextField(blank=True)
    passages = models.ManyToManyField(Passage, blank=True, related_name="organisations")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class OrganisationListing(models.Model):
    """That one published document lists this organisation as a partner, in which words (source note 13)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="listings")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="listings")
    as_at = models.DateField(null=True, blank=True)
    as_at_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.UNKNOWN)

    class Meta:
        ordering = ["passage__position", "organisation__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "passage"], name="one_listing_per_organisation_and_passage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.passage.ref}"


class ServiceQuerySet(ExistedQuerySet):
    def current(self, day: datetime.date) -> Self:
        """Services that work on `day`, for choosing in forms."""
        return self.as_at(day)


class Service(Existed, Versioned):
    """A service or team that owns action plans: what the plan calls "each service within the sectors"."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    code = models.CharField(
        max_length=8,
        unique=True,
        help_text="Short capital letters; the first part of its actions' references.",
    )
    sector = models.ForeignKey(Sector, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    publishes_at_once = models.BooleanField(
        default=False, help_text="Public words of an update show at once, without waiting for a publisher."
    )
    last_action_number = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords(excluded_fields=["last_action_number"])
    is_example = models.BooleanField(default=False, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["sector__position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnership:service_edit", args=[self.slug])


class Board(Existed):
    """A board or panel of the partnership, with what came before it (source note 9)."""

    class Kind(models.TextChoices):
        GOVERNANCE = "governance", "Governance board"
        VOICE = "voice", "Board of children and young people"
        PARENT = "parent", "Body it answers to"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    predecessor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    note = models.TextField(blank=True)
    passages = models.ManyToManyField(Passage, blank=True, related_name="boards")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class RoleHolding(Existed):
    """Who held a published role, and when. Never shown as current unless somebody checked (source note 10)."""

    person_name = models.CharField(max_length=120)
    role = models.CharField(max_length=250)
    board = models.ForeignKey(
        Board, null=True, blank=True, on_delete=models.CASCADE, related_name="role_holdings"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="role_holdings"
    )
    passage = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="role_holdings"
    )
    source = models.ForeignKey(
        "partnership.SourceDocument", on_delete=models.PROTECT, related_name="role_holdings"
    )
    current_checked = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.person_name}, {self.role}"


class Accountability(Existed):
    """That a board answered to a body, between dates, in the words of a passage (source note 11)."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="answers_to")
    to_name = models.CharField(max_length=200)
    to_board = models.ForeignKey(
        Board, null=True, blank=True, on_delete=models.CASCADE, related_name="oversees"
    )
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="accountabilities")

    class Meta:
        verbose_name_plural = "accountabilities"

    def __str__(self) -> str:
        return f"{self.board} answers to {self.to_name}"
