"""A family sends something, and may take it back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from foundation import content_version
from foundation.codes import code_digest, code_digests, code_from_token
from foundation.tokens import spend
from partnership.models import District, User
from voice.models import (
    ActionVoice,
    Channel,
    Comment,
    CommentContact,
    CommentOriginal,
    Decision,
    Event,
    MayShow,
    SafeguardingFlag,
    Stage,
)

from .families import keep_with_account
from .helping import forget_whether_it_helped
from .safeguarding import raise_flag
from .senders_mail import forget_senders_mail, tell_received
from .showing import drop_open_change

SPENT_FOR = "voice-send"


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of one press of the send button."""

    comment: Comment
    code: str
    is_new: bool
    """False for a double click, a refresh or the Back button: nothing was written."""
    same_words: bool = True
    """False where the same page was sent before with other words: the first ones are kept."""


@transaction.atomic
def submit_comment(
    *,
    token: str,
    route: str,
    topic: str,
    text: str = "",
    feeling: str = "",
    whose_words: str = "",
    age_band: str = "",
    district: District | None = None,
    may_show: str = MayShow.SUMMARY,
    email: str = "",
    unsafe: bool = False,
    about: Action | None = None,
    said_at: Event | None = None,
    channel: str = Channel.ONLINE,
    by: User | None = None,
    at: datetime | None = None,
    is_example: bool = False,
    family: User | None = None,
) -> Submission:
    """Keep what somebody sent, once for each token (R-V1 to R-V5, R-V8). The token decides the code.

    The token is spent first: if this page was sent before, no statement with the sender's words is ever made, so none can
    fail and reach the database's log. `about` is the action whose difference it tells of
    (R-Z5), `said_at` the event where it was said (R-E3). `by` is the person of staff who typed it in, None for the sender.
    `family` is a signed-in person who keeps it with their account; nobody else ever sees that (`voice.operations.families`).
    """
    at = at or timezone.now()
    code = code_from_token(token)
    if not spend(token, purpose=SPENT_FOR):
        return _sent_before(code, text=text, feeling=feeling)
    comment = Comment.objects.create(
        route=route,
        topic=topic,
        whose_words=whose_words,
        age_band=age_band,
        district=district,
        may_show=may_show,
        channel=channel,
        event=said_at,
        entered_by=by,
        received_at=at,
        code_digest=code_digest(code),
        is_example=is_example,
    )
    CommentOriginal.objects.create(comment=comment, text=text, feeling=feeling)
    if about is not None:
        ActionVoice.objects.create(action=about, comment=comment, about_difference=True, linked_at=at)
    if email:
        CommentContact.objects.create(comment=comment, email=email)
    if unsafe:
        raise_flag(comment, raised_from=SafeguardingFlag.RaisedFrom.SENDER, by=None, at=at)
    if family is not None:
        keep_with_account(comment=comment, user=family, at=at)
    tell_received(comment, at=at)
    return Submission(comment, code, is_new=True)


def _sent_before(code: str, *, text: str, feeling: str) -> Submission:
    comment = Comment.objects.select_related("original").get(code_digest__in=code_digests(code))
    first = getattr(comment, "original", None)
    same = first is None or (first.text, first.feeling) == (text, feeling)
    return Submission(comment, code, is_new=False, same_words=same)


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User | None = None, at: datetime | None = None) -> bool:
    """Take it back for the sender (R-V8): words, redactions, address and published text go; that it came stays counted.

    False where someone may be unsafe: then it is kept under hold for safeguarding, and only the wish is written down
    (R-S2). Taking back twice is the same as once. What the sender added later goes with it.
    """
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.is_flagged:
        Decision.objects.create(comment=comment, kind=Decision.Kind.WITHDRAW_ASKED, by=by, at=at)
        return False
    if comment.stage == Stage.WITHDRAWN:
        return True
    CommentOriginal.objects.filter(comment=comment).delete()
    CommentContact.objects.filter(comment=comment).delete()
    forget_senders_mail(comment)
    for link in comment.more_words.select_related("added"):
        withdraw_comment(comment=link.added, by=by, at=at)
    drop_open_change(comment, at=at)
    forget_whether_it_helped(comment)
    comment.redactions.all().delete()
    comment.stage = Stage.WITHDRAWN
    comment.published_text = ""
    comment.published_at = None
    comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    Decision.objects.create(comment=comment, kind=Decision.Kind.WITHDRAWN, by=by, at=at)
    content_version.bump()
    return True
