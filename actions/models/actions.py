"""One action: the problem, what we will do, the difference it will make, and how it stands (R-A2)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.calendar import today as today_in_london
from partnership.models import Service
from partnership.permissions import has_role, is_person, is_staff, services_covered
from partnership.roles import SERVICE_ROLES, Role
from priorities.models import Commitment, Priority

from .categories import Category, ImpactQuestion, StatutoryDuty
from .evidence import Evidence
from .plans import Plan
from .records import (
    DONE_STATUSES,
    FINISHED_STATUSES,
    OPEN_STATUSES,
    ActionUpdate,
    Impact,
    Status,
    StatusDefinition,
)

LONG_TEXTS = ("problem", "doing", "difference", "resources")
"""What an action's own page is for; no row of a list shows it."""

SHOWN_RED_WHEN_LATE = (Status.GREEN, Status.NOT_STARTED)
"""A passed due date shows these as red; amber stays, because it carries a plan to catch up (R-A4)."""


class ActionQuerySet(QuerySet["Action"]):
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
        """One action's own page: what a list shows, its duty, and the partnership's own words for its status."""
        own = StatusDefinition.objects.filter(status=OuterRef("shown_status")).values("meaning")[:1]
        name = "status" if is_staff(user) else "public_status"
        rows = self.annotate(shown_status=_shown(name, today))  # type: ignore[no-redef]
        return rows.annotate(own_meaning=Subquery(own)).select_related(
            "plan__service",
            "service",
            "duty",
            "priority__strategy",
            "priority__title",
            "priority__short_title",
        )

    def shown_as(self, status: str, today: datetime.date, *, public: bool) -> "ActionQuerySet":
        """Only those shown with this status; the same rule as `progress.shown_status`, in a form an index helps."""
        name = "public_status" if public else "status"
        late = Q(**{f"{name}__in": SHOWN_RED_WHEN_LATE}, due__lt=today)
        if status == Status.RED:
            return self.filter(Q(**{name: Status.RED}) | late)
        return self.filter(**{name: status}).exclude(late)

    def serving(self, priority_id: int) -> "ActionQuerySet":
        """Actions that serve this priority, first or too; each once."""
        too = Action.also_serves.through.objects.filter(priority_id=priority_id).values("action_id")
        return self.filter(Q(priority_id=priority_id) | Q(pk__in=too))

    def for_rows(self) -> "ActionQuerySet":
        """What a row of a list shows, in one query, and no more: the long texts stay in the database (R-A3, R-Z2)."""
        return self.select_related("service").defer(*LONG_TEXTS)


def _shown(name: str, today: datetime.date) -> Case:
    return Case(
        When(**{f"{name}__in": SHOWN_RED_WHEN_LATE}, due__lt=today, then=Value(Status.RED.value)),
        default=F(name),
        output_field=models.CharField(max_length=12),
    )


NEEDED_TO_PUBLISH = {
    "title": "the title",
    "problem": "the problem",
    "doing": "what we will do",
    "difference": "the difference it will make",
    "lead_role": "the role that leads it",
    "due": "the due date",
}


class Action(Versioned):
    """Something a service has undertaken. It keeps its reference for life, whichever plan it stands in."""

    ref = models.CharField(max_length=16, unique=True, help_text="Service code and number, for life.")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="actions", help_text="The one accountable service."
    )
    title = models.CharField(max_length=200)
    problem = models.TextField(blank=True)
    doing = models.TextField("what we will do", blank=True)
    difference = models.TextField("the difference it will make", blank=True)
    category = models.PositiveSmallIntegerField(choices=Category.choices)
    duty = models.ForeignKey(
        StatutoryDuty, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="actions", help_text="The one it serves first."
    )
    also_serves = models.ManyToManyField(Priority, blank=True, related_name="also_served_by")
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="actions")
    partners = models.ManyToManyField(Service, blank=True, related_name="partnered_actions")
    lead_role = models.CharField(max_length=120, blank=True, help_text="A role, not a person's name.")
    accountable_role = models.CharField(max_length=120, blank=True, help_text="A role, not a person's name.")
    planned_start = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    original_due = models.DateField(null=True, blank=True, editable=False)
    impact_question = models.CharField(max_length=12, choices=ImpactQuestion.choices, blank=True)
    resources = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    public_status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.NOT_STARTED, editable=False
    )
    impact = models.CharField(max_length=14, choices=Impact.choices, default=Impact.NOT_YET_KNOWN)
    last_heard = models.DateField(
        null=True, blank=True, editable=False, help_text="Day of the last update, or of publication."
    )
    last_update_at = models.DateTimeField(null=True, blank=True, editable=False)
    slips = models.PositiveSmallIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords(m2m_fields=[also_serves, commitments, partners])

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["category", "due", "ref"]
        indexes = [
            models.Index(fields=["plan", "category", "due"], name="action_plan_order"),
            models.Index(fields=["priority", "category"], name="action_priority_order"),
            models.Index(fields=["category", "due", "ref"], name="action_list_order"),
            models.Index(fields=["status", "due"], name="action_status_due"),
            models.Index(fields=["status", "last_heard"], name="action_status_heard"),
            models.Index(fields=["public_status", "due"], name="action_public_due"),
            models.Index(fields=["service", "category"], name="action_service_order"),
            # Counts are read from these two alone, without the rows: the board's figures, and how priorities stand.
            models.Index(
                fields=["priority", "category", "plan", "status", "due", "last_heard", "planned_start"],
                name="action_board_figures",
            ),
            models.Index(
                fields=["priority", "public_status", "due", "plan"],
                condition=Q(published_at__isnull=False),
                name="action_public_figures",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(category__in=Category.values), name="action_category_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="action_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("actions:action", args=[self.ref])

    @property
    def category_slug(self) -> str:
        """must, should or could: the word the category tag and addresses use."""
        return Category(self.category).slug

    seen_on: datetime.date | None = None
    """The day that a past page speaks of; None stands for today."""

    @cached_property
    def shown_status(self) -> str:
        """The status as families are shown it today. `for_reader` puts what the reader may see in its place."""
        late = self.due is not None and self.due < today_in_london()
        return Status.RED if late and self.public_status in SHOWN_RED_WHEN_LATE else self.public_status

    @property
    def is_done_in_public(self) -> bool:
        """Twin of `ActionQuerySet.done_in_public` for a row in hand."""
        is_public = self.published_at is not None and self.plan.status != Plan.Status.DRAFT
        return is_public and self.public_status in DONE_STATUSES

    @property
    def status_today(self) -> str:
        """How it stands today inside the partnership: what the service said, or red where its day has passed (R-A4)."""
        late = self.due is not None and self.due < today_in_london()
        return Status.RED if late and self.status in SHOWN_RED_WHEN_LATE else self.status

    @property
    def is_late(self) -> bool:
        """Whether the reader is told that the due date has passed: open, as it is shown, and past its day."""
        day = self.seen_on or today_in_london()
        return self.shown_status in OPEN_STATUSES and self.due is not None and self.due < day

    @property
    def impact_level(self) -> int | None:
        """0 to 3 bars of difference made; None while it is not yet known (R-A6)."""
        return {Impact.NONE_SEEN: 0, Impact.SOME: 2, Impact.CLEAR: 3}.get(Impact(self.impact))

    def missing_to_publish(self) -> list[str]:
        """What this action still lacks before a publisher can publish it, in words for the person; empty when ready."""
        return list(self.fields_to_publish().values())

    def fields_to_publish(self) -> dict[str, str]:
        """The same by the field that holds it. A must needs the legal duty that it meets (R-A3)."""
        missing = {name: words for name, words in NEEDED_TO_PUBLISH.items() if not getattr(self, name)}
        if self.category == Category.MUST and self.duty_id is None:
            missing["duty"] = "the legal duty that this must-do meets"
        return missing
