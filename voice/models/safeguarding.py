"""What safeguarding writes down about a mark, and the words that raise one: read by safeguarding alone (R-S1, R-S4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partnership.models import Contact
from partnership.permissions import has_role
from partnership.roles import Role
from voice.word_list import folded

from .moderation import SafeguardingFlag


class SafetyWordQuerySet(models.QuerySet["SafetyWord"]):
    def visible_to(self, user: object) -> "SafetyWordQuerySet":
        """Safeguarding alone: who knows the list can write past it."""
        return self.all() if has_role(user, Role.SAFEGUARDING) else self.none()

    def in_use(self) -> "SafetyWordQuerySet":
        """Words that raise a mark now."""
        return self.filter(taken_off_at__isnull=True)


class SafetyWord(models.Model):
    """A word, or a few in a row, that raises a mark when somebody sends it. A word put on again later is a new row."""

    private_content = True

    word = models.CharField(max_length=60)
    folded = models.CharField(max_length=120, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where it came with the portal's data.",
    )
    added_at = models.DateTimeField(default=timezone.now)
    taken_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = SafetyWordQuerySet.as_manager()

    class Meta:
        ordering = ["folded", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["folded"], condition=Q(taken_off_at__isnull=True), name="safety_word_once_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"Safety word {self.pk}"  # never the word itself: this may stand in a log

    def save(self, *args: object, **options: object) -> None:
        self.folded = folded(self.word)
        super().save(*args, **options)  # type: ignore[arg-type]


class FoundWord(models.Model):
    """That a word of the list stood in what was sent. It goes when the words go."""

    private_content = True

    flag = models.ForeignKey(SafeguardingFlag, on_delete=models.CASCADE, related_name="found_words")
    word = models.ForeignKey(SafetyWord, on_delete=models.PROTECT, related_name="found")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["flag", "word"], name="word_found_once_per_flag")]

    def __str__(self) -> str:
        return f"Word {self.word_id} of flag {self.flag_id}"


class FlagOutcome(models.Model):
    """What was done about one mark, as somebody wrote it down. A correction is a new row (R-S4)."""

    private_content = True

    flag = models.ForeignKey(SafeguardingFlag, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(max_length=16, choices=SafeguardingFlag.Outcome.choices)
    referred_to = models.CharField(max_length=120, blank=True)
    referred_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Outcome {self.pk} of flag {self.flag_id}"


class ReleaseRequest(models.Model):
    """One safeguarding person asks to let a comment go; a second, different one agrees or declines (R-S4)."""

    private_content = True

    class Reason(models.TextChoices):
        NOT_ABOUT_SAFETY = "not_safety", "It is not about anybody’s safety"
        BY_MISTAKE = "mistake", "It was marked by mistake"
        DEALT_WITH = "dealt_with", "The safety part is dealt with; the rest is feedback"

    class Decision(models.TextChoices):
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"

    flag = models.ForeignKey(SafeguardingFlag, on_delete=models.CASCADE, related_name="release_requests")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.TextField(blank=True, help_text="Read in the lane alone.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag"], condition=Q(decision=""), name="one_open_release_request"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="release_needs_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="release_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk} to let flag {self.flag_id} go"


class NumberCheck(models.Model):
    """That somebody checked a help number, and what it was then (R-S5)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    value = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Check {self.pk} of a help number"
