"""Plans and lists of actions as spreadsheets: the reader's own view, safe cells, bounded work (R-A12, F15, S4)."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from actions.models import Action, Category, Plan, Status
from actions.sheets.columns import COLUMNS
from partnership.calendar import today
from partnership.roles import Role
from priorities.models import Commitment
from tests import factories as make

pytestmark = pytest.mark.django_db

ENDINGS = ("csv", "xlsx")
FORMULAS = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "  =1+1", "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠A1",
    '=HYPERLINK("http://example.org","x")', "\u200b=1", "-", "=",
]  # fmt: skip


def table_of(response) -> list[dict[str, str]]:
    """The file as a spreadsheet program reads it: a row for each action, by heading. Every cell as text."""
    body = b"".join(response.streaming_content)
    if response.headers["Content-Type"].startswith("text/csv"):
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(body)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }  # no "f"
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, ["" if cell is None else str(cell) for cell in row], strict=True)) for row in rows]


def heading(field: str) -> str:
    return next(column.heading for column in COLUMNS if column.field == field)


@pytest.fixture
def plan():
    return make.make_plan(slug="our-plan")


@pytest.mark.requirement("R-A12")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_plan_is_exported_with_a_column_for_each_field_in_must_should_could_order(client, plan, ending):
    first = make.make_priority("Be heard", strategy=plan.strategy)
    second = make.make_priority("Be ready", strategy=plan.strategy)
    promise = Commitment.objects.create(
        strategy=plan.strategy, kind="promise", number=2, title=make.make_passage("Listen first")
    )
    partner = make.make_service("Therapy", code="THE")
    could = make.make_action(plan, title="Write it down", category=Category.COULD, priority=first)
    must = make.make_action(
        plan, title="Meet families", category=Category.MUST, duty=make.make_duty("Advice", law="Act, section 32"),
        priority=first, due=datetime.date(2031, 3, 31), planned_start=datetime.date(2030, 9, 1), impact_question="involved",
        resources="Two people", accountable_role="Director", version=4, original_due=datetime.date(2031, 1, 31), slips=1,
    )  # fmt: skip
    must.also_serves.add(second)
    must.commitments.add(promise)
    must.partners.add(partner)
    make.make_milestone(
        must, "Ask schools", due=datetime.date(2030, 10, 1), done_on=datetime.date(2030, 9, 20)
    )
    make.make_milestone(must, "Meet", position=1)
    make.make_action_measure(must, make.make_measure("Plans on time"), success_looks_like="Nine in ten")

    found = table_of(client.get(f"/plans/our-plan/export.{ending}"))

    assert [row["Ref"] for row in found] == [must.ref, could.ref]
    days = {"2031-03-31", "2030-09-01", "2031-01-31"} if ending == "csv" else set()
    told = found[0] | {
        heading("last_heard"): "",
        heading("version"): found[0][heading("version")].split(" ")[0],
    }
    assert days <= set(told.values())
    assert {name: value.replace(" 00:00:00", "") for name, value in told.items()} == {
        "Ref": must.ref,
        "Title": "Meet families",
        "Must, should or could": "Must do",
        "Legal duty": "Advice (Act, section 32)",
        "Priority": str(first),
        "The problem": "What is wrong now.",
        "What we will do": "What we will do about it.",
        "The difference it will make": "What families will notice.",
        "Role that leads it": "Head of service",
        "Role that answers for it": "Director",
        "Planned start": "2030-09-01",
        "Due date": "2031-03-31",
        "If the due date moves: why?": "",
        "Steps": "Ask schools; due 2030-10-01; done 2030-09-20\nMeet",
        "Inspectors’ question": "Families take part in decisions about plans and support",
        "Money, people and time": "Two people",
        "Other priorities": str(second),
        "Promises": f"{plan.strategy.title}, Promise: a way of working 2: Listen first",
        "Other services that help": "Therapy (THE)",
        "Service (only to read)": plan.service.name,
        "Plan (only to read)": plan.title,
        "How it stands (only to read)": "Green: on track",
        "Difference seen (only to read)": "Not yet known",
        "First due date (only to read)": "2031-01-31",
        "Times it was moved to later (only to read)": "1",
        "Last heard of (only to read)": "",
        "Success measures (only to read)": "Plans on time: Nine in ten",
        "Evidence (only to read)": "",
        "Family voices (only to read)": "0",
        "Version (please leave as it is)": "v4",
    }


@pytest.mark.requirement("R-A12")
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_cell_of_any_column_opens_as_a_formula(client, ending):
    for formula in FORMULAS:
        service = make.make_service(f"{formula}service")
        plan = make.make_plan(service, title=f"{formula}plan")
        action = make.make_action(
            plan, title=formula, category=Category.MUST, duty=make.make_duty(formula), problem=formula, doing=formula,
            difference=formula, lead_role=formula, accountable_role=formula, resources=formula,
        )  # fmt: skip
        action.partners.add(service)
        make.make_milestone(action, formula)
        make.make_action_measure(action, make.make_measure(formula))
    cells = [cell for row in table_of(client.get(f"/actions/export.{ending}")) for cell in row.values()]
    signs = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    assert [cell for cell in cells if cell.lstrip(" \u200b").startswith(signs)] == []
    assert sum(cell.startswith("'") for cell in cells) >= 10 * len(FORMULAS)  # the control: they are there


@pytest.mark.requirement("R-A12")
@pytest.mark.parametrize("ending", ENDINGS)
def test_each_reader_gets_what_they_may_see_and_no_more(client, plan, ending):
    shown = make.make_action(plan, title="Public", status=Status.RED, public_status=Status.GREEN)
    make.make_action(plan, title="Waiting", public=False)
    make.make_evidence(shown, statement="What the audit found")
    make.make_action_measure(shown, make.make_measure("A hidden measure", is_published=False))
    hidden = make.make_priority("A hidden priority", strategy=make.make_strategy(status="draft"))
    shown.also_serves.add(hidden)
    make.make_plan(plan.service, status=Plan.Status.DRAFT, slug="draft-plan")
    board = make.make_user(Role.BOARD)
    names = ["title", "status", "evidence", "measures", "also_serves"]

    def seen() -> list[list[str]]:
        found = table_of(client.get(f"/plans/our-plan/export.{ending}"))
        return [[row[heading(name)] for name in names] for row in found]

    assert seen() == [["Public", "Green: on track", "", "", ""]]
    assert client.get(f"/plans/draft-plan/export.{ending}").status_code == 404
    client.force_login(board)
    evidence = "What the audit found (Data) https://example.org/evidence"
    assert sorted(seen()) == [
        ["Public", "Red: off track", evidence, "A hidden measure", ""],
        ["Waiting", "Green: on track", "", "", ""],
    ]
    assert client.get(f"/plans/draft-plan/export.{ending}").status_code == 404
    client.force_login(make.make_user(Role.CONTRIBUTOR, service=plan.service))
    assert table_of(client.get(f"/plans/draft-plan/export.{ending}")) == []


@pytest.mark.requirement("R-A12")
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_list_is_exported_with_its_filters(client, plan, ending):
    make.make_action(plan, title="Must", category=Category.MUST)
    make.make_action(plan, title="Could", category=Category.COULD)
    late = make.make_action(plan, title="Late", due=today() - datetime.timedelta(days=1))

    page = client.get("/actions/?status=red").content.decode()
    assert f'href="/actions/export.{ending}?status=red"' in page
    titles = {
        query: [row["Title"] for row in table_of(client.get(f"/actions/export.{ending}{query}"))]
        for query in (
            "",
            "?category=must",
            "?status=red",
            "?category=nonsense",
            f"?service={plan.service.slug}",
        )
    }
    everything = ["Must", late.title, "Could"]
    assert titles == {
        "": everything,
        "?category=must": ["Must"],
        "?status=red": ["Late"],
        "?category=nonsense": everything,
        f"?service={plan.service.slug}": everything,
    }


def test_a_long_export_asks_no_more_questions_for_each_action(client, plan):
    counts = []
    for _ in range(2):
        for action in [make.make_action(plan, category=Category.MUST) for _ in range(3)]:
            make.make_milestone(action)
            make.make_action_measure(action)
            make.make_evidence(action)
            action.also_serves.add(make.make_priority(strategy=plan.strategy))
            action.partners.add(make.make_service())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(table_of(client.get("/plans/our-plan/export.csv"))) == Action.objects.count()
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_download_is_kept_nowhere_and_named_after_its_plan(client, plan, ending):
    make.make_action(plan)
    response = client.get(f"/plans/our-plan/export.{ending}")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert (
        response.headers["Content-Disposition"]
        == f'attachment; filename="our-plan-{today():%Y-%m-%d}.{ending}"'
    )
    assert client.get("/plans/our-plan/export.pdf").status_code == 404
