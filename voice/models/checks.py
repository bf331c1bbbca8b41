"""Who checked an answer before it was public, row by row, and the partnership's own numbers for answering (R-V7)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.kept import kept

from .responses import Response


class AnswerRules(models.Model):
    """What the partnership chose for answers, as data (R-F4). There is at most one row; without it the defaults hold."""

    approve_first_answers = models.PositiveSmallIntegerField(
        default=3, help_text="So many published answers of somebody new need a second person. 0 for none."
    )
    ask_after_days = models.PositiveSmallIntegerField(
        default=84,
        help_text="So many days after an answer its senders are asked whether it helped: before their addresses go.",
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="only_one_answer_rules")]

    def __str__(self) -> str:
        return "Rules for answers"


@kept(most=1)
def answer_rules() -> AnswerRules:
    """The numbers of this installation, read once and kept. Nobody changes the row that this returns."""
    return AnswerRules.objects.filter(pk=1).first() or AnswerRules()


class AnswerCheck(models.Model):
    """One step of an answer on its way through a second person's hands. The log of these is never changed."""

    private_content = True

    class Kind(models.TextChoices):
        ASKED = "asked", "Sent to a second person"
        CHANGED = "changed", "Changed after a second person had it"
        APPROVED = "approved", "Approved by a second person"
        SENT_BACK = "sent_back", "Sent back by a second person"

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="checks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField(blank=True, help_text="Why it was sent back.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="sent_back") | ~Q(reason=""), name="sent_back_answer_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: answer {self.response_id}"
