"""Due dates that families read: moved with a reason, a large move only with a publisher's word (R-A5)."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from actions.models import Action, DueDateChange, DueDateRequest
from actions.permissions import can_approve_due
from actions.progress import needs_publisher
from actions.reasons import DECIDED, why_not_decide_due_request, why_not_move_due
from foundation.tokens import spend
from partnership.models import Partnership, User

from .rules import RuleBroken, day_of, keep, locked_action, refuse_why
from .seen import ChangedMeanwhile

SPENT_FOR = "due date"
MOVED_MEANWHILE = "The due date was moved while you were writing. It is {} now. Look at it, then save again."
ALREADY_WAITS = (
    "A later date waits for a publisher already. Take that request back first, or let it be decided."
)
Outcome = DueDateRequest.Outcome


@transaction.atomic
def move_due(
    *,
    by: User,
    action: Action,
    due: datetime.date,
    reason: str,
    was: datetime.date | None,
    token: str = "",
    at: datetime.datetime | None = None,
) -> DueDateChange | DueDateRequest | None:
    """Move the date of an action that families read, or ask a publisher to; None when `token` was used before.

    A publisher's move, and one of up to `date_moves_need_publisher_after_days` days after the last approved date, is in
    force at once: a DueDateChange. A larger one is a DueDateRequest that waits. `was` is the date the person saw. Raises
    ChangedMeanwhile when it is not the action's any more, and RuleBroken when the new one cannot be.
    """
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_move_due(by, action))
    moment = at or timezone.now()
    _refuse_date(action, due, reason=reason, was=was, today=day_of(moment))
    limits = Partnership.objects.first() or Partnership()
    decides = can_approve_due(by, action)
    is_large = needs_publisher(
        new=due, approved=approved_due(action), after_days=limits.date_moves_need_publisher_after_days
    )
    if is_large and not decides:
        return _ask(action, due, reason=reason, by=by, moment=moment)
    change = _put_in_force(action, due, reason=reason, by=by, moment=moment, is_small=not decides)
    keep(action, by=by, at=at)
    return change


def approved_due(action: Action) -> datetime.date | None:
    """The last date that a publisher approved: from it a small move is counted."""
    last = action.due_date_changes.filter(is_small=False).first()
    return last.new_due if last is not None else action.original_due


def record_move(
    action: Action,
    old_due: datetime.date | None,
    *,
    reason: str,
    by: User,
    at: datetime.datetime,
    is_small: bool = False,
) -> DueDateChange:
    """Add the row that says a date moved, count a later one as a slip, and let a request that waits be overtaken.

    The action has its new date already; whoever calls saves it.
    """
    if old_due is not None and action.due is not None and action.due > old_due:
        action.slips += 1
    overtake_request(action, at=at)
    return DueDateChange.objects.create(
        action=action, old_due=old_due, new_due=action.due, reason=reason, by=by, at=at, is_small=is_small
    )


def overtake_request(action: Action, *, at: datetime.datetime) -> None:
    """Nobody is asked any more for a date that cannot come: the date moved, or the action ended."""
    action.due_date_requests.open().update(outcome=Outcome.SUPERSEDED, decided_at=at)


def overtake_requests(moves: Iterable[DueDateChange], *, at: datetime.datetime) -> None:
    """The same for several dates that moved at once."""
    moved = [move.action_id for move in moves]
    DueDateRequest.objects.open().filter(action__in=moved).update(outcome=Outcome.SUPERSEDED, decided_at=at)


def _put_in_force(
    action: Action,
    due: datetime.date,
    *,
    reason: str,
    by: User,
    moment: datetime.datetime,
    is_small: bool = False,
) -> DueDateChange:
    action.bump()  # so that whoever has the action's form open is told
    old_due, action.due = action.due, due
    return record_move(action, old_due, reason=reason, by=by, at=moment, is_small=is_small)


def _refuse_date(
    action: Action, due: datetime.date, *, reason: str, was: datetime.date | None, today: datetime.date
) -> None:
    faults = {}
    if was != action.due:
        now = f"{action.due.day} {action.due:%B %Y}" if action.due else "empty"
        told = MOVED_MEANWHILE.format(now)
        raise ChangedMeanwhile([told], beside={told: "due"})
    if due == action.due:
        faults["That is the due date already."] = "due"
    if due < today:
        faults["Choose a day that has not passed."] = "due"
    if action.planned_start is not None and due < action.planned_start:
        faults["The due date cannot be before the planned start."] = "due"
    if not reason.strip():
        faults["Say why the due date moves. Families and the board see the reason."] = "reason"
    if faults:
        raise RuleBroken(list(faults), beside=faults)


def _ask(
    action: Action, due: datetime.date, *, reason: str, by: User, moment: datetime.datetime
) -> DueDateRequest:
    if action.due_date_requests.open().exists():
        raise RuleBroken([ALREADY_WAITS])
    return DueDateRequest.objects.create(
        action=action, old_due=action.due, new_due=due, reason=reason, by=by, at=moment
    )


@transaction.atomic
def decide_due_request(
    *,
    by: User,
    asked: DueDateRequest,
    approve: bool,
    words: str = "",
    token: str = "",
    at: datetime.datetime | None = None,
) -> DueDateRequest | None:
    """A publisher approves a later date, which is then in force, or refuses it with words. None when `token` was used before.

    Raises RuleBroken when it was decided, taken back or overtaken while the publisher was reading.
    """
    action = locked_action(asked.action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    asked = DueDateRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
    asked.action = action
    refuse_why(why_not_decide_due_request(by, asked))
    moment = at or timezone.now()
    if not approve and not words.strip():
        why = "Say why not, so that the service knows what to do."
        raise RuleBroken([why], beside={why: "words"})
    if approve and asked.new_due < day_of(moment):
        raise RuleBroken(["The new date has passed already. Refuse it, and ask for another."])
    # Decided first, so that the move does not overtake the request that it answers.
    _end(asked, Outcome.APPROVED if approve else Outcome.REFUSED, by=by, moment=moment, words=words)
    if approve:
        _put_in_force(action, asked.new_due, reason=asked.reason, by=asked.by, moment=moment)
        keep(action, by=by, at=at)
    return asked


@transaction.atomic
def withdraw_due_request(
    *, by: User, asked: DueDateRequest, at: datetime.datetime | None = None
) -> DueDateRequest:
    """The service takes its request back. Raises RuleBroken when it was decided meanwhile."""
    action = locked_action(asked.action)
    asked = DueDateRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
    refuse_why(why_not_move_due(by, action))
    if asked.outcome != Outcome.WAITING:
        raise RuleBroken([DECIDED])
    return _end(asked, Outcome.WITHDRAWN, by=by, moment=at or timezone.now())


def _end(
    asked: DueDateRequest, outcome: str, *, by: User, moment: datetime.datetime, words: str = ""
) -> DueDateRequest:
    asked.outcome, asked.decided_by, asked.decided_at, asked.words = outcome, by, moment, words
    asked.save()
    return asked
