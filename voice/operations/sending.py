"""A family sends something, and may take it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from foundation import content_version
from foundation.codes import code_digest, code_digests, code_from_token
from foundation.tokens import spend, was_spent
from partnership.models import District, User
from voice.models import (
    ActionVoice,
    Channel,
    Comment,
    CommentContact,
    CommentOriginal,
    CommentSender,
    Decision,
    Event,
    MayShow,
    SafeguardingFlag,
    Stage,
)

from .drafts import drop_drafts, lock_draft
from .families import keep_with_account
from .helping import forget_whether_it_helped
from .safeguarding import found_words, raise_flag
from .senders_mail import tell_received
from .showing import drop_open_change
from .words_gone import forget_contact, forget_original

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
    work: str = "",
    relation: str = "",
    about: Action | None = None,
    said_at: Event | None = None,
    channel: str = Channel.ONLINE,
    by: User | None = None,
    at: datetime | None = None,
    received_at: datetime | None = None,
    is_example: bool = False,
    family: User | None = None,
) -> Submission:
    """Keep what somebody sent, once for each token (R-V1 to R-V5, R-V8). The token decides the code.

    The token is spent first: if this page was sent before, no statement with the sender's words is ever made, so none can
    fail and reach the database's log. `about` is the action whose difference it tells of (R-Z5), `said_at` the event where
    it was said (R-E3). `by` is the person of staff who typed it in, None for the sender. `received_at` is when the clock of
    an answer began, where that was before it was typed in; a mark that someone may be unsafe counts from `at` all the same.
    `family` is a signed-in person who keeps it with their account; nobody else sees that (`voice.operations.families`).
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
        received_at=received_at or at,
        code_digest=code_digest(code),
        is_example=is_example,
    )
    CommentOriginal.objects.create(comment=comment, text=text, feeling=feeling)
    if about is not None:
        ActionVoice.objects.create(action=about, comment=comment, about_difference=True, linked_at=at)
    if email:
        CommentContact.objects.create(comment=comment, email=email)
    if work or relation:
        CommentSender.objects.create(comment=comment, work=work, relation=relation)
    words = found_words(text)
    if unsafe or words:
        source = SafeguardingFlag.RaisedFrom
        raised_from = source.SENDER if unsafe else source.WORD_LIST
        raise_flag(comment, raised_from=raised_from, by=None, at=at, words=words)
    if family is not None:
        keep_with_account(comment=comment, user=family, at=at)
    tell_received(comment, at=at)
    return Submission(comment, code, is_new=True)


@transaction.atomic
def send_draft(*, key: str, mark: str, token: str, route: str, **answers: Any) -> Submission | None:
    """Send what stands in the draft and delete the draft. None where it is not the one that the sender saw any more.

    The draft is locked first, so what is sent is what was on the page, and of two presses at once the second finds it
    gone and gets the code of the first.
    """
    written = lock_draft(key, route=route)
    if written is None or written.mark != mark:
        return sent_with(token)
    sent = submit_comment(token=token, route=route, **answers)
    if sent.is_new:
        drop_drafts([key])
    return sent


def sent_with(token: str) -> Submission | None:
    """What was sent with this token before, to show its code again after a refresh or the Back button."""
    if not was_spent(token, purpose=SPENT_FOR):
        return None
    code = code_from_token(token)
    comment = Comment.objects.filter(code_digest__in=code_digests(code)).first()
    return Submission(comment, code, is_new=False) if comment is not None else None


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
    forget_original(comment)
    forget_contact(comment)
    for link in comment.more_words.select_related("added"):
        withdraw_comment(comment=link.added, by=by, at=at)
    drop_open_change(comment, at=at)
    forget_whether_it_helped(comment)
    comment.redactions.all().delete()
    comment.theme_rows.all().delete()
    comment.stage = Stage.WITHDRAWN
    comment.published_text = ""
    comment.published_at = None
    comment.claimed_by = comment.claimed_at = None
    comment.bump()
    comment.save()
    Decision.objects.create(comment=comment, kind=Decision.Kind.WITHDRAWN, by=by, at=at)
    content_version.bump()
    return True
