"""What somebody began to write and has not sent (R-X9, R-S6)."""

import datetime
import secrets

from django.db import models
from django.db.models import Q

from .choices import Route
from .comments import Comment

DRAFT_LIVES = datetime.timedelta(hours=24)
"""After the last press of a button."""


def new_mark() -> str:
    return secrets.token_urlsafe(12)


class DraftQuerySet(models.QuerySet["Draft"]):
    def living(self, *, now: datetime.datetime) -> "DraftQuerySet":
        """Those that may still be read."""
        return self.filter(changed_at__gt=now - DRAFT_LIVES)

    def ended(self, *, now: datetime.datetime) -> "DraftQuerySet":
        """Those that have to go."""
        return self.filter(changed_at__lte=now - DRAFT_LIVES)


class Draft(models.Model):
    """Half-written answers for one way in, sealed with a key that lies in the writer's own web session alone.

    Nobody reads it but the writer: it is in no list, no count, no history and no admin page.
    """

    private_content = True

    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    route = models.CharField(max_length=16, choices=Route.choices)
    sealed = models.TextField(editable=False)
    mark = models.CharField(
        max_length=20, default=new_mark, editable=False, help_text="Another one after each change."
    )
    changed_at = models.DateTimeField(db_index=True)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class Work(models.TextChoices):
    """What kind of work somebody does who works with children and young people."""

    EDUCATION = "education", "Education"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Social care"
    VOLUNTARY = "voluntary", "A charity or voluntary group"
    OTHER = "other", "Something else"


class Relation(models.TextChoices):
    """Who somebody else is to children and young people."""

    GRANDPARENT = "grandparent", "A grandparent"
    RELATIVE = "relative", "Another relative"
    FRIEND = "friend", "A friend of a family"
    NEIGHBOUR = "neighbour", "A neighbour"
    OTHER = "other", "Somebody else"


class CommentSender(models.Model):
    """What a practitioner or somebody else chose to say about themselves. It tells nobody who they are."""

    private_content = True

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, primary_key=True, related_name="sender")
    work = models.CharField(max_length=12, choices=Work.choices, blank=True)
    relation = models.CharField(max_length=12, choices=Relation.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(work="") | ~Q(relation=""), name="comment_sender_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"Sender of comment {self.comment_id}"
