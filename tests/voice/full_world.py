"""One comment, one answer, one event and one report of voice, and how to hang on them everything that can."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from partnership.calendar import today
from partnership.models import User
from tests import factories as make
from voice.models import (
    AnswerCheck,
    Decision,
    Event,
    FamilyComment,
    FlagOutcome,
    FoundWord,
    HelpAnswer,
    MayShow,
    MoreWords,
    Removal,
    Response,
    ShowChange,
    Stage,
    Strike,
)

DAY = datetime.timedelta(days=1)


def build(people: dict[str, User]) -> SimpleNamespace:
    """One of each, with the people of `people`."""
    make.make_partnership()
    service, at = people["publisher"].memberships.get().service, timezone.now()
    approved: dict[str, Any] = {"service": service, "priority": make.make_priority()}
    in_2025 = datetime.datetime(2025, 6, 10, 12, tzinfo=datetime.UTC)
    answered = make.make_comment(stage=Stage.ANSWERED, received_at=in_2025, **approved)
    theme = make.make_theme("", answered)
    event = make.make_event(days=-10, capacity=40)
    to_come = make.make_event(capacity=400)
    draft = make.make_response(service=service, status=Response.Status.DRAFT, by=people["contributor"])
    waiting = make.make_response(service=service, status=Response.Status.WAITING, by=people["contributor"])
    action = make.make_action(make.make_plan(service))
    answer = make.make_response(answered, by=people["publisher"], actions=(action,))
    unread = make.make_comment("My words, which are long enough to strike", email="somebody@example.org")
    second = make.make_comment(
        stage=Stage.SECOND_CHECK, route="child", first_approved_by=people["moderator"], service=service
    )
    make.make_redaction(second, by=people["moderator"])
    lets_more = make.make_comment(stage=Stage.APPROVED, may_show=MayShow.NOTHING, **approved)
    change = ShowChange.objects.create(
        comment=lets_more, before=MayShow.NOTHING, after=MayShow.SUMMARY, state="waiting", at=at
    )
    FamilyComment.objects.create(user=people["nobody"], comment=answered, kept_on=today())
    flagged = make.make_comment(flagged=True)
    return SimpleNamespace(
        people=people,
        service=service,
        approved=approved,
        answered=answered,
        theme=theme,
        wording=make.make_wording(),
        event=event,
        to_come=to_come,
        draft=draft,
        waiting=waiting,
        answer=answer,
        action=action,
        unread=unread,
        second=second,
        change=change,
        flag=flagged.flag,
        flagged=flagged,
        report=make.make_report(answered, year=2024),
        at=at,
        editions=1,
    )


def fill(world: SimpleNamespace, number: int) -> None:
    """So many more of everything, on the one of each kind that is looked at and beside it."""
    people, at = world.people, world.at
    for place in range(number):
        _more_comments(world, place)
        _more_answers(world)
        _more_at_events(world)
        make.make_theme("", world.answered)
        make.make_wording()
        make.make_help_number(), make.make_safety_word()
        Removal.objects.create(kind="retention", at=at, command="retention")
        FlagOutcome.objects.create(flag=world.flag, outcome="known", by=people["safeguarding"], at=at)
        FoundWord.objects.create(flag=world.flag, word=make.make_safety_word())
        world.editions += 1
        report = make.make_report(world.answered, edition=world.editions, reason="Counted again.")
        assert report.entries.exists()


def _more_comments(world: SimpleNamespace, place: int) -> None:
    people, at = world.people, world.at
    for comment in (world.unread, world.answered, world.flagged, world.second):
        Decision.objects.create(comment=comment, kind="claimed", by=make.make_user(), at=at)
        world.theme.comment_rows.get_or_create(
            comment=comment, defaults={"by": people["moderator"], "at": at}
        )
        redaction = make.make_redaction(comment)
        Strike.objects.create(
            redaction=redaction, start=0, end=2, reason="name", by=people["moderator"], at=at
        )
    old = {"received_at": at - (place % 13) * 30 * DAY}
    make.make_comment(email="another@example.org", service=world.service, **old)
    make.make_comment(flagged=True, **old)
    make.make_comment(stage=Stage.APPROVED, district=None, **world.approved, **old)
    make.make_comment(stage=Stage.SECOND_CHECK, route="child", **old)
    make.make_rerouting(world.answered)
    told = make.make_comment(stage=Stage.ANSWERED, **world.approved)
    world.answer.answered.create(comment=told, added_by=people["publisher"], added_at=at)
    FamilyComment.objects.create(user=people["nobody"], comment=told, kept_on=today())
    HelpAnswer.objects.create(comment=told, response=world.answer, answer="no", on=today())
    make.make_voice(world.action, told, response=world.answer)
    make.make_voice(make.make_action(), world.answered, response=world.answer)
    lets_more = make.make_comment(stage=Stage.APPROVED, may_show=MayShow.NOTHING, **world.approved)
    ShowChange.objects.create(
        comment=lets_more, before=MayShow.NOTHING, after=MayShow.SUMMARY, state="waiting", at=at
    )
    MoreWords.objects.create(comment=told, added=make.make_comment(), kind="added", at=at)


def _more_answers(world: SimpleNamespace) -> None:
    by, at = world.people["contributor"], world.at
    for answer in (world.draft, world.waiting, world.answer):
        AnswerCheck.objects.create(response=answer, kind="asked", by=by, at=at)
        comment = make.make_comment(stage=Stage.APPROVED, **world.approved)
        answer.answered.create(comment=comment, added_by=by, added_at=at)
        action = make.make_action(make.make_plan(world.service))
        answer.actions.add(action)
        answer.milestones.add(make.make_milestone(action))
    easy = {"easy_said": "You wait.", "easy_did": "You wait less."}
    for status in Response.Status:
        another = make.make_comment(stage=Stage.APPROVED, **world.approved)
        make.make_response(another, service=make.make_service(), status=status, **easy)
        make.make_response(another, service=world.service, status=status, by=by)
    late = {"progress": Response.Progress.WILL_DO, "progress_on": None, "do_by": today() - DAY}
    make.make_response(service=world.service, by=by, **late)


def _more_at_events(world: SimpleNamespace) -> None:
    for event in (world.event, world.to_come):
        make.make_booking(event, phone="01632 960000")
        said = make.make_comment(stage=Stage.ANSWERED, event=event, **world.approved)
        make.make_response(said, service=world.service)
    make.make_event(days=-20), make.make_event(), make.make_event(status=Event.Status.DRAFT)
