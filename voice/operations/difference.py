"""People say whether they noticed the difference that an action was to make (R-Z5)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from foundation import content_version
from foundation.tokens import spend
from voice.models import DifferenceAnswer, MayShow, Teller, Topic
from voice.models.difference import ROUTES, hide_below

from .errors import CannotDo
from .sending import Submission, submit_comment

SPENT_FOR = "voice-difference"
NOT_ASKED = "This action is not done any more, so we do not ask about it now."


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one press of the send button."""

    is_new: bool
    """False for a double click, a refresh or the Back button: the answer is not counted again."""
    words: Submission | None
    """The words, if there were any, on their way to a moderator, and the code to follow them with."""


@transaction.atomic
def answer_difference(
    *,
    token: str,
    action: Action,
    answer: str,
    who: str,
    text: str = "",
    may_show: str = MayShow.SUMMARY,
    unsafe: bool = False,
    at: datetime | None = None,
) -> Answered:
    """Count an answer, once for each token; words with it go to the moderators as any others do (R-Z5, R-V6).

    The row of the answer and the words know nothing of each other. Raises CannotDo when families do not read that the
    action is done.
    """
    at = at or timezone.now()
    is_new = spend(token, purpose=SPENT_FOR)
    if is_new:
        if not Action.objects.done_in_public().filter(pk=action.pk).exists():
            raise CannotDo(NOT_ASKED)
        DifferenceAnswer.objects.create(action=action, answer=answer, who=who, on=timezone.localdate(at))
        if action.difference_answers.count() >= hide_below():
            content_version.bump()  # from here on everybody may read the number
    words = None
    if text:
        words = submit_comment(
            token=token,
            route=ROUTES[Teller(who)],
            topic=Topic.QUALITY,
            text=text,
            may_show=may_show,
            unsafe=unsafe,
            about=action,
            at=at,
            is_example=action.is_example,
        )
    return Answered(is_new, words)
