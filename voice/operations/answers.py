"""A service answers: you said, we did, the difference it made, or we cannot, because (R-V7)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from actions.models import Action, Milestone, Status
from foundation.tokens import spend
from foundation.versions import lock_for_edit
from partnership.models import Service, User
from voice.easy_words import mark_of
from voice.models import (
    ActionVoice,
    Comment,
    Decision,
    Response,
    ResponseComment,
    Stage,
)
from voice.models.comments import MODERATED_STAGES

from .checks import note_change, second_person_agrees
from .errors import CannotDo
from .senders_mail import tell_of_answer

SPENT_FOR = "voice-answer"
WORDS = (
    "kind",
    "you_said",
    "we_did",
    "difference",
    "no_action_reason",
    "progress",
    "do_by",
    "easy_said",
    "easy_did",
)
UNTOLD = "Choose the action that does this, or say why there is none."
NO_PROGRESS = "Say whether it is done, being done or will be done."
NO_DAY = "Say by which day you will do it."
DAY_PASSED = "The day you promise has passed. Choose a day to come."


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
    easy_said: str = "",
    easy_did: str = "",
    actions: Iterable[Action] = (),
    milestones: Iterable[Milestone] = (),
    progress: str = Response.Progress.DOING,
    do_by: date | None = None,
    by: User,
    at: datetime | None = None,
    is_example: bool = False,
) -> Response | None:
    """Write a draft answer to one comment or many of one service. None when this page was sent before (a double click).

    Raises CannotDo when an action is closed or not public, or when "we did" is claimed and nothing stands behind it: no
    action, no step of one and no reason why there is none; or no word of how far it has come.
    """
    at = at or timezone.now()
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    answer = Response(
        service=service,
        kind=kind,
        you_said=you_said,
        we_did=we_did,
        difference=difference,
        no_action_reason=no_action_reason,
        progress="" if kind == Response.Kind.WE_CANNOT else progress,
        progress_on=timezone.localdate(at),
        do_by=_day_of(kind, progress, do_by),
        easy_said=easy_said,
        easy_did=easy_did,
        drafted_by=by,
        drafted_at=at,
        is_example=is_example,
    )
    answer.easy_of = mark_of(answer) if answer.is_easy else ""
    answer.save()
    _set_actions(answer, actions, milestones)
    _must_hold(answer)
    _set_comments(answer, comments, by=by, at=at)
    return answer


@transaction.atomic
def edit_answer(
    *,
    answer: Response,
    version: int,
    comments: Iterable[Comment] | None = None,
    actions: Iterable[Action] | None = None,
    milestones: Iterable[Milestone] | None = None,
    easy_is_right: bool = False,
    by: User,
    at: datetime | None = None,
    **words: Any,
) -> Response:
    """Change an answer's words and links; `words` are the text fields, the kind and how far it has come. Raises
    VersionConflict, or CannotDo for an action newly chosen that is closed or not public, and as `draft_answer` does.

    The comments of a published answer stay as they are: their senders were told. Its actions' links follow. `easy_is_right`
    says that somebody has read the easy words beside the answer, and that they still tell the same (R-Z8).
    """
    at = at or timezone.now()
    unknown = words.keys() - set(WORDS)
    if unknown:
        raise TypeError(f"edit_answer() knows no {', '.join(sorted(unknown))}.")
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    before, easy = (answer.progress, answer.do_by), (answer.easy_said, answer.easy_did)
    for name, value in words.items():
        setattr(answer, name, value)
    if answer.kind == Response.Kind.WE_CANNOT:
        answer.progress = ""
    answer.do_by = _day_of(answer.kind, answer.progress, answer.do_by)
    if (answer.progress, answer.do_by) != before:
        answer.progress_on = timezone.localdate(at)
        _must_be_to_come(answer, timezone.localdate(at))
        if answer.is_published and answer.first_do_by is None:
            answer.first_do_by = answer.do_by
    if easy_is_right or (answer.easy_said, answer.easy_did) != easy:
        answer.easy_of = mark_of(answer) if answer.is_easy else ""
    answer.save()
    if actions is not None or milestones is not None:
        _set_actions(
            answer,
            answer.actions.all() if actions is None else actions,
            answer.milestones.all() if milestones is None else milestones,
        )
    _must_hold(answer)
    note_change(answer, by=by, at=at)
    if comments is not None and not answer.is_published:
        _set_comments(answer, comments, by=by, at=at)
    if answer.is_published:
        _link_actions(answer, _answerable(answer), by=by, at=at)
    return answer


@transaction.atomic
def publish_answer(*, answer: Response, version: int, by: User, at: datetime | None = None) -> Response:
    """Make it public: its comments count as answered, its actions show them, and senders who left an address are told.

    Raises VersionConflict when somebody changed it meanwhile, CannotDo when it is public already, when no comment is left,
    when nothing stands behind a claim of change, or when somebody new wrote it and no second person has agreed.
    """
    at = at or timezone.now()
    answer = lock_for_edit(Response.objects.all(), answer.pk, version=version)
    if answer.is_published:
        raise CannotDo("This answer is already published.")
    _must_hold(answer, for_everybody=True)
    _must_be_to_come(answer, timezone.localdate(at))
    second_person_agrees(answer, by=by, at=at)
    comments = _answerable(answer)
    if not comments:
        raise CannotDo("No comment is left in this answer. Choose the comments that it answers.")
    answer.status = Response.Status.PUBLISHED
    answer.published_by, answer.published_at = by, at
    answer.progress_on, answer.first_do_by = timezone.localdate(at), answer.do_by
    answer.save()
    for comment in comments:
        if comment.stage == Stage.APPROVED:
            comment.stage = Stage.ANSWERED
            comment.bump()
            comment.save(update_fields=["stage"])
        Decision.objects.create(comment=comment, kind=Decision.Kind.ANSWERED, by=by, at=at)
    _link_actions(answer, comments, by=by, at=at)
    tell_of_answer(answer, comments)
    return answer


def _day_of(kind: str, progress: str, do_by: date | None) -> date | None:
    """A day belongs to a promise alone. Raises CannotDo for a promise without one."""
    if kind == Response.Kind.WE_CANNOT or progress != Response.Progress.WILL_DO:
        return None
    if do_by is None:
        raise CannotDo(NO_DAY)
    return do_by


def _must_hold(answer: Response, *, for_everybody: bool = False) -> None:
    """A claim of change is followed by an action that anyone can check, or by a reason why there is none (R-V7).

    `for_everybody` looks again when it is published: an action that is not public any more is nothing to check.
    """
    if answer.kind == Response.Kind.WE_CANNOT:
        return
    if answer.progress not in Response.Progress.values:
        raise CannotDo(NO_PROGRESS)
    behind = Action.objects.public() if for_everybody else Action.objects
    if not answer.no_action_reason and not behind.filter(answers=answer).exists():
        raise CannotDo(UNTOLD)


def _must_be_to_come(answer: Response, day: date) -> None:
    """Nobody promises a day that has passed."""
    if answer.do_by is not None and answer.do_by < day:
        raise CannotDo(DAY_PASSED)


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


def _set_actions(answer: Response, actions: Iterable[Action], milestones: Iterable[Milestone]) -> None:
    """What stands behind it already may stay, whatever became of it; what is new must be open to everybody's eyes.

    With a step of an action the action itself stands behind the answer.
    """
    steps = {step.pk: step.action_id for step in milestones}
    wanted = {action.pk for action in actions} | set(steps.values())
    new = wanted - set(answer.actions.values_list("pk", flat=True))
    if new - set(may_stand_behind_answer(answer.service).filter(pk__in=new).values_list("pk", flat=True)):
        raise CannotDo("An action you chose is closed or not public. Choose from these.")
    answer.actions.set(wanted)
    answer.milestones.set(steps)


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
