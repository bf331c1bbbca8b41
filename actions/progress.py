"""The rules of progress, as pure functions. Today is always passed in; nothing here reads the clock (R-A4, R-W6).

Where the database must work the same thing out for ten thousand actions, the twin stands on `ActionQuerySet`
(`overdue`, `stale`, `with_shown_status`) and a test holds the two equal.
"""

import datetime

from .models.records import FINISHED_STATUSES, OPEN_STATUSES, SHOWN_RED_WHEN_LATE, Status

OWNER_STATUSES = (Status.NOT_STARTED, Status.RED, Status.AMBER, Status.GREEN, Status.DELIVERED)
"""What the service itself may say. Complete is for assurance, closed for the programme team."""

_WORSE = {
    Status.BLUE: 0,
    Status.DELIVERED: 1,
    Status.GREEN: 2,
    Status.NOT_STARTED: 2,
    Status.AMBER: 3,
    Status.RED: 4,
}


def is_open(status: str) -> bool:
    """Whether clocks run: they stop on delivered, complete and closed actions."""
    return status in OPEN_STATUSES


def is_overdue(*, status: str, due: datetime.date | None, today: datetime.date) -> bool:
    """Open and past its due date. An undated action is never overdue; on the day itself it is not late yet."""
    return is_open(status) and due is not None and due < today


def is_stale(
    *,
    status: str,
    last_heard: datetime.date | None,
    planned_start: datetime.date | None,
    today: datetime.date,
    after_days: int,
) -> bool:
    """Open, begun, and not heard of for `after_days` days or more (R-A8). A future start is not late."""
    if not is_open(status) or last_heard is None:
        return False
    if planned_start is not None and planned_start > today:
        return False
    return (today - last_heard).days >= after_days


def shown_status(*, status: str, due: datetime.date | None, today: datetime.date) -> str:
    """The status shown: an overdue action is not shown as green or as not started but as red (R-A4)."""
    if status in SHOWN_RED_WHEN_LATE and is_overdue(status=status, due=due, today=today):
        return Status.RED
    return status


def needs_publisher(*, new: datetime.date, approved: datetime.date | None, after_days: int) -> bool:
    """Whether a due date waits for a publisher: more than `after_days` days after the last one that was approved (R-A5).

    Counted from that date and not from today's, so that many small moves do not add up to a large one.
    """
    return approved is None or (new - approved).days > after_days


def is_worse(new: str, old: str) -> bool:
    """Whether going from `old` to `new` is a change for the worse, which needs a reason."""
    if new == Status.CLOSED:
        return old != Status.CLOSED
    return _WORSE.get(Status(new), 0) > _WORSE.get(Status(old), 0)


def why_shown(*, status: str, due: datetime.date | None, today: datetime.date) -> str:
    """Why a status is shown that nobody has set, in one sentence for any reader; empty when it is shown as set."""
    if shown_status(status=status, due=due, today=today) == status or due is None:
        return ""
    return f"It is shown as red because its due date, {due.day} {due:%B %Y}, has passed."


def status_faults(
    *,
    old: str,
    new: str,
    due: datetime.date | None,
    planned_start: datetime.date | None,
    today: datetime.date,
    has_evidence: bool,
    reason: str,
) -> list[str]:
    """Why the service may not set this status today, in words for the person; empty when it may (R-A4)."""
    if old in FINISHED_STATUSES:
        return ["This action is finished. Nobody can update it any more."]
    if new not in OWNER_STATUSES:
        return ["Choose a status that the service itself can set."]
    faults = []
    late = due is not None and due < today
    if new == Status.GREEN and late:
        faults.append(
            "The due date has passed, so this cannot be green. Choose red or amber, or move the date."
        )
    begun = planned_start is None or planned_start <= today
    if new == Status.NOT_STARTED and (late or (begun and old != Status.NOT_STARTED)):
        faults.append("Not started is for work whose start date is still to come.")
    if new == Status.DELIVERED and not has_evidence:
        faults.append("Add evidence that it was done before you say it is delivered.")
    if not reason.strip():
        if new == Status.AMBER and old != Status.AMBER:
            faults.append("Say what puts it at risk and how you will catch up.")
        elif is_worse(new, old):
            faults.append("Say why this is worse than before.")
    return faults


def nothing_changed_faults(*, status: str, due: datetime.date | None, today: datetime.date) -> list[str]:
    """Why "nothing has changed" cannot be said: the status has become untrue by itself (R-A4, R-W2)."""
    if status in FINISHED_STATUSES:
        return ["This action is finished. Nobody can update it any more."]
    if shown_status(status=status, due=due, today=today) != status:
        return ["The due date has passed, so something has changed. Please make a full update."]
    return []
