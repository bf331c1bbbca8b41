"""What a sender does afterwards: adds, changes what may be shown, says whether it helped, keeps it with an account (R-V8).

None of these rows holds a word. Words that come later are a comment of their own, so that every rule for words holds for
them too: moderators, safeguarding, taking back, retention.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Subquery
from django.db.models.functions import Coalesce

from partnership.models import Partnership
from partnership.permissions import has_role, is_person
from partnership.roles import Role

from .choices import MayShow
from .comments import MODERATED_STAGES, Comment
from .difference import HIDE_BELOW, DifferenceAnswer, Told, hide_below
from .moderation import Redaction
from .responses import Response


class SenderStep(models.Model):
    """That the sender was told of a step, or asked us to stop: once each, whatever became of the mail. No address."""

    private_content = True

    class Kind(models.TextChoices):
        RECEIVED = "received", "Told that it came"
        READ = "read", "Told that it was read"
        CHECK_BACK = "check_back", "Asked whether it helped"
        STOPPED = "stopped", "Asked us not to write"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="sender_steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "kind"], name="sender_step_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: comment {self.comment_id}"


class MoreWords(models.Model):
    """Words that the sender added later, with the code: a comment of its own, tied to the first one."""

    private_content = True

    class Kind(models.TextChoices):
        ADDED = "added", "Added later"
        HELPED = "helped", "Said with whether it helped"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="more_words")
    added = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="adds_to")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            # One thing may be added, once, and words given once with whether it helped.
            models.UniqueConstraint(fields=["comment", "kind"], name="more_words_once")
        ]

    def __str__(self) -> str:
        return f"Comment {self.added_id}, {self.get_kind_display().lower()} to {self.comment_id}"


class ShowChangeQuerySet(models.QuerySet["ShowChange"]):
    def open(self) -> "ShowChangeQuerySet":
        """Wishes to show more that moderators have not decided yet."""
        return self.filter(state__in=OPEN_STATES)

    def drop(self, *, at: datetime) -> None:
        """They are not wanted any more: another one came, or the words were taken back or refused."""
        self.open().update(state=ShowChange.State.DROPPED, decided_at=at)

    def visible_to(self, user: object) -> "ShowChangeQuerySet":
        """Moderators alone, and nothing of what is marked unsafe (R-V6, R-S2)."""
        if not has_role(user, Role.MODERATOR):
            return self.none()
        return self.filter(comment__is_flagged=False)

    def decidable_by(self, user: object) -> "ShowChangeQuerySet":
        """What waits for this moderator: a child's words never for the same person twice (R-V6)."""
        first = Q(state=ShowChange.State.FIRST)
        waiting = self.visible_to(user).open().filter(comment__stage__in=MODERATED_STAGES)
        return waiting.exclude(first & Q(first_by=user)) if is_person(user) else waiting


class ShowChange(models.Model):
    """One change of what may be shown. Less is in force at once; more waits for a moderator (R-V5, R-V6)."""

    private_content = True

    class State(models.TextChoices):
        AT_ONCE = "at_once", "In force at once"
        WAITING = "waiting", "Waits for a moderator"
        FIRST = "first", "Waits for a second moderator"
        APPROVED = "approved", "Approved by a moderator"
        REFUSED = "refused", "Not shown more widely"
        DROPPED = "dropped", "Not wanted any more"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="show_changes")
    before = models.CharField(max_length=8, choices=MayShow.choices)
    after = models.CharField(max_length=8, choices=MayShow.choices)
    state = models.CharField(max_length=8, choices=State.choices)
    at = models.DateTimeField()
    redaction = models.ForeignKey(
        Redaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ShowChangeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(state__in=["waiting", "first"]), name="one_open_show_change"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: comment {self.comment_id}"


OPEN_STATES = (ShowChange.State.WAITING, ShowChange.State.FIRST)


class Helped(models.TextChoices):
    """The answer to "Did it help?"."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    TOO_EARLY = "too_early", "It is too early to say"


class HelpAnswerQuerySet(models.QuerySet["HelpAnswer"]):
    def counted(self) -> "HelpAnswerQuerySet":
        """What counts in a number: not "too early", and nothing of what was taken back or is marked unsafe (R-S2)."""
        kept = self.filter(comment__is_flagged=False, comment__stage="answered")
        return kept.exclude(answer=Helped.TOO_EARLY)

    def told_of(self, answers: Iterable[Response]) -> dict[int, Told]:
        """What senders said of each of these answers, without a number that is too small to show (R-K6)."""
        keys = [answer.pk for answer in answers]
        if not keys:
            return {}
        rows = self.counted().filter(response__in=keys).order_by().values("response", who=F("comment__route"))
        found: dict[int, list[Any]] = {}
        for row in rows.annotate(total=Count("pk"), noticed=Count("pk", filter=HELPED)):
            found.setdefault(row["response"], []).append(row)
        below = hide_below()
        return {key: Told.of(found.get(key, []), below=below) for key in keys}

    def mostly_no(self) -> "models.QuerySet":
        """Keys of the answers that most who told us say did not help; only where so many told us that we may say it."""
        limit = Coalesce(Subquery(Partnership.objects.order_by().values("hide_counts_below")[:1]), HIDE_BELOW)
        rows = self.counted().order_by().values("response")
        counted = rows.annotate(total=Count("pk"), against=Count("pk", filter=~HELPED))
        return counted.filter(total__gte=limit, against__gt=F("total") - F("against")).values("response")


HELPED = Q(answer__in=[Helped.YES, Helped.PARTLY])


class HelpAnswer(models.Model):
    """Whether it helped, by one sender. One row for a comment; it may be changed with the code (R-Z5)."""

    private_content = True

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="help_answer")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="help_answers")
    answer = models.CharField(max_length=10, choices=Helped.choices)
    on = models.DateField()
    counted = models.ManyToManyField(
        DifferenceAnswer,
        blank=True,
        related_name="+",
        help_text="The rows by which it counts on the actions behind the answer.",
    )

    objects = HelpAnswerQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: comment {self.comment_id}"


class FamilyCommentQuerySet(models.QuerySet["FamilyComment"]):
    def visible_to(self, user: object) -> "FamilyCommentQuerySet":
        """A person's own, and nobody else's: not a moderator's, not an administrator's (R-P1)."""
        return self.filter(user=user) if is_person(user) else self.none()


class FamilyComment(models.Model):
    """That somebody keeps what they told us with their account. Nobody else ever sees it; it goes with the account."""

    private_content = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_comments")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="kept_by")
    kept_on = models.DateField()

    objects = FamilyCommentQuerySet.as_manager()

    class Meta:
        ordering = ["-kept_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="kept_once")]

    def __str__(self) -> str:
        return f"Kept comment {self.pk}"
