"""What may be shown is changed by the sender: less is in force at once, more waits for a moderator (R-V5, R-V6)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation import content_version
from partnership.models import User
from voice.models import Comment, Decision, MayShow, Redaction, RefusalReason, ShowChange, Stage
from voice.models.comments import MODERATED_STAGES

from .errors import CannotDo
from .moderation import public_words

State = ShowChange.State
HOW_MUCH = {MayShow.NOTHING: 0, MayShow.SUMMARY: 1, MayShow.WORDS: 2}
"""How much is shown, to tell less from more."""
TAKEN_BACK = "You took this back, so nothing of it is shown."
DECIDED = "This one is decided already. Look at where it stands now."
NOTHING_TO_SHOW = "Write what everybody may read."


@transaction.atomic
def change_may_show(*, comment: Comment, may_show: str, at: datetime | None = None) -> ShowChange | None:
    """The sender chooses anew. None where nothing changes. Raises CannotDo where it was taken back.

    Before anybody has approved it the new choice counts for the reading to come; what waited for a second moderator is read
    anew. After that, less comes down at once, and more waits for a moderator while what is shown stays as it is.
    """
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.stage == Stage.WITHDRAWN:
        raise CannotDo(TAKEN_BACK)
    waiting = comment.show_changes.open().first()
    if may_show == (waiting.after if waiting else comment.may_show):
        return None
    drop_open_change(comment, at=at)
    if may_show == comment.may_show:
        return None  # a wish for more that is not wanted any more
    if comment.stage in MODERATED_STAGES:
        return _after_reading(comment, may_show, at=at)
    return _before_reading(comment, may_show, at=at)


def _before_reading(comment: Comment, may_show: str, *, at: datetime) -> ShowChange:
    """Nothing of it is public. Raising the version tells a moderator who has it open that the choice has changed."""
    before, comment.may_show = comment.may_show, may_show
    refused = comment.decisions.filter(kind=Decision.Kind.NOT_PUBLISHED).last()
    asked_not = refused is not None and refused.reason == RefusalReason.ASKED_NOT
    again = comment.stage == Stage.NOT_PUBLISHED and asked_not and may_show != MayShow.NOTHING
    if comment.stage == Stage.SECOND_CHECK or again:
        comment.stage, comment.first_approved_by = Stage.RECEIVED, None
        comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    return _row(comment, before, may_show, State.AT_ONCE, at=at)


def _after_reading(comment: Comment, may_show: str, *, at: datetime) -> ShowChange:
    before = MayShow(comment.may_show)
    if HOW_MUCH[MayShow(may_show)] > HOW_MUCH[before]:
        return _row(comment, before, may_show, State.WAITING, at=at)
    approved = comment.redactions.filter(approved_at__isnull=False).first()
    summary = approved.summary if approved is not None else ""
    # Words come down to the summary that moderators approved together with them; without one nothing is left to show.
    shown = summary if may_show == MayShow.SUMMARY else ""
    _show(comment, may_show, shown, is_summary=True, at=at)
    if may_show == MayShow.SUMMARY and not shown:
        return _row(comment, before, may_show, State.WAITING, at=at)  # a moderator has to write one
    return _row(comment, before, may_show, State.AT_ONCE, at=at)


@transaction.atomic
def decide_show_change(
    *, change: ShowChange, text: str, summary: str = "", by: User, at: datetime | None = None
) -> ShowChange:
    """A moderator has read the words again and approves what everybody may read now. A child's words then wait for a second
    moderator. Raises CannotDo where somebody was quicker, or where nothing would be shown."""
    at = at or timezone.now()
    change, comment = _locked(change, State.WAITING)
    if not public_words(change.after, text, summary):
        raise CannotDo(NOTHING_TO_SHOW)
    change.redaction = Redaction.objects.create(comment=comment, text=text, summary=summary, by=by, at=at)
    change.first_by, change.first_at = by, at
    if comment.from_child:
        change.state = State.FIRST
        change.save()
    else:
        _approve(change, comment, by=by, at=at)
    return change


@transaction.atomic
def second_show_change(*, change: ShowChange, by: User, at: datetime | None = None) -> ShowChange:
    """The second moderator agrees. Raises CannotDo for the first one."""
    change, comment = _locked(change, State.FIRST)
    if change.first_by_id == by.pk:
        raise CannotDo("A child’s words need a second person. You approved this one first.")
    _approve(change, comment, by=by, at=at or timezone.now())
    return change


@transaction.atomic
def refuse_show_change(*, change: ShowChange, by: User, at: datetime | None = None) -> ShowChange:
    """It is not shown more widely than now. The sender may choose again."""
    change, _ = _locked(change, State.WAITING, State.FIRST)
    change.state, change.decided_by, change.decided_at = State.REFUSED, by, at or timezone.now()
    change.save()
    return change


def drop_open_change(comment: Comment, *, at: datetime) -> None:
    """A wish that waits is not wanted any more: another one came, or the words were taken back."""
    comment.show_changes.all().drop(at=at)


def _approve(change: ShowChange, comment: Comment, *, by: User, at: datetime) -> None:
    redaction = change.redaction
    if redaction is None:
        raise CannotDo(DECIDED)
    comment.redactions.filter(approved_at__isnull=False).update(approved_at=None)
    redaction.approved_at = at
    redaction.save(update_fields=["approved_at"])
    shown = public_words(change.after, redaction.text, redaction.summary)
    _show(comment, change.after, shown, is_summary=shown != redaction.text, at=at)
    change.state, change.decided_by, change.decided_at = State.APPROVED, by, at
    change.save()


def _show(comment: Comment, may_show: str, shown: str, *, is_summary: bool, at: datetime) -> None:
    comment.may_show = may_show
    comment.published_text, comment.published_is_summary = shown, is_summary
    comment.published_at = (comment.published_at or at) if shown else None
    comment.bump()
    comment.save()
    content_version.bump()


def _locked(change: ShowChange, *states: str) -> tuple[ShowChange, Comment]:
    """The comment first, as everywhere, so that two never wait for each other."""
    comment = Comment.objects.select_for_update().get(pk=change.comment_id)
    found = ShowChange.objects.select_for_update().get(pk=change.pk)
    if found.state not in states or comment.is_flagged or comment.stage not in MODERATED_STAGES:
        raise CannotDo(DECIDED)
    return found, comment


def _row(comment: Comment, before: str, after: str, state: str, *, at: datetime) -> ShowChange:
    return ShowChange.objects.create(comment=comment, before=before, after=after, state=state, at=at)
