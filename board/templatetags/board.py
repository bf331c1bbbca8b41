"""What a page of a lower package asks of the board. `{% load board %}`."""

from django import template

from actions.models import Action
from board.permissions import can_rate_for_board

register = template.Library()


@register.filter
def rated_by(action: Action, user: object) -> bool:
    """Whether this person may rate the action for the board: `{% if action|rated_by:request.user %}` (R-Z3)."""
    return can_rate_for_board(user, action)
