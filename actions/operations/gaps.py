"""A gap that an audit found becomes an action, or is linked to one that is there, until somebody undoes it (R-A14)."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import Action, Category, Finding, GapAction, Plan, StatutoryDuty
from actions.reasons import why_not_act_on_gap
from foundation.versions import VersionConflict
from partnership.models import User
from priorities.models import Priority

from .actions import add_action
from .rules import RuleBroken, keep, refuse_why


@transaction.atomic
def act_on_gap(
    *,
    by: User,
    finding: Finding,
    plan: Plan,
    title: str,
    priority: Priority,
    problem: str = "",
    duty: StatutoryDuty | None = None,
    token: str = "",
    at: datetime.datetime | None = None,
    **fields: Any,
) -> Action | None:
    """Make an action of a gap in a plan of the same service, linked to it; None when `token` was used before.

    A duty makes it a must-do. A promise that is no law makes it a should-do that keeps the promise, unless `duty` names
    the law that it breaks too (R-A3). `fields` are the other columns of the action.
    """
    finding = _locked_gap(finding, by)
    if plan.service_id != finding.audit.service_id:
        raise RuleBroken(["Choose a plan of the service that was audited."])
    duty = finding.duty or duty
    action = add_action(
        by=by,
        plan=plan,
        title=title,
        category=Category.MUST if duty else Category.SHOULD,
        priority=priority,
        problem=problem,
        duty=duty,
        commitments=[finding.commitment] if finding.commitment else [],
        is_example=finding.audit.is_example,
        token=token,
        at=at,
        **fields,
    )
    if action is not None:
        GapAction.objects.create(finding=finding, action=action, linked_by=by, linked_at=at or timezone.now())
        _actions_changed(finding, by=by, at=at)
    return action


@transaction.atomic
def link_gap(*, by: User, finding: Finding, action: Action, at: datetime.datetime | None = None) -> GapAction:
    """Say that an action of the same service, which was there already, answers a gap. A second time changes nothing."""
    finding = _locked_gap(finding, by)
    if action.plan.service_id != finding.audit.service_id:
        raise RuleBroken(["Choose an action of the service that was audited."])
    moment = at or timezone.now()
    link, is_new = GapAction.objects.open().get_or_create(
        finding=finding, action=action, defaults={"linked_by": by, "linked_at": moment}
    )
    if is_new:
        _actions_changed(finding, by=by, at=at)
    return link


@transaction.atomic
def unlink_gap(
    *, by: User, link: GapAction, version: int, at: datetime.datetime | None = None
) -> GapAction | None:
    """Say that an action does not answer a gap after all. The link stays in the past of the finding, with who ended it.

    None when it was ended before. `version` is the finding's, as the person saw it: raises VersionConflict when somebody
    linked another action, or took one off, since then.
    """
    finding = _locked_gap(link.finding, by)
    link = GapAction.objects.get(pk=link.pk)
    if link.ended_at is not None:
        return None
    if finding.version != version:
        raise VersionConflict(current=finding)
    link.ended_by, link.ended_at = by, at or timezone.now()
    link.save()
    _actions_changed(finding, by=by, at=at)
    return link


def _actions_changed(finding: Finding, *, by: User, at: datetime.datetime | None) -> None:
    """The finding has a new version and a row of history for it, so that whoever looked before is told."""
    finding.bump()
    keep(finding, by=by, at=at)


def _locked_gap(finding: Finding, by: User) -> Finding:
    found = Finding.objects.select_for_update(no_key=True, of=("self",)).select_related("audit__service")
    finding = found.get(pk=finding.pk)
    refuse_why(why_not_act_on_gap(by, finding))
    return finding
