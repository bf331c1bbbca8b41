"""An action as it stood at the end of a day: what today's reader may see of what stood there then (R-A5).

Status, due date and the difference seen come from our own append-only rows; words and links from the history of the rows.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnership.models import Service
from partnership.permissions import can_contribute_for, has_role, is_staff
from partnership.roles import Role
from priorities.models import Commitment, Measure, Priority

from .models import Action, ActionMeasure, ActionUpdate, Impact, Milestone, Plan, WaitingFor
from .progress import shown_status

M = TypeVar("M", bound=models.Model)


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
    row = action.history.filter(history_date__lt=end, history_type__in="+~").first()
    if row is None or not _were_shown([row], end, reader):
        return None
    staff = is_staff(reader)
    then = ActionThen(row.instance)
    _standing(then, action, end, day, staff=staff)
    _links(then, row, reader)
    plan = Plan.history.filter(id=row.plan_id, history_date__lt=end).first()
    then.plan_title = plan.title if plan is not None else action.plan.title
    then.milestones = _rows_then(Milestone, action, end)
    then.milestones.sort(key=lambda step: (step.position, step.due or datetime.date.max, step.pk))
    links = {link.measure_id: link for link in _rows_then(ActionMeasure, action, end)}
    measures = Measure.objects.visible_to(reader).in_bulk(links)
    then.measures = sorted((link for key, link in links.items() if key in measures), key=lambda link: link.pk)
    for link in then.measures:
        link.measure = measures[link.measure_id]
    _waiting(then, action, end, reader)
    if staff:
        then.evidence = list(action.evidence.filter(added_at__lt=end).select_related("added_by"))
        then.ratings = list(action.impact_ratings.filter(at__lt=end).select_related("by"))
    return then


def _were_shown(rows: list[Any], end: datetime.datetime, reader: object) -> list[Any]:
    """Those of these history rows of actions that the reader would have been shown then: a draft to its service and the
    programme team, what was not public yet to staff, what was public to everybody. Two queries, however many."""
    keys = {row.plan_id for row in rows}
    services = {plan.pk: plan.service for plan in Plan.objects.select_related("service").filter(pk__in=keys)}
    plans = _newest(Plan.history.filter(id__in=keys, history_date__lt=end))

    def was_shown(row: Any) -> bool:
        if has_role(reader, Role.PROGRAMME) or can_contribute_for(reader, services[row.plan_id]):
            return True
        plan = plans.get(row.plan_id)
        if plan is None or plan.status == Plan.Status.DRAFT:
            return False
        return row.published_at is not None or is_staff(reader)

    return [row for row in rows if was_shown(row)]


def _newest(rows: Any) -> dict[int, Any]:
    """The last of some history rows of each thing, by the thing's id."""
    return {row.id: row for row in rows.order_by("history_date", "history_id")}


def _standing(
    then: ActionThen, action: Action, end: datetime.datetime, day: datetime.date, *, staff: bool
) -> None:
    """Status, dates and difference of that day, from the rows that are only ever added."""
    copy = then.action
    copy.seen_on = day
    said = action.updates.filter(at__lt=end).select_related("author")
    updates = said if staff else said.filter(published_at__lt=end)
    then.updates = list(updates)
    for update in then.updates:
        if update.published_at is not None and update.published_at >= end:
            update.published_at = None  # it waited for a publisher then
    public = [update for update in then.updates if update.published_at is not None]
    first = action.updates.order_by("at", "pk").first()
    before_any = first.status_before if first is not None else action.status
    copy.status = then.updates[0].status if staff and then.updates else before_any
    copy.public_status = public[0].status if public else before_any
    rating = action.impact_ratings.filter(at__lt=end).first()
    copy.impact = rating.rating if rating is not None else Impact.NOT_YET_KNOWN
    moves = list(action.due_date_changes.all())
    later = [move for move in moves if move.at >= end]
    then.moves = [move for move in moves if move.at < end]
    if copy.published_at is not None:
        copy.due = later[-1].old_due if later else action.due
    status = copy.status if staff else copy.public_status
    copy.shown_status = shown_status(status=status, due=copy.due, today=day)
    copy.slips = sum(
        1 for move in then.moves if move.old_due and move.new_due and move.new_due > move.old_due
    )
    heard = [action.updates.filter(at__lt=end).values_list("at", flat=True).first(), copy.published_at]
    copy.last_heard = max((timezone.localdate(moment) for moment in heard if moment), default=None)


def _links(then: ActionThen, row: Any, reader: object) -> None:
    keys = {
        name: set(getattr(row, name).values_list(column, flat=True))
        for name, column in (
            ("also_serves", "priority_id"),
            ("commitments", "commitment_id"),
            ("partners", "service_id"),
        )
    }
    serves = Priority.objects.visible_to(reader).filter(pk__in=keys["also_serves"])
    then.also_serves = list(serves.select_related("strategy", "title"))
    promises = Commitment.objects.filter(pk__in=keys["commitments"])
    then.commitments = list(promises.select_related("strategy", "title"))
    then.partners = list(Service.objects.filter(pk__in=keys["partners"]))


def _waiting(then: ActionThen, action: Action, end: datetime.datetime, reader: object) -> None:
    """Both sides of its waiting on that day, where the reader may see the other action today and was shown it then."""
    rows = list(WaitingFor.objects.as_at(end).filter(Q(action=action) | Q(on=action)).order_by("at", "pk"))
    if not rows:
        return
    keys = {row.on_id if row.action_id == action.pk else row.action_id for row in rows}
    seen = Action.objects.visible_to(reader).filter(pk__in=keys).order_by().values("pk")
    history = Action.history.filter(id__in=seen, history_date__lt=end).select_related("service")
    others = {row.id: row for row in _were_shown(list(_newest(history).values()), end, reader)}
    then.waits_for = [(row, others[row.on_id]) for row in rows if row.on_id in others]
    then.waited_for_by = [(row, others[row.action_id]) for row in rows if row.action_id in others]


def _rows_then(model: type[M], action: Action, end: datetime.datetime) -> list[M]:
    """The rows of a table that belonged to the action then, as they were."""
    found = _newest(model.history.filter(action_id=action.pk, history_date__lt=end))
    return [row.instance for row in found.values() if row.history_type != "-"]


def begun_on(action: Action) -> datetime.date | None:
    """The first day that the portal knows the action."""
    first = action.history.order_by("history_date", "history_id").first()
    return timezone.localdate(first.history_date) if first is not None else None
