"""Why something may not be written, in a sentence for the person who just did. Empty when it may.

Each agrees with the rule of the same name in `permissions`; the difference is that the person is told.
"""

from foundation.refusals import NOT_YOUR_ROLE
from partnership.permissions import can_contribute_for, has_role
from partnership.roles import Role

from . import permissions
from .models import Action, Audit, DueDateRequest, Finding, Plan, Status

ARCHIVED = "This plan is archived. Nobody writes in it any more."
CLOSED = "This action was closed. Nobody writes in it any more."
COMPLETE = "This action was signed off as complete. Nobody writes in it any more."
NOT_YOURS = "You do not write for this service, or not any more."
PUBLIC = "Families read this action now. Only a publisher of its service can change it."
AUDIT_FINISHED = "This audit is finished. Nobody changes it any more. A new audit corrects it."
AUDIT_GONE = "This audit was thrown away while you were writing."
NO_GAP = "This is no gap in a finished audit, so it needs no action."
DRAFT = "This action is in a draft. Its service can change it."
NOT_PUBLIC = "Families do not read this action yet. Change its date with its words."
NOT_PUBLISHER = "Only a publisher of the service decides this."
DECIDED = "This is decided already, or the date moved meanwhile. Nothing was changed by you."
NOT_PUBLISHED = "This plan is a draft. Its review comes when it has been published for a while."
HAD_A_PART = "You had a part in this action, so somebody else must judge it."


def why_not_edit_plan(user: object, plan: Plan) -> str:
    """Why the person cannot change the plan or add to it now."""
    if permissions.can_edit_plan(user, plan):
        return ""
    return ARCHIVED if can_contribute_for(user, plan.service) else NOT_YOURS


def why_not_review_plan(user: object, plan: Plan) -> str:
    """Why the person cannot answer in the plan's yearly review now."""
    if permissions.can_review_plan(user, plan):
        return ""
    return why_not_edit_plan(user, plan) or NOT_PUBLISHED


def why_not_finish_review(user: object, plan: Plan) -> str:
    """Why the person cannot finish the plan's yearly review now."""
    if permissions.can_finish_review(user, plan):
        return ""
    return why_not_review_plan(user, plan) or NOT_PUBLISHER


def why_not_update_action(user: object, action: Action) -> str:
    """Why the person cannot say how the action stands, or add evidence, now."""
    if permissions.can_update_action(user, action):
        return ""
    return why_not_edit_plan(user, action.plan) or _finished(action)


def why_not_edit_action(user: object, action: Action) -> str:
    """Why the person cannot change what is read of the action now."""
    if permissions.can_edit_action(user, action):
        return ""
    return why_not_update_action(user, action) or PUBLIC


def why_not_move_due(user: object, action: Action) -> str:
    """Why the person cannot move the due date now."""
    if permissions.can_move_due(user, action):
        return ""
    return why_not_update_action(user, action) or NOT_PUBLIC


def why_not_decide_due_request(user: object, asked: DueDateRequest) -> str:
    """Why the person cannot decide now whether a date moves."""
    if permissions.can_decide_due_request(user, asked):
        return ""
    return why_not_move_due(user, asked.action) or (
        DECIDED if permissions.can_approve_due(user, asked.action) else NOT_PUBLISHER
    )


def why_not_rate_impact(user: object, action: Action) -> str:
    """Why the person cannot say now what difference the action made."""
    if permissions.can_rate_impact(user, action):
        return ""
    if not has_role(user, Role.ASSURANCE):
        return NOT_YOUR_ROLE
    if action.status == Status.CLOSED:
        return CLOSED
    return DRAFT if action.plan.status == Plan.Status.DRAFT else HAD_A_PART


def why_not_close_action(user: object, action: Action) -> str:
    """Why the person cannot close the action now."""
    if permissions.can_close_action(user, action):
        return ""
    if not has_role(user, Role.PROGRAMME):
        return NOT_YOUR_ROLE
    return _finished(action) or DRAFT


def why_not_edit_audit(user: object, audit: Audit) -> str:
    """Why the person cannot write in the audit now."""
    if permissions.can_edit_audit(user, audit):
        return ""
    return AUDIT_FINISHED if can_contribute_for(user, audit.service) else NOT_YOURS


def why_not_act_on_gap(user: object, finding: Finding) -> str:
    """Why the person cannot make an action of this finding now."""
    if permissions.can_act_on_gap(user, finding):
        return ""
    return NO_GAP if can_contribute_for(user, finding.audit.service) else NOT_YOURS


def why_not_change_in_bulk(user: object, action: Action) -> str:
    """Why the programme team cannot change the action together with others now."""
    if permissions.can_change_in_bulk(user, action):
        return ""
    if not permissions.can_change_several(user):
        return NOT_YOUR_ROLE
    plans = {Plan.Status.DRAFT.value: DRAFT, Plan.Status.ARCHIVED.value: ARCHIVED}
    return plans.get(str(action.plan.status), "") or _finished(action)


def _finished(action: Action) -> str:
    return {Status.CLOSED.value: CLOSED, Status.BLUE.value: COMPLETE}.get(str(action.status), "")
