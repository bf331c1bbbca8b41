"""Who may see strategies, priorities and measures. Twins of the querysets' `visible_to`; every answer fails closed."""

from partnership.permissions import has_role, is_staff
from partnership.roles import Role

from .models import Measure, Priority, Strategy


def can_view_strategy(user: object, strategy: Strategy) -> bool:
    """Everybody reads what is published; a draft is the programme team's alone (R-C11)."""
    return strategy.status != Strategy.Status.DRAFT or has_role(user, Role.PROGRAMME)


def can_view_priority(user: object, priority: Priority) -> bool:
    """As its strategy."""
    return can_view_strategy(user, priority.strategy)


def can_view_measure(user: object, measure: Measure) -> bool:
    """Everybody reads published measures; the rest stay inside the partnership (R-K1)."""
    return measure.is_published or is_staff(user)
