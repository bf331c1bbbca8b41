"""Letting a comment go: one safeguarding person asks with a reason, a second, different one agrees or declines (R-S4)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation import content_version
from partnership.models import User
from voice.models import Comment, Decision, ReleaseRequest, SafeguardingFlag, Stage

from .errors import CannotDo
from .sending import withdraw_comment

Kind = Decision.Kind
NOT_YOURS = "You asked for this. Somebody else in safeguarding has to agree."
NOTHING_ASKED = "Nobody asks to let this one go any more."
WANTED_BACK = (Kind.WITHDRAW_ASKED, Kind.ERASE_ASKED)
"""What waits for the end of the hold: then the words go at once."""


@transaction.atomic
def ask_release(
    *, flag: SafeguardingFlag, reason: str, words: str = "", by: User, at: datetime | None = None
) -> ReleaseRequest:
    """Ask to let it go. Raises CannotDo before it was read and an outcome written down, and while a request is open."""
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    if flag.released_at is not None:
        raise CannotDo("This one was let go already.")
    if flag.read_at is None or not flag.outcome:
        raise CannotDo("Read it and write down what was done first.")
    asked = flag.release_requests.filter(decision="").select_related("asked_by").first()
    if asked is not None:
        raise CannotDo(f"{asked.asked_by} has asked already. Agree or decline.")
    request = ReleaseRequest.objects.create(flag=flag, reason=reason, words=words, asked_by=by, asked_at=at)
    _note(flag, Kind.UNFLAG_ASKED, by=by, at=at)
    return request


@transaction.atomic
def decline_release(*, flag: SafeguardingFlag, by: User, at: datetime | None = None) -> SafeguardingFlag:
    """The second person keeps it. Raises CannotDo where nothing is asked, or to whoever asked."""
    at = at or timezone.now()
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    _decide(flag, ReleaseRequest.Decision.DECLINED, by=by, at=at)
    _note(flag, Kind.UNFLAG_DECLINED, by=by, at=at)
    return flag


@transaction.atomic
def agree_release(*, flag: SafeguardingFlag, by: User, at: datetime | None = None) -> Comment:
    """The second person agrees: it goes back to the moderators, to be read anew, and never straight to the public.

    Where the sender wanted it back meanwhile, or somebody asked to erase it, the words go now. Raises CannotDo as
    `decline_release` does.
    """
    at = at or timezone.now()
    # The comment first, as everywhere: two people who lock in one order do not wait for each other.
    comment = Comment.objects.select_for_update().get(pk=flag.comment_id)
    flag = SafeguardingFlag.objects.select_for_update().get(pk=flag.pk)
    _decide(flag, ReleaseRequest.Decision.AGREED, by=by, at=at)
    flag.released_at = at
    flag.save(update_fields=["released_at"])
    wanted_back = comment.decisions.filter(kind__in=WANTED_BACK).exists()
    comment.is_flagged = False
    comment.redactions.update(approved_at=None)
    comment.stage = Stage.RECEIVED
    comment.published_text, comment.published_at = "", None
    comment.first_approved_by = comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    _note(flag, Kind.UNFLAGGED, by=by, at=at)
    content_version.bump()  # an answer to it may be shown or hidden by this
    if wanted_back:
        withdraw_comment(comment=comment, at=at)
        comment.refresh_from_db()
    return comment


def _decide(flag: SafeguardingFlag, decision: str, *, by: User, at: datetime) -> None:
    request = flag.release_requests.filter(decision="").first()
    if request is None or flag.released_at is not None:
        raise CannotDo(NOTHING_ASKED)
    if request.asked_by_id == by.pk:
        raise CannotDo(NOT_YOURS)
    request.decision, request.decided_by, request.decided_at = decision, by, at
    request.save()


def _note(flag: SafeguardingFlag, kind: str, *, by: User, at: datetime) -> None:
    Decision.objects.create(comment_id=flag.comment_id, kind=kind, by=by, at=at)
