"""History of rows that are written many at a time, where saving one by one would have kept it by itself (R-A5)."""

from collections.abc import Sequence

from actions.models import Action

BATCH = 200
"""Rows in one statement; a database takes only so many values at once."""


def keep_links(actions: Sequence[Action]) -> None:
    """Write the links of each action beside its newest history row, as saving one action does."""
    history = Action.history.model
    pks = [action.pk for action in actions]
    for start in range(0, len(pks), BATCH):
        piece = pks[start : start + BATCH]
        rows = history.objects.filter(id__in=piece).order_by("history_date", "history_id")
        newest = dict(rows.values_list("id", "history_id"))
        for field in history._history_m2m_fields:
            _keep(field.name, newest)


def _keep(name: str, newest: dict[int, int]) -> None:
    """The rows of one kind of link, each with the history row of its action."""
    field = Action._meta.get_field(name)
    links = getattr(Action, name).through
    of_links = getattr(Action.history.model, name).model
    action_id = f"{field.m2m_field_name()}_id"  # type: ignore[union-attr]
    other_id = f"{field.m2m_reverse_field_name()}_id"  # type: ignore[union-attr]
    found = links.objects.filter(**{f"{action_id}__in": newest}).values_list("pk", action_id, other_id)
    of_links.objects.bulk_create(
        [
            of_links(**{"id": pk, "history_id": newest[action], action_id: action, other_id: other})
            for pk, action, other in found
        ],
        batch_size=BATCH,
    )
