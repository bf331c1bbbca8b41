"""An example review that is due and half done."""

from actions import operations
from actions.models import Plan, ReviewedAction
from partnership.models import User

from .plans import SECOND_ACTIONS, Story


def tell_reviews(people: dict[str, User]) -> None:
    """The second service has looked at two of its actions; one of them is not needed any more, it says."""
    story = Story(people)
    plan = Plan.objects.get(title="Example therapy plan", is_example=True)
    first, last = (plan.actions.get(title=SECOND_ACTIONS[place][0]) for place in (0, -1))
    operations.review_action(
        by=people["contributor2"],
        plan=plan,
        action=first,
        still_needed=True,
        right_category=True,
        difference_seen=ReviewedAction.Seen.NOT_YET,
        words="Waits are shorter. Families do not feel it yet.",
        at=story.ago(4),
    )
    operations.review_action(
        by=people["contributor2"],
        plan=plan,
        action=last,
        still_needed=False,
        right_category=True,
        difference_seen=ReviewedAction.Seen.NO,
        words="Another service does this now. We would do it twice.",
        at=story.ago(3),
    )
