"""What a service answered: you said, we did, the difference it made, or we cannot, because (R-V7, R-V14)."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actions.models import Action
from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import has_role, services_covered
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role

from .comments import MODERATED_STAGES, Comment


def _is_public() -> Q:
    """The condition of `Response.objects.public`. Asked of each row by itself: a list of all comments would be slow."""
    shown = Comment.objects.published().filter(answers__response=OuterRef("pk")).order_by()
    return Q(Exists(shown), status=Response.Status.PUBLISHED)


class ResponseQuerySet(models.QuerySet["Response"]):
    def public(self) -> "ResponseQuerySet":
        """Published answers to at least one comment that everybody may read now.

        The words of an answer repeat what people said. So an answer whose senders all asked us to show nothing, or took
        their words back, is not shown to the public: each sender still reads it with their code (R-V5).
        """
        return self.filter(_is_public())

    def visible_to(self, user: object) -> "ResponseQuerySet":
        """Public ones for everybody; the board's readers see published ones to any comment they may read; a service
        sees its own and its drafts; the programme team sees those drafts too.

        An answer repeats what was said. Where all that it answers is marked unsafe, only its service still sees it (R-S2).
        """
        shown = _is_public()
        if has_role(user, *BOARD_ROLES):
            read = ResponseComment.objects.filter(
                response=OuterRef("pk"),
                comment__is_flagged=False,
                comment__stage__in=MODERATED_STAGES,
            )
            drafts_too = Q() if has_role(user, Role.PROGRAMME) else Q(status=Response.Status.PUBLISHED)
            shown |= Q(Exists(read)) & drafts_too
        return self.filter(shown | services_covered(user, SERVICE_ROLES, prefix="service__"))

    def editable_by(self, user: object) -> "ResponseQuerySet":
        """Drafts of a service this person writes for; a published one is mended by its publisher alone (R-A7)."""
        drafts = Q(status=Response.Status.DRAFT) & services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(drafts | services_covered(user, [Role.PUBLISHER], prefix="service__"))

    def publishable_by(self, user: object) -> "ResponseQuerySet":
        """Drafts that this person may make public."""
        mine = services_covered(user, [Role.PUBLISHER], prefix="service__")
        return self.filter(mine, status=Response.Status.DRAFT)

    def with_number_heard(self) -> "ResponseQuerySet":
        """With `number_heard`: how many comments that everybody may read each of them answers."""
        heard = Comment.objects.published().filter(answers__response=OuterRef("pk")).order_by()
        number = heard.values("answers__response").annotate(number=Count("pk")).values("number")
        return self.annotate(number_heard=Coalesce(Subquery(number), 0))

    def newest(self) -> "ResponseQuerySet":
        """Newest published first, with what a row of a list shows."""
        return self.select_related("service").order_by("-published_at", "-pk")


class Response(Versioned):
    """One answer of a service to one comment or to many."""

    class Kind(models.TextChoices):
        WE_DID = "we_did", "We did or will do something"
        WE_CANNOT = "we_cannot", "We cannot, because"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    you_said = models.TextField(help_text="What people told us, in plain words that identify nobody.")
    we_did = models.TextField(help_text="What we did or will do; or why we cannot.")
    difference = models.TextField(blank=True, help_text="The difference it made, or will make.")
    no_action_reason = models.CharField(
        max_length=300, blank=True, help_text="Where nothing is linked: why this needs no action in a plan."
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    comments = models.ManyToManyField(Comment, through="ResponseComment", related_name="responses")
    actions = models.ManyToManyField(Action, blank=True, related_name="answers")
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()  # the service's own words; none of a sender's are here

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="response_newest_first"),
            models.Index(fields=["service", "status"], name="response_of_service"),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk} by {self.service}"

    def get_absolute_url(self) -> str:
        return reverse("voice:answer", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


class ResponseComment(models.Model):
    """That an answer answers a comment."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answered")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="answers")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "comment"], name="comment_once_per_answer")
        ]

    def __str__(self) -> str:
        return f"Answer {self.response_id} to comment {self.comment_id}"


class ActionVoiceQuerySet(models.QuerySet["ActionVoice"]):
    def visible_to(self, user: object) -> "ActionVoiceQuerySet":
        """Links whose comment this person may open and whose answer, if there is one, they may read."""
        comments = Comment.objects.visible_to(user).filter(stage__in=MODERATED_STAGES, is_flagged=False)
        answers = Response.objects.visible_to(user)
        return self.filter(
            Q(response__isnull=True) | Q(Exists(answers.filter(pk=OuterRef("response_id")).order_by())),
            Exists(comments.filter(pk=OuterRef("comment_id")).order_by()),
        )

    def behind(self) -> "ActionVoiceQuerySet":
        """What led to an action, or bears on it."""
        return self.filter(about_difference=False)

    def of_difference(self) -> "ActionVoiceQuerySet":
        """What people said when they were asked whether they noticed the difference (R-Z5)."""
        return self.filter(about_difference=True)

    def to_show(self, user: object) -> "ActionVoiceQuerySet":
        """What `voice/_voices.html` draws: links this person may see whose words everybody may read, newest first."""
        return (
            self.visible_to(user)
            .filter(Exists(Comment.objects.published().filter(pk=OuterRef("comment_id")).order_by()))
            .select_related("comment", "response")
        )


class ActionVoice(models.Model):
    """A hop of the golden thread: these words led to, or bear on, this action (R-V14, R-Z1)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="voices")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="action_voices")
    response = models.ForeignKey(
        Response, null=True, blank=True, on_delete=models.CASCADE, related_name="action_voices"
    )
    about_difference = models.BooleanField(
        default=False, help_text="Said of what came of the action, and not what led to it."
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where the sender told us what it is about.",
    )
    linked_at = models.DateTimeField()

    objects = ActionVoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-linked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "comment", "response"], name="voice_once_per_answer"),
            # Two of them, because SQLite counts two empty answers as different.
            models.UniqueConstraint(
                fields=["action", "comment"],
                condition=Q(response__isnull=True),
                name="voice_once_without_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.comment_id} behind {self.action.ref}"
