"""What somebody sent. The words themselves lie in a table of their own that no public query can reach (R-V6)."""

import datetime

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.versions import Versioned
from partnership.models import District, Service
from partnership.permissions import has_role, is_person, services_covered
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role
from priorities.models import Priority
from voice.clocks import came_by

from .choices import SAID_BY, AgeBand, Channel, Feeling, MayShow, Route, Stage, Topic, WhoseWords

MODERATED_STAGES = (Stage.APPROVED, Stage.ANSWERED)
"""Only these have been read and redacted, so that anyone but a moderator may see the redacted words."""


PUBLISHED = Q(is_flagged=False, published_at__isnull=False, stage__in=MODERATED_STAGES)
"""The one rule for what everybody may read. Every page, count and link goes through it (R-V6)."""

NO_LONGER_KEPT = "These words are no longer kept."
"""Stands where words stood, so that a report, a count and a link keep their row when the words go (R-P4)."""

OPEN_TO_MODERATOR = (Stage.RECEIVED, Stage.SECOND_CHECK)
"""Stages in which a moderator still has something to do."""


CLAIM_HOLDS = datetime.timedelta(days=1)


class CommentQuerySet(models.QuerySet["Comment"]):
    def unflagged(self) -> "CommentQuerySet":
        """Without what is marked as someone may be unsafe: absent from every list and count for others (R-S2)."""
        return self.filter(is_flagged=False)

    def approved(self) -> "CommentQuerySet":
        """Read, redacted and approved, and not marked unsafe: what may be counted inside the partnership (R-V6, R-S2)."""
        return self.unflagged().filter(stage__in=MODERATED_STAGES)

    def published(self) -> "CommentQuerySet":
        """What everybody may read: approved, with words or a summary the sender lets us show."""
        return self.filter(PUBLISHED)

    def visible_to(self, user: object) -> "CommentQuerySet":
        """Rows this person may open. What they may read of a row is asked of `voice.permissions`.

        Moderators see all but flagged ones; safeguarding sees flagged ones; a service sees approved ones sent to it;
        the board, advisers, programme and assurance see approved ones, redacted; everybody else published ones.
        """
        shown = PUBLISHED
        if not is_person(user):
            return self.filter(shown)
        if has_role(user, Role.MODERATOR):
            shown |= _open_to_moderator(user)
        if has_role(user, Role.SAFEGUARDING):
            shown |= Q(is_flagged=True)
        if has_role(user, *BOARD_ROLES):
            shown |= Q(is_flagged=False, stage__in=MODERATED_STAGES)
        if has_role(user, *SERVICE_ROLES):
            mine = services_covered(user, SERVICE_ROLES, prefix="service__")
            shown |= Q(is_flagged=False, stage__in=MODERATED_STAGES) & mine
        return self.filter(shown)

    def for_moderation_by(self, user: object) -> "CommentQuerySet":
        """What a moderator may open to read: all but flagged ones, and one they flagged that nobody has taken over yet."""
        return self.filter(_open_to_moderator(user)) if has_role(user, Role.MODERATOR) else self.none()

    def for_second_check_by(self, user: object) -> "CommentQuerySet":
        """A child's words that wait for a second moderator, without those this person approved first (R-V6)."""
        waiting = self.unflagged().filter(stage=Stage.SECOND_CHECK)
        return waiting.exclude(first_approved_by=user) if has_role(user, Role.MODERATOR) else self.none()

    def awaiting_answer(self) -> "CommentQuerySet":
        """Read, approved and sent to a service that has not answered yet."""
        return self.unflagged().filter(stage=Stage.APPROVED, service__isnull=False)

    def unanswered_for(self, months: int, *, today: datetime.date) -> "CommentQuerySet":
        """Came that many months ago or earlier, and nobody has answered: still to be read, or with a service (R-V9)."""
        waiting = (*OPEN_TO_MODERATOR, Stage.APPROVED)
        return self.unflagged().filter(stage__in=waiting, received_at__lt=came_by(today, months))

    def answerable_by(self, user: object) -> "CommentQuerySet":
        """What this person may answer: approved ones sent to a service they write for (R-V7)."""
        mine = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.unflagged().filter(mine, stage__in=MODERATED_STAGES)

    def with_redacted(self) -> "CommentQuerySet":
        """With the approved redacted words as `redacted_words`: what a service and the board's readers read.

        What was approved and has none any more lost them at the end of their time, or because somebody asked (R-P1).
        """
        approved = Subquery(
            apps.get_model("voice", "Redaction")
            .objects.filter(comment=OuterRef("pk"), approved_at__isnull=False)
            .values("text")[:1]
        )
        return self.annotate(
            redacted_words=Coalesce(approved, Value(NO_LONGER_KEPT), output_field=models.TextField())
        )

    def oldest_first(self) -> "CommentQuerySet":
        """The order in which people read and answer, so that nobody waits for ever."""
        return self.order_by("received_at", "pk")


def _open_to_moderator(user: object) -> Q:
    return Q(is_flagged=False) | Q(is_flagged=True, flag__raised_by=user, flag__handed_over_at__isnull=True)


class Comment(Versioned):
    """One thing somebody told us. It holds no word of theirs except what a moderator approved to be shown."""

    # A new row changes nothing that a visitor sees. What does (approved, taken back, marked unsafe) says so itself.
    private_content = True

    route = models.CharField(max_length=16, choices=Route.choices)
    whose_words = models.CharField(max_length=16, choices=WhoseWords.choices, blank=True)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    age_band = models.CharField(max_length=8, choices=AgeBand.choices, blank=True)
    district = models.ForeignKey(
        District, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    may_show = models.CharField(max_length=8, choices=MayShow.choices, default=MayShow.SUMMARY)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    event = models.ForeignKey(
        "voice.Event",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="comments",
        help_text="Where it was said, if it was said at an event.",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stage = models.CharField(max_length=14, choices=Stage.choices, default=Stage.RECEIVED)
    is_flagged = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="claimed_comments",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who approved it first: never the second person for a child's words.",
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    priority = models.ForeignKey(
        Priority, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    published_text = models.TextField(
        blank=True, help_text="Approved words or summary; all that the public sees."
    )
    published_is_summary = models.BooleanField(default=True)
    published_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField(default=False, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            # The lists of the inbox, oldest first, and their numbers, without a look at the rows.
            models.Index(fields=["stage", "received_at", "is_flagged"], name="comment_stage_age_flag"),
            models.Index(fields=["service", "stage", "received_at"], name="comment_service_stage"),
            models.Index(fields=["priority", "published_at"], name="comment_priority_public"),
            # What everybody may read and no service has answered: few of all, oldest first.
            models.Index(
                fields=["received_at", "id"],
                condition=Q(is_flagged=False, published_at__isnull=False, stage="approved"),
                name="comment_public_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(published_text=""),
                name="published_comment_has_text",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~Q(may_show="nothing"),
                name="published_only_if_allowed",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}"

    @property
    def from_child(self) -> bool:
        """A child's words need two moderators (R-V6)."""
        return self.route == Route.CHILD

    @property
    def is_public(self) -> bool:
        """Twin of `PUBLISHED` for a row in hand."""
        return not self.is_flagged and self.published_at is not None and self.stage in MODERATED_STAGES

    @property
    def words_are_gone(self) -> bool:
        """Whether a fixed sentence stands where its public words stood."""
        return self.published_text == NO_LONGER_KEPT

    def held_by_other(self, user: object, *, now: datetime.datetime) -> bool:
        """Whether another moderator is reading it. A claim holds for a day, so that nothing is stuck with somebody away."""
        return (
            self.claimed_by_id is not None
            and self.claimed_by_id != getattr(user, "pk", None)
            and self.claimed_at is not None
            and now - self.claimed_at < CLAIM_HOLDS
        )

    @property
    def said_by(self) -> str:
        """Who told us, as the public reads it: never more than the way in they took."""
        return SAID_BY[Route(self.route)]

    def days_waiting(self, today: datetime.date) -> int:
        """Whole days since it came."""
        return max((today - timezone.localdate(self.received_at)).days, 0)


class OriginalQuerySet(models.QuerySet["CommentOriginal"]):
    def visible_to(self, user: object) -> "OriginalQuerySet":
        """The sender's own words: moderators, and safeguarding where somebody may be unsafe. Nobody else (R-V6, R-S2)."""
        return self.filter(_raw_rows(user))


class ContactQuerySet(models.QuerySet["CommentContact"]):
    def visible_to(self, user: object) -> "ContactQuerySet":
        """Only safeguarding, and only where somebody may be unsafe. The portal itself writes to the others."""
        if not has_role(user, Role.SAFEGUARDING):
            return self.none()
        return self.filter(comment__is_flagged=True)


def _raw_rows(user: object) -> Q:
    shown = Q(pk__in=[])
    if has_role(user, Role.MODERATOR):
        flagged_by_me = Q(comment__flag__raised_by=user, comment__flag__handed_over_at__isnull=True)
        shown |= Q(comment__is_flagged=False) | (Q(comment__is_flagged=True) & flagged_by_me)
    if has_role(user, Role.SAFEGUARDING):
        shown |= Q(comment__is_flagged=True)
    return shown


class CommentOriginal(models.Model):
    """The sender's own words, for moderators alone. Never in history, search, logs, mails or counts (R-V6)."""

    private_content = True

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="original"
    )
    text = models.TextField(blank=True)
    feeling = models.CharField(max_length=8, choices=Feeling.choices, blank=True)

    objects = OriginalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Original of comment {self.comment_id}"


class CommentContact(models.Model):
    """Where to tell the sender what came of it, only if they left an address. Kept apart from the words (R-P1)."""

    private_content = True

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    email = models.EmailField(max_length=254)

    objects = ContactQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Contact of comment {self.comment_id}"
