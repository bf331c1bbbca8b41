"""What moderators and safeguarding did with a comment, row by row, with author and time (R-V6, R-S2 to R-S4)."""

from django.conf import settings
from django.db import models

from .comments import Comment


class RefusalReason(models.TextChoices):
    """The only reasons for not publishing (regulation 56, R-V6)."""

    IDENTIFIES = "identifies", "It could identify someone"
    ONE_PERSON = "one_person", "It is about one person's service"
    VEXATIOUS = "vexatious", "It is vexatious"
    SAFEGUARDING = "safeguarding", "It is about somebody's safety"
    ASKED_NOT = "asked_not", "The sender asked us not to"


class Redaction(models.Model):
    """One redacted version of the words, made by a moderator. A later one is a new row."""

    private_content = True

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="redactions")
    text = models.TextField(help_text="The words without what could identify someone; read inside the partnership.")
    summary = models.TextField(blank=True, help_text="A moderator's summary, where only that may be shown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Redaction of comment {self.comment_id}"


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
        FLAGGED = "flagged", "Marked: someone may be unsafe"
        WITHDRAWN = "withdrawn", "Taken back by the sender"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.CharField(max_length=12, choices=RefusalReason.choices, blank=True)
    redaction = models.ForeignKey(Redaction, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: comment {self.comment_id}"


class SafeguardingFlag(models.Model):
    """That someone may be unsafe. The comment leaves every other list until safeguarding has dealt with it (R-S2)."""

    private_content = True

    class RaisedFrom(models.TextChoices):
        SENDER = "sender", "The sender ticked it"
        MODERATOR = "moderator", "A moderator marked it"

    class Outcome(models.TextChoices):
        REFERRED = "referred", "Referred to children's or adults' social care"
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

    class Meta:
        ordering = ["raised_at", "pk"]

    def __str__(self) -> str:
        return f"Flag on comment {self.comment_id}"
