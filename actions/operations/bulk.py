"""Several actions changed at once by the programme team: all that were looked at, or none (R-W9)."""

import datetime
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from actions.bulk import Change, sort_out
from actions.models import Action, BulkChange, BulkChangeRow, DueDateChange, Plan
from foundation import content_version
from foundation.ids import clean_id
from foundation.tokens import spend
from partnership.models import User

from .due_dates import overtake_requests
from .histories import keep_links
from .seen import ChangedMeanwhile, refuse_unseen

BULK_CHANGE = "bulk change"
BATCH = 100


@transaction.atomic
def change_several(
    *, by: User, change: Change, reason: str, seen: str, token: str = "", at: datetime.datetime | None = None
) -> BulkChange | None:
    """Do one change to every action of the note `seen`; None when `token` was used before.

    Raises ChangedMeanwhile, and writes nothing, when one of them was changed since the preview, or can no longer be
    changed so. Each keeps its history, with the person; the change is kept with what each action was before.
    """
    if isinstance(plan := change.target.get("plan"), Plan):
        # First the plan, as publishing does: it must not be archived while they come.
        Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        plan.refresh_from_db(fields=["status"])
    wanted = {found for part in seen.split() if (found := clean_id(part.partition(":")[0][1:]))}
    locked = Action.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
    actions = list(
        locked.select_related("plan__service", "service", "priority").prefetch_related("also_serves")
    )
    if token and not spend(token, purpose=BULK_CHANGE):
        return None
    refuse_unseen(seen, actions)
    _, cannot = sort_out(change, actions, user=by)
    if cannot or not actions:
        raise ChangedMeanwhile([f"{action}: {why}" for action, why in cannot] or ["No action was chosen."])
    moment = at or timezone.now()
    kept = BulkChange.objects.create(kind=change.kind, reason=reason, by=by, at=moment, **change.target)
    BulkChangeRow.objects.bulk_create(
        [BulkChangeRow(change=kept, action=row, from_plan=row.plan, from_due=row.due) for row in actions],
        batch_size=BATCH,
    )
    _DO[str(kept.kind)](actions, kept)
    return kept


def _move(actions: list[Action], change: BulkChange) -> None:
    """Into the other service's plan. The service that now answers for them no longer helps with them."""
    plan = change.plan
    assert plan is not None  # noqa: S101  (the table asks for it)
    for action in actions:
        action.plan, action.service = plan, plan.service
    Action.partners.through.objects.filter(action__in=actions, service=plan.service).delete()
    _keep_many(actions, ["plan", "service"], by=change.by, at=change.at)


def _redate(actions: list[Action], change: BulkChange) -> None:
    """What families read already keeps its old date and the reason, and slips where the new date is later (R-A5)."""
    moves = []
    for action in actions:
        new = change.due_after(action.due)
        if action.published_at is not None and action.due is not None and new is not None:
            moves.append(
                DueDateChange(
                    action=action,
                    old_due=action.due,
                    new_due=new,
                    reason=change.reason,
                    by=change.by,
                    at=change.at,
                )
            )
            action.slips += new > action.due
        action.due = new
    DueDateChange.objects.bulk_create(moves, batch_size=BATCH)
    overtake_requests(moves, at=change.at)
    _keep_many(actions, ["due", "slips"], by=change.by, at=change.at)


def _serve(actions: list[Action], change: BulkChange) -> None:
    through = Action.also_serves.through
    through.objects.bulk_create(
        [through(action_id=action.pk, priority_id=change.priority_id) for action in actions], batch_size=BATCH
    )
    _keep_many(actions, [], by=change.by, at=change.at)


_DO: dict[str, Callable[[list[Action], BulkChange], None]] = {
    BulkChange.Kind.MOVE.value: _move,
    BulkChange.Kind.REDATE.value: _redate,
    BulkChange.Kind.SERVE.value: _serve,
}


def _keep_many(actions: list[Action], fields: Iterable[str], *, by: User, at: datetime.datetime) -> None:
    """`rules.keep` for many rows: the versions rise, each has a history row that names who did it, and its links too."""
    for action in actions:
        action.version += 1
    Action.objects.bulk_update(actions, [*fields, "version"], batch_size=BATCH)
    Action.history.bulk_history_create(
        actions, update=True, default_user=by, default_date=at, batch_size=BATCH
    )
    keep_links(actions)
    content_version.bump()
