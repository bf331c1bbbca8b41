"""The lists behind the board's numbers: the same conditions select the rows and count them (R-B1)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.urls import reverse

from actions.models import DONE_STATUSES, Action, ActionUpdate, Category, Status
from actions.models.action_queries import ActionQuerySet
from actions.models.records import OPEN_STATUSES
from actions.progress import is_overdue, is_stale
from foundation.kept import kept
from partnership.models import Sector
from priorities.models import Priority
from voice.models import DifferenceAnswer

from .models import BoardRating

OVERDUE, STALE, DIFFERS, DISPUTED = "overdue", "stale", "differs", "disputed"
EXCEPTION = "exception"
FLAGS = {
    OVERDUE: "Overdue",
    STALE: "No recent update",
    DIFFERS: "The board rates it differently",
    DISPUTED: "Families see it differently",
    EXCEPTION: "Any exception",
}


def flag_condition(flag: str, *, today: datetime.date, stale_after_days: int) -> Q:
    """Twin of the pure rules in `actions.progress`, as a condition that can select and count.

    Where the board or families see it differently, what they said is read on its own: it is of few actions (R-Z3, R-Z5).
    """
    overdue = Q(status__in=OPEN_STATUSES, due__lt=today)
    stale = Q(status__in=OPEN_STATUSES, last_heard__lte=today - datetime.timedelta(days=stale_after_days)) & (
        Q(planned_start__isnull=True) | Q(planned_start__lte=today)
    )
    differs = Q(pk__in=BoardRating.objects.disagreeing().order_by().values("action"))
    disputed = Q(pk__in=DifferenceAnswer.objects.disputed())
    conditions = {OVERDUE: overdue, STALE: stale, DIFFERS: differs, DISPUTED: disputed}
    return conditions.get(flag) or overdue | stale | differs | disputed | Q(status=Status.RED)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which actions a number stands for. It turns into an address, and an address turns back into it."""

    priority: Priority | None = None
    category: Category | None = None
    sector: Sector | None = None
    status: str = ""
    flag: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Selection":
        """Read an address. A value that means nothing is left out, so an old or mistyped link still opens a list."""
        number = query.get("priority", "")
        strategy, _, position = number.rpartition(".")
        priority = None
        if position.isdecimal() and len(position) < 5:
            priority = (
                Priority.objects.filter(strategy__slug=strategy, number=int(position))
                .select_related("strategy", "title", "short_title")
                .first()
            )
        word = query.get("category", "").upper()
        status, flag = query.get("status", ""), query.get("flag", "")
        return cls(
            priority=priority,
            category=Category[word] if word in Category.__members__ else None,
            sector=Sector.objects.filter(slug=query["sector"]).first() if query.get("sector") else None,
            status=status if status in Status.values else "",
            flag=flag if flag in FLAGS else "",
        )

    @property
    def query(self) -> str:
        """The part of the address after the question mark."""
        words = {
            "priority": f"{self.priority.strategy.slug}.{self.priority.number}" if self.priority else "",
            "category": self.category.slug if self.category else "",
            "sector": self.sector.slug if self.sector else "",
            "status": self.status,
            "flag": self.flag,
        }
        return urlencode({key: value for key, value in words.items() if value})

    @property
    def url(self) -> str:
        """The list that this number opens."""
        return f"{reverse('board:actions')}?{self.query}" if self.query else reverse("board:actions")

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))

    def words(self) -> list[str]:
        """What the list is narrowed to, in the order of the filters."""
        return [
            str(word)
            for word in (
                f"Priority {self.priority.number} of {self.priority.strategy.name}" if self.priority else "",
                self.category.label if self.category else "",
                self.sector.name if self.sector else "",
                Status(self.status).label if self.status else "",
                FLAGS.get(self.flag, ""),
            )
            if word
        ]

    def actions(self, *, today: datetime.date, stale_after_days: int) -> ActionQuerySet:
        """The rows, worst and most binding first."""
        rows = Action.objects.on_the_record().for_board(today)
        if self.priority:
            rows = rows.filter(priority=self.priority)
        if self.category:
            rows = rows.filter(category=self.category)
        if self.sector:
            rows = rows.filter(plan__service__sector=self.sector)
        if self.status:
            rows = rows.filter(shown_status=self.status)
        if self.flag:
            rows = rows.filter(flag_condition(self.flag, today=today, stale_after_days=stale_after_days))
        return worst_first(rows)


def worst_first(rows: ActionQuerySet) -> ActionQuerySet:
    """Musts before shoulds before coulds, and within each the reds first, then the oldest due date (R-Z2)."""
    order = [
        Status.RED,
        Status.AMBER,
        Status.GREEN,
        Status.NOT_STARTED,
        Status.DELIVERED,
        Status.BLUE,
        Status.CLOSED,
    ]
    severity = Case(
        *(When(shown_status=status, then=Value(rank)) for rank, status in enumerate(order)),
        output_field=IntegerField(),
    )
    return rows.order_by("category", severity, "due", "ref")


@kept(most=4)
def in_order(chosen: Selection, *, today: datetime.date, stale_after_days: int) -> tuple[int, ...]:
    """The keys of a whole list in its order: as long as its number says, and read once for all of its pages."""
    return tuple(chosen.actions(today=today, stale_after_days=stale_after_days).values_list("pk", flat=True))


def rows_of(keys: Sequence[int], *, today: datetime.date, stale_after_days: int) -> list[Action]:
    """The rows of one page, in the order of their keys, each with what is wrong with it."""
    found = Action.objects.for_board(today).in_bulk(keys)
    rows = [found[key] for key in keys if key in found]
    return marked(rows, today=today, stale_after_days=stale_after_days)


def marked(rows: Iterable[Action], *, today: datetime.date, stale_after_days: int) -> list[Action]:
    """Each row with what is wrong with it, by the same pure rules as everywhere else, and what the service said last.

    The rows of a page, not of a list: the last words, and the board's and families', are read for them alone, in one query
    each.
    """
    shown = list(rows)
    last, rated = ActionUpdate.objects.newest_of(shown), _board_ratings(shown)
    told = DifferenceAnswer.objects.told_of([action for action in shown if action.status in DONE_STATUSES])
    for action in shown:
        action.category_code = Category(action.category).slug
        action.is_overdue = is_overdue(status=action.status, due=action.due, today=today)
        action.days_late = (today - action.due).days if action.is_overdue and action.due else 0
        action.is_stale = is_stale(
            status=action.status,
            last_heard=action.last_heard,
            planned_start=action.planned_start,
            today=today,
            after_days=stale_after_days,
        )
        action.days_unheard = (today - action.last_heard).days if action.last_heard else 0
        action.last_update = last.get(action.pk)
        action.board_rating = rated.get(action.pk)
        action.told = told.get(action.pk)
        action.is_disputed = action.told is not None and action.told.disputes(action.impact)
    return shown


def _board_ratings(actions: list[Action]) -> dict[int, BoardRating]:
    """The rating that counts of each, where the board has rated it (R-Z3)."""
    of = {action.pk: action for action in actions}
    found = {}
    for rating in BoardRating.objects.newest_of_each().filter(action__in=list(of)).order_by():
        rating.action = of[rating.action_id]
        found[rating.action_id] = rating
    return found
