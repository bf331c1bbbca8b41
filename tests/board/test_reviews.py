"""The board sees which plans are past the day of their yearly review, until the review is finished (R-A1)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions import operations
from actions.models import Plan
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A1")]
DAY = datetime.timedelta(days=1)
LIST = "/board/reviews/"


@pytest.fixture
def member(client: Client) -> Client:
    make.make_partnership()
    client.force_login(make.make_user(Role.BOARD))
    return client


def late(days: int = 1, **fields: Any) -> Plan:
    return make.make_plan(next_review=today() - days * DAY, **fields)


def number(member: Client) -> tuple[int, str]:
    rows = member.get("/board/").context["numbers"]
    return next((row["value"], row["url"]) for row in rows if row["label"] == "yearly reviews overdue")


def test_published_plans_past_the_day_of_their_review_are_listed_the_longest_overdue_first(
    member: Client,
) -> None:
    late(2, title="Two days")
    late(30, title="A month")
    make.make_plan(title="Due today", next_review=today())
    make.make_plan(title="No day")
    late(title="A draft", status=Plan.Status.DRAFT)
    late(title="Archived", status=Plan.Status.ARCHIVED)
    assert [str(plan) for plan in member.get(LIST).context["plans"]] == ["A month", "Two days"]
    page = member.get("/board/exceptions/")
    assert [str(plan) for plan in page.context["plans"]] == ["A month", "Two days"]
    text = page.content.decode()
    assert "2 yearly reviews overdue" in text
    assert "<strong>Review overdue</strong> by 30 days. It is not begun." in text
    assert number(member) == (2, LIST)


def test_a_review_is_an_exception_until_it_is_finished_and_the_board_sees_it_at_once(
    member: Client, settings: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """The board's pages are kept, and show it at the very next look."""
    settings.PORTAL_PAGE_CACHE = True
    assert "Review overdue" not in member.get("/board/exceptions/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        plan = late(3, title="Plan of the year")
        action = make.make_action(plan)
    publisher = make.make_user(Role.PUBLISHER, service=plan.service)
    assert "Review overdue" in member.get("/board/exceptions/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        operations.review_action(
            by=publisher,
            plan=plan,
            action=action,
            still_needed=True,
            right_category=True,
            difference_seen="yes",
        )
    assert "and is not finished." in member.get("/board/exceptions/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        operations.finish_review(by=publisher, plan=plan, next_review=today() + 300 * DAY)
    assert "Plan of the year" not in member.get(LIST).content.decode()
    assert "Review overdue" not in member.get("/board/exceptions/").content.decode()


def test_reviews_are_not_mixed_into_a_list_that_is_narrowed(member: Client) -> None:
    late(title="Plan of the year")
    assert "Plan of the year" in member.get("/board/exceptions/").content.decode()
    assert "Plan of the year" not in member.get("/board/exceptions/?category=must").content.decode()


def test_many_are_shown_in_part_and_lead_to_the_whole_list(member: Client) -> None:
    for _ in range(8):
        late()
    page = member.get("/board/exceptions/")
    assert (len(page.context["plans"]), page.context["reviews_count"]) == (6, 8)
    assert f'href="{LIST}"' in page.content.decode()
    assert len(member.get(LIST).context["plans"]) == 8


@pytest.mark.parametrize("address", [LIST, "/board/exceptions/", "/board/"])
def test_pages_ask_the_same_number_of_questions_for_one_plan_and_for_three(
    member: Client, address: str
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            member.get(address)
        return len(caught)

    late()
    member.get(address)
    with_one = questions()
    late()
    late()
    assert questions() == with_one
