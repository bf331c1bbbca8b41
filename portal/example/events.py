"""Example events: one with places, one that is full with a waiting list, and one that is over, with what came of it (R-E1)."""

import datetime
from typing import Any

from django.utils import timezone

from actions.models import Action
from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from partnership.models import District, User
from voice import operations
from voice.models import Audience, Comment, Event, MayShow, Response, Route, Topic

ADDRESSES = "@booking.example.org"
"""How the addresses of made-up people who book end: by it their mail is found again and taken out."""


def tell_events(people: dict[str, User], actions: list[Action]) -> None:
    """Make the three, and let people book and say something there."""
    team, district = people["programme"], District.objects.first()
    coming = _event(
        team,
        days=16,
        hour=10,
        title="Come and try the kits",
        about="Try things that help with writing, noise and light. You can take some home for two weeks.\n\n"
        "Bring your child if you like. There is no talk to sit through.",
        audience=Audience.FAMILIES,
        place="Example library, 1 Example Street",
        district=district,
        step_free=True,
        quiet_room=True,
        access_notes="There is parking at the door. The lights can be turned down.",
        capacity=30,
    )
    _book(coming, [("J. P.", 3), ("Amal", 2), ("R.", 4)])
    full = _event(
        team,
        days=23,
        hour=18,
        title="What comes after school?",
        about="Young people tell what they did after school, and you can ask them. It takes one hour.",
        audience=Audience.YOUNG_PEOPLE,
        online_link="https://meet.example.org/after-school",
        has_bsl=True,
        access_notes="You can keep your camera off and write in place of talking.",
        capacity=6,
    )
    _book(full, [("Kim", 2), ("T.", 3), ("Noor and a friend", 2), ("Lee", 1), ("S. W.", 2)])
    past = _event(
        team,
        days=-40,
        hour=13,
        title="Tea and talk for parents and carers",
        about="We asked what is hard about waiting, and what would help.",
        audience=Audience.PARENT_CARERS,
        place="Example family centre, 2 Example Road",
        district=district,
        step_free=True,
    )
    _said(past, people, actions[0])


def remove_mail() -> None:
    """Take out the mails to made-up people who booked."""
    OutboxMail.objects.filter(to__endswith=ADDRESSES).delete()


def _event(team: User, *, days: int, hour: int, **values: Any) -> Event:
    day = timezone.localdate() + datetime.timedelta(days=days)
    starts = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
    ends = starts + datetime.timedelta(hours=2)
    event = operations.create_event(by=team, starts_at=starts, ends_at=ends, is_example=True, **values)
    assert event is not None  # noqa: S101
    return operations.publish_event(event=event, version=event.version, by=team)


def _book(event: Event, names: list[tuple[str, int]]) -> None:
    """The second of each has a phone and no e-mail address."""
    for number, (name, people) in enumerate(names):
        by_phone = number == 1
        operations.book_event(
            token=new_token(),
            event=event,
            name=name,
            people=people,
            email="" if by_phone else f"{number}.{event.pk}{ADDRESSES}",
            phone="01632 960 123" if by_phone else "",
            access_needs="A seat near the door, please." if number == 0 else "",
        )


def _said(event: Event, people: dict[str, User], action: Action) -> None:
    """Two things that were said: one is answered, the other waits for a moderator."""
    at = event.ends_at + datetime.timedelta(hours=2)
    words = "The worst thing is that we do not know how long it takes."
    said = operations.add_said(
        token=new_token(), event=event, route=Route.PARENT_CARER, topic=Topic.INFORMATION, text=words,
        may_show=MayShow.WORDS, by=people["programme"], at=at,
    ).comment  # fmt: skip
    operations.approve_comment(
        comment=said,
        version=said.version,
        text=words,
        service=action.service,
        priority=action.priority,
        by=people["moderator"],
        at=at + datetime.timedelta(days=1),
    )
    answer = operations.draft_answer(
        service=action.service,
        comments=[Comment.objects.get(pk=said.pk)],
        kind=Response.Kind.WE_DID,
        you_said="You do not know how long things take.",
        we_did="Each letter now says when you will hear next.",
        difference="You know when to ask, and when you need not.",
        actions=[action],
        progress=Response.Progress.DONE,
        by=people["contributor"],
        at=at + datetime.timedelta(days=9),
        is_example=True,
    )
    assert answer is not None  # noqa: S101
    operations.publish_answer(
        answer=answer, version=answer.version, by=people["publisher"], at=at + datetime.timedelta(days=10)
    )
    operations.add_said(
        token=new_token(), event=event, route=Route.PARENT_CARER, topic=Topic.WENT_WELL,
        text="It was good to meet other parents.", may_show=MayShow.SUMMARY, by=people["programme"], at=at,
    )  # fmt: skip
