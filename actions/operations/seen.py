"""What a publisher looked at. It goes out as it was seen, or not at all (R-A7, R-A9).

A page that publishes carries a note of what it showed: the version of the plan, a mark of all that families would read of
each action, and the updates. Publishing makes the note again behind its locks, and refuses when anything was not in the
first one. The note protects the publisher from surprise, so it needs no signature: who forges it deceives only themselves.
"""

import hashlib
from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from actions.models import Action, ActionUpdate, Plan

from .rules import RuleBroken


class ChangedMeanwhile(RuleBroken):
    """Something changed or came since the publisher looked. `faults` name it; nothing was published."""


def note_of(
    actions: Iterable[Action], updates: Iterable[ActionUpdate] = (), *, plan: Plan | None = None
) -> str:
    """The note of what a page shows: `p3 a12:9f0c… a13:77ab… u45`. With `plan` where its own words go out too."""
    marks = [f"a{pk}:{mark}" for pk, mark in _marks(list(actions)).items()]
    own = [f"p{plan.version}"] if plan is not None else []
    return " ".join([*own, *marks, *(f"u{update.pk}" for update in updates)])


def refuse_unseen(
    note: str, actions: Iterable[Action], updates: Iterable[ActionUpdate] = (), *, plan: Plan | None = None
) -> None:
    """Raise ChangedMeanwhile unless the note holds each of these as it is now. Ask with the rows locked."""
    rows, seen = list(actions), set(note.split())
    known = {part.partition(":")[0] for part in seen}
    faults = []
    if plan is not None and f"p{plan.version}" not in seen:
        faults.append("The title, dates or strategy of the plan were changed.")
    marks = _marks(rows)
    for action in rows:
        if f"a{action.pk}:{marks[action.pk]}" not in seen:
            faults.append(f"{action} {'was changed' if f'a{action.pk}' in known else 'is new'}.")
    faults += [f"{update.action} has a new update." for update in updates if f"u{update.pk}" not in seen]
    if faults:
        raise ChangedMeanwhile(faults)


def _marks(actions: list[Action]) -> dict[int, str]:
    """By id, a short mark of each action's words, dates, links, steps and measures. Its edits are counted by its version."""
    prefetch_related_objects(actions, "milestones", "success_measures")
    return {action.pk: _mark(action) for action in actions}


def _mark(action: Action) -> str:
    steps = [(step.pk, step.title, step.due, step.done_on) for step in action.milestones.all()]
    measures = [(link.measure_id, link.success_looks_like) for link in action.success_measures.all()]
    return hashlib.blake2b(repr((action.version, steps, measures)).encode(), digest_size=8).hexdigest()
