"""Saving a checked import: all of it or nothing, by the rules of adding and changing an action (R-W3, R-A5, R-A9).

Everything is compared again behind the locks. What is not as the preview showed it is not saved. Rows are written many at a
time, each with its history and the name of the person.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from actions.models import Action, DueDateChange, Milestone, Plan, PlanImport, PlanImportRow
from actions.sheets.comparing import Checker
from actions.sheets.reading import LISTS
from actions.sheets.steps import Step
from actions.sheets.verdicts import Verdict
from foundation import content_version
from foundation.tokens import spend
from partnership.models import Service, User

from .actions import fit, publish_if_at_once
from .due_dates import overtake_requests
from .histories import BATCH, keep_links
from .imports import PIECE, Outcome, Stage, locked_import
from .rules import RuleBroken
from .seen import ChangedMeanwhile

CHANGED = "The plan changed since you looked. Nothing was saved. Check the file again."


@transaction.atomic
def confirm_import(*, by: User, plan_import: PlanImport, token: str = "") -> PlanImport | None:
    """Save what the preview showed: new rows get the service's next numbers, changed ones their next version.

    None when `token` was used before. Raises ChangedMeanwhile, and saves nothing, when any row would come out otherwise
    than it was shown; RuleBroken when there is nothing to save.
    """
    # The same lock, in the same order, as adding one action: the row of the service is the counter.
    service = Service.objects.select_for_update(no_key=True).get(pk=plan_import.plan.service_id)
    if token and not spend(token, purpose="import"):
        return None
    made = locked_import(plan_import, Stage.READY)
    plan = Plan.objects.select_related("service").get(pk=made.plan_id)
    touched = made.rows.filter(action__isnull=False).values("action")
    list(
        Action.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk").values_list("pk")
    )
    verdicts = list(_again(by, made))
    new = [verdict for verdict in verdicts if verdict.outcome == Outcome.NEW]
    changed = [verdict for verdict in verdicts if verdict.outcome == Outcome.CHANGED]
    if not new and not changed:
        raise RuleBroken(["There is nothing in this file to save."])
    _add(new, plan=plan, service=service, by=by)
    _change(changed, plan=plan, service=service, by=by)
    keep_links([verdict.action for verdict in (*new, *changed) if verdict.action is not None])
    for verdict in new:
        verdict.row.action = verdict.action
    PlanImportRow.objects.bulk_update([verdict.row for verdict in new], ["action"], batch_size=BATCH)
    made.rows.update(words=[])  # the cells of the record tell what was brought; the file itself is not kept
    made.stage, made.done_at = Stage.DONE, timezone.now()
    made.save()
    content_version.bump()  # rows written together send no signal
    return made


def _again(by: User, made: PlanImport) -> Iterator[Verdict]:
    """The verdict on each row as it is now, if it is still the one that was shown."""
    checker, last = Checker(by, made), -1
    while rows := list(made.rows.filter(number__gt=last)[:PIECE]):
        last = rows[-1].number
        for verdict in checker.check(rows):
            if verdict.mark != verdict.row.mark:
                raise ChangedMeanwhile([CHANGED])
            # What was only compared is let go of, so that thousands of rows do not fill the memory.
            verdict.row.words, verdict.cells = [], []
            if verdict.outcome in (Outcome.NEW, Outcome.CHANGED):
                yield verdict


def _pieces(rows: list[Any]) -> Iterator[list[Any]]:
    """Some hundred at a time: the history of all of them at once would fill the memory."""
    for start in range(0, len(rows), PIECE):
        yield rows[start : start + PIECE]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of the action's own row; its links and steps are rows of their own."""
    return {name: value for name, value in values.items() if name not in LISTS and name != "milestones"}


def _add(verdicts: list[Verdict], *, plan: Plan, service: Service, by: User) -> None:
    actions = []
    for number, verdict in enumerate(verdicts, service.last_action_number + 1):
        action = Action(
            ref=f"{service.code}-{number}",
            plan=plan,
            service=service,
            created_by=by,
            is_example=plan.is_example,
            **_plain(verdict.values),
        )
        action.public_status = action.status
        fit(action)
        publish_if_at_once(action, plan=plan, service=service, by=by)
        verdict.action = action
        actions.append(action)
    if not actions:
        return
    service.last_action_number += len(actions)
    service.save(update_fields=["last_action_number"])
    for piece in _pieces(actions):
        bulk_create_with_history(piece, Action, batch_size=BATCH, default_user=by)
    _set_links(verdicts, by=by)
    _set_steps(verdicts, by=by)


def _change(verdicts: list[Verdict], *, plan: Plan, service: Service, by: User) -> None:
    moves, groups = [], {}
    for verdict in verdicts:
        action = verdict.action
        assert action is not None  # noqa: S101  # a changed row is of an action
        old_due = action.due
        names = {"version"}
        for name, value in _plain(verdict.values).items():
            setattr(action, name, value)
            names.add(name)
        action.bump()
        fit(action)
        names |= {"duty"} if "category" in names else set()
        if action.published_at is None:
            publish_if_at_once(action, plan=plan, service=service, by=by)
            names |= {"published_at", "published_by", "original_due", "last_heard"}
        elif action.due != old_due:
            if old_due is not None and action.due is not None and action.due > old_due:
                action.slips += 1
                names.add("slips")
            moves.append(
                DueDateChange(
                    action=action,
                    old_due=old_due,
                    new_due=action.due,
                    reason=verdict.due_reason,
                    by=by,
                    at=timezone.now(),
                )
            )
        groups.setdefault(frozenset(names), []).append(action)
    _set_links(verdicts, by=by, changed=True)
    for columns, actions in groups.items():
        for piece in _pieces(actions):
            # One short statement a row: one for many rows, with a case for each row and column, takes several times longer.
            for action in piece:
                values = {name: getattr(action, name) for name in columns}
                Action.objects.filter(pk=action.pk).update(**values)
            bulk_update_with_history(piece, Action, [], batch_size=BATCH, default_user=by)
    DueDateChange.objects.bulk_create(moves, batch_size=BATCH)
    overtake_requests(moves, at=timezone.now())
    _set_steps(verdicts, by=by)


def _set_links(verdicts: list[Verdict], *, by: User, changed: bool = False) -> None:
    """Links to rows. Those that the person may not see stay as they are."""
    for name, shown in LISTS.items():
        through = getattr(Action, name).through
        field = Action._meta.get_field(name).m2m_reverse_field_name()
        gone, come = [], []
        for verdict in verdicts:
            if name not in verdict.values:
                continue
            action = verdict.action
            before = {row.pk for row in getattr(action, shown)} if changed else set()
            after = {row.pk for row in verdict.values[name]}
            gone += [(action.pk, pk) for pk in before - after]
            come += [through(**{"action_id": action.pk, f"{field}_id": pk}) for pk in sorted(after - before)]
        for action_pk, pk in gone:
            through.objects.filter(**{"action_id": action_pk, f"{field}_id": pk}).delete()
        through.objects.bulk_create(come, batch_size=BATCH, ignore_conflicts=True)


def _set_steps(verdicts: list[Verdict], *, by: User) -> None:
    new, changed = [], []
    for verdict in verdicts:
        pairs: list[tuple[Milestone | None, Step]] = verdict.values.get("milestones") or []
        last = max((row.position for row, _ in pairs if row is not None), default=-1)
        for row, step in pairs:
            if row is None:
                last = min(last + 1, 32_000)
                new.append(
                    Milestone(
                        action=verdict.action,
                        title=step.title,
                        due=step.due,
                        done_on=step.done_on,
                        position=last,
                        added_by=by,
                    )
                )
            elif (row.due, row.done_on) != (step.due, step.done_on):
                row.due, row.done_on = step.due, step.done_on
                changed.append(row)
    if new:
        bulk_create_with_history(new, Milestone, batch_size=BATCH, default_user=by)
    if changed:
        bulk_update_with_history(changed, Milestone, ["due", "done_on"], batch_size=BATCH, default_user=by)
