"""What waits for a person in plans and actions: this app's part of my work (R-W1, R-A8)."""

import datetime
from functools import partial

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse

from partnership.current import the_partnership
from partnership.models import Partnership
from partnership.permissions import has_role, is_person
from partnership.roles import SERVICE_ROLES, Role
from partnership.work import MOST, WorkItem
from partnership.work import limited as _limited

from . import work_of_dates, work_of_reviews
from .models import OPEN_STATUSES, Action, ActionUpdate, Category, Plan, Status
from .models.action_queries import ActionQuerySet
from .models.records import SHOWN_RED_WHEN_LATE

RED_MUST, OVERDUE, RED, STALE, SOON, FRESH = 5, 10, 15, 20, 40, 60
GROUPS = {
    RED_MUST: "Must-dos that are red",
    OVERDUE: "Overdue",
    RED: "Off track",
    STALE: "No recent update",
    SOON: "Due soon",
}


def work_items(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Everything of plans and actions that waits for this person, with the most urgent first in each group."""
    if not is_person(user):
        return []
    items: list[WorkItem] = []
    if has_role(user, *SERVICE_ROLES):
        items += _own_actions(user, today)
        items += work_of_dates.others_wait(user, today=today)
        items += _plans(user, today)
    if has_role(user, Role.PUBLISHER):
        items += _waiting(user)
        items += work_of_dates.dates_to_decide(user)
    if has_role(user, Role.ASSURANCE):
        items += _to_sign_off(user)
    if has_role(user, Role.PROGRAMME):
        items += work_of_reviews.reviews_due(today=today)
        items += work_of_reviews.proposed_to_close()
    return items


def _own_actions(user: object, today: datetime.date) -> list[WorkItem]:
    """The service's own open actions, each once, under the most urgent thing that is true of it."""
    rows = urgent(Action.objects.updatable_by(user), today).select_related("service")
    return _limited(rows, partial(_action_item, names_service=_has_several(user)), _own_list(user))


def most_urgent_first(actions: ActionQuerySet, today: datetime.date) -> ActionQuerySet:
    """Those whose clocks run, with `urgency`: red musts, overdue, off track, not heard of, due soon, and the rest (R-W1, R-Z2)."""
    limits = the_partnership() or Partnership()
    soon = today + datetime.timedelta(days=limits.due_soon_days)
    silent_since = today - datetime.timedelta(days=limits.stale_after_days)
    begun = Q(planned_start__isnull=True) | Q(planned_start__lte=today)
    red = Q(status=Status.RED) | Q(status__in=SHOWN_RED_WHEN_LATE, due__lt=today)
    urgency = Case(
        When(red, category=Category.MUST, then=Value(RED_MUST)),
        When(due__lt=today, then=Value(OVERDUE)),
        When(status=Status.RED, then=Value(RED)),
        When(begun, last_heard__lte=silent_since, then=Value(STALE)),
        When(due__lte=soon, then=Value(SOON)),
        default=Value(FRESH),
        output_field=IntegerField(),
    )
    rows = actions.on_the_record().filter(status__in=OPEN_STATUSES).annotate(urgency=urgency)
    return rows.order_by("urgency", "category", "due", "ref")


def urgent(actions: ActionQuerySet, today: datetime.date) -> ActionQuerySet:
    """The open ones on the record that ask for something today, the most urgent first.

    My work and the mails of reminders both read this, so that they never differ (R-W1, R-W5).
    """
    return most_urgent_first(actions, today).filter(urgency__lt=FRESH)


def _own_list(user: object) -> str:
    """The list of actions, narrowed to the person's service or sector where they have only one."""
    own = [row for row in user.active_memberships if row.role in SERVICE_ROLES]
    services = {row.service.slug for row in own if row.service_id}
    sectors = {row.sector.slug for row in own if row.sector_id}
    url = reverse("actions:actions")
    if len(services) == 1 and not sectors:
        return f"{url}?service={services.pop()}"
    return f"{url}?sector={sectors.pop()}" if len(sectors) == 1 and not services else url


def _has_several(user: object) -> bool:
    """Whether this person works for more than one service, so that a row must say which one it is of."""
    own = [row for row in user.active_memberships if row.role in SERVICE_ROLES]
    return any(row.sector_id for row in own) or len({row.service_id for row in own}) > 1


def _action_item(action: Action, *, names_service: bool) -> WorkItem:
    urgency: int = action.urgency
    last_said = f"Last said: {action.get_status_display()}"
    return WorkItem(
        group=GROUPS[urgency],
        title=f"{action.ref}: {action.title}",
        url=reverse("actions:action_update", args=[action.ref]),
        detail=f"{last_said}. {action.service.name}" if names_service else last_said,
        due=action.due,
        urgency=urgency,
        category=action.category,
    )


def _plans(user: object, today: datetime.date) -> list[WorkItem]:
    """The service's own drafts and the plans whose yearly review is due; the programme team has all of these in a list."""
    wanted = Q(status=Plan.Status.DRAFT)
    if not has_role(user, Role.PROGRAMME):
        wanted |= Q(status=Plan.Status.PUBLISHED, next_review__lte=today)
    rows = Plan.objects.editable_by(user).filter(wanted).select_related("service")
    return _limited(rows.order_by("-status", "next_review", "pk"), _plan_item, reverse("actions:plans"))


def _plan_item(plan: Plan) -> WorkItem:
    return _draft_item(plan) if plan.status == Plan.Status.DRAFT else work_of_reviews.review_item(plan)


def _draft_item(plan: Plan) -> WorkItem:
    return WorkItem(
        group="Drafts", title=plan.title, url=plan.get_absolute_url(), detail=plan.service.name, urgency=50
    )


def _waiting(user: object) -> list[WorkItem]:
    """One item for each plan with new actions or words that wait for this publisher."""
    counts = waiting_by_plan(Action.objects.publishable_by(user), "service__name", "title", "slug")
    return [
        WorkItem(
            group="To publish",
            title=f"{title}: {number} to read and publish",
            url=reverse("actions:plan_waiting", args=[slug]),
            detail=service,
            urgency=30,
        )
        for (_, service, title, slug), number in sorted(counts.items(), key=lambda item: item[0][1:])[:MOST]
    ]


def waiting_by_plan(actions: ActionQuerySet, *told: str) -> dict[tuple, int]:
    """How many of these new actions and of their updates wait for a publisher, never 0; by the id of the plan, and what
    else is `told` of it, in one query."""
    new = actions.filter(published_at__isnull=True).order_by()
    words = ActionUpdate.objects.filter(action__in=actions).waiting().order_by()
    names = ("pk", *told)
    rows = new.values_list(*(f"plan__{name}" for name in names)).annotate(number=Count("pk"))
    more = words.values_list(*(f"action__plan__{name}" for name in names)).annotate(number=Count("pk"))
    counts: dict[tuple, int] = {}
    for *plan, number in rows.union(more, all=True):
        counts[tuple(plan)] = counts.get(tuple(plan), 0) + number
    return counts


def _to_sign_off(user: object) -> list[WorkItem]:
    rows = (
        Action.objects.signable_by(user)
        .select_related("service")
        .order_by("category", "last_update_at", "ref")
    )
    url = f"{reverse('actions:actions')}?status={Status.DELIVERED.value}"
    return _limited(rows, _sign_off_item, url)


def _sign_off_item(action: Action) -> WorkItem:
    return WorkItem(
        group="To sign off",
        title=f"{action.ref}: {action.title}",
        url=reverse("actions:sign_off", args=[action.ref]),
        detail=action.service.name,
        urgency=30,
        category=action.category,
    )
