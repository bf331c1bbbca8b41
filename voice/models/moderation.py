"""What moderators and safeguarding did with a comment, row by row, with author and time (R-V6, R-S2 to R-S4)."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When

from partnership.permissions import has_role, services_covered
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role

from .comments import MODERATED_STAGES, Comment


class RefusalReason(models.TextChoices):
    """The only reasons for not publishing (regulation 56, R-V6)."""

    IDENTIFIES = "identifies", "It could identify someone"
    ONE_PERSON = "one_person", "It is about one person’s service"
    VEXATIOUS = "vexatious", "It is vexatious"
    SAFEGUARDING = "safeguarding", "It is about somebody’s safety"
    ASKED_NOT = "asked_not", "The sender asked us not to"


class RedactionQuerySet(models.QuerySet["Redaction"]):
    def visible_to(self, user: object) -> "RedactionQuerySet":
        """Moderators read every version; a service and the board's readers read the approved one (R-V6).

        Where somebody may be unsafe, only safeguarding and the moderator who said so read any of them.
        """
        shown = Q(pk__in=[])
        if has_role(user, Role.MODERATOR):
            flagged_by_me = Q(comment__flag__raised_by=user, comment__flag__handed_over_at__isnull=True)
            shown |= Q(comment__is_flagged=False) | (Q(comment__is_flagged=True) & flagged_by_me)
        if has_role(user, Role.SAFEGUARDING):
            shown |= Q(comment__is_flagged=True)
        approved = Q(
            approved_at__isnull=False, comment__is_flagged=False, comment__stage__in=MODERATED_STAGES
        )
        if has_role(user, *BOARD_ROLES):
            shown |= approved
        if has_role(user, *SERVICE_ROLES):
            shown |= approved & services_covered(user, SERVICE_ROLES, prefix="comment__service__")
        return self.filter(shown)


class Redaction(models.Model):
    """One redacted version of the words, made by a moderator. A later one is a new row."""

    private_content = True

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="redactions")
    text = models.TextField(
        help_text="The words without what could identify someone; read inside the partnership."
    )
    summary = models.TextField(blank=True, help_text="A moderator's summary, where only that may be shown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last person needed approved this version."
    )
    made_of = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Keyed hash of the original that its strikes count in.",
    )

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(approved_at__isnull=False), name="one_approved_redaction"
            )
        ]

    def __str__(self) -> str:
        return f"Redaction of comment {self.comment_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_names(self) -> "DecisionQuerySet":
        """With who decided, and between which services it was sent."""
        return self.select_related("by", "rerouting__from_service", "rerouting__to_service")

    def for_log_of(self, user: object) -> "DecisionQuerySet":
        """The log over all comments, for moderators and the auditor, newest first. Nothing in it tells of what is marked
        unsafe, or was: neither those comments nor those steps (R-S2)."""
        if not has_role(user, Role.MODERATOR, Role.AUDITOR):
            return self.none()
        # What is marked is little: asked for once, and not of the comment behind each of very many rows.
        marked = Comment.objects.filter(is_flagged=True).order_by().values("pk")
        rows = self.exclude(comment__in=marked).exclude(kind__in=Decision.OF_SAFETY)
        return rows.with_names().order_by("-at", "-pk")


class Decision(models.Model):
    """One step of moderation. The log of these is never changed (R-V6)."""

    class Kind(models.TextChoices):
        CLAIMED = "claimed", "Took it to read"
        RELEASED = "released", "Put it back"
        APPROVED = "approved", "Approved"
        SECOND_APPROVED = "second_approved", "Approved as second person"
        SENT_BACK = "sent_back", "Sent back to the first moderator"
        NOT_PUBLISHED = "not_published", "Not published"
        ROUTED = "routed", "Sent to a service"
        REROUTED = "rerouted", "Sent on to another service"
        ENTERED = "entered", "Written down for the sender"
        FLAGGED = "flagged", "Marked: someone may be unsafe"
        FLAG_READ = "flag_read", "Read by safeguarding"
        OUTCOME = "outcome", "Safeguarding outcome written down"
        ANSWERED = "answered", "Answered by the service"
        WITHDRAW_ASKED = "withdraw_asked", "The sender asked to take it back; kept for safety"
        WITHDRAWN = "withdrawn", "Taken back by the sender"
        UNFLAG_ASKED = "unflag_asked", "Safeguarding asked to let it go"
        UNFLAG_DECLINED = "unflag_declined", "A second person in safeguarding keeps it"
        UNFLAGGED = "unflagged", "Let go by safeguarding: to be read"
        ERASE_ASKED = "erase_asked", "Erasing was asked for; kept for safety"
        ERASED = "erased", "Erased because somebody asked"
        CONTACT_GONE = "contact_gone", "The sender’s address was removed after its time"
        ORIGINAL_GONE = "original_gone", "The sender’s own words were removed after their time"
        PUBLISHED_GONE = "published_gone", "All words were removed after their time"

    OF_SAFETY = (
        Kind.FLAGGED,
        Kind.FLAG_READ,
        Kind.OUTCOME,
        Kind.WITHDRAW_ASKED,
        Kind.ERASE_ASKED,
        Kind.UNFLAG_ASKED,
        Kind.UNFLAG_DECLINED,
        Kind.UNFLAGGED,
    )
    """Steps from which one could tell that somebody was thought unsafe, also after it was let go (R-S2)."""

    # What is left of a comment after it was taken back: the steps, without a word of it.
    private_content = True

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.CharField(max_length=12, choices=RefusalReason.choices, blank=True)
    redaction = models.ForeignKey(
        Redaction, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="decision_newest_first")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: comment {self.comment_id}"

    @property
    def who(self) -> str:
        """Whose step it was, as the log shows it."""
        if self.by is not None:
            return self.by.name
        if self.kind in (self.Kind.CONTACT_GONE, self.Kind.ORIGINAL_GONE, self.Kind.PUBLISHED_GONE):
            return "The portal"
        # The sender's tick or the word list: which of the two is safeguarding's alone to know.
        return "As it was sent" if self.kind == self.Kind.FLAGGED else "The sender"


class FlagQuerySet(models.QuerySet["SafeguardingFlag"]):
    def visible_to(self, user: object) -> "FlagQuerySet":
        """Safeguarding alone, and the moderator who raised it until safeguarding has it (R-S2)."""
        if has_role(user, Role.SAFEGUARDING):
            return self
        if has_role(user, Role.MODERATOR):
            return self.filter(raised_by=user, handed_over_at__isnull=True)
        return self.none()

    def unread(self) -> "FlagQuerySet":
        """Nobody in safeguarding has read it yet: always first."""
        return self.filter(read_at__isnull=True)

    def standing(self) -> "FlagQuerySet":
        """Not let go: the comment is with safeguarding."""
        return self.filter(released_at__isnull=True)

    def to_agree(self, user: object) -> "FlagQuerySet":
        """Somebody else in safeguarding asked to let it go, and this person may agree or decline (R-S4)."""
        if not has_role(user, Role.SAFEGUARDING):
            return self.none()
        asked = apps.get_model("voice", "ReleaseRequest").objects.filter(decision="").exclude(asked_by=user)
        return self.standing().filter(release_requests__in=asked)

    def in_order_of_need(self) -> "FlagQuerySet":
        """Unread first, then read ones without an outcome, then the rest, let go ones last; the oldest first in each."""
        need = Case(
            When(released_at__isnull=False, then=Value(3)),
            When(read_at__isnull=True, then=Value(0)),
            When(outcome="", then=Value(1)),
            default=Value(2),
            output_field=models.IntegerField(),
        )
        return self.order_by(need, "raised_at", "pk")

    def without_outcome(self) -> "FlagQuerySet":
        """Read, but what was done is not written down yet."""
        return self.standing().filter(read_at__isnull=False, outcome="")


class SafeguardingFlag(models.Model):
    """That someone may be unsafe. The comment leaves every other list until safeguarding lets it go (R-S2).

    One row for a comment, as the mark stands now: who marked, read and wrote down what at which time stays in the log and in
    `FlagOutcome` when it is marked anew.
    """

    private_content = True

    class RaisedFrom(models.TextChoices):
        SENDER = "sender", "The sender ticked it"
        MODERATOR = "moderator", "A moderator marked it"
        WORD_LIST = "word_list", "A word of the list was in it"

    class Outcome(models.TextChoices):
        REFERRED = "referred", "Referred to children’s or adults’ social care"
        KNOWN = "known", "Already known to social care"
        SIGNPOSTED = "signposted", "Nobody can be identified; help numbers given"
        NOT_SAFEGUARDING = "not_safeguarding", "Not a safeguarding matter"

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="flag")
    raised_from = models.CharField(max_length=10, choices=RaisedFrom.choices)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    deputies_told_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        indexes = [
            # What the clocks ask each minute: few of all.
            models.Index(
                fields=["raised_at"],
                condition=Q(read_at__isnull=True, released_at__isnull=True),
                name="flag_unread",
            )
        ]

    def __str__(self) -> str:
        return f"Flag on comment {self.comment_id}"
