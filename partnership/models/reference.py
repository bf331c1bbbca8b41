"""Facts about the place and the portal's own settings, kept as data so that any partnership can bring its own (R-F4)."""

import datetime

from django.db import models
from django.db.models import Q

from .sources import Passage


class Partnership(models.Model):
    """The one partnership this portal serves: its name, its colours, its thresholds. There is a single row."""

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    area_name = models.CharField(max_length=80)
    covers = models.CharField(max_length=300, blank=True, help_text="Which area it covers, in plain words.")
    introduction = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    brand_colour = models.CharField(max_length=7, default="#1d4e5f")
    brand_text_colour = models.CharField(max_length=7, default="#ffffff")
    accent_colour = models.CharField(max_length=7, default="#f3c26b")
    stale_after_days = models.PositiveSmallIntegerField(
        default=35, help_text="An open action without an update for this many days is listed as such (R-A8)."
    )
    due_soon_days = models.PositiveSmallIntegerField(default=30)
    date_moves_need_publisher_after_days = models.PositiveSmallIntegerField(
        default=28,
        help_text="A due date more than this many days after the last approved one waits for a publisher (R-A5).",
    )
    hide_counts_below = models.PositiveSmallIntegerField(
        default=5, help_text="Public counts of people smaller than this are hidden (R-K6)."
    )
    reply_days = models.PositiveSmallIntegerField(
        default=20, help_text="Working days within which families are told where their words stand."
    )
    reading_hours = models.CharField(
        max_length=200,
        default="Monday to Friday, 9am to 5pm, not on bank holidays",
        help_text="When people read what families send.",
    )
    voice_year_starts_month = models.PositiveSmallIntegerField(default=4)
    working_from = models.TimeField(
        default=datetime.time(9),
        help_text="From when people are at work; clocks of hours count from here (R-S3).",
    )
    working_to = models.TimeField(default=datetime.time(17))
    contact_kept_days = models.PositiveSmallIntegerField(
        default=90, help_text="Days after closing for which the address of a sender is kept (R-P1)."
    )
    original_kept_months = models.PositiveSmallIntegerField(
        default=24, help_text="Months after closing for which a sender's own words are kept (R-P1)."
    )
    published_kept_years = models.PositiveSmallIntegerField(
        default=6, help_text="Years for which redacted and published words are kept (R-P1)."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="only_one_partnership"),
            models.CheckConstraint(
                condition=Q(working_from__lt=models.F("working_to")), name="work_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """A district of the area, for the optional question where somebody lives."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """An address, number or link, with how far it can be trusted. Only a verified one is a link (R-C8)."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        WEB = "web", "Web page"
        LABEL = "label", "Name only"

    class Status(models.TextChoices):
        VERIFIED = "verified", "Checked"
        TO_CHECK = "to_check", "To be checked"
        SUPERSEDED = "superseded", "No longer used"
        INVALID = "invalid", "Does not work as published"

    class Purpose(models.TextChoices):
        EMERGENCY = "emergency", "Emergency"
        SAFETY = "safety", "Someone may be unsafe"
        HELP = "help", "Help and advice"
        MY_CHILD = "my_child", "My own child’s case"
        DOCUMENT = "document", "Documents and links"

    slug = models.SlugField(max_length=80, unique=True)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=300, blank=True)
    shown_as = models.CharField(
        max_length=200, blank=True, help_text="Shown in place of a value that does not work."
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.TO_CHECK)
    last_checked = models.DateField(null=True, blank=True)
    checked_against = models.CharField(max_length=300, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.HELP)
    who_for = models.CharField(max_length=300, blank=True, help_text="In plain words: when to use this.")
    hours = models.CharField(max_length=120, blank=True)
    passages = models.ManyToManyField(Passage, blank=True, related_name="contacts")
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "label"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(last_checked__isnull=False),
                name="verified_contact_has_date",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def href(self) -> str:
        """The link target, or "" when nobody has verified it: then it is shown as text (R-C8)."""
        if self.status != self.Status.VERIFIED or not self.value:
            return ""
        if self.kind == self.Kind.EMAIL:
            return f"mailto:{self.value}"
        if self.kind == self.Kind.PHONE:
            return "tel:" + self.value.replace(" ", "")
        return self.value if self.kind == self.Kind.WEB else ""


class GlossaryTerm(models.Model):
    """An abbreviation or hard word, said in plain words (R-C10)."""

    term = models.CharField(max_length=80, unique=True)
    stands_for = models.CharField(max_length=200, blank=True)
    meaning = models.TextField()
    passages = models.ManyToManyField(Passage, blank=True, related_name="glossary_terms")

    class Meta:
        ordering = ["term"]

    def __str__(self) -> str:
        return self.term


class BankHolidayQuerySet(models.QuerySet["BankHoliday"]):
    def days(self, first: datetime.date, last: datetime.date) -> set[datetime.date]:
        """The days off from `first` to `last`, for the rules in `partnership.calendar`."""
        return set(self.filter(date__range=(first, last)).values_list("date", flat=True))


class BankHoliday(models.Model):
    """A bank holiday in England, so that clocks count working days only."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=80)
    source = models.CharField(max_length=300, blank=True)
    checked_on = models.DateField(null=True, blank=True)

    objects = BankHolidayQuerySet.as_manager()

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.name}, {self.date}"
