"""The sender is told of each real step by e-mail, if they left an address, and never more (R-V8).

No mail holds a code, a word of what was said, or what became of it: a mailbox may be read by others. Nothing is ever sent
about what is marked as someone may be unsafe. That somebody was told is a row of its own, so that nobody is told twice even
when the mail is long gone from the outbox.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from foundation.outbox import OutboxMail, queue_mail
from voice.models import Comment, CommentContact, MoreWords, Response, ResponseComment, SenderStep, Stage
from voice.models.checks import answer_rules

Kind = SenderStep.Kind
CHECKED_AT_ONCE = 200
"""So many are asked in one run of the due jobs; the next ones a minute later."""

_END = """
We do not put what you said, or your code, in an e-mail. If you do not want these mails, you can stop them on the same page.
"""
_MAILS = {
    Kind.RECEIVED: (
        "We have what you sent us",
        "We have what you sent us. A trained person will read it.\n\n"
        "To see where it stands, go to this page and type your code:\n{address}\n",
    ),
    Kind.READ: (
        "We have read what you sent us",
        "A trained person has read what you sent us.\n\n"
        "To see what comes next, go to this page and type your code:\n{address}\n",
    ),
    Kind.CHECK_BACK: (
        "Did it help?",
        "Some time ago you got an answer to what you told us. Did it help?\n\n"
        "To tell us, go to this page and type your code:\n{address}\n",
    ),
}
_ANSWERED = (
    "There is an answer to what you told us",
    "There is an answer to what you told us.\n\nTo read it, go to this page and type your code:\n{address}\n",
)


def tell_received(comment: Comment, *, at: datetime) -> None:
    """It came. Called in the transaction that keeps it."""
    _tell_once(comment, Kind.RECEIVED, at=at)


def tell_read(comment: Comment, *, at: datetime) -> None:
    """Somebody has read it, and sent it on or not shown it. Called in the transaction that decides."""
    _tell_once(comment, Kind.READ, at=at)


def tell_of_answer(answer: Response, comments: Iterable[Comment]) -> None:
    """There is an answer: each sender once, also where it answers what they added later."""
    for contact in _contacts([first_words(comment) for comment in comments]):
        subject, body = _ANSWERED
        _queue(contact, subject, body, key=_answer_key(answer.pk, contact.comment_id))


@transaction.atomic
def ask_whether_it_helped(*, now: datetime | None = None) -> int:
    """Ask senders who left an address, once, some time after "we did" was published. Returns how many were asked."""
    now = now or timezone.now()
    before = now - timedelta(days=answer_rules().ask_after_days)
    answered = ResponseComment.objects.filter(
        comment=OuterRef("comment"),
        response__status=Response.Status.PUBLISHED,
        response__kind=Response.Kind.WE_DID,
        response__published_at__lte=before,
    )
    asked = SenderStep.objects.filter(comment=OuterRef("comment"), kind=Kind.CHECK_BACK)
    rows = CommentContact.objects.filter(
        Exists(answered),
        ~Exists(asked),
        comment__stage=Stage.ANSWERED,
        comment__is_flagged=False,
        comment__help_answer__isnull=True,
    )
    found = list(rows.select_related("comment").order_by("pk")[:CHECKED_AT_ONCE])
    for contact in found:
        _tell_once(contact.comment, Kind.CHECK_BACK, at=now)
    return len(found)


@transaction.atomic
def stop_telling(*, comment: Comment, at: datetime | None = None) -> None:
    """The sender wants no more mails: their address goes, and with it every mail that holds it.

    Where someone may be unsafe nothing is sent anyway, and safeguarding may have to reach them (R-S2): the address stays
    with safeguarding, and the wish is kept.
    """
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    SenderStep.objects.get_or_create(
        comment=comment, kind=Kind.STOPPED, defaults={"at": at or timezone.now()}
    )
    forget_senders_mail(comment)
    if not comment.is_flagged:
        CommentContact.objects.filter(comment=comment).delete()


def first_words(comment: Comment) -> Comment:
    """The comment whose code the sender holds: for what was added later, the first one."""
    link = MoreWords.objects.filter(added=comment).select_related("comment").first()
    return link.comment if link is not None else comment


def forget_senders_mail(comment: Comment) -> None:
    """Delete the mails about this comment, sent or waiting: each holds its sender's address (R-V8).

    A mail that is under way at this moment may still arrive; it says nothing of what was said.
    """
    own = [comment.pk, *comment.more_words.values_list("added_id", flat=True)]
    answers = ResponseComment.objects.filter(comment__in=own).values_list("response_id", flat=True)
    keys = [_answer_key(answer_pk, comment.pk) for answer_pk in answers]
    keys += [_step_key(kind, comment.pk) for kind in _MAILS]
    OutboxMail.objects.filter(dedupe_key__in=keys).delete()


def _tell_once(comment: Comment, kind: str, *, at: datetime) -> None:
    for contact in _contacts([comment]):
        _, is_new = SenderStep.objects.get_or_create(comment=comment, kind=kind, defaults={"at": at})
        if is_new:
            subject, body = _MAILS[Kind(kind)]
            _queue(contact, subject, body, key=_step_key(kind, comment.pk))


def _contacts(comments: list[Comment]) -> list[CommentContact]:
    """Where to write: not about what is marked unsafe, and not to who asked us to stop."""
    stopped = SenderStep.objects.filter(comment=OuterRef("comment"), kind=Kind.STOPPED)
    rows = CommentContact.objects.filter(~Exists(stopped), comment__in=comments, comment__is_flagged=False)
    return list(rows.order_by("pk"))


def _queue(contact: CommentContact, subject: str, body: str, *, key: str) -> None:
    address = f"{settings.PORTAL_ADDRESS}{reverse('voice:follow')}"
    queue_mail(to=contact.email, subject=subject, body=body.format(address=address) + _END, dedupe_key=key)


def _answer_key(answer_pk: int, comment_pk: int) -> str:
    return f"answer:{answer_pk}:{comment_pk}"


def _step_key(kind: str, comment_pk: int) -> str:
    return f"sender:{kind}:{comment_pk}"
