"""The yearly review of a plan: each action looked at, what came of it, and what went on into the next plan (R-W7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .actions import Action
from .plans import Plan
from .records import FINISHED_STATUSES, Impact, Status


class PlanReview(models.Model):
    """One review of one plan. It may be left half done; a publisher finishes it."""

    class Outcome(models.TextChoices):
        OPEN = "open", "Not finished"
        KEPT = "kept", "The plan goes on"
        ROLLED = "rolled", "The next plan is begun"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices, default=Outcome.OPEN)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    next_plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="begun_by_review"
    )
    words = models.TextField("what the review found", blank=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(outcome="open"), name="one_open_review_per_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: review begun {self.begun_at:%Y-%m-%d}"


class ReviewedActionQuerySet(models.QuerySet["ReviewedAction"]):
    def newest(self) -> "ReviewedActionQuerySet":
        """The last answer about each action in each review: it counts, the earlier ones stay to be read."""
        later = ReviewedAction.objects.filter(
            review=models.OuterRef("review"), action=models.OuterRef("action"), pk__gt=models.OuterRef("pk")
        )
        return self.filter(~models.Exists(later))

    def to_close(self) -> "ReviewedActionQuerySet":
        """What a service says last of all is not needed any more, while nobody has closed it."""
        later = ReviewedAction.objects.filter(action=models.OuterRef("action"), pk__gt=models.OuterRef("pk"))
        last = self.filter(~models.Exists(later), still_needed=False)
        return last.exclude(action__status__in=FINISHED_STATUSES)


class ReviewedAction(models.Model):
    """What one person answered about one action in a review. Added, never changed."""

    class Seen(models.TextChoices):
        YES = "yes", "Yes"
        NOT_YET = "not_yet", "Too early to say"
        NO = "no", "No"

    review = models.ForeignKey(PlanReview, on_delete=models.CASCADE, related_name="answers")
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="reviewed")
    still_needed = models.BooleanField()
    right_category = models.BooleanField()
    difference_seen = models.CharField(max_length=7, choices=Seen.choices)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReviewedActionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action.ref}, {self.at:%Y-%m-%d}"


class CarriedAction(models.Model):
    """That an unfinished action went on into the next plan, and where it stood when it left the old one."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="carried")
    from_plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="carried_on")
    to_plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="carried_in")
    status = models.CharField(max_length=12, choices=Status.choices)
    public_status = models.CharField(max_length=12, choices=Status.choices)
    due = models.DateField(null=True, blank=True)
    impact = models.CharField(max_length=14, choices=Impact.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["action__category", "due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "from_plan"], name="carried_once_from_a_plan")
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.from_plan} to {self.to_plan}"
