"""How long words may wait: nine months are a warning, a year is an exception of the board (R-V9)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice import clocks
from voice.models import Comment, MayShow, Response, Stage
from voice.operations import publish_answer
from voice.work import work_items

pytestmark = pytest.mark.django_db
LIST = "/board/unanswered/"
TODAY = datetime.date(2027, 3, 31)
YEAR = datetime.datetime(2026, 3, 31, 12, tzinfo=datetime.UTC)
NINE_MONTHS = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        ("2027-03-31", 12, "2026-03-31"),
        ("2027-03-31", 9, "2026-06-30"),  # June has no 31st
        ("2028-02-29", 12, "2027-02-28"),
        ("2027-01-15", 9, "2026-04-15"),
        ("2027-12-01", 12, "2026-12-01"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, earlier: str) -> None:
    found = clocks.months_before(datetime.date.fromisoformat(day), months)
    assert found == datetime.date.fromisoformat(earlier)


@pytest.mark.requirement("R-V9")
@pytest.mark.parametrize(
    ("came", "warned", "overdue"),
    [
        ("2026-06-30T22:59:59+00:00", True, False),  # the last second of 30 June in London
        ("2026-06-30T23:00:00+00:00", False, False),  # 1 July in London already
        ("2026-03-31T22:59:59+00:00", True, True),
        ("2026-03-31T23:00:00+00:00", True, False),
        ("2027-03-31T08:00:00+00:00", False, False),
    ],
)
def test_a_day_is_a_day_in_london_and_the_list_says_what_the_row_says(
    came: str, warned: bool, overdue: bool
) -> None:
    moment = datetime.datetime.fromisoformat(came)
    row = make.make_comment(received_at=moment)
    assert (clocks.is_warned(moment, TODAY), clocks.is_overdue(moment, TODAY)) == (warned, overdue)
    for months, expected in ((9, warned), (12, overdue)):
        assert list(Comment.objects.unanswered_for(months, today=TODAY)) == ([row] if expected else [])


def test_what_is_answered_taken_back_not_published_or_marked_unsafe_waits_no_more() -> None:
    waits = [
        make.make_comment(stage=stage, received_at=YEAR)
        for stage in (Stage.RECEIVED, Stage.SECOND_CHECK, Stage.APPROVED)
    ]
    for stage in (Stage.ANSWERED, Stage.NOT_PUBLISHED, Stage.WITHDRAWN):
        make.make_comment(stage=stage, received_at=YEAR)
    make.make_comment(flagged=True, received_at=YEAR)
    assert set(Comment.objects.unanswered_for(12, today=TODAY)) == set(waits)


@pytest.mark.requirement("R-V9", "R-W1")
def test_in_my_work_it_stands_under_its_age_before_what_came_lately(
    service: Service, people: dict[str, User]
) -> None:
    for at in (YEAR, NINE_MONTHS, NINE_MONTHS + DAY):
        make.make_comment(stage=Stage.APPROVED, service=service, received_at=at)
        make.make_comment(received_at=at)
    for who, kind in (("contributor", "To answer"), ("moderator", "To read")):
        items = sorted(work_items(people[who], today=TODAY), key=lambda item: item.urgency)
        groups = [item.group for item in items]
        assert groups == ["No answer for a year", "No answer for nine months", kind], who
        assert items[0].detail.endswith("365 days ago")
    assert work_items(people["other"], today=TODAY) == []


@pytest.fixture
def member(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("board.views.today", lambda: TODAY)
    make.make_partnership()
    client.force_login(make.make_user(Role.BOARD))
    return client


def number(member: Client) -> str:
    """The tile on the board's overview that leads to the list, in the words of the page."""
    page = member.get("/board/").content.decode()
    tile = re.search(
        rf'<li[^>]*class="([^"]*)"[^>]*>(?:(?!</li>).)*href="{LIST}"(?:(?!</li>).)*</li>', page, re.S
    )
    assert tile, "the overview leads to the list"
    return f"{tone(tile[1])} {' '.join(strip_tags(tile[0]).split())}".strip()


def tone(classes: str) -> str:
    return "red" if "--red" in classes else ""


@pytest.mark.requirement("R-V9")
def test_the_board_sees_what_waited_a_year_and_for_whom_but_not_a_word_of_it(
    member: Client, service: Service
) -> None:
    assert number(member) == "0 not answered for a year"
    assert "Nothing has waited for a year" in member.get(LIST).content.decode()
    shown = make.make_comment(
        "canaryone", stage=Stage.APPROVED, service=service, received_at=YEAR, published_text="Shown words"
    )
    make.make_comment("canarytwo", received_at=YEAR - DAY)
    make.make_comment(
        "canarythree", stage=Stage.APPROVED, received_at=YEAR - 2 * DAY, may_show=MayShow.NOTHING
    )
    make.make_comment("canaryfour", flagged=True, received_at=YEAR)
    make.make_comment(stage=Stage.APPROVED, received_at=NINE_MONTHS)
    assert number(member) == "red 3 not answered for a year"
    for path in (LIST, "/board/exceptions/"):
        page = member.get(path).content.decode()
        assert "3 things families said" in page
        assert "<strong>No answer</strong> for 367 days. It waits for the service." in page
        assert "<strong>No answer</strong> for 366 days. Nobody has read it yet." in page
        assert f'href="/thread/comment/{shown.pk}/"' in page
        assert "canary" not in page and "Shown words" not in page
    assert "1 more has waited for nine months" in member.get(LIST).content.decode()


@pytest.mark.requirement("R-V9")
def test_an_answer_takes_it_off_the_boards_list_at_once(
    member: Client,
    service: Service,
    people: dict[str, User],
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    comment = make.make_comment(stage=Stage.APPROVED, service=service, received_at=YEAR)
    action = make.make_action(make.make_plan(service))
    answer = make.make_response(comment, status=Response.Status.DRAFT, actions=(action,))
    with django_capture_on_commit_callbacks(execute=True):
        Service.objects.get(pk=service.pk).save()
    assert number(member) == "red 1 not answered for a year"
    with django_capture_on_commit_callbacks(execute=True):
        publish_answer(answer=answer, version=1, by=people["publisher"])
    assert number(member) == "0 not answered for a year"


def test_a_long_list_asks_as_many_questions_as_a_short_one(member: Client, service: Service) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            member.get(LIST)
        return len(caught)

    make.make_comment(stage=Stage.APPROVED, service=service, received_at=YEAR)
    with_one = questions()
    for _ in range(8):
        make.make_comment(stage=Stage.APPROVED, service=service, received_at=YEAR)
    assert questions() == with_one <= 8
