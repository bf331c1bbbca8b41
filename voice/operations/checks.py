"""The first answers of somebody new are read by a second person before anybody else reads them (R-V7)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.versions import lock_for_edit
from partnership.models import User
from partnership.permissions import can_publish_for
from voice.models import AnswerCheck, Response
from voice.models.checks import answer_rules
from voice.models.responses import HAND_IN_IT

from .errors import CannotDo

NEEDS_SECOND = "Your first answers need a second person. Send this one to a second person."
OWN = "A second person has to read this one. You wrote it, or changed it."
Kind = AnswerCheck.Kind


def needs_second_person(answer: Response) -> bool:
    """Whether whoever wrote it has too few published answers yet, and nobody else has agreed to it."""
    first = answer_rules().approve_first_answers
    if not first or answer.is_published:
        return False
    written = Response.objects.filter(drafted_by=answer.drafted_by_id, status=Response.Status.PUBLISHED)
    if written.order_by()[:first].count() >= first:
        return False
    latest = answer.checks.last()
    return latest is None or latest.kind != Kind.APPROVED


def second_person_agrees(answer: Response, *, by: User, at: datetime) -> None:
    """Called when it is published: whoever else publishes it is the second person. Raises CannotDo for the writer."""
    if not needs_second_person(answer):
        return
    if by.pk == answer.drafted_by_id:
        raise CannotDo(NEEDS_SECOND)
    if had_a_hand(answer, by):
        raise CannotDo(OWN)
    AnswerCheck.objects.create(response=answer, kind=Kind.APPROVED, by=by, at=at)


def note_change(answer: Response, *, by: User, at: datetime) -> None:
    """Called when it is edited: what a second person has, or has approved, is not what they read any more."""
    latest = answer.checks.last() if not answer.is_published else None
    if latest is not None and latest.kind != Kind.SENT_BACK:
        AnswerCheck.objects.create(response=answer, kind=Kind.CHANGED, by=by, at=at)


def had_a_hand(answer: Response, user: User) -> bool:
    """Whether this person wrote it, sent it to a second person or changed it since."""
    return answer.drafted_by_id == user.pk or answer.checks.filter(by=user, kind__in=HAND_IN_IT).exists()


@transaction.atomic
def ask_second_person(*, answer: Response, version: int, by: User, at: datetime | None = None) -> Response:
    """Send a draft to a second person. Raises VersionConflict, or CannotDo where that is not the next step."""
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    if answer.status != Response.Status.DRAFT or not needs_second_person(answer):
        raise CannotDo("This answer does not need a second person.")
    answer.status = Response.Status.WAITING
    answer.save()
    AnswerCheck.objects.create(response=answer, kind=Kind.ASKED, by=by, at=at or timezone.now())
    return answer


@transaction.atomic
def approve_answer(*, answer: Response, version: int, by: User, at: datetime | None = None) -> Response:
    """The second person agrees. A publisher of the service makes it public with the same press; a moderator cannot, so it
    goes back to its service as a draft that may be published. Raises VersionConflict, or CannotDo for the same person."""
    from .answers import publish_answer

    at = at or timezone.now()
    answer = _locked(answer, version=version, by=by)
    AnswerCheck.objects.create(response=answer, kind=Kind.APPROVED, by=by, at=at)
    answer.status = Response.Status.DRAFT
    answer.save()
    if can_publish_for(by, answer.service):
        return publish_answer(answer=answer, version=answer.version, by=by, at=at)
    return answer


@transaction.atomic
def send_back_answer(
    *, answer: Response, version: int, reason: str, by: User, at: datetime | None = None
) -> Response:
    """The second person does not agree yet, and says why. Raises VersionConflict, or CannotDo."""
    answer = _locked(answer, version=version, by=by)
    if not reason:
        raise CannotDo("Say what should change.")
    answer.status = Response.Status.DRAFT
    answer.save()
    AnswerCheck.objects.create(
        response=answer, kind=Kind.SENT_BACK, reason=reason, by=by, at=at or timezone.now()
    )
    return answer


def _locked(answer: Response, *, version: int, by: User) -> Response:
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    if answer.status != Response.Status.WAITING:
        raise CannotDo("This answer does not wait for a second person any more.")
    if had_a_hand(answer, by):
        raise CannotDo(OWN)
    return answer
