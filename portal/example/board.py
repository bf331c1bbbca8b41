"""What the example board says: it rates some actions as their services do, and one quite differently (R-Z3)."""

import datetime

from django.utils import timezone

from actions.models import Action, Status
from board import operations
from partnership.models import User


def tell_ratings(people: dict[str, User], actions: list[Action]) -> None:
    """The chair agrees about the late papers, and sees the therapy at home as red where its service says green."""
    papers, letters, at_home = actions[2], actions[5], actions[11]
    ratings = [
        (
            papers,
            Status.RED,
            12,
            "Half of the families who came to a meeting had no papers. We agree with the service.",
        ),
        (
            at_home,
            Status.RED,
            9,
            "One therapist cannot visit every child who waits. We have seen no plan for the second one.",
        ),
        (
            letters,
            Status.AMBER,
            2,
            "Four letters are good. Nobody has told us when the last two will be ready.",
        ),
    ]
    for action, rating, days, reason in ratings:
        at = timezone.now() - datetime.timedelta(days=days, minutes=5)
        operations.rate_action(by=people["chair"], action=action, rating=rating, reason=reason, at=at)
