"""Who may do what with plans and actions. Every answer fails closed, and each has a twin on the querysets (R-A7)."""

from django.db.models import Exists

from partnership.models import Service
from partnership.permissions import can_contribute_for, can_publish_for, has_role, is_person, is_staff
from partnership.roles import Role

from .models import (
    FINISHED_STATUSES,
    Action,
    ActionUpdate,
    Audit,
    DueDateRequest,
    Finding,
    Plan,
    PlanImport,
    Status,
    WaitingFor,
)


def can_create_plan(user: object, service: Service) -> bool:
    """Contributors and publishers begin plans of the services they cover."""
    return can_contribute_for(user, service)


def can_view_plan(user: object, plan: Plan) -> bool:
    """Everybody sees published and archived plans; a draft is seen by its service and the programme team."""
    if plan.status != Plan.Status.DRAFT or has_role(user, Role.PROGRAMME):
        return True
    return can_contribute_for(user, plan.service)


def can_edit_plan(user: object, plan: Plan) -> bool:
    """Those who write for the service, until the plan is archived."""
    return plan.status != Plan.Status.ARCHIVED and can_contribute_for(user, plan.service)


def can_publish_plan(user: object, plan: Plan) -> bool:
    """A publisher of the service publishes its draft."""
    return plan.status == Plan.Status.DRAFT and can_publish_for(user, plan.service)


def can_archive_plan(user: object, plan: Plan) -> bool:
    """A publisher of the service archives its published plan when the period is over."""
    return plan.status == Plan.Status.PUBLISHED and can_publish_for(user, plan.service)


def can_publish_waiting(user: object, plan: Plan) -> bool:
    """A publisher of the service makes new actions and public words of a published plan public."""
    return plan.status == Plan.Status.PUBLISHED and can_publish_for(user, plan.service)


def can_review_plan(user: object, plan: Plan) -> bool:
    """Those who write for the service look at each action of its published plan in the yearly review (R-W7)."""
    return plan.status == Plan.Status.PUBLISHED and can_contribute_for(user, plan.service)


def can_finish_review(user: object, plan: Plan) -> bool:
    """A publisher of the service finishes the review (R-W7)."""
    return plan.status == Plan.Status.PUBLISHED and can_publish_for(user, plan.service)


def can_view_action(user: object, action: Action) -> bool:
    """Public actions for everybody; inside the partnership all of published plans; drafts as `can_view_plan`."""
    if has_role(user, Role.PROGRAMME) or can_contribute_for(user, action.plan.service):
        return True
    if action.plan.status == Plan.Status.DRAFT:
        return False
    return action.published_at is not None or is_staff(user)


def can_update_action(user: object, action: Action) -> bool:
    """Those who write for the service, until the action is complete or closed."""
    return action.status not in FINISHED_STATUSES and can_edit_plan(user, action.plan)


def can_edit_action(user: object, action: Action) -> bool:
    """As updating; but what families already read is changed, and its date moved, by a publisher alone,
    unless the service publishes at once."""
    if not can_update_action(user, action):
        return False
    is_public = action.published_at is not None and action.plan.status != Plan.Status.DRAFT
    at_once = action.plan.service.publishes_at_once
    return not is_public or at_once or can_publish_for(user, action.plan.service)


def can_move_due(user: object, action: Action) -> bool:
    """Those who write for the service move a date that families read, with a reason; a draft's date is simply changed (R-A5)."""
    is_public = action.published_at is not None and action.plan.status != Plan.Status.DRAFT
    return is_public and can_update_action(user, action)


def can_approve_due(user: object, action: Action) -> bool:
    """Whoever may change what families read moves the date however far, and decides what others ask for (R-A5)."""
    return can_move_due(user, action) and can_edit_action(user, action)


def can_decide_due_request(user: object, asked: DueDateRequest) -> bool:
    """Whether the person decides this request now: it still waits, and the date is theirs to approve."""
    waits = asked.outcome == DueDateRequest.Outcome.WAITING
    return waits and can_approve_due(user, asked.action)


def can_view_waiting(user: object, waiting: WaitingFor) -> bool:
    """Whoever may see both actions sees that one waits for the other."""
    return can_view_action(user, waiting.action) and can_view_action(user, waiting.on)


def can_end_waiting(user: object, waiting: WaitingFor) -> bool:
    """Those who update the action that waits say when it waits no longer."""
    return waiting.ended_at is None and can_update_action(user, waiting.action)


def can_publish_update(user: object, update: ActionUpdate) -> bool:
    """A publisher of the service publishes an update's public words."""
    return can_publish_waiting(user, update.action.plan)


def is_independent_of(user: object, action: Action) -> bool:
    """Whether the person has no part in the action: not of its service, and no word or evidence of theirs in it."""
    if not is_person(user) or action.created_by_id == user.pk:
        return False
    if can_contribute_for(user, action.plan.service) or can_contribute_for(user, action.service):
        return False
    wrote = Exists(action.updates.by_owner().filter(author=user))
    showed = Exists(action.evidence.filter(added_by=user))
    return not Action.objects.filter(wrote | showed, pk=action.pk).exists()


def can_rate_impact(user: object, action: Action) -> bool:
    """Assurance says what difference was seen, for actions on the record that they had no part in (R-A6)."""
    if not has_role(user, Role.ASSURANCE) or action.status == Status.CLOSED:
        return False
    return action.plan.status != Plan.Status.DRAFT and is_independent_of(user, action)


def can_sign_off(user: object, action: Action) -> bool:
    """Assurance signs off what is delivered; never somebody who had a part in it (R-A4)."""
    return action.status == Status.DELIVERED and can_rate_impact(user, action)


def can_close_action(user: object, action: Action) -> bool:
    """The programme team closes what will not go ahead (R-A4)."""
    on_the_record = action.plan.status != Plan.Status.DRAFT
    return has_role(user, Role.PROGRAMME) and on_the_record and action.status not in FINISHED_STATUSES


def can_begin_audit(user: object, service: Service) -> bool:
    """Contributors and publishers audit the services they cover (R-A14)."""
    return can_contribute_for(user, service)


def can_view_audit(user: object, audit: Audit) -> bool:
    """Finished ones inside the partnership; one that is not finished for its service and the programme team."""
    if has_role(user, Role.PROGRAMME) or can_contribute_for(user, audit.service):
        return True
    return audit.finished_at is not None and is_staff(user)


def can_edit_audit(user: object, audit: Audit) -> bool:
    """Those who write for the service, until it is finished."""
    return audit.finished_at is None and can_contribute_for(user, audit.service)


def can_act_on_gap(user: object, finding: Finding) -> bool:
    """Those who write for the service make an action of a gap, once the audit is finished."""
    found = finding.audit.finished_at is not None and finding.is_gap
    return found and can_contribute_for(user, finding.audit.service)


def can_view_owners(user: object) -> bool:
    """The programme team sees which owners of actions are not there, and what they hold (R-W9)."""
    return has_role(user, Role.PROGRAMME)


def can_change_several(user: object) -> bool:
    """The programme team changes several actions in one press (R-W9)."""
    return has_role(user, Role.PROGRAMME)


def can_change_in_bulk(user: object, action: Action) -> bool:
    """The programme team moves, re-dates and links what is on the record, not archived and not finished (R-W9)."""
    published = action.plan.status == Plan.Status.PUBLISHED
    return can_change_several(user) and published and action.status not in FINISHED_STATUSES


def can_view_import(user: object, plan_import: PlanImport) -> bool:
    """What a spreadsheet brought is looked back on by those who write for the service, and the programme team (R-W3)."""
    return has_role(user, Role.PROGRAMME) or can_contribute_for(user, plan_import.plan.service)


def can_confirm_import(user: object, plan_import: PlanImport) -> bool:
    """Whoever sent the file goes on with it, or throws it away, while they may write in the plan (R-W3)."""
    return (
        is_person(user)
        and plan_import.by_id == user.pk
        and plan_import.waits
        and can_edit_plan(user, plan_import.plan)
    )
