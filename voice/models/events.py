"""Events that families may come to, and what is left of them afterwards (R-E1 to R-E3)."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.models import District
from partnership.permissions import has_role
from partnership.roles import Role


class Audience(models.TextChoices):
    """Who an event is for."""

    EVERYBODY = "everybody", "Everybody"
    CHILDREN = "children", "Children"
    YOUNG_PEOPLE = "young-people", "Young people"
    PARENT_CARERS = "parent-carers", "Parents and carers"
    FAMILIES = "families", "Children, young people and their families"
    PRACTITIONERS = "practitioners", "People who work with children and young people"


class BookingState(models.TextChoices):
    """Whether somebody may book now. The label is what the page says of it."""

    OPEN = "open", "You can book"
    FULL = "full", "Full. You can go on the waiting list"
    CLOSED = "closed", "Booking has closed"
    BEGUN = "begun", "On now. Booking has closed"
    PAST = "past", "This event is over"
    CANCELLED = "cancelled", "This event is cancelled"
    DRAFT = "draft", "Not published yet"


BOOKABLE = (BookingState.OPEN, BookingState.FULL)


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> "EventQuerySet":
        """What everybody may read: published ones, and those cancelled after that."""
        return self.exclude(status=Event.Status.DRAFT)

    def visible_to(self, user: object) -> "EventQuerySet":
        """Drafts for the programme team alone. Twin of `voice.permissions.can_view_event`."""
        return self.all() if has_role(user, Role.PROGRAMME) else self.public()

    def staffed_by(self, user: object) -> "EventQuerySet":
        """Whose staff page this person opens: all for the programme team, public ones for moderators, who write down what
        was said there (R-E3). Twin of `voice.permissions.can_open_event_desk`."""
        if has_role(user, Role.PROGRAMME):
            return self.all()
        return self.public() if has_role(user, Role.MODERATOR) else self.none()

    def coming(self, now: datetime.datetime) -> "EventQuerySet":
        """Published ones that are not over, the next one first."""
        return self.filter(status=Event.Status.PUBLISHED, ends_at__gt=now).order_by("starts_at", "pk")

    def coming_first(self, now: datetime.datetime) -> "EventQuerySet":
        """What comes next on top; then what is over, the latest first."""
        is_past = Case(When(ends_at__lte=now, then=Value(1)), default=Value(0), output_field=IntegerField())
        coming = Case(When(ends_at__gt=now, then=F("starts_at")), output_field=models.DateTimeField())
        return self.order_by(is_past, coming, "-starts_at", "-pk")

    def with_people(self) -> "EventQuerySet":
        """With `people_booked` and `people_waiting`: people, not bookings."""
        return self.annotate(people_booked=_people("booked"), people_waiting=_people("waiting"))


def _people(status: str) -> Coalesce:
    from .bookings import Booking

    rows = Booking.objects.filter(event=OuterRef("pk"), status=status).order_by().values("event")
    return Coalesce(Subquery(rows.annotate(number=Sum("people")).values("number")), 0)


class Event(Versioned):
    """Something people come to: a meeting, a drop-in, a day out. The programme team runs it."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CANCELLED = "cancelled", "Cancelled"

    title = models.CharField(max_length=150)
    slug = models.SlugField(max_length=80, unique=True)
    about = models.TextField(help_text="What it is about, in plain words.")
    audience = models.CharField(
        "who it is for", max_length=14, choices=Audience.choices, default=Audience.EVERYBODY
    )
    starts_at = models.DateTimeField("start")
    ends_at = models.DateTimeField("end")
    place = models.CharField(max_length=300, blank=True)
    online_link = models.CharField(
        max_length=500, blank=True, help_text="Shown to those who have a place, and to nobody else."
    )
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    step_free = models.BooleanField("step-free", default=False)
    has_bsl = models.BooleanField("British Sign Language", default=False)
    quiet_room = models.BooleanField("quiet room", default=False)
    access_notes = models.TextField(blank=True)
    capacity = models.PositiveIntegerField(
        "places", null=True, blank=True, help_text="How many people. Empty means no limit."
    )
    booking_closes_at = models.DateTimeField("booking closes", null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    cancel_reason = models.TextField("why it is cancelled", blank=True)
    # What is left when the bookings have been removed: numbers, and nothing of anybody (R-P1).
    past_bookings = models.PositiveIntegerField(null=True, blank=True, editable=False)
    past_people = models.PositiveIntegerField(null=True, blank=True, editable=False)
    past_waiting = models.PositiveIntegerField(null=True, blank=True, editable=False)
    is_example = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(  # the programme team's own words; nothing of a booking is here
        excluded_fields=["past_bookings", "past_people", "past_waiting", "updated_at"]
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["status", "starts_at"], name="event_status_start")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("voice:event", args=[self.slug])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    def is_past(self, now: datetime.datetime) -> bool:
        """Over: it stays, and the page says so."""
        return self.ends_at <= now

    def has_begun(self, now: datetime.datetime) -> bool:
        return self.starts_at <= now

    def free(self, booked: int) -> int | None:
        """How many places are left beside these people; None where there is no limit."""
        return None if self.capacity is None else max(self.capacity - booked, 0)

    def booking_state(self, now: datetime.datetime, *, booked: int) -> BookingState:
        """Whether somebody may book now, while so many people have a place."""
        if not self.is_published:
            return BookingState.CANCELLED if self.is_cancelled else BookingState.DRAFT
        if self.is_past(now):
            return BookingState.PAST
        if self.has_begun(now):
            return BookingState.BEGUN
        if self.booking_closes_at is not None and self.booking_closes_at <= now:
            return BookingState.CLOSED
        return BookingState.FULL if self.free(booked) == 0 else BookingState.OPEN

    @property
    def access(self) -> list[str]:
        """What is there for people who need it, as short lines."""
        lines = [
            (self.step_free, "Step-free: no stairs on the way in"),
            (self.has_bsl, "British Sign Language (BSL)"),
            (self.quiet_room, "A quiet room"),
        ]
        return [words for there, words in lines if there]

    @property
    def where(self) -> str:
        """The place in few words: the place itself, online, or both."""
        if self.place and self.online_link:
            return f"{self.place}, and online"
        return self.place or "Online"

    @property
    def when(self) -> str:
        """The time in words, in London: one day, or from one day to another."""
        from foundation.templatetags.ui import clock, day, moment

        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        if start.date() == end.date():
            return f"{start:%A} {day(start)}, {clock(start)} to {clock(end)}"
        return f"{start:%A} {moment(start)} to {end:%A} {moment(end)}"

    # The parts that the form asks for one by one, for the page that shows two texts side by side.
    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.starts_at)

    @property
    def starts(self) -> datetime.time:
        return _time(self.starts_at)

    @property
    def last_day(self) -> datetime.date | None:
        last = timezone.localdate(self.ends_at)
        return last if last != self.day else None

    @property
    def ends(self) -> datetime.time:
        return _time(self.ends_at)

    @property
    def closes_day(self) -> datetime.date | None:
        return timezone.localdate(self.booking_closes_at) if self.booking_closes_at else None

    @property
    def closes_time(self) -> datetime.time | None:
        return _time(self.booking_closes_at) if self.booking_closes_at else None


def _time(at: Any) -> datetime.time:
    return timezone.localtime(at).time().replace(second=0, microsecond=0)
