"""An example of a whole year that is over: what was said in it, the answers, and the yearly report of it (R-V9, R-Z9)."""

from itertools import cycle
from typing import Any

from django.utils import timezone

from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import District, Service, User
from portal.example.voices import Voices
from voice import operations
from voice.models import AgeBand, Channel, Comment, RefusalReason, Response, Route, Topic, WhoseWords
from voice.yearly import draft_of, first_month, span, year_of

SAID: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    (
        {"route": Route.PARENT_CARER, "topic": Topic.INFORMATION, "age_band": AgeBand.FROM_5},
        (
            "We did not know which drop-ins there are.",
            "The list of drop-ins on the website was a year old.",
            "I found the right form only because a neighbour had it.",
            "The page about speech therapy has too many hard words.",
            "I could not find out who to ask about the lift.",
            "There was no date on the page, so I did not trust it.",
            "I would like one page with all the phone numbers.",
        ),
    ),
    (
        {"route": Route.YOUNG_PERSON, "topic": Topic.INVOLVED, "age_band": AgeBand.FROM_16},
        (
            "My review was booked when I had an exam.",
            "Nobody asked me what I want to talk about.",
            "I want to see the letter before it goes out.",
            "Let me bring a friend to my review.",
            "Ask me, not only my mum.",
        ),
    ),
    (
        {"route": Route.CHILD, "topic": Topic.FELT, "age_band": AgeBand.FROM_5},
        ("the waiting room is loud", "i like the quiet room", "the big light hurts"),
    ),
    (
        {"route": Route.PARENT_CARER, "topic": Topic.WENT_WELL, "age_band": AgeBand.FROM_11},
        (
            "The therapist rang us back the same day.",
            "The drop-in in the library is lovely.",
            "They remembered what we had said last time.",
            "The new letter is one page and clear.",
            "My son is glad to go there.",
        ),
    ),
)
"""What people said, by who they are and what it is about. Each group is answered together."""
ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "kind": Response.Kind.WE_DID,
        "you_said": "It is hard to find out what there is and who to ask.",
        "we_did": "One page now lists every drop-in and phone number. We check it each month and show the date.",
        "difference": "Fewer people ring us to ask where to go.",
    },
    {
        "kind": Response.Kind.WE_DID,
        "you_said": "You want a say in your own reviews.",
        "we_did": "We ask each young person for a time that suits, and who should be there.",
        "difference": "",
    },
    {
        "kind": Response.Kind.WE_CANNOT,
        "you_said": "The waiting room is loud and bright.",
        "we_did": "We cannot change the lights, because the building is not ours. The quiet room is open to everybody.",
        "difference": "",
    },
    {
        "kind": Response.Kind.WE_DID,
        "you_said": "Being rung back the same day helps.",
        "we_did": "Ringing back the same day is now a rule for the whole team.",
        "difference": "You told us that you worry less.",
    },
)
NOT_SHOWN = 6
"""So many were about one person's own service, and are only counted."""


def tell_report(people: dict[str, User], services: tuple[Service, Service]) -> None:
    """Fill the last year that is over, and publish its report."""
    year = year_of(today(), first_month()) - 1
    starts, ends = span(year, first_month())
    voices = Voices(people, services)
    back = (today() - starts).days
    days = iter(range(back - 5, back - 300, -9))
    districts = cycle(list(District.objects.all()[:2]) or [None])
    late = (today() - ends).days + 20
    for (who, texts), words in zip(SAID, ANSWERS, strict=True):
        rows = [_said(voices, text, day=next(days), district=next(districts), **who) for text in texts]
        voices.answer(rows, days=late, no_action_reason="It is done already.", **words)
    for _ in range(NOT_SHOWN):
        _not_shown(voices, day=next(days), district=next(districts))
    at = timezone.now()
    seen = draft_of(year, today=timezone.localdate(at)).seen
    operations.publish_report(year=year, edition=1, seen=seen, by=people["programme"], at=at)


def _sent(voices: Voices, text: str, *, day: int, **more: Any) -> Comment:
    values = {"whose_words": WhoseWords.MINE, "channel": Channel.PAPER if day % 2 else Channel.ONLINE} | more
    return operations.submit_comment(
        token=new_token(), text=text, at=voices.ago(day), is_example=True, **values
    ).comment


def _said(voices: Voices, text: str, *, day: int, **more: Any) -> Comment:
    comment = voices.approve(_sent(voices, text, day=day, **more), text, text, days=day - 2)
    if comment.from_child:
        voices.second(comment, days=day - 3)
    return comment


def _not_shown(voices: Voices, *, day: int, district: District | None) -> None:
    row = _sent(
        voices,
        "Why did we not get a place?",
        day=day,
        district=district,
        route=Route.PARENT_CARER,
        topic=Topic.QUALITY,
    )
    operations.refuse_comment(
        comment=row,
        version=row.version,
        reason=RefusalReason.ONE_PERSON,
        by=voices.people["moderator"],
        at=voices.ago(day - 1),
    )
