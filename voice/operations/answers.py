"""A service answers: you said, we did, the difference it made, or we cannot, because (R-V7)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Status
from foundation.outbox import OutboxMail, queue_mail
from foundation.tokens import spend
from foundation.versions import lock_for_edit
from partnership.models import Service, User
from voice.models import (
    ActionVoice,
    Comment,
    CommentContact,
    Decision,
    Response,
    ResponseComment,
    Stage,
)
from voice.models.comments import MODERATED_STAGES

from .errors import CannotDo

SPENT_FOR = "voice-answer"
_SUBJECT = "There is an answer to what you told us"
_BODY = """There is an answer to what you told us.

To read it, go to this page and type your code:
{address}

We do not put what you said, or the answer, in an e-mail.
"""


@transaction.atomic
def draft_answer(
    *,
    token: str = "",
    service: Service,
    comments: Iterable[Comment],
    kind: str,
    you_said: str,
    we_did: str,
    difference: str = "",
    no_action_reason: str = "",
    actions: Iterable[Action] = (),
    by: User,
    at: datetime | None = None,
    is_example: bool = False,
) -> Response | None:
    """Write a draft answer to one comment or many of one service. None when this page was sent before (a double click).

    Raises CannotDo when an action is closed or not public.
    """
    at = at or timezone.now()
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    answer = Response.objects.create(
        service=service,
        kind=kind,
        you_said=you_said,
        we_did=we_did,
        difference=difference,
        no_action_reason=no_action_reason,
        drafted_by=by,
        drafted_at=at,
        is_example=is_example,
    )
    _set_actions(answer, actions)
    _set_comments(answer, comments, by=by, at=at)
    return answer


@transaction.atomic
def edit_answer(
    *,
    answer: Response,
    version: int,
    comments: Iterable[Comment] | None = None,
    actions: Iterable[Action] | None = None,
    by: User,
    at: datetime | None = None,
    **words: Any,
) -> Response:
    """Change an answer's words and links; `words` are the text fields and the kind. Raises VersionConflict, or CannotDo for
    an action newly chosen that is closed or not public.

    The comments of a published answer stay as they are: their senders were told. Its actions' links follow.
    """
    at = at or timezone.now()
    unknown = words.keys() - {"kind", "you_said", "we_did", "difference", "no_action_reason"}
    if unknown:
        raise TypeError(f"edit_answer() knows no {', '.join(sorted(unknown))}.")
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    for name, value in words.items():
        setattr(answer, name, value)
    answer.save()
    if actions is not None:
        _set_actions(answer, actions)
    if comments is not None and not answer.is_published:
        _set_comments(answer, comments, by=by, at=at)
    if answer.is_published:
        _link_actions(answer, _answerable(answer), by=by, at=at)
    return answer


@transaction.atomic
def publish_answer(*, answer: Response, version: int, by: User, at: datetime | None = None) -> Response:
    """Make it public: its comments count as answered, its actions show them, and senders who left an address are told.

    Raises VersionConflict when somebody changed it meanwhile, CannotDo when it is public already or no comment is left.
    """
    at = at or timezone.now()
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    if answer.is_published:
        raise CannotDo("This answer is already published.")
    comments = _answerable(answer)
    if not comments:
        raise CannotDo("No comment is left in this answer. Choose the comments that it answers.")
    answer.status = Response.Status.PUBLISHED
    answer.published_by, answer.published_at = by, at
    answer.save()
    for comment in comments:
        if comment.stage == Stage.APPROVED:
            comment.stage = Stage.ANSWERED
            comment.bump()
            comment.save(update_fields=["stage"])
        Decision.objects.create(comment=comment, kind=Decision.Kind.ANSWERED, by=by, at=at)
    _link_actions(answer, comments, by=by, at=at)
    _tell_senders(answer, comments)
    return answer


def _answerable(answer: Response) -> list[Comment]:
    """The answer's comments as they stand now: not one that was taken back, refused or marked unsafe since."""
    rows = (
        Comment.objects.unflagged()
        .select_for_update()
        .filter(stage__in=MODERATED_STAGES, answers__response=answer)
    )
    return list(rows.order_by("pk"))


def may_stand_behind_answer(service: Service) -> QuerySet[Action]:
    """The service's actions that "we did" may point at: public, and not closed. A completed one may well be it."""
    return (
        Action.objects.public()
        .filter(service=service)
        .exclude(Q(status=Status.CLOSED) | Q(public_status=Status.CLOSED))
    )


def _set_actions(answer: Response, actions: Iterable[Action]) -> None:
    """What stands behind it already may stay, whatever became of it; what is new must be open to everybody's eyes."""
    wanted = {action.pk for action in actions}
    new = wanted - set(answer.actions.values_list("pk", flat=True))
    if new - set(may_stand_behind_answer(answer.service).filter(pk__in=new).values_list("pk", flat=True)):
        raise CannotDo("An action you chose is closed or not public. Choose from these.")
    answer.actions.set(wanted)


def _set_comments(answer: Response, comments: Iterable[Comment], *, by: User, at: datetime) -> None:
    wanted = {comment.pk for comment in comments}
    answer.answered.exclude(comment_id__in=wanted).delete()
    there = set(answer.answered.values_list("comment_id", flat=True))
    for pk in sorted(wanted - there):
        ResponseComment.objects.create(response=answer, comment_id=pk, added_by=by, added_at=at)


def _link_actions(answer: Response, comments: list[Comment], *, by: User, at: datetime) -> None:
    """The hop of the golden thread from each comment to each action (R-V14)."""
    actions = list(answer.actions.all())
    answer.action_voices.exclude(action__in=actions).delete()
    for action in actions:
        for comment in comments:
            ActionVoice.objects.get_or_create(
                action=action, comment=comment, response=answer, defaults={"linked_by": by, "linked_at": at}
            )


def _tell_senders(answer: Response, comments: list[Comment]) -> None:
    body = _BODY.format(address=f"{settings.PORTAL_ADDRESS}{reverse('voice:follow')}")
    for contact in CommentContact.objects.filter(comment__in=comments).order_by("pk"):
        queue_mail(
            to=contact.email, subject=_SUBJECT, body=body, dedupe_key=_mail_key(answer.pk, contact.comment_id)
        )


def _mail_key(answer_pk: int, comment_pk: int) -> str:
    return f"answer:{answer_pk}:{comment_pk}"


def forget_senders_mail(comment: Comment) -> None:
    """Delete the mails about this comment, sent or waiting: each holds its sender's address (R-V8).

    A mail that is under way at this moment may still arrive; it says nothing of what was said.
    """
    answers = ResponseComment.objects.filter(comment=comment).values_list("response_id", flat=True)
    keys = [_mail_key(answer_pk, comment.pk) for answer_pk in answers]
    OutboxMail.objects.filter(dedupe_key__in=keys).delete()
