"""What happened to an action, row by row: updates, evidence, milestones, moved dates, the difference made.

Rows are added and never changed, so that nobody can quietly rewrite what the board and families were told (R-A5).
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from simple_history.models import HistoricalRecords

from partnership.permissions import is_staff
from priorities.models import Measure

if TYPE_CHECKING:
    from .actions import Action


class Status(models.TextChoices):
    """How the doing of an action stands: the seven of the partnership's key (R-A4)."""

    NOT_STARTED = "not_started", "Not started"
    RED = "red", "Red: off track"
    AMBER = "amber", "Amber: at risk"
    GREEN = "green", "Green: on track"
    DELIVERED = "delivered", "Delivered: awaiting sign-off"
    BLUE = "blue", "Complete: difference seen"
    CLOSED = "closed", "Closed: not going ahead"


OPEN_STATUSES = (Status.NOT_STARTED, Status.RED, Status.AMBER, Status.GREEN)
"""Clocks run on these; they stop on delivered, complete and closed actions (R-W6)."""


FINISHED_STATUSES = (Status.BLUE, Status.CLOSED)
"""Nobody updates these any more: the work is signed off, or will not go ahead."""


DONE_STATUSES = (Status.DELIVERED, Status.BLUE)
"""The work is done, signed off or not: people can be asked whether they noticed the difference (R-Z5)."""

SHOWN_RED_WHEN_LATE = (Status.GREEN, Status.NOT_STARTED)
"""A passed due date shows these as red; amber stays, because it carries a plan to catch up (R-A4)."""


class StatusDefinition(models.Model):
    """What a status means here, in the partnership's own words; printed wherever statuses are shown (R-A4).

    A status without a row has the words of `actions.definitions`.
    """

    status = models.CharField(max_length=12, choices=Status.choices, unique=True)
    meaning = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_status_display()


class Impact(models.TextChoices):
    """The difference made for families, kept apart from whether the work was done (R-A6, R-Z5)."""

    NOT_YET_KNOWN = "not_yet_known", "Not yet known"
    NONE_SEEN = "none_seen", "No difference seen"
    SOME = "some", "Some difference seen"
    CLEAR = "clear", "Clear difference seen"


class ActionUpdateQuerySet(models.QuerySet["ActionUpdate"]):
    def visible_to(self, user: object) -> "ActionUpdateQuerySet":
        """Inside the partnership at once; to everybody when a publisher has published its public words."""
        return self if is_staff(user) else self.filter(published_at__isnull=False)

    def by_owner(self) -> "ActionUpdateQuerySet":
        """What the service itself said; without the decisions of assurance and the programme team."""
        return self.exclude(status__in=FINISHED_STATUSES)

    def newest_of(self, actions: Collection["Action"]) -> dict[int, "ActionUpdate"]:
        """The newest update of each of these actions, by the action's id, in one query."""
        newest = ActionUpdate.objects.filter(action=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
        wanted = apps.get_model("actions", "Action").objects.filter(pk__in=[action.pk for action in actions])
        found = self.filter(pk__in=wanted.order_by().values_list(Subquery(newest))).order_by()
        return {update.action_id: update for update in found}

    def waiting(self) -> "ActionUpdateQuerySet":
        """Updates that wait for a publisher: they have words for families, or change the status families are shown.

        "Nothing has changed" has nothing to publish, so it never waits.
        """
        return self.filter(
            Q(public_words__gt="") | ~Q(status=F("status_before")),
            published_at__isnull=True,
            nothing_changed=False,
        )


class ActionUpdate(models.Model):
    """What the lead said about an action at one time. Append-only: there is no edit and no delete."""

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="updates")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="action_updates"
    )
    at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices)
    status_before = models.CharField(max_length=12, choices=Status.choices)
    narrative = models.TextField("what changed", blank=True)
    reason = models.TextField(blank=True, help_text="Why the status is worse, or why it will not go ahead.")
    public_words = models.TextField(blank=True, help_text="For families, in plain words.")
    barriers = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    help_wanted = models.TextField("help asked of the board", blank=True)
    nothing_changed = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ActionUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["action", "-at", "-id"], name="update_newest_of_action"),
            models.Index(fields=["-at"], name="update_newest"),
            models.Index(fields=["action"], condition=Q(published_at__isnull=True), name="update_waiting"),
            # What changed lately: one update in ten or so.
            models.Index(
                fields=["-at", "-id"], condition=~Q(status=F("status_before")), name="update_of_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}, {self.at:%Y-%m-%d}"

    @property
    def is_waiting(self) -> bool:
        """Twin of `waiting`: whether a publisher has something to read before families see it."""
        for_families = bool(self.public_words) or self.status != self.status_before
        return for_families and self.published_at is None and not self.nothing_changed


class Milestone(models.Model):
    """A step on the way, with its own date."""

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=200)
    due = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "due", "pk"]

    def __str__(self) -> str:
        return self.title


class DueDateChange(models.Model):
    """That a due date was moved, from when to when and why. The original date stays on the action (R-A5)."""

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="due_date_changes")
    old_due = models.DateField(null=True, blank=True)
    new_due = models.DateField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_small = models.BooleanField(
        default=False,
        help_text="So small, counted from the last approved date, that no publisher had to approve it.",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_due=F("new_due")) | Q(old_due__isnull=True) | Q(new_due__isnull=True),
                name="due_date_really_moved",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.old_due} to {self.new_due}"


class ImpactRating(models.Model):
    """What difference was seen for families, by whom and when. The newest is the action's rating (R-A6)."""

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="impact_ratings")
    rating = models.CharField(max_length=14, choices=Impact.choices)
    words = models.TextField("what was seen")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.get_rating_display()}"


class ActionMeasure(models.Model):
    """That success of an action is read from a measure, and what success would look like."""

    action = models.ForeignKey("actions.Action", on_delete=models.CASCADE, related_name="success_measures")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="action_links")
    success_looks_like = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["action", "measure"], name="measure_once_per_action")]

    def __str__(self) -> str:
        return f"{self.action.ref}: {self.measure}"
