"""Example words of families, at every stage from just sent to answered, through the same operations that people use."""

import datetime

from django.utils import timezone

from actions.models import Action
from foundation.tokens import new_token
from partnership.models import District, Service, User
from priorities.models import Priority, Strategy
from voice import operations
from voice.models import (
    Comment,
    Feeling,
    Helped,
    MayShow,
    RefusalReason,
    Response,
    Route,
    Topic,
    WhoseWords,
    Work,
)


class Voices:
    """Sends, moderates and answers example comments, so many days ago."""

    def __init__(self, people: dict[str, User], services: tuple[Service, Service]) -> None:
        self.people = people
        self.services = services
        self.now = timezone.now()
        current = Strategy.objects.filter(kind=Strategy.Kind.STRATEGY).current().get()
        self.priorities = list(Priority.objects.filter(strategy=current))
        self.districts: list[District | None] = [*District.objects.all()] or [None]
        self.sent = 0
        self.codes: list[str] = []

    def ago(self, days: int) -> datetime.datetime:
        return self.now - datetime.timedelta(days=days, minutes=11)

    def send(self, route: str, topic: str, text: str, *, days: int, **more: object) -> Comment:
        self.sent += 1
        submission = operations.submit_comment(
            token=new_token(),
            route=route,
            topic=topic,
            text=text,
            district=self.districts[self.sent % len(self.districts)],
            at=self.ago(days),
            is_example=True,
            **more,  # type: ignore[arg-type]
        )
        self.codes.append(submission.code)
        return submission.comment

    def approve(
        self, comment: Comment, text: str, summary: str, *, days: int, service: int = 0, priority: int = 1
    ) -> Comment:
        operations.approve_comment(
            comment=comment,
            version=Comment.objects.get(pk=comment.pk).version,
            text=text,
            summary=summary,
            service=self.services[service],
            priority=self.priorities[(priority - 1) % len(self.priorities)],
            by=self.people["moderator"],
            at=self.ago(days),
        )
        return Comment.objects.get(pk=comment.pk)

    def second(self, comment: Comment, *, days: int) -> None:
        operations.second_approve_comment(
            comment=comment, version=comment.version, by=self.people["moderator2"], at=self.ago(days)
        )

    def answer(self, comments: list[Comment], *, days: int, service: int = 0, **words: object) -> None:
        suffix = "2" if service else ""
        answer = operations.draft_answer(
            service=self.services[service],
            comments=[Comment.objects.get(pk=comment.pk) for comment in comments],
            by=self.people[f"contributor{suffix}"],
            at=self.ago(days + 1),
            is_example=True,
            **words,  # type: ignore[arg-type]
        )
        assert answer is not None  # noqa: S101
        operations.publish_answer(
            answer=answer, version=answer.version, by=self.people[f"publisher{suffix}"], at=self.ago(days)
        )


def tell_voices(people: dict[str, User], services: tuple[Service, Service], actions: list[Action]) -> str:
    """Make the example comments and answers. Returns a code to follow one of them with."""
    voices = Voices(people, services)
    code = _answered(voices, actions)
    _on_the_way(voices)
    return code


def _answered(voices: Voices, actions: list[Action]) -> str:
    dates, drop_in, one_person = actions[0], actions[4], actions[10]
    ring = voices.send(
        Route.PARENT_CARER,
        Topic.QUALITY,
        "I rang four times to ask what is happening with my son Sam’s plan. Nobody could tell me when we would hear.",
        days=60,
        may_show=MayShow.WORDS,
        whose_words=WhoseWords.MINE,
        age_band="5-10",
        email=voices.people["family"].email,
        family=voices.people["family"],
    )
    code = voices.codes[-1]
    ring = voices.approve(
        ring,
        "I rang four times to ask what is happening with my son’s plan. Nobody could tell me when we would hear.",
        "A parent carer rang four times and could not find out when they would hear.",
        days=58,
    )
    young = voices.send(
        Route.YOUNG_PERSON,
        Topic.INVOLVED,
        "Tell me when. Not soon. A date.",
        days=55,
        may_show=MayShow.WORDS,
        whose_words=WhoseWords.MINE,
        age_band="16-18",
    )
    young = voices.approve(young, "Tell me when. Not soon. A date.", "A young person wants a date.", days=54)
    voices.answer(
        [ring, young],
        days=30,
        kind=Response.Kind.WE_DID,
        you_said="You do not know when you will hear from us, and have to ring to ask.",
        we_did="All our teams now give you a date in writing. We ring you before the date if we cannot keep it.",
        difference="Fewer people have to ring us. We will ask families whether they feel better informed.",
        actions=[dates],
        progress=Response.Progress.DONE,
    )
    _afterwards(voices, ring)
    child = voices.send(
        Route.CHILD, Topic.FELT, "its to far to go", days=50, feeling=Feeling.SAD, may_show=MayShow.WORDS,
        whose_words=WhoseWords.MINE_WITH_HELP,
    )  # fmt: skip
    child = voices.approve(
        child, "its to far to go", "A child says it is too far to go.", days=49, priority=2
    )
    voices.second(child, days=48)
    voices.answer(
        [child],
        days=8,
        kind=Response.Kind.WE_DID,
        you_said="It is too far to go to see us.",
        we_did="We opened nine drop-ins closer to home. Three more open soon.",
        difference="You can see us closer to where you live.",
        easy_said="It is too far to go.",
        easy_did="We opened nine places near you. Three more open soon.",
        actions=[drop_in],
        progress=Response.Progress.DOING,
    )
    weekend = voices.send(
        Route.PARENT_CARER, Topic.MISSING, "We need appointments on Sundays too.", days=40, whose_words=WhoseWords.MINE
    )  # fmt: skip
    weekend = voices.approve(
        weekend,
        "We need appointments on Sundays too.",
        "A parent carer asks for Sunday appointments.",
        days=38,
        service=1,
        priority=5,
    )
    voices.answer(
        [weekend],
        days=20,
        service=1,
        kind=Response.Kind.WE_CANNOT,
        you_said="You would like to come on Sundays.",
        we_did="We cannot open on Sundays, because we do not have enough therapists for seven days. We open on Saturdays.",
        difference="",
        easy_said="You want to come on Sundays.",
        easy_did="We do not have enough people for Sundays. You can come on Saturdays.",
        actions=[one_person],
    )
    operations.change_may_show(
        comment=Comment.objects.get(pk=weekend.pk), may_show=MayShow.WORDS, at=voices.ago(2)
    )
    _promised(voices, drop_in)
    _by_somebody_new(voices)
    return code


def _afterwards(voices: Voices, comment: Comment) -> None:
    """The sender says whether it helped and adds one thing, which waits for a moderator."""
    operations.answer_helped(comment=comment, answer=Helped.PARTLY, at=voices.ago(3))
    operations.add_words(
        token=new_token(),
        comment=comment,
        text="The date came, but it was in the school holidays and we were away.",
        at=voices.ago(2),
    )


def _promised(voices: Voices, action: Action) -> None:
    """An answer that promised a day which has passed."""
    words = "Please open in the evening. I work until five."
    late = voices.send(
        Route.PARENT_CARER, Topic.MISSING, words, days=90, may_show=MayShow.WORDS, whose_words=WhoseWords.MINE
    )
    late = voices.approve(late, words, "A parent carer asks for evenings.", days=88, priority=2)
    voices.answer(
        [late],
        days=70,
        kind=Response.Kind.WE_DID,
        you_said="You work in the day and cannot come to us then.",
        we_did="We will open one evening a week at three drop-ins.",
        easy_said="You work in the day. You cannot come then.",
        easy_did="We open three places one evening a week.",
        actions=[action],
        progress=Response.Progress.WILL_DO,
        do_by=voices.ago(12).date(),
    )


def _by_somebody_new(voices: Voices) -> None:
    """A first answer that waits for a second person."""
    words = "The letters use words that I do not know."
    letters = voices.send(Route.YOUNG_PERSON, Topic.INFORMATION, words, days=12, may_show=MayShow.WORDS)
    letters = voices.approve(letters, words, "A young person finds letters hard to read.", days=11, service=1)
    answer = operations.draft_answer(
        service=voices.services[1],
        comments=[letters],
        kind=Response.Kind.WE_DID,
        you_said="Our letters use hard words.",
        we_did="We write them anew, and ask young people to read them first.",
        no_action_reason="It is small, and we do it at once.",
        progress=Response.Progress.DOING,
        by=voices.people["contributor2"],
        at=voices.ago(5),
        is_example=True,
    )
    assert answer is not None  # noqa: S101
    operations.ask_second_person(
        answer=answer, version=answer.version, by=voices.people["contributor2"], at=voices.ago(4)
    )


def _on_the_way(voices: Voices) -> None:
    waiting = voices.send(
        Route.PRACTITIONER,
        Topic.INFORMATION,
        "The form on the website cannot be saved half way.",
        days=16,
        may_show=MayShow.WORDS,
        work=Work.EDUCATION,
    )
    voices.approve(
        waiting,
        "The form on the website cannot be saved half way.",
        "A member of staff says the form cannot be saved half way.",
        days=14,
    )
    second_check = voices.send(
        Route.CHILD, Topic.WENT_WELL, "my helper is nice", days=3, feeling=Feeling.HAPPY
    )
    voices.approve(
        second_check, "my helper is nice", "A child says their helper is nice.", days=2, priority=5
    )
    voices.send(
        Route.PARENT_CARER,
        Topic.QUALITY,
        "The drop-in was friendly, but there was nowhere to change my daughter.",
        days=2,
        may_show=MayShow.WORDS,
        whose_words=WhoseWords.MINE,
    )
    voices.send(Route.YOUNG_PERSON, Topic.FELT, "Nobody asked me what I want to do after school.", days=1)
    one_person = voices.send(
        Route.PARENT_CARER, Topic.QUALITY, "My neighbour’s boy got a place and we did not.", days=25
    )
    operations.refuse_comment(
        comment=one_person,
        version=one_person.version,
        reason=RefusalReason.ONE_PERSON,
        by=voices.people["moderator"],
        at=voices.ago(24),
    )
    voices.send(
        Route.YOUNG_PERSON,
        Topic.FELT,
        "I do not feel safe on the bus to college.",
        days=0,
        unsafe=True,
    )
