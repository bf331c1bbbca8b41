"""What came on paper, by phone, at an event or through a group is written down for its sender (R-V11)."""

import datetime

from django.db import transaction
from django.utils import timezone

from partnership.models import User
from voice.models import Channel, Decision, Event, MayShow

from .sending import Submission, submit_comment

ENTERED_CHANNELS = (Channel.PAPER, Channel.PHONE, Channel.EVENT, Channel.FORUM, Channel.GROUP)
"""How words come that do not come through this website."""
NOON = datetime.time(12)


@transaction.atomic
def enter_comment(
    *,
    token: str,
    channel: str,
    event: Event | None = None,
    route: str,
    whose_words: str = "",
    topic: str,
    text: str,
    may_show: str = MayShow.NOTHING,
    said_on: datetime.date,
    unsafe: bool = False,
    by: User,
    at: datetime.datetime | None = None,
    is_example: bool = False,
) -> Submission:
    """Write down somebody's words, once for each token, and give the code to hand to them (R-V8, R-V11).

    They go the way of all others: read by a moderator, a child's words by two (R-V6). Whoever wrote them down may be one of
    those two and never both. They count as come on the day they were said or reached somebody, so
    that a letter in a drawer does not get a fresh year (R-V9).
    """
    at = at or timezone.now()
    sent = submit_comment(
        token=token,
        route=route,
        topic=topic,
        text=text,
        whose_words=whose_words,
        may_show=may_show,
        unsafe=unsafe,
        channel=channel,
        said_at=event if channel == Channel.EVENT else None,
        by=by,
        at=at,
        received_at=came_at(said_on, at),
        is_example=is_example,
    )
    if sent.is_new:
        Decision.objects.create(comment=sent.comment, kind=Decision.Kind.ENTERED, by=by, at=at)
    return sent


def came_at(said_on: datetime.date, now: datetime.datetime) -> datetime.datetime:
    """The moment that its clocks begin: this one for today, noon for an earlier day."""
    if said_on >= timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.datetime.combine(said_on, NOON))
