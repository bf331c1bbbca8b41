"""Plans: begun, changed, published with their actions, and archived (R-A1, R-A3, R-A7)."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from actions.models import Action, ActionUpdate, Plan
from actions.reasons import ARCHIVED
from foundation.tokens import spend
from foundation.versions import lock_for_edit
from partnership.models import Service, User
from priorities.models import Strategy

from .carrying import carry_on, to_be_carried
from .rules import NotReady, RuleBroken, day_of, keep, keep_standing, refresh_public_status
from .seen import refuse_unseen

PUBLISH_FIRST = "Publish the plan first. Its actions and words become public with it."


@transaction.atomic
def create_plan(
    *,
    by: User,
    service: Service,
    strategy: Strategy,
    title: str,
    starts: datetime.date,
    ends: datetime.date,
    next_review: datetime.date | None = None,
    previous: Plan | None = None,
    is_example: bool = False,
    token: str = "",
    at: datetime.datetime | None = None,
) -> Plan | None:
    """Begin a draft plan of a service; None when `token` was used before.

    Its address is made from the service and the year, and never changes.
    """
    # Two people may begin a plan of the same service at once: the lock makes them choose different addresses.
    Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    if token and not spend(token, purpose="plan"):
        return None
    stem = f"{slugify(service.name)[:80]}-{starts.year}"
    taken = set(Plan.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug = next(name for number in range(1, len(taken) + 2) if (name := _numbered(stem, number)) not in taken)
    plan = Plan(
        slug=slug,
        service=service,
        strategy=strategy,
        title=title,
        starts=starts,
        ends=ends,
        next_review=next_review,
        previous=previous,
        created_by=by,
        is_example=is_example,
    )
    keep(plan, by=by, at=at)
    return plan


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


@transaction.atomic
def edit_plan(
    *,
    by: User,
    plan: Plan,
    version: int,
    title: str,
    strategy: Strategy,
    starts: datetime.date,
    ends: datetime.date,
    next_review: datetime.date | None = None,
) -> Plan:
    """Change a plan. Raises VersionConflict when somebody saved it since `version` (R-A9)."""
    plan = lock_for_edit(Plan.objects.all(), plan.pk, version=version)
    if plan.status == Plan.Status.ARCHIVED:
        raise RuleBroken([ARCHIVED])
    plan.title, plan.strategy, plan.starts, plan.ends, plan.next_review = (
        title,
        strategy,
        starts,
        ends,
        next_review,
    )
    keep(plan, by=by)
    return plan


@transaction.atomic
def publish_plan(*, by: User, plan: Plan, seen: str, at: datetime.datetime | None = None) -> Plan:
    """Make a draft plan public with its actions and the words that wait in it. Its clocks start today (R-A8).

    `seen` is the note (`note_of`) of what the publisher looked at. Raises ChangedMeanwhile when anything changed or came
    since, and NotReady, naming what each action lacks. A plan that follows another takes over what is unfinished there.
    """
    moment = at or timezone.now()
    # A lock that an action being added waits for too: it comes before, and is told as new, or after, and waits.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    actions = list(plan.actions.select_for_update(no_key=True).order_by("pk"))
    words = ActionUpdate.objects.filter(action__in=actions).waiting()
    if plan.status == Plan.Status.DRAFT:
        refuse_unseen(seen, actions, words.select_related("action"), plan=plan)
    missing = [(action, lacks) for action in actions if (lacks := action.missing_to_publish())]
    other = [] if actions or to_be_carried(plan) else ["The plan has no action yet. Add one first."]
    if plan.status != Plan.Status.DRAFT:
        other = ["This plan is published already."]
    if missing or other:
        raise NotReady(missing, other)
    plan.status, plan.published_at, plan.published_by = Plan.Status.PUBLISHED, moment, by
    plan.bump()
    keep(plan, by=by, at=at)
    words.update(published_at=moment, published_by=by)
    for action in actions:
        _publish_action(action, by=by, moment=moment, at=at)
    carry_on(plan, by=by, moment=moment, at=at)
    return plan


def _publish_action(
    action: Action, *, by: User, moment: datetime.datetime, at: datetime.datetime | None = None
) -> None:
    """Make one action public: from now on its due date has an original, and its clock of silence runs.

    Its version rises, so that who was writing in it as a draft cannot put words out that no publisher saw.
    """
    action.bump()
    action.published_at, action.published_by = moment, by
    if action.original_due is None:
        action.original_due = action.due
    action.last_heard = max(filter(None, [action.last_heard, day_of(moment)]))
    refresh_public_status(action)
    keep(action, by=by, at=at)


@transaction.atomic
def archive_plan(*, by: User, plan: Plan, version: int) -> Plan:
    """Archive a published plan whose period is over: everybody still reads it, nobody writes in it."""
    plan = lock_for_edit(Plan.objects.all(), plan.pk, version=version)
    if plan.status != Plan.Status.PUBLISHED:
        raise RuleBroken(["Only a published plan can be archived."])
    plan.status = Plan.Status.ARCHIVED
    keep(plan, by=by)
    return plan


@transaction.atomic
def publish_waiting(
    *,
    by: User,
    plan: Plan,
    seen: str,
    actions: Iterable[Action] = (),
    updates: Iterable[ActionUpdate] = (),
    at: datetime.datetime | None = None,
) -> int:
    """Make new actions and public words of a published plan public, several at once. Returns how many.

    What is public already is left as it is. `seen` is the note (`note_of`) of what the publisher looked at. Raises
    ChangedMeanwhile when one of these was not in it as it is now, and NotReady when a new action lacks something; then
    nothing is published.
    """
    moment = at or timezone.now()
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if plan.status != Plan.Status.PUBLISHED:
        raise RuleBroken([PUBLISH_FIRST if plan.status == Plan.Status.DRAFT else ARCHIVED])
    wanted = {update.pk for update in updates}
    chosen = {action.pk for action in actions}
    touched = chosen | set(ActionUpdate.objects.filter(pk__in=wanted).values_list("action_id", flat=True))
    rows = list(plan.actions.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk"))
    new = [action for action in rows if action.pk in chosen and action.published_at is None]
    words = ActionUpdate.objects.filter(pk__in=wanted, action__in=rows).waiting()
    refuse_unseen(seen, new, words.select_related("action"))
    missing = [(action, lacks) for action in new if (lacks := action.missing_to_publish())]
    if missing:
        raise NotReady(missing)
    done = words.update(published_at=moment, published_by=by)
    for action in rows:
        if action in new:
            _publish_action(action, by=by, moment=moment, at=at)
        else:
            refresh_public_status(action)
            keep_standing(action, "public_status")
    return done + len(new)
