"""Who comes to an event. Personal data: the programme team alone reads it, for as long as it is needed (R-E2, R-P1)."""

from django.db import models
from django.db.models import Q, Sum

from partnership.permissions import has_role
from partnership.roles import Role

from .events import Event

MOST_PEOPLE = 10
"""So many people come with one booking; a bigger group rings."""


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: object) -> "BookingQuerySet":
        """The programme team, and nobody else. Twin of `voice.permissions.can_view_booking`."""
        return self.all() if has_role(user, Role.PROGRAMME) else self.none()

    def booked(self) -> "BookingQuerySet":
        """With a place."""
        return self.filter(status=Booking.Status.BOOKED)

    def waiting(self) -> "BookingQuerySet":
        """On the waiting list."""
        return self.filter(status=Booking.Status.WAITING)

    def standing(self) -> "BookingQuerySet":
        """Not cancelled: with a place, or waiting for one."""
        return self.exclude(status=Booking.Status.CANCELLED)

    def people(self) -> int:
        """How many people these bookings are for. Capacity counts people, not bookings."""
        return self.order_by().aggregate(number=Sum("people"))["number"] or 0

    def in_order(self) -> "BookingQuerySet":
        """As they came. The key is given while the event is locked, so that it is the order."""
        return self.order_by("pk")

    def to_ring(self) -> "BookingQuerySet":
        """Who has to be told something by phone, because they left no e-mail address."""
        return self.exclude(ring_about="")


class Booking(models.Model):
    """One booking for one or more people. What was cancelled keeps nothing of whoever it was."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Has a place"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Cancelled"

    class RingAbout(models.TextChoices):
        MOVED_UP = "moved_up", "They have a place now"
        CHANGED = "changed", "The time or the place has changed"
        CANCELLED = "cancelled", "The event is cancelled"

    # Never in a page that is kept, in search, in history or in a log. The operation says itself when an event fills up.
    private_content = True

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="bookings")
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    people = models.PositiveSmallIntegerField()
    access_needs = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    ring_about = models.CharField(max_length=10, choices=RingAbout.choices, blank=True)
    booked_at = models.DateTimeField()
    moved_up_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["event", "status"], name="booking_of_event")]
        constraints = [
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=MOST_PEOPLE), name="booking_is_for_1_to_10"
            )
        ]

    def __str__(self) -> str:
        return f"Booking {self.pk} for event {self.event_id}"

    @property
    def has_place(self) -> bool:
        return self.status == self.Status.BOOKED

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED
