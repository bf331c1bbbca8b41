"""What the board writes down. Keyword-only, `by=` whom, each in one transaction; nothing that was written is changed."""

import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from actions.operations.rules import RuleBroken, locked_action, refuse_why
from actions.progress import OWNER_STATUSES
from foundation.tokens import spend
from partnership.models import User

from .models import BoardRating
from .reasons import why_not_rate

SPENT_FOR = "board rating"


@transaction.atomic
def rate_action(
    *,
    by: User,
    action: Action,
    rating: str,
    reason: str,
    token: str = "",
    at: datetime.datetime | None = None,
) -> BoardRating | None:
    """Write down how the board rates an action, and why; None when `token` was used before.

    The service's own status stays as it is, and the service cannot change the board's (R-Z3). Raises RuleBroken when the
    action is finished, the person had a part in it, the rating is none of the key, or the reason is missing.
    """
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_rate(by, action))
    if rating not in OWNER_STATUSES:
        raise RuleBroken(["Choose one of the ratings."])
    if not reason.strip():
        raise RuleBroken(["Say why the board rates it so."])
    moment = at or timezone.now()
    return BoardRating.objects.create(action=action, rating=rating, reason=reason, by=by, at=moment)
