"""Example work of the moderators: themes, what they struck out, wordings they keep, a letter, and one sent on."""

import datetime

from foundation.tokens import new_token
from partnership.models import Service, User
from voice import operations
from voice.models import Channel, Comment, MayShow, RerouteReason, Route, StrikeReason, Topic, WhoseWords
from voice.operations.themes import Tags
from voice.strikes import Span, places_of, struck_out

from .voices import Voices

THEMES = {
    "Not knowing when": ("I rang four times", "Tell me when."),
    "Too far to go": ("its to far to go",),
    "Hard to use": ("The form on the website",),
}
"""Each theme with the beginnings of the example words that speak of it."""
WORDINGS = {
    "Waits for a date": "Somebody does not know when they will hear.",
    "Travel": "Somebody finds it hard to get there.",
}


def tell_moderating(people: dict[str, User], services: tuple[Service, Service]) -> None:
    """Make what moderators do visible on their pages, through the same operations that they use."""
    voices, moderator = Voices(people, services), people["moderator"]
    for name, beginnings in THEMES.items():
        theme = operations.make_theme(name=name, by=moderator, is_example=True)
        for begins in beginnings:
            comment = Comment.objects.get(is_example=True, original__text__startswith=begins)
            operations.set_themes(comment=comment, tags=Tags(add=[theme]), by=moderator)
    old = operations.make_theme(name="No date", by=people["moderator2"], is_example=True)
    new = operations.make_theme(name="Not knowing when", by=moderator)
    operations.merge_theme(theme=old, version=old.version, into=new, by=moderator)
    for name, text in WORDINGS.items():
        operations.save_wording(name=name, text=text, by=moderator, is_example=True)
    _struck_out(voices)
    _by_letter(voices)
    _sent_on(voices)


def _struck_out(voices: Voices) -> None:
    """A child’s words that wait for the second moderator, with a name and a school struck out; and some to read."""
    words = "Jack shouts at me at Willow Lane Primary School. I told Mrs Green."
    child = voices.send(Route.CHILD, Topic.FELT, words, days=6, may_show=MayShow.WORDS)
    # The portal notices some of them; a moderator finds the rest.
    strikes = [
        Span(*places_of(found, words)[0], reason, suggested=found == "Mrs Green")
        for found, reason in (
            ("Jack", StrikeReason.NAME),
            ("Willow Lane Primary School", StrikeReason.SCHOOL),
            ("Mrs Green", StrikeReason.STAFF),
        )
    ]
    operations.approve_comment(
        comment=child,
        version=child.version,
        text=struck_out(words, strikes),
        summary="A child tells of being shouted at in school.",
        service=voices.services[0],
        strikes=strikes,
        by=voices.people["moderator"],
        at=voices.ago(5),
    )
    voices.send(
        Route.PARENT_CARER,
        Topic.QUALITY,
        "Our caseworker, Ann Brown, never rings. My son Tom waits. My number is 01632 960 001.",
        days=45,
        may_show=MayShow.WORDS,
        whose_words=WhoseWords.MINE,
    )
    voices.send(Route.PARENT_CARER, Topic.MISSING, "Nobody can tell us where to get a wheelchair.", days=290)


def _by_letter(voices: Voices) -> None:
    operations.enter_comment(
        token=new_token(),
        channel=Channel.PAPER,
        route=Route.PARENT_CARER,
        whose_words=WhoseWords.MINE,
        topic=Topic.INFORMATION,
        text="I do not have the internet. Where can I read this on paper?",
        said_on=voices.ago(12).date(),
        by=voices.people["moderator2"],
        at=voices.ago(11),
        is_example=True,
    )


def _sent_on(voices: Voices) -> None:
    words = "The taxi comes late every day."
    taxi = voices.send(Route.PARENT_CARER, Topic.QUALITY, words, days=18, may_show=MayShow.WORDS)
    taxi = voices.approve(taxi, words, "A parent says that the taxi is late.", days=17, priority=2)
    at: datetime.datetime = voices.ago(15)
    operations.reroute_comment(
        comment=taxi,
        version=taxi.version,
        service=voices.services[1],
        reason=RerouteReason.WRONG,
        by=voices.people["moderator"],
        at=at,
    )
