"""What moderators do with a comment. Each step is written down as a Decision with who and when (R-V6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation import content_version
from foundation.versions import lock_for_edit
from partnership.models import Service, User
from priorities.models import Priority
from voice.models import Comment, CommentOriginal, Decision, MayShow, Redaction, Stage, Strike
from voice.strikes import Span, joined, words_digest

from .errors import CannotDo
from .helping import forget_whether_it_helped
from .senders_mail import tell_read
from .themes import Tags, tag

Kind = Decision.Kind


@transaction.atomic
def claim_comment(*, comment: Comment, by: User, at: datetime | None = None) -> Comment:
    """Take it to read, so that two people do not do the same. Raises CannotDo while another moderator holds it."""
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    must_be_free(comment, by=by, at=at)
    if comment.claimed_by_id != by.pk:
        Decision.objects.create(comment=comment, kind=Kind.CLAIMED, by=by, at=at)
    comment.claimed_by, comment.claimed_at = by, at
    comment.save(update_fields=["claimed_by", "claimed_at"])
    return comment


@transaction.atomic
def release_comment(*, comment: Comment, by: User, at: datetime | None = None) -> Comment:
    """Put it back for somebody else. Nothing happens if it is not this person's."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.claimed_by_id == by.pk:
        comment.claimed_by = comment.claimed_at = None
        comment.save(update_fields=["claimed_by", "claimed_at"])
        Decision.objects.create(comment=comment, kind=Kind.RELEASED, by=by, at=at or timezone.now())
    return comment


@transaction.atomic
def approve_comment(
    *,
    comment: Comment,
    version: int,
    text: str,
    summary: str = "",
    service: Service,
    priority: Priority | None = None,
    strikes: Sequence[Span] = (),
    tags: Tags | None = None,
    by: User,
    at: datetime | None = None,
) -> Comment:
    """Approve the redacted words and the summary, and send them to a service, with what was struck out and the themes.

    A child’s words then wait for a second moderator; others go to the service and, where the sender lets us, to the public
    at once. Raises VersionConflict when somebody was quicker, CannotDo where the step does not fit.
    """
    at = at or timezone.now()
    comment = lock_for_edit(Comment.objects.unflagged(), comment.pk, version=version)
    if comment.stage not in (Stage.RECEIVED, Stage.NOT_PUBLISHED):
        raise CannotDo("This one has been approved already.")
    if not CommentOriginal.objects.filter(comment=comment).exists():
        raise CannotDo("The sender’s words are no longer kept. Nothing can be made of them.")
    must_be_free(comment, by=by, at=at)
    if comment.may_show != MayShow.NOTHING and not public_words(comment.may_show, text, summary):
        raise CannotDo("Write the summary that everybody may read.")
    redaction = _redact(comment, text=text, summary=summary, strikes=strikes, by=by, at=at)
    Decision.objects.create(comment=comment, kind=Kind.APPROVED, redaction=redaction, by=by, at=at)
    comment.service, comment.priority = service, priority
    comment.first_approved_by = by
    comment.claimed_by = comment.claimed_at = None
    if comment.from_child:
        comment.stage = Stage.SECOND_CHECK
        comment.save()
    else:
        _send_on(comment, redaction, by=by, at=at)
    if tags is not None:
        tag(comment, tags, by=by, at=at)
    return comment


def _redact(
    comment: Comment, *, text: str, summary: str, strikes: Sequence[Span], by: User, at: datetime
) -> Redaction:
    """A new version of the words, and the places of the original that were struck out of it."""
    original = CommentOriginal.objects.filter(comment=comment).first()
    words = original.text if original is not None else ""
    if not all(span.fits(words) for span in strikes):
        raise CannotDo("What is struck out does not fit the words any more. Look at them again.")
    redaction = Redaction.objects.create(
        comment=comment, text=text, summary=summary, by=by, at=at, made_of=words_digest(words)
    )
    Strike.objects.bulk_create(
        Strike(
            redaction=redaction,
            start=span.start,
            end=span.end,
            reason=span.reason,
            suggested=span.suggested,
            by=by,
            at=at,
        )
        for span in joined(strikes)
    )
    return redaction


@transaction.atomic
def second_approve_comment(
    *, comment: Comment, version: int, by: User, at: datetime | None = None
) -> Comment:
    """The second moderator agrees with what the first one made of a child's words. Never the same person (R-V6)."""
    at = at or timezone.now()
    comment = _locked_for_second(comment, version=version, by=by, at=at)
    redaction = comment.redactions.first()
    if redaction is None:
        raise CannotDo("There is no redacted text to approve.")
    Decision.objects.create(comment=comment, kind=Kind.SECOND_APPROVED, redaction=redaction, by=by, at=at)
    _send_on(comment, redaction, by=by, at=at)
    return comment


@transaction.atomic
def send_back_comment(*, comment: Comment, version: int, by: User, at: datetime | None = None) -> Comment:
    """The second moderator does not agree yet: it is to be read again."""
    at = at or timezone.now()
    comment = _locked_for_second(comment, version=version, by=by, at=at)
    comment.stage = Stage.RECEIVED
    comment.first_approved_by = None
    comment.claimed_by = comment.claimed_at = None
    comment.save()
    Decision.objects.create(comment=comment, kind=Kind.SENT_BACK, by=by, at=at)
    return comment


@transaction.atomic
def refuse_comment(
    *, comment: Comment, version: int, reason: str, by: User, at: datetime | None = None
) -> Comment:
    """Not published, for one of the reasons in the list. At any stage, so that a mistake can be taken down at once. What its
    sender said of the answer counts no more, on the answer or on its actions."""
    at = at or timezone.now()
    comment = lock_for_edit(Comment.objects.unflagged(), comment.pk, version=version)
    if comment.stage == Stage.WITHDRAWN:
        raise CannotDo("The sender took this one back.")
    must_be_free(comment, by=by, at=at)
    comment.redactions.update(approved_at=None)
    comment.stage = Stage.NOT_PUBLISHED
    comment.published_text, comment.published_at = "", None
    comment.first_approved_by = comment.claimed_by = comment.claimed_at = None
    comment.save()
    Decision.objects.create(comment=comment, kind=Kind.NOT_PUBLISHED, reason=reason, by=by, at=at)
    comment.show_changes.all().drop(at=at)
    forget_whether_it_helped(comment)
    tell_read(comment, at=at)
    content_version.bump()
    return comment


def public_words(may_show: str, text: str, summary: str) -> str:
    """What everybody may read, by what the sender chose (R-V5). Words only where they chose words; never by mistake."""
    if may_show == MayShow.WORDS and text:
        return text
    return "" if may_show == MayShow.NOTHING else summary


def _send_on(comment: Comment, redaction: Redaction, *, by: User, at: datetime) -> None:
    """The last person needed has approved: to the service, and to the public as far as the sender lets us."""
    comment.redactions.exclude(pk=redaction.pk).update(approved_at=None)
    redaction.approved_at = at
    redaction.save(update_fields=["approved_at"])
    shown = public_words(comment.may_show, redaction.text, redaction.summary)
    comment.published_text = shown
    comment.published_is_summary = shown != redaction.text
    comment.published_at = at if shown else None
    comment.stage = Stage.APPROVED
    comment.claimed_by = comment.claimed_at = None
    comment.save()
    Decision.objects.create(comment=comment, kind=Kind.ROUTED, by=by, at=at)
    tell_read(comment, at=at)
    content_version.bump()


def _locked_for_second(comment: Comment, *, version: int, by: User, at: datetime) -> Comment:
    comment = lock_for_edit(Comment.objects.unflagged(), comment.pk, version=version)
    if comment.stage != Stage.SECOND_CHECK:
        raise CannotDo("This one does not wait for a second moderator.")
    if comment.first_approved_by_id is None or comment.first_approved_by_id == by.pk:
        raise CannotDo("A child’s words need a second person. You approved this one first.")
    must_be_free(comment, by=by, at=at)
    return comment


def must_be_free(comment: Comment, *, by: User, at: datetime) -> None:
    """Raise CannotDo while another moderator is reading it."""
    if comment.held_by_other(by, now=at):
        raise CannotDo(f"{comment.claimed_by} is reading this one now.")
