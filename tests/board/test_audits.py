"""The board sees who has audited itself, when, and which gaps nobody acts on (R-A14)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions import operations
from actions.models import Action, Audit, Plan, Status
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A14")]
DAY = datetime.timedelta(days=1)
WITHOUT = "/board/gaps/?show=without"


@pytest.fixture
def member(client: Client) -> Client:
    make.make_partnership()
    client.force_login(make.make_user(Role.BOARD))
    return client


def act(finding: Any, **plan: Any) -> Any:
    service = finding.audit.service
    return operations.act_on_gap(
        by=make.make_user(Role.CONTRIBUTOR, service=service),
        finding=finding,
        plan=make.make_plan(service, **plan),
        title="Close it",
        priority=make.make_priority(),
    )


def number(page: Any, label: str) -> tuple[int, str]:
    return next((row["value"], row["url"]) for row in page.context["numbers"] if row["label"] == label)


def test_services_are_listed_with_their_last_audit_and_their_gaps_those_without_an_audit_first(
    member: Client,
) -> None:
    never, old, fresh = (make.make_service(name) for name in ("Never", "Old", "Fresh"))
    make.make_audit(never, finished=False)
    make.make_finding(make.make_audit(old, date=today() - 366 * DAY), "met")
    make.make_finding(make.make_audit(fresh, date=today() - 400 * DAY), "not_met")
    last = make.make_audit(fresh, date=today() - 365 * DAY)
    acted, _, _ = (make.make_finding(last, result) for result in ("not_met", "part", "met"))
    act(acted)
    page = member.get("/board/audits/")
    assert [(row.name, row.is_due, row.gaps, row.without) for row in page.context["rows"]] == [
        ("Never", True, 0, 0),
        ("Old", True, 0, 0),
        ("Fresh", False, 3, 2),
    ]
    text = page.content.decode()
    assert "1 service has never finished an audit." in text
    due = member.get("/board/audits/?show=due")
    assert [row.name for row in due.context["rows"]] == ["Never", "Old"]
    assert page.context["due"] == 2


def test_every_number_of_the_page_opens_a_list_of_that_length(member: Client) -> None:
    for _ in range(2):
        audit = make.make_audit(make.make_service())
        act(make.make_finding(audit, "not_met"))
        make.make_finding(audit, "not_known")
    page = member.get("/board/audits/")
    pairs = [(page.context["gaps"], "/board/gaps/"), (page.context["without"], WITHOUT)]
    for row in page.context["rows"]:
        pairs += [
            (row.gaps, f"/board/gaps/?service={row.slug}"),
            (row.without, f"/board/gaps/?service={row.slug}&show=without"),
        ]
    assert [value for value, _ in pairs] == [4, 2, 2, 1, 2, 1]
    assert [member.get(url).context["page"].paginator.count for _, url in pairs] == [
        value for value, _ in pairs
    ]


def test_a_gap_without_an_action_is_an_exception_until_its_action_is_public(
    member: Client, settings: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """The board's pages are kept, and show it at the very next look."""
    settings.PORTAL_PAGE_CACHE = True
    assert number(member.get("/board/"), "gaps without an action") == (0, WITHOUT)
    audit = make.make_audit(finished=False, title="Audit of the year")
    with django_capture_on_commit_callbacks(execute=True):
        gap = make.make_finding(audit, "not_met", duty=make.make_duty("Listen to families"))
    assert number_shown(member) == "0"
    with django_capture_on_commit_callbacks(execute=True):
        operations.finish_audit(
            by=audit.started_by, audit=audit, seen=operations.note_of_audit(audit, audit.findings.all())
        )
    assert number_shown(member) == "1"
    page = member.get("/board/exceptions/").content.decode()
    assert "1 gap without an action" in page
    assert "Listen to families" in page
    assert "<strong>No action.</strong>" in page
    with django_capture_on_commit_callbacks(execute=True):
        action = act(gap, status=Plan.Status.DRAFT)
    page = member.get("/board/exceptions/").content.decode()
    assert "The service has one in a draft." in page
    assert "Close it" not in page
    with django_capture_on_commit_callbacks(execute=True):
        action.plan.status = Plan.Status.PUBLISHED
        action.plan.save()
    assert number_shown(member) == "0"
    assert "Listen to families" not in member.get("/board/exceptions/").content.decode()
    assert "Close it" in member.get("/board/gaps/").content.decode()


def number_shown(member: Client) -> str:
    text = member.get("/board/").content.decode()
    return text.split("gaps without an action")[0].rsplit('portal-number__value">', 1)[1].split("<")[0]


def test_gaps_are_not_mixed_into_a_list_that_is_narrowed(member: Client) -> None:
    make.make_finding(make.make_audit(), "not_met", duty=make.make_duty("Listen to families"))
    assert "Listen to families" in member.get("/board/exceptions/").content.decode()
    assert "Listen to families" not in member.get("/board/exceptions/?category=must").content.decode()


def test_failed_duties_come_before_promises_and_the_worst_first(member: Client) -> None:
    audit = make.make_audit()
    make.make_finding(audit, "not_met", commitment=make.make_commitment("Promise"))
    for result in ("part", "not_met", "not_known"):
        make.make_finding(audit, result, duty=make.make_duty(f"Duty {result}"))
    assert [str(row) for row in member.get(WITHOUT).context["page"]] == [
        "Duty not_met",
        "Duty not_known",
        "Duty part",
        "Promise",
    ]


@pytest.mark.parametrize("address", ["/board/audits/", "/board/gaps/", "/board/exceptions/", "/board/"])
def test_pages_ask_the_same_number_of_questions_for_one_row_and_for_three(
    member: Client, address: str
) -> None:
    def add() -> None:
        audit = make.make_audit()
        make.make_finding(audit, "not_met")
        act(make.make_finding(audit, "part"))

    def questions() -> int:
        with CaptureQueriesContext(connection) as caught:
            member.get(address)
        return len(caught)

    add()
    member.get(address)
    with_one = questions()
    add()
    add()
    assert questions() == with_one
    assert with_one <= 16
    assert Audit.objects.count() == 3


def test_an_overdue_action_is_red_behind_its_gap_too(member: Client) -> None:
    finding = make.make_finding(make.make_audit(), "not_met")
    act(finding)
    Action.objects.update(status=Status.GREEN, due=today() - datetime.timedelta(days=1))
    page = member.get("/board/gaps/").content.decode()
    assert "Red: off track" in page
    assert "Green: on track" not in page
