"""What the board itself writes down. So far: how it rates an action, beside what the service says (R-Z3)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef

from actions.models import FINISHED_STATUSES, Action, Status
from partnership.permissions import is_staff


class BoardRatingQuerySet(models.QuerySet["BoardRating"]):
    def visible_to(self, user: object) -> "BoardRatingQuerySet":
        """People inside the partnership. The public does not read how the board rates an action."""
        return self if is_staff(user) else self.none()

    def newest_of_each(self) -> "BoardRatingQuerySet":
        """The one that counts for each action: the newest."""
        later = BoardRating.objects.filter(action=OuterRef("action")).order_by("-at", "-pk").values("pk")
        return self.filter(pk=later[:1])

    def disagreeing(self) -> "BoardRatingQuerySet":
        """Newest ratings that differ from what the service says. A finished action waits for nobody any more (R-Z3)."""
        newest = self.newest_of_each().exclude(rating=F("action__status"))
        return newest.exclude(action__status__in=FINISHED_STATUSES)

    def unanswered(self) -> "BoardRatingQuerySet":
        """Disagreeing ones after which the service has said nothing yet."""
        said_since = Action.objects.filter(pk=OuterRef("action"), last_update_at__gt=OuterRef("at"))
        return self.disagreeing().filter(~Exists(said_since))


class BoardRating(models.Model):
    """How the board rates an action, and why. Added, never changed: the newest counts, and the service's own status
    is not touched by it (R-Z3)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="board_ratings")
    rating = models.CharField(max_length=12, choices=Status.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="board_ratings")
    at = models.DateTimeField()

    objects = BoardRatingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["action", "-at", "-id"], name="rating_newest_of_action")]

    def __str__(self) -> str:
        return f"{self.action.ref}: the board says {self.get_rating_display()}"

    @property
    def differs(self) -> bool:
        """Whether the service says something else now. Twin of `disagreeing` for the newest rating of an action."""
        return self.action.status not in (*FINISHED_STATUSES, self.rating)
