"""What people outside the service decide: the difference made, signed off, closed (R-A4, R-A6)."""

import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action, ActionUpdate, Impact, ImpactRating, Status
from actions.reasons import why_not_close_action, why_not_rate_impact
from foundation.tokens import spend
from partnership.models import User

from .due_dates import overtake_request
from .rules import RuleBroken, day_of, keep_standing, locked_action, refuse_why

SPENT_FOR = "judgement"


@transaction.atomic
def rate_impact(
    *, by: User, action: Action, rating: str, words: str, token: str = "", at: datetime.datetime | None = None
) -> ImpactRating | None:
    """Say what difference was seen for families; None when `token` was used before.

    How the work stands is not touched (R-A6).
    """
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_rate_impact(by, action))
    return _rate(action, by=by, rating=rating, words=words, moment=at or timezone.now())


@transaction.atomic
def sign_off(
    *, by: User, action: Action, rating: str, words: str, token: str = "", at: datetime.datetime | None = None
) -> ActionUpdate | None:
    """Sign off a delivered action as complete, with the difference that was seen (R-A4); None when `token` was used before.

    Raises RuleBroken when it is not delivered, has no evidence, no difference was seen, or the person had a part in it.
    """
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    moment = at or timezone.now()
    refuse_why(why_not_rate_impact(by, action))
    faults = []
    if action.status != Status.DELIVERED:
        faults.append("Only an action that is delivered can be signed off.")
    if not action.evidence.exists():
        faults.append("There is no evidence yet, so this cannot be signed off.")
    if rating not in (Impact.SOME, Impact.CLEAR):
        faults.append(
            "Complete means that a difference was seen. Choose some or clear, or rate it without signing off."
        )
    if not words.strip():
        faults.append("Say what difference was seen.")
    if faults:
        raise RuleBroken(faults)
    _rate(action, by=by, rating=rating, words=words, moment=moment)
    return _decide(action, Status.BLUE, by=by, words=words, moment=moment)


@transaction.atomic
def close_action(
    *, by: User, action: Action, reason: str, token: str = "", at: datetime.datetime | None = None
) -> ActionUpdate | None:
    """Say that an action will not go ahead, and why; everybody reads the reason (R-A4). None when `token` was used before."""
    action = locked_action(action)
    if token and not spend(token, purpose=SPENT_FOR):
        return None
    refuse_why(why_not_close_action(by, action))
    if not reason.strip():
        raise RuleBroken(["Say why this will not go ahead. Everybody can read the reason."])
    return _decide(action, Status.CLOSED, by=by, words=reason, moment=at or timezone.now())


def _rate(action: Action, *, by: User, rating: str, words: str, moment: datetime.datetime) -> ImpactRating:
    row = ImpactRating.objects.create(action=action, rating=rating, words=words, by=by, at=moment)
    newest = action.impact_ratings.first()
    action.impact = newest.rating if newest is not None else rating
    keep_standing(action, "impact")
    return row


def _decide(action: Action, status: str, *, by: User, words: str, moment: datetime.datetime) -> ActionUpdate:
    """A decision is an update like any other, and public at once: it is nobody's draft."""
    update = ActionUpdate.objects.create(
        action=action,
        author=by,
        at=moment,
        status=status,
        status_before=action.status,
        reason=words if status == Status.CLOSED else "",
        public_words=words,
        published_at=moment,
        published_by=by,
    )
    overtake_request(action, at=moment)
    action.status = action.public_status = status
    action.last_update_at = moment
    action.last_heard = max(filter(None, [action.last_heard, day_of(moment)]))
    keep_standing(action, "status", "public_status", "last_update_at", "last_heard")
    return update
