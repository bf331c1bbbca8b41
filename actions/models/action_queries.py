"""Questions that pages ask of actions: who may see and do what, what is late, what a row of a list needs."""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from partnership.permissions import has_role, is_person, is_staff, services_covered
from partnership.roles import SERVICE_ROLES, Role

from .evidence import Evidence
from .plans import Plan
from .records import (
    DONE_STATUSES,
    FINISHED_STATUSES,
    OPEN_STATUSES,
    SHOWN_RED_WHEN_LATE,
    ActionUpdate,
    Status,
    StatusDefinition,
)

if TYPE_CHECKING:
    from .actions import Action

LONG_TEXTS = ("problem", "doing", "difference", "resources")
"""What an action's own page is for; no row of a list shows it."""


ON_THE_PAGE = (
    "milestones",
    "success_measures",
    "also_serves",
    "commitments",
    "partners",
    "waits_for",
    "waited_for_by",
    "voices",
)
FOR_STAFF = ("evidence", "impact_ratings", "bulk_changes", "came_from", "due_date_requests", "board_ratings")
"""What an action's page shows if there is any of it: to everybody, and inside the partnership."""


class ActionQuerySet(QuerySet["Action"]):
    """What the pages ask of actions. Each rule of who may see or do something is the twin of one in `permissions`."""

    def on_the_record(self) -> "ActionQuerySet":
        """Actions of published or archived plans: what the board is shown."""
        # By a list of the few drafts and not by a join: the indexes on status and dates can then lead.
        return self.exclude(plan__in=Plan.objects.filter(status=Plan.Status.DRAFT).order_by())

    def public(self) -> "ActionQuerySet":
        """Actions that a publisher has made public."""
        return self.on_the_record().filter(published_at__isnull=False)

    def done_in_public(self) -> "ActionQuerySet":
        """Public ones that families read are done: they may be asked whether they noticed (R-Z5)."""
        return self.public().filter(public_status__in=DONE_STATUSES)

    def visible_to(self, user: object) -> "ActionQuerySet":
        """Public ones for everybody; inside the partnership all of published plans; drafts for their own service
        and the programme team."""
        if has_role(user, Role.PROGRAMME):
            return self
        own = services_covered(user, SERVICE_ROLES, prefix="plan__service__")
        shown = ~Q(plan__status=Plan.Status.DRAFT)
        if not is_staff(user):
            shown &= Q(published_at__isnull=False)
        return self.filter(shown | own)

    def editable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_edit_action`: a service's own open actions; the published words of one only by a publisher,
        unless the service publishes at once (R-A7)."""
        publisher = services_covered(user, [Role.PUBLISHER], prefix="plan__service__")
        own = services_covered(user, SERVICE_ROLES, prefix="plan__service__")
        hidden = Q(published_at__isnull=True) | Q(plan__status=Plan.Status.DRAFT)
        return self.updatable_by(user).filter(
            publisher | (own & (hidden | Q(plan__service__publishes_at_once=True)))
        )

    def updatable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_update_action`: a service's own actions that are neither complete nor closed (R-A7)."""
        own = services_covered(user, SERVICE_ROLES, prefix="plan__service__")
        return (
            self.filter(own).exclude(plan__status=Plan.Status.ARCHIVED).exclude(status__in=FINISHED_STATUSES)
        )

    def date_movable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_move_due`: own actions whose date families read; it moves with a reason (R-A5)."""
        return self.updatable_by(user).public()

    def date_approvable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_approve_due`: those of them whose date this person moves however far (R-A5)."""
        return self.editable_by(user).public()

    def publishable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_publish_update`: actions whose words this person may make public, plan by plan."""
        publisher = services_covered(user, [Role.PUBLISHER], prefix="plan__service__")
        return self.filter(publisher, plan__status=Plan.Status.PUBLISHED)

    def independent_of(self, user: object) -> "ActionQuerySet":
        """Actions this person may judge: of a service they do not write for, with no word of theirs in it (R-A4)."""
        if not is_person(user):
            return self.none()
        mine = services_covered(user, SERVICE_ROLES, prefix="plan__service__")
        theirs = services_covered(user, SERVICE_ROLES, prefix="service__")
        return self.filter(
            ~mine,
            ~theirs,
            ~Exists(ActionUpdate.objects.by_owner().filter(action=OuterRef("pk"), author=user)),
            ~Exists(Evidence.objects.filter(action=OuterRef("pk"), added_by=user)),
        ).exclude(created_by=user)

    def ratable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_rate_impact`: assurance rates the difference of what is on the record (R-A6)."""
        if not has_role(user, Role.ASSURANCE):
            return self.none()
        return self.independent_of(user).on_the_record().exclude(status=Status.CLOSED)

    def signable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_sign_off`: delivered actions that wait for this person of assurance (R-A4)."""
        return self.ratable_by(user).filter(status=Status.DELIVERED)

    def closable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_close_action`: the programme team closes what is on the record and not finished (R-A4)."""
        if not has_role(user, Role.PROGRAMME):
            return self.none()
        return self.on_the_record().exclude(status__in=FINISHED_STATUSES)

    def changeable_by(self, user: object) -> "ActionQuerySet":
        """Twin of `can_change_in_bulk`: the programme team changes several open actions of published plans (R-W9)."""
        if not has_role(user, Role.PROGRAMME):
            return self.none()
        return self.filter(plan__status=Plan.Status.PUBLISHED).exclude(status__in=FINISHED_STATUSES)

    def unfinished(self) -> "ActionQuerySet":
        """Neither complete nor closed: somebody still updates these."""
        return self.exclude(status__in=FINISHED_STATUSES)

    def overdue(self, today: datetime.date, *, public: bool = False) -> "ActionQuerySet":
        """Twin of `progress.is_overdue` for lists and counts; `public` asks it of what families are shown."""
        name = "public_status" if public else "status"
        return self.filter(**{f"{name}__in": OPEN_STATUSES}, due__lt=today)

    def stale(self, today: datetime.date, *, after_days: int) -> "ActionQuerySet":
        """Twin of `progress.is_stale` for lists and counts (R-A8)."""
        return self.filter(
            Q(planned_start__isnull=True) | Q(planned_start__lte=today),
            status__in=OPEN_STATUSES,
            last_heard__lte=today - datetime.timedelta(days=after_days),
        )

    def with_shown_status(self, today: datetime.date) -> "ActionQuerySet":
        """Twin of `progress.shown_status`: an overdue action is never counted as green or not started (R-A4)."""
        return self.annotate(shown_status_code=_shown("status", today))

    def for_reader(self, user: object, today: datetime.date) -> "ActionQuerySet":
        """What a list shows this reader, in one query: staff the status of today, the public the published one."""
        name = "status" if is_staff(user) else "public_status"
        return self.for_rows().annotate(shown_status=_shown(name, today))  # type: ignore[no-redef]

    def whole(self) -> "ActionQuerySet":
        """With the long texts too, where a page asks what an action still lacks."""
        return self.defer(None)

    def for_board(self, today: datetime.date) -> "ActionQuerySet":
        """A row of the board's lists: what a row shows, the status of today, and which priority of which strategy."""
        rows = self.for_rows().select_related("service", "priority__strategy")
        return rows.annotate(shown_status=_shown("status", today))  # type: ignore[no-redef]

    def for_page(self, user: object, today: datetime.date) -> "ActionQuerySet":
        """One action's own page: what a list shows, its duty, the partnership's own words for its status, how many updates
        this reader may read, and of what else there is anything (`has_milestones` and so on)."""
        own = StatusDefinition.objects.filter(status=OuterRef("shown_status")).values("meaning")[:1]
        name = "status" if is_staff(user) else "public_status"
        said = ActionUpdate.objects.visible_to(user).filter(action=OuterRef("pk")).order_by().values("action")
        rows = self.annotate(shown_status=_shown(name, today))  # type: ignore[no-redef]
        number = Coalesce(Subquery(said.annotate(number=Count("pk")).values("number")), 0)
        names = (*ON_THE_PAGE, *FOR_STAFF) if is_staff(user) else ON_THE_PAGE
        rows = rows.annotate(own_meaning=Subquery(own), updates_count=number)
        return rows.having(*names).select_related(
            "plan__service",
            "service",
            "duty",
            "priority__strategy",
            "priority__title",
            "priority__short_title",
        )

    def having(self, *names: str) -> "ActionQuerySet":
        """Whether there is any row of each of these relations, as `has_` and its name: an action has few of the many things
        that it could have, and what is not there need not be asked for."""
        return self.annotate(**{f"has_{name}": Exists(_related(self.model, name)) for name in names})

    def shown_as(self, status: str, today: datetime.date, *, public: bool) -> "ActionQuerySet":
        """Only those shown with this status; the same rule as `progress.shown_status`, in a form an index helps."""
        name = "public_status" if public else "status"
        late = Q(**{f"{name}__in": SHOWN_RED_WHEN_LATE}, due__lt=today)
        if status == Status.RED:
            return self.filter(Q(**{name: Status.RED}) | late)
        return self.filter(**{name: status}).exclude(late)

    def serving(self, priority_id: int) -> "ActionQuerySet":
        """Actions that serve this priority, first or too; each once."""
        action: type[Action] = self.model
        too = action.also_serves.through.objects.filter(priority_id=priority_id).values("action_id")
        return self.filter(Q(priority_id=priority_id) | Q(pk__in=too))

    def for_rows(self) -> "ActionQuerySet":
        """What a row of a list shows, in one query, and no more: the long texts stay in the database (R-A3, R-Z2)."""
        return self.select_related("service").defer(*LONG_TEXTS)


def _related(model: "type[Action]", name: str) -> QuerySet:
    """The rows behind a relation of an action, its links where it has many on both sides."""
    field = model._meta.get_field(name)
    if field.many_to_many:
        return getattr(model, name).through._base_manager.filter(action_id=OuterRef("pk"))
    return field.related_model._base_manager.filter(**{field.field.name: OuterRef("pk")})  # type: ignore[union-attr]


def _shown(name: str, today: datetime.date) -> Case:
    return Case(
        When(**{f"{name}__in": SHOWN_RED_WHEN_LATE}, due__lt=today, then=Value(Status.RED.value)),
        default=F(name),
        output_field=models.CharField(max_length=12),
    )
