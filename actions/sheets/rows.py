"""The rows of an export: each action as this reader may see it, read piece by piece (R-A12, R-S2)."""

import gc
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch

from actions.models import Action, ActionMeasure, Evidence, Milestone
from actions.models.action_queries import ActionQuerySet
from partnership.models import Service
from partnership.permissions import is_staff
from priorities.models import Commitment, Measure, Priority

from .columns import COLUMNS, Column

PIECE = 100
"""Actions held in memory at once."""

HEADINGS = [column.heading for column in COLUMNS]
WIDTHS = [column.width for column in COLUMNS]


def with_links(actions: ActionQuerySet, user: object) -> ActionQuerySet:
    """The actions with all that hangs on each and that this person may see, in a fixed number of queries."""
    evidence = Evidence.objects.all() if is_staff(user) else Evidence.objects.none()
    measures = ActionMeasure.objects.filter(measure__in=Measure.objects.visible_to(user))
    promises = Commitment.objects.select_related("strategy", "title")
    return actions.select_related(
        "plan__service", "service", "duty", "priority__strategy", "priority__title"
    ).prefetch_related(
        Prefetch("milestones", Milestone.objects.all(), "shown_steps"),
        Prefetch("also_serves", Priority.objects.visible_to(user).with_names(), "shown_priorities"),
        Prefetch("commitments", promises, "shown_promises"),
        Prefetch("partners", Service.objects.all(), "shown_partners"),
        Prefetch("success_measures", measures.select_related("measure"), "shown_measures"),
        Prefetch("evidence", evidence, "shown_evidence"),
    )


def rows(actions: ActionQuerySet, user: object, today: date) -> Iterator[list[Any]]:
    """The cells of each action, in the order of the columns. `actions` are those that this person may see."""
    # The order is asked for first, and without the words: a database that sorts long rows holds all of them in memory.
    order = list(actions.values_list("pk", flat=True))
    whole = with_links(Action.objects.for_reader(user, today).whole(), user).prefetch_related(_voices(user))
    for start in range(0, len(order), PIECE):
        piece = whole.in_bulk(order[start : start + PIECE])
        for pk in order[start : start + PIECE]:
            if pk in piece:  # it may be gone since
                yield [column.cell(piece[pk]) for column in COLUMNS]
        # An action and what hangs on it point at each other, so they stay until the collector comes, which is seldom.
        piece.clear()
        gc.collect(1)


def _voices(user: object) -> Prefetch:
    # The links belong to the package above, which knows who may read which; no import runs up.
    links = Action._meta.get_field("voices").related_model
    return Prefetch("voices", links._default_manager.to_show(user), "shown_voices")  # type: ignore[union-attr]


def column_of(field: str) -> Column:
    """The column that holds this field."""
    return next(column for column in COLUMNS if column.field == field)
