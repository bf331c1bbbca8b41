"""Who may read the board's pages, and who speaks for the board. Nobody changes a plan here: the service answers (R-B9)."""

from actions.models import FINISHED_STATUSES, Action, Plan
from actions.models.action_queries import ActionQuerySet
from actions.permissions import is_independent_of
from partnership.permissions import has_role
from partnership.roles import BOARD_ROLES, Role

SPEAK_FOR_THE_BOARD = (Role.BOARD, Role.CHAIR)
"""Advisers, assurance and the programme team read the board's pages; they do not speak for it."""


def can_view_board(user: object) -> bool:
    """Board members, the chair, advisers, assurance and the programme team; advisers see what the board sees."""
    return has_role(user, *BOARD_ROLES)


def can_rate_for_board(user: object, action: Action) -> bool:
    """The chair and board members rate what is on the record and not finished, and that they have no part in (R-Z3)."""
    if not has_role(user, *SPEAK_FOR_THE_BOARD) or action.status in FINISHED_STATUSES:
        return False
    return action.plan.status != Plan.Status.DRAFT and is_independent_of(user, action)


def ratable_for_board(user: object) -> ActionQuerySet:
    """Twin of `can_rate_for_board`: the actions that this person may rate for the board."""
    if not has_role(user, *SPEAK_FOR_THE_BOARD):
        return Action.objects.none()
    open_ones = Action.objects.on_the_record().exclude(status__in=FINISHED_STATUSES)
    return open_ones.independent_of(user)
