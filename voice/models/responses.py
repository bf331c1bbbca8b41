"""What a service answered: you said, we did, the difference it made, or we cannot, because (R-V7, R-V14)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.models import Action
from foundation.versions import Versioned
from partnership.models import Service
from partnership.permissions import has_role, is_staff, services_covered
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role

from .comments import MODERATED_STAGES, Comment


class ResponseQuerySet(models.QuerySet["Response"]):
    def published(self) -> "ResponseQuerySet":
        """Answers that a publisher has made public."""
        return self.filter(status=Response.Status.PUBLISHED)

    def visible_to(self, user: object) -> "ResponseQuerySet":
        """Published ones for everybody; drafts for their own service and the programme team."""
        if has_role(user, Role.PROGRAMME):
            return self
        return self.filter(
            Q(status=Response.Status.PUBLISHED) | services_covered(user, SERVICE_ROLES, prefix="service__")
        )


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
    is_example = models.BooleanField(default=False, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["status", "-published_at"], name="response_newest")]

    def __str__(self) -> str:
        return f"Answer {self.pk} by {self.service}"


class ResponseComment(models.Model):
    """That an answer answers a comment."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answered")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="answers")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "comment"], name="comment_once_per_answer")]

    def __str__(self) -> str:
        return f"Answer {self.response_id} to comment {self.comment_id}"


class ActionVoiceQuerySet(models.QuerySet["ActionVoice"]):
    def visible_to(self, user: object) -> "ActionVoiceQuerySet":
        """Links whose comment this person may open and, for the public, whose answer is published."""
        links = self.filter(comment__in=Comment.objects.visible_to(user), comment__stage__in=MODERATED_STAGES)
        if has_role(user, *BOARD_ROLES):
            return links
        own = services_covered(user, SERVICE_ROLES, prefix="comment__service__") if is_staff(user) else Q(pk__in=[])
        return links.filter(Q(response__isnull=True) | Q(response__status=Response.Status.PUBLISHED) | own)


class ActionVoice(models.Model):
    """A hop of the golden thread: these words led to, or bear on, this action (R-V14, R-Z1)."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="voices")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="action_voices")
    response = models.ForeignKey(
        Response, null=True, blank=True, on_delete=models.CASCADE, related_name="action_voices"
    )
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField()

    objects = ActionVoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-linked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "comment", "response"], nulls_distinct=False, name="voice_once_per_action"
            )
        ]

    def __str__(self) -> str:
        return f"Comment {self.comment_id} behind {self.action.ref}"
