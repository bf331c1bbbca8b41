"""When people are mailed what waits for them, and on which days the portal looked (R-W5)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .people import User


class Weekday(models.IntegerChoices):
    """The days on which the list of what waits may come, counted as Python counts them."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


class MailPreference(models.Model):
    """What one person chose: on which day the list comes, or that it does not. Without a row it comes on Mondays.

    It speaks of this list alone. What the law asks for, what keeps somebody safe, and what is about the person's own
    account is mailed whatever stands here.
    """

    private_content = True

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_preference")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices, default=Weekday.MONDAY)
    is_wanted = models.BooleanField(default=True)
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__in=Weekday.values), name="mail_weekday_known")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_weekday_display() if self.is_wanted else 'no mail'}"


class DigestDay(models.Model):
    """That the portal looked, on this day in London, whom to mail what waits for them. At most once a day."""

    private_content = True

    day = models.DateField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.mails} mails"
