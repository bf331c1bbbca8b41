"""An action as it stood at the end of a day: what today's reader may see of what stood there then (R-A5).

Status, due date and the difference seen come from our own append-only rows; words and links from the history of the rows.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from foundation.history import links_of
from partnership.models import Service
from partnership.permissions import can_contribute_for, has_role, is_staff
from partnership.roles import Role
from priorities.models import Commitment, Measure, Priority

from .models import Action, ActionMeasure, ActionUpdate, Impact, ImpactRating, Milestone, Plan, WaitingFor
from .progress import shown_status


@dataclass
class ActionThen:
    """An action at the end of a day. `action` is a copy that nobody saves."""

    action: Action
    plan_title: str = ""
    updates: list[ActionUpdate] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    measures: list[ActionMeasure] = field(default_factory=list)
    also_serves: list[Priority] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    partners: list[Service] = field(default_factory=list)
    moves: list[Any] = field(default_factory=list)
    evidence: list[Any] = field(default_factory=list)
    ratings: list[Any] = field(default_factory=list)
    waits_for: list[tuple[WaitingFor, Any]] = field(default_factory=list)
    """Pairs of the row and the other action's history row of that day."""
    waited_for_by: list[tuple[WaitingFor, Any]] = field(default_factory=list)


def end_of(day: datetime.date) -> datetime.datetime:
    """The moment in London at which a day is over."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))


def action_as_at(action: Action, day: datetime.date, *, reader: object) -> ActionThen | None:
    """The action as it stood when `day` was over; None when there was nothing then that this reader may see.

    The reader may see the action today: whoever asks has fetched it through `visible_to`.
    """
    end = end_of(day)
    row = _row_then(action, end)
    if row is None or not _was_shown(row, reader, now=action.plan):
        return None
    staff = is_staff(reader)
    then = ActionThen(row.instance, plan_title=row.plan_title or action.plan.title)
    for name in ("priority", "service", "duty"):
        setattr(then.action, name, getattr(row, name))
    rated = action.impact_ratings.filter(at__lt=end).select_related("by")
    ratings = list(rated) if action.may_have("impact_ratings") else []
    _standing(then, action, end, day, ratings, staff=staff)
    _links(then, row, reader)
    steps = Milestone.history.filter(action_id=action.pk, history_date__lt=end)
    then.milestones = [step.instance for step in _newest(steps)]
    then.milestones.sort(key=lambda step: (step.position, step.due or datetime.date.max, step.pk))
    links = ActionMeasure.history.filter(action_id=action.pk, history_date__lt=end)
    seen = links.filter(measure__in=Measure.objects.visible_to(reader)).select_related("measure")
    then.measures = [_measure_of(link) for link in sorted(_newest(seen), key=lambda link: link.id)]
    _waiting(then, action, end, reader)
    if staff:
        shown = action.evidence.filter(added_at__lt=end).select_related("added_by")
        then.evidence = list(shown) if action.may_have("evidence") else []
        then.ratings = ratings
    return then


def _row_then(action: Action, end: datetime.datetime) -> Any:
    """The action's own history row of then. None before it began."""
    rows = action.history.select_related("priority__strategy", "priority__title", "service", "duty")
    return _with_plan_then(rows, end).filter(history_type__in="+~").first()


def _with_plan_then(rows: Any, end: datetime.datetime) -> Any:
    """History rows of actions from before `end`, with what their plan was called then and whether it was a draft."""
    plan = Plan.history.filter(id=models.OuterRef("plan_id"), history_date__lt=end)
    newest = plan.order_by("-history_date", "-history_id")
    return rows.filter(history_date__lt=end).annotate(
        plan_title=models.Subquery(newest.values("title")[:1]),
        plan_status=models.Subquery(newest.values("status")[:1]),
    )


def _was_shown(row: Any, reader: object, *, now: Plan) -> bool:
    """Whether this reader would have been shown it then: a draft to its service and the programme team, what was not
    public yet to staff, what was public to everybody. `now` is the plan it stands in today."""
    own = now if now.pk == row.plan_id else Plan.objects.select_related("service").get(pk=row.plan_id)
    if has_role(reader, Role.PROGRAMME) or can_contribute_for(reader, own.service):
        return True
    if row.plan_status in (None, Plan.Status.DRAFT):
        return False
    return row.published_at is not None or is_staff(reader)


def _standing(
    then: ActionThen,
    action: Action,
    end: datetime.datetime,
    day: datetime.date,
    ratings: list[ImpactRating],
    *,
    staff: bool,
) -> None:
    """Status, dates and difference of that day, from the rows that are only ever added."""
    copy = then.action
    copy.seen_on = day
    everything = list(action.updates.select_related("author"))
    said = [update for update in everything if update.at < end]
    then.updates = said if staff else [row for row in said if row.published_at and row.published_at < end]
    for update in then.updates:
        if update.published_at is not None and update.published_at >= end:
            update.published_at = None  # it waited for a publisher then
    public = [update for update in then.updates if update.published_at is not None]
    before_any = everything[-1].status_before if everything else action.status
    copy.status = then.updates[0].status if staff and then.updates else before_any
    copy.public_status = public[0].status if public else before_any
    copy.impact = ratings[0].rating if ratings else Impact.NOT_YET_KNOWN
    moves = list(action.due_date_changes.all()) if action.due != action.original_due or action.slips else []
    later = [move for move in moves if move.at >= end]
    then.moves = [move for move in moves if move.at < end]
    if copy.published_at is not None:
        copy.due = later[-1].old_due if later else action.due
    status = copy.status if staff else copy.public_status
    copy.shown_status = shown_status(status=status, due=copy.due, today=day)
    copy.slips = sum(
        1 for move in then.moves if move.old_due and move.new_due and move.new_due > move.old_due
    )
    heard = [said[0].at if said else None, copy.published_at]
    copy.last_heard = max((timezone.localdate(moment) for moment in heard if moment), default=None)


def _links(then: ActionThen, row: Any, reader: object) -> None:
    """What it was linked with: its links in one question, then the rows of each kind that there are."""
    keys = links_of(row)
    serves = Priority.objects.visible_to(reader).filter(pk__in=keys["also_serves"])
    promises = Commitment.objects.filter(pk__in=keys["commitments"])
    then.also_serves = list(serves.select_related("strategy", "title"))
    then.commitments = list(promises.select_related("strategy", "title"))
    then.partners = list(Service.objects.filter(pk__in=keys["partners"]))


def _waiting(then: ActionThen, action: Action, end: datetime.datetime, reader: object) -> None:
    """Both sides of its waiting on that day, where the reader may see the other action today and was shown it then."""
    if not (action.may_have("waits_for") or action.may_have("waited_for_by")):
        return
    rows = list(WaitingFor.objects.as_at(end).filter(Q(action=action) | Q(on=action)).order_by("at", "pk"))
    if not rows:
        return
    keys = {row.on_id if row.action_id == action.pk else row.action_id for row in rows}
    seen = Action.objects.visible_to(reader).filter(pk__in=keys).order_by().values("pk")
    history = _with_plan_then(Action.history.filter(id__in=seen), end).select_related(
        "service", "plan__service"
    )
    others = {row.id: row for row in _newest(history) if _was_shown(row, reader, now=row.plan)}
    then.waits_for = [(row, others[row.on_id]) for row in rows if row.on_id in others]
    then.waited_for_by = [(row, others[row.action_id]) for row in rows if row.action_id in others]


def _newest(rows: Any) -> list[Any]:
    """Of history rows the last of each thing that was still there."""
    found = {row.id: row for row in rows.order_by("history_date", "history_id")}
    return [row for row in found.values() if row.history_type != "-"]


def _measure_of(row: Any) -> ActionMeasure:
    """A link as it was, with its measure as it is."""
    link: ActionMeasure = row.instance
    link.measure = row.measure
    return link


def begun_on(action: Action) -> datetime.date | None:
    """The first day that the portal knows the action."""
    first = action.history.order_by("history_date", "history_id").first()
    return timezone.localdate(first.history_date) if first is not None else None
