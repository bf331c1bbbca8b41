"""Why the board's own words may not be written, in a sentence for the person who just did. Empty when they may."""

from actions.models import FINISHED_STATUSES, Action
from actions.reasons import HAD_A_PART
from foundation.refusals import NOT_YOUR_ROLE
from partnership.permissions import has_role

from . import permissions

FINISHED = "This action is complete or closed now. The board does not rate it any more."


def why_not_rate(user: object, action: Action) -> str:
    """Why the person cannot rate the action for the board now (R-Z3)."""
    if permissions.can_rate_for_board(user, action):
        return ""
    if not has_role(user, *permissions.SPEAK_FOR_THE_BOARD):
        return NOT_YOUR_ROLE
    return FINISHED if action.status in FINISHED_STATUSES else HAD_A_PART
