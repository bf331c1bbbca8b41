"""The sender adds something later, with the code. It is read by moderators like everything that is sent (R-V6, R-V8)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from actions.models import Action
from voice.models import Comment, MoreWords, Stage, Topic

from .errors import CannotDo
from .sending import Submission, submit_comment

ADDED_BEFORE = "You have added something before. You can add one thing, once."
TAKEN_BACK = "You took this back, so nothing can be added to it."


@transaction.atomic
def add_words(
    *,
    token: str,
    comment: Comment,
    text: str,
    unsafe: bool = False,
    kind: str = MoreWords.Kind.ADDED,
    topic: str = "",
    about: Action | None = None,
    at: datetime | None = None,
) -> Submission:
    """Keep the new words as a comment of their own, tied to the first one: so nothing is public before a moderator has
    read it, a child's words are read by two, and what is marked unsafe goes to safeguarding alone.

    What is added to something marked unsafe goes the same way (R-S2). Raises CannotDo the second time, or where the first
    words were taken back. A double click is the same as one.
    """
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.stage == Stage.WITHDRAWN:
        raise CannotDo(TAKEN_BACK)
    there = comment.more_words.filter(kind=kind).select_related("added").first()
    sent = submit_comment(
        token=token,
        route=comment.route,
        topic=topic or comment.topic,
        text=text,
        whose_words=comment.whose_words,
        age_band=comment.age_band,
        district=comment.district,
        may_show=comment.may_show,
        unsafe=unsafe or comment.is_flagged,
        about=about,
        at=at,
        is_example=comment.is_example,
    )
    if there is None:
        MoreWords.objects.create(comment=comment, added=sent.comment, kind=kind, at=at)
    elif there.added_id != sent.comment.pk:
        raise CannotDo(ADDED_BEFORE)  # the new row goes with the transaction
    return sent


def words_of_helping(comment: Comment) -> bool:
    """Whether words were given with whether it helped: once, like what is added."""
    return comment.more_words.filter(kind=MoreWords.Kind.HELPED).exists()


HELPED_TOPIC = Topic.QUALITY
"""What words about a difference are about, as on the page of an action."""
