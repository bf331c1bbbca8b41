"""How many questions the pages of voice ask of the database: few, and as many for 30 rows as for one (S4).

A session, an account and its roles are within the count. One comment, one answer, one event and one report have everything
that can hang on them.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation import kept
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import User
from tests import factories as make
from tests.asked import browser_of, questions, shape
from tests.voice.journey import WORDS, address, on_check, write
from voice.models import (
    AnswerCheck,
    Comment,
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

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DAY = datetime.timedelta(days=1)

PAGES = {
    # Lists: 8. The list of answers has three lists to narrow by and says what waits as well: 10, and 13 for who is signed in.
    ("/voice/you-said-we-did/", ""): 10,
    ("/voice/you-said-we-did/?words=people&status=we_did", ""): 8,
    ("/voice/you-said-we-did/?status=waiting", ""): 8,
    ("/voice/you-said-we-did/", "publisher"): 13,
    ("/voice/you-said-we-did/feed.xml", ""): 8,
    ("/voice/you-said-we-did/easy-read/", ""): 8,
    ("/voice/reports/", ""): 8,
    ("/events/", ""): 8,
    ("/voice/mine/", "nobody"): 8,
    ("/voice/inbox/log/", "moderator"): 8,
    ("/voice/inbox/log/", "auditor"): 8,
    ("/voice/inbox/themes/", "moderator"): 8,
    ("/voice/inbox/wordings/", "moderator"): 8,
    ("/voice/safeguarding/", "safeguarding"): 8,
    ("/voice/safeguarding/words/", "safeguarding"): 8,
    ("/voice/help-numbers/", "safeguarding"): 8,
    ("/voice/removals/", "auditor"): 8,
    ("/voice/events/", "moderator"): 8,
    # One thing: 12.
    ("/voice/", ""): 12,
    ("/voice/easy-read/", ""): 12,
    ("/voice/new/parent-carer/words/", ""): 12,
    ("/voice/you-said-we-did/{answer}/", ""): 12,
    ("/voice/you-said-we-did/{answer}/", "publisher"): 12,
    ("/voice/reports/{year}/", ""): 12,
    ("/voice/reports/{year}/", "programme"): 12,
    ("/voice/mine/{kept}/", "nobody"): 12,
    ("/voice/inbox/{second}/", "moderator2"): 12,
    ("/voice/inbox/{answered}/", "moderator"): 12,
    ("/voice/inbox/new/", "moderator"): 12,
    ("/voice/inbox/themes/{theme}/", "moderator"): 12,
    ("/voice/inbox/wordings/{wording}/", "moderator"): 12,
    ("/voice/show-changes/{change}/", "moderator"): 12,
    ("/voice/safeguarding/{flag}/", "safeguarding"): 12,
    ("/voice/answers/new/?{to_answer}", "publisher"): 12,
    ("/voice/answers/{waiting}/check/", "moderator"): 12,
    ("/voice/reach/", ""): 12,
    ("/voice/reach/exact/", "board"): 12,
    ("/events/{event}/", ""): 12,
    ("/events/{event}/book/", ""): 12,
    ("/voice/events/{event_pk}/", "moderator"): 12,
    ("/voice/events/{event_pk}/said/", "moderator"): 12,
    # Desks, and forms with several lists to choose from: 15.
    ("/voice/answers/", "publisher"): 15,
    ("/voice/answers/{draft}/edit/", "publisher"): 15,
    ("/voice/inbox/{unread}/", "moderator"): 15,
    ("/voice/reports/{due}/publish/", "programme"): 15,
    ("/voice/inbox/", "moderator"): 15,
    ("/my-work/", "moderator"): 15,
    ("/my-work/", "safeguarding"): 15,
    ("/my-work/", "publisher"): 15,
    ("/my-work/", "programme"): 15,
}
"""The page, who looks at it, and the most that it asks."""
SAVED = {"claim": 8, "refuse": 15, "approve": 23, "second-approve": 14, "draft": 17, "publish": 21}
"""The press, and the most that it asks: 20, but for what writes to as many places as approving and publishing do."""


@pytest.fixture
def world(settings: Any, people: dict[str, User]) -> SimpleNamespace:
    settings.PORTAL_PAGE_CACHE = True
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


def addresses(world: SimpleNamespace) -> dict[str, Any]:
    to_answer = Comment.objects.answerable_by(world.people["publisher"]).awaiting_answer()
    return {
        "to_answer": "&".join(f"comment={comment.pk}" for comment in to_answer),
        "answer": world.answer.pk,
        "year": 2024,
        "due": 2025,
        "kept": world.answered.pk,
        "unread": world.unread.pk,
        "second": world.second.pk,
        "answered": world.answered.pk,
        "theme": world.theme.pk,
        "wording": world.wording.pk,
        "change": world.change.pk,
        "flag": world.flag.pk,
        "draft": world.draft.pk,
        "waiting": world.waiting.pk,
        "event": world.to_come.slug,
        "event_pk": world.event.pk,
    }


def test_each_page_asks_few_questions_and_as_many_for_30_rows_as_for_one(world: SimpleNamespace) -> None:
    browsers = {who: browser_of(world.people.get(who)) for _, who in PAGES}
    asked = []
    for more in (1, 29):
        fill(world, more)
        found = addresses(world)
        asked.append({one: questions(browsers[one[1]], one[0].format(**found)) for one in PAGES})
    few, many = ({one: len(sqls) for one, sqls in of.items()} for of in asked)
    assert {one: (few[one], many[one]) for one in PAGES if many[one] > few[one]} == {}
    assert {one: number for one, number in many.items() if number > PAGES[one]} == {}
    repeated = {one: Counter(map(shape, sqls)).most_common(1)[0] for one, sqls in asked[1].items()}
    assert {one: sql for one, (sql, times) in repeated.items() if times > 2} == {}
    assert Comment.objects.count() > 300


def asked_by(press: Callable[[], Any]) -> list[str]:
    """What one press asks, BEGIN and SAVEPOINT left out: they ask nothing."""
    kept.forget_all()
    with CaptureQueriesContext(connection) as caught:
        answered = press()
    assert answered.status_code in (200, 302), answered.content.decode()
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"] and query["sql"] != "BEGIN"]


@pytest.mark.usefixtures("at_once")
def test_sending_asks_at_most_twenty_questions(world: SimpleNamespace) -> None:
    browser = Client()
    write(browser, "parent-carer", email="someone@example.org", may_show="words")
    carried = on_check(browser, "parent-carer")
    asked = asked_by(lambda: browser.post(address("parent-carer", "check"), carried))
    assert len(asked) <= 20, "\n".join(asked)
    assert Comment.objects.filter(original__text=WORDS).exists()


@pytest.mark.parametrize("step", ["refuse", "claim", "approve", "second-approve"])
def test_a_moderators_press_asks_at_most_so_many(world: SimpleNamespace, step: str) -> None:
    who = "moderator2" if step == "second-approve" else "moderator"
    browser, one = browser_of(world.people[who]), world.second if step == "second-approve" else world.unread
    words = {"text": "Fewer words", "summary": "A summary", "service": world.service.pk}
    form = {"step": step, "version": one.version, "reason": "vexatious"} | words
    asked = asked_by(lambda: browser.post(f"/voice/inbox/{one.pk}/", form))
    assert len(asked) <= SAVED[step], "\n".join(asked)
    one.refresh_from_db()
    done = {"claim": one.claimed_by == world.people[who], "refuse": one.stage == Stage.NOT_PUBLISHED}
    assert done.get(step, one.stage == Stage.APPROVED)


@pytest.mark.parametrize("press", ["draft", "publish"])
def test_an_answer_is_saved_and_published_with_at_most_so_many(world: SimpleNamespace, press: str) -> None:
    browser = browser_of(world.people["publisher"])
    comment = make.make_comment(stage=Stage.APPROVED, email="told@example.org", **world.approved)
    form = {
        "comments": [comment.pk],
        "kind": "we_did",
        "you_said": "Long.",
        "we_did": "Less.",
        "progress": "done",
    }
    form |= {"no_action_reason": "It is done.", "token": new_token()}
    if press == "draft":
        asked = asked_by(lambda: browser.post(f"/voice/answers/new/?comment={comment.pk}", form))
        assert Response.objects.filter(you_said="Long.").exists()
    else:
        answer = make.make_response(comment, status=Response.Status.DRAFT, by=world.people["contributor"])
        publish = f"/voice/answers/{answer.pk}/publish/"
        asked = asked_by(lambda: browser.post(publish, {"version": answer.version}))
        assert Response.objects.get(pk=answer.pk).is_published
    assert len(asked) <= SAVED[press], "\n".join(asked)
