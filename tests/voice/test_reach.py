"""Who we have heard from and who we have not: what is counted when, what is hidden, who is named (R-V13, R-Z7)."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership.models import District
from tests import factories as make
from tests.foundation.test_small_numbers import worked_out
from voice import reach as counting
from voice.models import AgeBand, Channel, Comment, Decision, Route, Stage
from voice.operations import flag_comment, withdraw_comment
from voice.reach import Reach, quarters, reach, twelve_months
from voice.yearly import HIDE_BELOW

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 20)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(year, month, day, hour))


def heard(
    number: int = 1, *, came: datetime.datetime | None = None, read: Any = None, **fields: Any
) -> list[Comment]:
    """So many comments, each read the day after it came, or when `read` says; False is not yet."""
    came = came or at(2026, 6, 10)
    rows = [make.make_comment(received_at=came, **{"stage": Stage.APPROVED} | fields) for _ in range(number)]
    if read is not False:
        moment = read or came + datetime.timedelta(days=1)
        by = make.make_user()
        Decision.objects.bulk_create(
            Decision(comment=row, kind=Decision.Kind.ROUTED, by=by, at=moment) for row in rows
        )
    return rows


def without_spaces(answer: Any) -> str:
    return "".join(answer.content.decode().split())


def groups(found: Reach, title: str) -> dict[str, int | None]:
    [rows] = [rows for name, _, rows in found.tables if name == title]
    return {row.label: row.number for row in rows}


def of_row(found: Reach, label: str) -> list[int | None]:
    [numbers] = [row.numbers for row in found.rows if row.label == label]
    return numbers


def test_it_looks_at_the_twelve_whole_months_before_this_one() -> None:
    starts, ends = twelve_months(TODAY)
    assert (starts, ends) == (datetime.date(2025, 11, 1), datetime.date(2026, 10, 31))
    assert [first for first, _ in quarters(starts)] == [
        datetime.date(2025, 11, 1), datetime.date(2026, 2, 1), datetime.date(2026, 5, 1), datetime.date(2026, 8, 1),
    ]  # fmt: skip
    assert quarters(starts)[-1][1] == ends
    assert twelve_months(datetime.date(2024, 2, 29)) == (
        datetime.date(2023, 2, 1), datetime.date(2024, 1, 31),
    )  # fmt: skip


@pytest.mark.requirement("R-Z7")
def test_it_counts_what_came_and_was_read_by_the_end_of_last_month(db: Any) -> None:
    heard(6)
    heard(came=at(2025, 11, 1, 0))
    heard(came=at(2026, 10, 30), read=at(2026, 10, 31, 23))
    assert reach(today=TODAY).total == 8
    heard(came=at(2025, 10, 31, 23))
    heard(came=at(2026, 11, 1, 0))
    heard(came=at(2026, 10, 30), read=at(2026, 11, 1, 0))
    heard(read=False, stage=Stage.RECEIVED)
    heard(flagged=True)
    assert reach(today=TODAY).total == 8
    assert reach(today=datetime.date(2026, 12, 1)).total == 9  # one too old, two that have come in


@pytest.mark.requirement("R-Z7")
@pytest.mark.requirement("R-S2")
def test_looking_twice_in_a_month_tells_nothing_but_that_something_may_be_unsafe_is_gone_at_once(
    db: Any,
) -> None:
    rows = heard(9)
    before = reach(today=TODAY, exact=True)
    withdraw_comment(comment=rows[0])
    heard(came=at(2026, 10, 2), read=at(2026, 11, 19))
    make.make_comment()
    assert reach(today=TODAY, exact=True) == before
    flag_comment(comment=rows[1], by=make.make_user())
    assert reach(today=TODAY, exact=True).total == 8


@pytest.mark.requirement("R-V13")
@pytest.mark.requirement("R-K6")
def test_small_numbers_are_hidden_in_all_tables_and_exact_for_those_who_may(db: Any) -> None:
    north, south = (District.objects.create(slug=name, name=name) for name in ("North", "South"))
    heard(9, district=north, age_band=AgeBand.FROM_5, channel=Channel.PAPER)
    heard(2, district=north, route=Route.CHILD, age_band=AgeBand.FROM_5, channel=Channel.PAPER)
    heard(8, district=south, age_band=AgeBand.FROM_11, came=at(2026, 9, 1))
    heard(7, district=south, route=Route.CHILD, age_band=AgeBand.FROM_19, came=at(2026, 9, 1))
    found = reach(today=TODAY)
    assert found.columns[:3] == ["Children", "Young people", "Parents and carers"]
    assert of_row(found, "North") == [None, 0, None, 0, 0, 11]
    assert of_row(found, "South") == [None, 0, None, 0, 0, 15]
    assert of_row(found, "All") == [9, 0, 17, 0, 0, 26]
    assert groups(found, "How old the child or young person is") == {
        "Under 5": 0, "5 to 10": 11, "11 to 15": 8, "16 to 18": 0, "19 to 25": 7, "Not said": 0,
    }  # fmt: skip
    assert groups(found, "When it came") == {
        "November 2025 to January 2026": 0, "February 2026 to April 2026": 0,
        "May 2026 to July 2026": 11, "August 2026 to October 2026": 15,
    }  # fmt: skip
    exact = reach(today=TODAY, exact=True)
    assert (of_row(exact, "North"), exact.some_hidden) == ([2, 0, 9, 0, 0, 11], False)


@pytest.mark.requirement("R-V13")
@pytest.mark.requirement("R-Z7")
def test_groups_that_told_us_nothing_are_named(client: Client) -> None:
    for name in ("North", "South"):
        District.objects.create(slug=name.lower(), name=name)
    assert reach(today=TODAY).silent == []
    heard(5, district=District.objects.get(slug="north"), age_band=AgeBand.FROM_5)
    silent = dict(reach(today=TODAY).silent)
    assert silent["Nobody in these districts"] == ["South"]
    assert "No child told us anything" in silent["By who they are"]
    assert "Nobody told us about anyone aged 16 to 18" in silent["By age"]
    assert "Nobody told us about anyone aged 5 to 10" not in silent["By age"]
    assert "Nothing came by phone" in silent["By how it came"]
    assert "Nothing came from August 2026 to October 2026" in silent["By time"]


NUMBERS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1), st.integers(1, 4)), max_size=5
)


@pytest.mark.requirement("R-K6")
@pytest.mark.requirement("R-Z7")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
@given(NUMBERS)
def test_no_hidden_number_of_the_page_can_be_worked_out_from_all_its_tables(
    monkeypatch: pytest.MonkeyPatch, told: list[tuple[int, int, int, int]]
) -> None:
    routes, ages = list(Route), ["", AgeBand.FROM_5, AgeBand.FROM_16]
    seen: list[Any] = []

    def watched(*tables: Any, **options: Any) -> Any:
        seen[:] = [list(tables), real(*tables, **options)]
        return seen[1]

    real = counting.hidden if not hasattr(counting.hidden, "real") else counting.hidden.real
    watched.real = real  # type: ignore[attr-defined]
    monkeypatch.setattr(counting, "hidden", watched)
    numbers = counting.Counter[Any]()
    for route, age, quarter, number in told:
        numbers[
            (routes[route], counting.NOT_SAID, ages[age] or counting.NOT_SAID, Channel.ONLINE, quarter)
        ] += number
    monkeypatch.setattr(counting, "counted", lambda today: numbers)
    found = reach(today=TODAY)
    tables, out = seen
    assert worked_out(tables, out) == set()
    for table, names in zip(tables, out, strict=True):
        assert {part.name for part in table if 0 < part.number < HIDE_BELOW} <= names
    # And the page shows just what was not hidden.
    shown = {part.name: None if part.name in out[0] else part.number for part in tables[0]}
    assert found.total == shown["all"]
    assert of_row(found, "Not said")[:3] == [shown[counting.NOT_SAID, route] for route in routes[:3]]


def test_it_is_one_question_however_many_came(db: Any) -> None:
    heard(3)
    asked = []
    for more in (0, 20):
        heard(more, route=Route.CHILD, age_band=AgeBand.FROM_5)
        with CaptureQueriesContext(connection) as caught:
            reach(today=TODAY)
        asked.append(len(caught))
    assert asked == [asked[0]] * 2
    assert asked[0] <= 3  # with the districts and the partnership's own number


@pytest.mark.requirement("R-K6")
@pytest.mark.requirement("R-V13")
def test_page_and_spreadsheet_hide_the_same_and_the_exact_page_is_for_the_board(
    client: Client, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice.views.reach.today", lambda: TODAY)
    heard(137)
    heard(2, route=Route.CHILD)
    page = without_spaces(client.get("/voice/reach/"))
    assert ("notshown" in page, "Seeeverynumber" in page, ">2<" in page, ">137<" in page) == (
        True, False, False, False,
    )  # fmt: skip
    assert [signed_in(who).get("/voice/reach/exact/").status_code for who in ("moderator", "nobody")] == [
        403,
        403,
    ]
    exact = without_spaces(signed_in("board").get("/voice/reach/exact/"))
    assert (">137<" in exact, ">2<" in exact, "notshown" in exact) == (True, True, False)
    assert "See every number" in signed_in("adviser").get("/voice/reach/").content.decode()
    for who in ("visitor", "board"):
        browser = client if who == "visitor" else signed_in(who)
        text = b"".join(browser.get("/voice/reach/reach.csv").streaming_content).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        found = {(row["Table"], row["Group"], row["Who told us"]): row["Number of comments"] for row in rows}
        assert found["Where they live", "All", "All"] == "139"
        assert found["Where they live", "Not said", "Children"] == "not shown"
        assert found["Where they live", "Not said", "Parents and carers"] == "not shown"
        assert rows[0]["Months"] == "November 2025 to October 2026"
