"""What a service answered: you said, we did, the difference it made, or we cannot, because (R-V7, R-V14)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from actions.models import Action, Milestone
from foundation.versions import Versioned
from partnership.calendar import today
from partnership.models import Service
from partnership.permissions import has_role, services_covered
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role
from voice.easy_words import mark_of

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
        drafts = Q(status__in=UNPUBLISHED) & services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(drafts | services_covered(user, [Role.PUBLISHER], prefix="service__"))

    def publishable_by(self, user: object) -> "ResponseQuerySet":
        """Drafts that this person may make public."""
        mine = services_covered(user, [Role.PUBLISHER], prefix="service__")
        return self.filter(mine, status__in=UNPUBLISHED)

    def approvable_by(self, user: object) -> "ResponseQuerySet":
        """First answers of somebody new that this person may approve or send back: a publisher of the service, or a
        moderator where the answer is to something that may be read. Never whoever wrote it, or had a hand in it (R-V7)."""
        mine = services_covered(user, [Role.PUBLISHER], prefix="service__")
        if has_role(user, Role.MODERATOR):
            read = ResponseComment.objects.filter(
                response=OuterRef("pk"), comment__is_flagged=False, comment__stage__in=MODERATED_STAGES
            )
            mine |= Q(Exists(read))
        own = models.Q(checks__by=user, checks__kind__in=HAND_IN_IT)
        waiting = self.filter(mine, status=Response.Status.WAITING).exclude(drafted_by=user)
        return waiting.exclude(pk__in=Response.objects.filter(own).order_by().values("pk"))

    def written_for(self, user: object) -> "ResponseQuerySet":
        """Answers of the services this person writes for."""
        return self.filter(services_covered(user, SERVICE_ROLES, prefix="service__"))

    def promise_passed(self, day: datetime.date) -> "ResponseQuerySet":
        """Published answers that say "we will do it by" a day that has passed. Twin of `Response.is_past`."""
        return self.filter(
            status=Response.Status.PUBLISHED, progress=Response.Progress.WILL_DO, do_by__lt=day
        )

    def in_easy_read(self) -> "ResponseQuerySet":
        """Whose service wrote them in easy words too. Twin of `Response.is_easy`."""
        return self.exclude(easy_said="").exclude(easy_did="")

    def with_number_heard(self) -> "ResponseQuerySet":
        """With `number_heard`: how many comments that everybody may read each of them answers."""
        heard = Comment.objects.published().filter(answers__response=OuterRef("pk")).order_by()
        number = heard.values("answers__response").annotate(number=Count("pk")).values("number")
        return self.annotate(number_heard=Coalesce(Subquery(number), 0))

    def newest(self) -> "ResponseQuerySet":
        """Newest published first, with what a row of a list shows."""
        return self.select_related("service").order_by("-published_at", "-pk")


HAND_IN_IT = ("asked", "changed")
"""Kinds of rows of an answer's log (`AnswerCheck`) whose author cannot be the second person."""


class Response(Versioned):
    """One answer of a service to one comment or to many."""

    class Kind(models.TextChoices):
        WE_DID = "we_did", "We did or will do something"
        WE_CANNOT = "we_cannot", "We cannot, because"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        WAITING = "waiting", "Waiting for a second person"
        PUBLISHED = "published", "Published"

    class Progress(models.TextChoices):
        """How far "we did" has come, on a day that is kept with it. There is no "we are looking at it": what is only being
        looked at has no answer yet, and waits with its age."""

        DONE = "done", "We have done it"
        DOING = "doing", "We are doing it now"
        WILL_DO = "will_do", "We will do it, by a day"

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="responses")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    you_said = models.TextField(help_text="What people told us, in plain words that identify nobody.")
    we_did = models.TextField(help_text="What we did or will do; or why we cannot.")
    difference = models.TextField(blank=True, help_text="The difference it made, or will make.")
    no_action_reason = models.CharField(
        max_length=300, blank=True, help_text="Where nothing is linked: why this needs no action in a plan."
    )
    progress = models.CharField(
        max_length=10, choices=Progress.choices, blank=True, help_text="Empty where the service cannot do it."
    )
    progress_on = models.DateField(null=True, blank=True, help_text="The day on which it stood so.")
    do_by = models.DateField(null=True, blank=True, help_text="By when, where it will be done.")
    first_do_by = models.DateField(
        null=True, blank=True, editable=False, help_text="The day that families were told first."
    )
    easy_said = models.CharField(max_length=300, blank=True, help_text="You said, in Easy Read.")
    easy_did = models.CharField(max_length=300, blank=True, help_text="We did, or we cannot, in Easy Read.")
    easy_of = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Mark of the answer that the easy words tell."
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
    milestones = models.ManyToManyField(Milestone, blank=True, related_name="answers")
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()  # the service's own words; none of a sender's are here

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "-published_at", "-id"], name="response_newest_first"),
            models.Index(fields=["service", "status"], name="response_of_service"),
            models.Index(fields=["drafted_by", "status"], name="response_of_writer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(progress="will_do") | Q(do_by__isnull=False), name="promise_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk} by {self.service}"

    def get_absolute_url(self) -> str:
        return reverse("voice:answer", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def is_past(self) -> bool:
        """Whether the day it was promised by has passed. Twin of `ResponseQuerySet.promise_passed`."""
        promised = self.is_published and self.progress == self.Progress.WILL_DO
        return promised and self.do_by is not None and self.do_by < today()

    @property
    def days_past(self) -> int:
        """How many days ago the promised day was."""
        return (today() - self.do_by).days if self.do_by is not None else 0

    @property
    def days_so(self) -> int | None:
        """For how many days it has stood as it stands: what is being done never goes without its age."""
        return max((today() - self.progress_on).days, 0) if self.progress_on is not None else None

    @property
    def is_easy(self) -> bool:
        """Whether it can be read in Easy Read."""
        return bool(self.easy_said and self.easy_did)

    @property
    def easy_is_behind(self) -> bool:
        """Whether the answer has changed since its easy words were written or looked at again (R-Z8)."""
        return self.is_easy and self.easy_of != mark_of(self)

    @property
    def was_moved(self) -> bool:
        """Whether families were told another day first."""
        promised = self.progress == self.Progress.WILL_DO
        return promised and self.first_do_by is not None and self.first_do_by != self.do_by


UNPUBLISHED = (Response.Status.DRAFT, Response.Status.WAITING)
"""Not public yet: being written, or with a second person."""


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
