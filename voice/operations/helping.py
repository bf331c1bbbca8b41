"""Did it help? The sender says so with the code, and it counts on the answer and on the actions behind it (R-Z5)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from foundation import content_version
from voice.models import (
    Comment,
    DifferenceAnswer,
    HelpAnswer,
    Helped,
    Noticed,
    Response,
    Route,
    Stage,
    Teller,
)
from voice.models.difference import hide_below

from .errors import CannotDo

NOT_ANSWERED = "There is no answer to it yet, so we do not ask now."
AS_NOTICED = {Helped.YES: Noticed.YES, Helped.PARTLY: Noticed.A_LITTLE, Helped.NO: Noticed.NO}
"""How it counts on an action. "Too early" counts nowhere."""
TELLERS = {Route(teller.value): teller for teller in Teller if teller.value in Route.values}
"""Who says it, on the page of an action. Somebody else is none of its groups, and counts on the answer alone."""


@transaction.atomic
def answer_helped(*, comment: Comment, answer: str, at: datetime | None = None) -> HelpAnswer:
    """Keep what the sender says of the newest answer; saying it again changes it. Raises CannotDo without an answer.

    It counts as a row of its own on each action behind the answer that families read is done: the rows of decision 013, so
    that the same page says the same. These know nothing of the sender; the row here knows them, so that they can be taken out.
    """
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    newest = latest_answer(comment)
    if newest is None:
        raise CannotDo(NOT_ANSWERED)
    on = timezone.localdate(at or timezone.now())
    done = _counts_on(comment, newest, answer)
    before = HelpAnswer.objects.filter(comment=comment).first()
    if before is not None:
        there = {row.action_id for row in before.counted.all()}
        if (before.answer, before.response_id, there) == (answer, newest.pk, {row.pk for row in done}):
            return before  # said once more: a double click, or the same answer again
        before.counted.all().delete()
    kept, _ = HelpAnswer.objects.update_or_create(
        comment=comment, defaults={"response": newest, "answer": answer, "on": on}
    )
    kept.counted.set(
        [
            DifferenceAnswer.objects.create(
                action=action, answer=AS_NOTICED[Helped(answer)], who=TELLERS[Route(comment.route)], on=on
            )
            for action in done
        ]
    )
    if _may_be_read(newest):
        content_version.bump()
    return kept


def latest_answer(comment: Comment) -> Response | None:
    """The newest published answer to it, or none: then nobody is asked. Nothing is asked of what is marked unsafe."""
    if comment.is_flagged or comment.stage != Stage.ANSWERED:
        return None
    return comment.responses.filter(status=Response.Status.PUBLISHED).newest().first()


def _may_be_read(answer: Response) -> bool:
    """Whether so many have told us that a number is shown anywhere: below that, no page changes (decision 013)."""
    least = hide_below()
    told = answer.help_answers.counted().count()
    return told >= least or any(
        action.difference_answers.count() >= least for action in answer.actions.all()[:20]
    )


def forget_whether_it_helped(comment: Comment) -> None:
    """What was taken back or refused counts nowhere any more."""
    for kept in HelpAnswer.objects.filter(comment=comment):
        kept.counted.all().delete()
        kept.delete()


def _counts_on(comment: Comment, newest: Response, answer: str) -> list[Action]:
    """The actions that it counts on: those behind the answer of which families read that they are done."""
    if Route(comment.route) not in TELLERS or answer == Helped.TOO_EARLY:
        return []
    return list(Action.objects.done_in_public().filter(answers=newest).order_by("pk"))
