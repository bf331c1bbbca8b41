"""The board's numbers: each equals the list it opens, and none can be made to look better than it is."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Category, Plan, Status
from board.figures import count_actions
from board.lists import Selection
from foundation.kept import forget_all
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_plan,
    make_priority,
    make_sector,
    make_service,
    make_strategy,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 6, 15)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def member(client: Client) -> Client:
    client.force_login(make_user(Role.BOARD))
    return client


@pytest.fixture
def fixed_today(monkeypatch: pytest.MonkeyPatch) -> datetime.date:
    monkeypatch.setattr("board.views.today", lambda: TODAY)
    return TODAY


@pytest.fixture
def everything(fixed_today: datetime.date) -> dict[str, object]:
    """Two sectors, two priorities, three plans (one a draft) and an action of nearly every kind."""
    education, health = make_sector("Education"), make_sector("Health")
    inclusion, therapy = make_service("Inclusion", sector=education), make_service("Therapy", sector=health)
    first, second = make_priority("First"), make_priority("Second")
    plan, other = make_plan(inclusion), make_plan(therapy)
    archived = make_plan(therapy, status=Plan.Status.ARCHIVED)
    draft = make_plan(inclusion, status=Plan.Status.DRAFT)
    heard = {"last_heard": TODAY - DAY}
    make = make_action
    rows = {
        "green": make(plan, priority=first, category=Category.MUST, due=TODAY + DAY, **heard),
        "due_today": make(plan, priority=first, category=Category.SHOULD, due=TODAY, **heard),
        "overdue_green": make(plan, priority=first, category=Category.MUST, due=TODAY - DAY, **heard),
        "overdue_amber": make(
            other, priority=second, category=Category.MUST, due=TODAY - DAY, status=Status.AMBER, **heard
        ),
        "red": make(
            other, priority=second, category=Category.COULD, status=Status.RED, due=TODAY + DAY, **heard
        ),
        "stale": make(other, priority=second, due=TODAY + DAY, last_heard=TODAY - 35 * DAY),
        "not_yet_stale": make(other, priority=second, due=TODAY + DAY, last_heard=TODAY - 34 * DAY),
        "delivered_late": make(
            plan, priority=first, status=Status.DELIVERED, due=TODAY - DAY, last_heard=TODAY - 90 * DAY
        ),
        "blue": make(plan, priority=first, status=Status.BLUE, due=TODAY - DAY, last_heard=TODAY - 90 * DAY),
        "closed": make(
            other, priority=first, status=Status.CLOSED, due=TODAY - DAY, last_heard=TODAY - 90 * DAY
        ),
        "future": make(
            plan,
            priority=second,
            status=Status.NOT_STARTED,
            planned_start=TODAY + DAY,
            due=TODAY + 9 * DAY,
            last_heard=TODAY - 90 * DAY,
        ),
        "archived_red": make(archived, priority=first, status=Status.RED, due=TODAY + DAY, **heard),
        "draft_red": make(
            draft, priority=first, status=Status.RED, due=TODAY - DAY, last_heard=TODAY - 90 * DAY
        ),
        "waiting": make(plan, public=False, priority=first, due=TODAY + DAY, **heard),
    }
    return {"rows": rows, "education": education, "first": first}


@pytest.mark.requirement("R-B1")
def test_figures_count_published_plans_by_the_rules_and_no_draft(everything: dict[str, object]) -> None:
    counted = count_actions(today=TODAY, stale_after_days=35)
    assert {status.value: count for status, count in counted.by_status()} == {
        "not_started": 1,
        "red": 3,  # red, archived_red, and the green one whose date has passed
        "amber": 1,
        "green": 5,
        "delivered": 1,
        "blue": 1,
        "closed": 1,
    }
    assert (counted.total, counted.overdue, counted.stale) == (13, 2, 1)


@pytest.mark.requirement("R-B1")
def test_every_number_on_the_overview_equals_the_length_of_the_list_it_opens(
    member: Client, everything: dict[str, object]
) -> None:
    context = member.get(reverse("board:overview")).context
    pairs = [(number["value"], number["url"]) for number in context["numbers"]]
    for row in context["priority_rows"] + context["category_rows"] + context["sector_rows"]:
        pairs.append((row["total"], row["total_url"]))
        pairs += [(cell["value"], cell["url"]) for cell in row["cells"]]
    assert len(pairs) == 11 + (2 + 3 + 2) * 10
    assert sum(value for value, _ in pairs) > 0
    lengths = [(value, member.get(url).context["page"].paginator.count, url) for value, url in pairs]
    assert [row for row in lengths if row[0] != row[1]] == []


@pytest.mark.requirement("R-B1")
def test_numbers_of_one_priority_equal_their_lists(member: Client, everything: dict[str, object]) -> None:
    first = everything["first"]
    page = member.get(reverse("board:priority", args=[first.strategy.slug, first.number]))  # type: ignore[attr-defined]
    numbers = [(number["value"], number["url"]) for number in page.context["numbers"]]
    assert numbers[0][0] == 8
    assert [member.get(url).context["page"].paginator.count for _, url in numbers] == [
        value for value, _ in numbers
    ]


@pytest.mark.requirement("R-Z2")
def test_exceptions_are_exactly_red_overdue_and_stale_and_a_red_must_comes_before_any_could(
    member: Client, everything: dict[str, object]
) -> None:
    page = member.get(reverse("board:exceptions"))
    rows = everything["rows"]
    names = {action.ref: name for name, action in rows.items()}  # type: ignore[attr-defined]
    titles = re.findall(r'portal-exception__title"><a [^>]*>([^:]+):', page.content.decode())
    shown = [names[ref] for ref in titles]
    # Musts first (the overdue green counts as red, then amber), then shoulds with red first, then coulds.
    assert shown == ["overdue_green", "overdue_amber", "archived_red", "stale", "red"]


def test_an_exception_says_why_in_words(member: Client, everything: dict[str, object]) -> None:
    rows = everything["rows"]
    make_update(
        rows["red"], status=Status.RED, reason="Two therapists left.", help_wanted="Agree agency cover."
    )  # type: ignore[index]
    text = member.get(reverse("board:exceptions")).content.decode()
    assert "Two therapists left." in text
    assert "Agree agency cover." in text
    assert (
        "<strong>Overdue</strong> by 1 day, so it is shown as red. The service last said: Green: on track."
        in text
    )
    assert "<strong>No update</strong> for 35 days." in text


def test_what_changed_lists_changes_of_status_newest_first_and_leaves_out_drafts(
    member: Client, everything: dict[str, object]
) -> None:
    rows = everything["rows"]
    at = datetime.datetime(2026, 6, 10, 12, tzinfo=datetime.UTC)
    make_update(rows["red"], status=Status.RED, status_before=Status.GREEN, at=at)  # type: ignore[index]
    make_update(rows["green"], status=Status.GREEN, status_before=Status.RED, at=at + DAY)  # type: ignore[index]
    make_update(rows["stale"], status=Status.GREEN, status_before=Status.GREEN, at=at + 2 * DAY)  # type: ignore[index]
    make_update(rows["draft_red"], status=Status.RED, status_before=Status.GREEN, at=at + 3 * DAY)  # type: ignore[index]
    page = member.get(reverse("board:changes"))
    assert [update.action_id for update in page.context["page"].object_list] == [
        rows["green"].pk,
        rows["red"].pk,
    ]  # type: ignore[index]


@pytest.mark.parametrize(
    "query",
    [
        "priority=nothing.1",
        "priority=x.99999999999999999999999999",
        "category=never",
        "status=purple",
        "flag=none",
        "sector=nowhere",
        "page=99999999999999999999999999",
        "page=-1",
    ],
)
def test_a_link_with_a_value_that_means_nothing_opens_the_whole_list(
    member: Client, everything: dict[str, object], query: str
) -> None:
    page = member.get(f"{reverse('board:actions')}?{query}")
    assert page.context["page"].paginator.count == 13


def test_a_selection_survives_its_own_address(everything: dict[str, object], rf: object) -> None:
    chosen = Selection(
        priority=everything["first"],  # type: ignore[arg-type]
        category=Category.MUST,
        sector=everything["education"],  # type: ignore[arg-type]
        status="red",
        flag="overdue",
    )
    request = rf.get(chosen.url)  # type: ignore[attr-defined]
    assert Selection.from_query(request.GET) == chosen


@pytest.mark.parametrize("name", ["board:overview", "board:exceptions", "board:actions", "board:changes"])
def test_pages_ask_the_same_number_of_questions_for_one_row_and_for_three(
    member: Client, fixed_today: datetime.date, settings: Any, name: str
) -> None:
    """Counted as a worker asks that has just started: what is kept is asked for once."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings.PORTAL_PAGE_CACHE = True
    plan = make_plan()

    def add() -> None:
        action = make_action(plan, status=Status.RED, due=TODAY - DAY)
        make_update(action, status=Status.RED, status_before=Status.GREEN)

    def questions() -> int:
        forget_all()
        with CaptureQueriesContext(connection) as caught:
            member.get(reverse(name))
        return len(caught)

    add()
    member.get(reverse(name))
    with_one = questions()
    add()
    add()
    assert questions() == with_one
    assert with_one <= 15


@pytest.mark.parametrize("role", [Role.BOARD, Role.CHAIR, Role.ADVISER, Role.PROGRAMME, Role.ASSURANCE])
def test_everyone_at_the_board_sees_the_same_figures(
    client: Client, everything: dict[str, object], role: Role
) -> None:
    client.force_login(make_user(role))
    page = client.get(reverse("board:overview"))
    assert [number["value"] for number in page.context["numbers"]] == [13, 3, 2, 1, 0, 0, 1, 1, 0, 0, 0]
    assert b'method="post"' not in page.content.lower().replace(b"sign out", b"").split(b"<main")[1]


def test_a_change_shows_on_the_boards_pages_at_the_next_look(
    member: Client,
    everything: dict[str, object],
    settings: Any,
    django_capture_on_commit_callbacks: Callable,
) -> None:
    """Their summaries and the rows of their lists are kept until something changes, and no longer (R-B1)."""
    settings.PORTAL_PAGE_CACHE = True
    red = everything["rows"]["red"]  # type: ignore[index]
    priority = red.priority
    pages = [
        reverse("board:overview"),
        f"/board{priority.get_absolute_url()}",
        reverse("board:exceptions"),
        reverse("board:actions"),
    ]

    def look() -> list[str]:
        return [member.get(page).content.decode().split("<main")[1] for page in pages]

    before = look()
    assert look() == before
    assert all(red.title in page for page in before)
    with django_capture_on_commit_callbacks(execute=True):
        red.title = "A new name for it"
        red.save()
    assert all("A new name for it" in page for page in look())


@pytest.mark.requirement("R-C11")
def test_a_priority_of_a_draft_strategy_is_not_named_to_the_board(
    client: Client, fixed_today: object
) -> None:
    """Not even to the programme team, which may read it elsewhere: the summary is the same for everybody."""
    draft = make_priority("Secret plan", strategy=make_strategy("Draft", slug="draft", status="draft"))
    make_action(make_plan(make_service("Inclusion")), priority=draft)
    for role in (Role.BOARD, Role.PROGRAMME):
        client.force_login(make_user(role))
        assert "Secret plan" not in client.get(reverse("board:overview")).content.decode()
