"""Who may read the board's pages. Nobody changes a plan here: a member asks, the service answers (R-B9)."""

from partnership.permissions import has_role
from partnership.roles import BOARD_ROLES


def can_view_board(user: object) -> bool:
    """Board members, the chair, advisers, assurance and the programme team; advisers see what the board sees."""
    return has_role(user, *BOARD_ROLES)
