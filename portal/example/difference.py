"""What the example families say of what was done: too few to count, many who noticed, and many who did not (R-Z5)."""

import datetime

from django.utils import timezone

from actions.models import Action
from foundation.tokens import new_token
from partnership.models import User
from voice.models import Comment, MayShow, Noticed, Teller
from voice.operations import answer_difference, approve_comment

YES, LITTLE, NO = Noticed.YES, Noticed.A_LITTLE, Noticed.NO


def tell_difference(people: dict[str, User], actions: list[Action]) -> None:
    """Three answers about the kits, so no number is shown. Most of those who told of the planner did not notice a thing,
    though assurance saw a clear difference; one of them says why."""
    kits, planner = actions[7], actions[8]
    for days, answer in enumerate([YES, NO, LITTLE]):
        _answer(kits, Teller.PARENT_CARER, answer, days)
    told = [
        *[(Teller.PARENT_CARER, answer) for answer in [YES] * 3 + [LITTLE] * 2 + [NO] * 7],
        *[(Teller.YOUNG_PERSON, answer) for answer in [NO] * 5],
    ]
    for days, (who, answer) in enumerate(told):
        _answer(planner, who, answer, days)
    words = "The planner came in May. The year was nearly over, so we could not use it."
    _answer(planner, Teller.PARENT_CARER, NO, 12, words)
    comment = Comment.objects.get(original__text=words)
    approve_comment(
        comment=comment,
        version=comment.version,
        text=words,
        service=planner.service,
        priority=planner.priority,
        by=people["moderator"],
        at=_ago(11),
    )


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days, minutes=3)


def _answer(action: Action, who: str, answer: str, days: int, text: str = "") -> None:
    answer_difference(
        token=new_token(),
        action=action,
        answer=answer,
        who=who,
        text=text,
        may_show=MayShow.WORDS,
        at=_ago(days),
    )
