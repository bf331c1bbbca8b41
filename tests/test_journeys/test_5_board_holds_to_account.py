"""The board opens its page: what is counted, what is off track, what changed; an adviser reads the same."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from actions.models import Action, Category, Status
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = datetime.timedelta(days=1)
MUST, SHOULD, COULD = Category.MUST, Category.SHOULD, Category.COULD

# Title, service, priority, category, status, due in days, days since it was heard of.
ACTIONS = [
    ("Papers in time", "inclusion-service", 1, MUST, Status.RED, 30, 2),
    ("Dates for families", "inclusion-service", 1, MUST, Status.GREEN, 60, 2),
    ("Train nurseries", "inclusion-service", 2, SHOULD, Status.GREEN, -4, 2),  # overdue, so shown as red
    ("Visit homes", "public-health", 2, SHOULD, Status.AMBER, 40, 35),  # the 35th day counts
    ("Film clips", "public-health", 5, COULD, Status.GREEN, 40, 34),  # the 34th does not
    ("Lend kits", "public-health", 5, COULD, Status.DELIVERED, -90, 80),  # finished: no clock runs
    ("Map places", "public-health", 5, COULD, Status.NOT_STARTED, 90, 1),
]


@pytest.fixture
def running(lancashire: None) -> None:
    """Two published plans, one draft that counts nowhere, and one change of status."""
    plans = {
        slug: make.make_plan(service(slug), strategy=priority(1).strategy)
        for slug in ("inclusion-service", "public-health")
    }
    for title, slug, number, category, status, due, heard in ACTIONS:
        make.make_action(
            plans[slug],
            title=title,
            priority=priority(number),
            category=category,
            status=status,
            due=today() + due * DAY,
            last_heard=today() - heard * DAY,
        )
    draft = make.make_plan(service("public-health"), strategy=priority(1).strategy, status="draft")
    make.make_action(draft, title="Not on the record", priority=priority(1), status=Status.RED)
    make.make_update(
        Action.objects.get(title="Papers in time"),
        at=timezone.now() - 2 * DAY,
        status=Status.RED,
        status_before=Status.GREEN,
        reason="Half of the papers were late.",
        next_step="Two people start next month.",
    )


def figures(window: Window, caption: str) -> dict[str, dict[str, str]]:
    """Read a table of figures: row by row, what stands under each heading but naught."""
    table = window.page.get_by_role("region", name=caption).locator("table")
    found = {}
    for row in table.locator("tbody tr").all():
        cells = {
            cell.get_attribute("data-label") or "": cell.inner_text().split()[0]
            for cell in row.locator("td").all()
        }
        label = " ".join(row.locator("th a").inner_text().split())
        found[label] = {name: value for name, value in cells.items() if value != "0"}
    return {label: cells for label, cells in found.items() if cells}


@pytest.mark.requirement("R-B1")
@pytest.mark.requirement("R-A8")
@pytest.mark.requirement("R-Z10")
def test_every_number_on_the_boards_page_opens_a_list_of_that_length(
    windows: Callable[..., Window], running: None, sign_in: Callable[..., None]
) -> None:
    member = windows()
    sign_in(member.page, make.make_user(Role.BOARD, name="Bea Board"))
    member.open("/my-work/")
    member.follow("Board", within="header nav")
    member.at("How we are doing")
    assert member.texts(".portal-number__link") == [
        "7 actions in published plans",
        "2 red: off track",
        "1 overdue",
        "1 without a recent update",
        "0 rated differently by the board",
        "0 seen differently by families",
        "1 awaiting sign\u2011off",
        "1 not started",
        "0 gaps without an action",
        "0 yearly reviews overdue",
        "0 not answered for a year",
        # This one opens nothing: what is marked stands in safeguarding's own list alone.
        "0 safety marks unread for more than one working day",
    ]
    by_priority = figures(member, "By strategic priority")
    assert [(label[:2], cells) for label, cells in by_priority.items()] == [
        ("1.", {"All": "2", "Red": "1", "Green": "1"}),
        ("2.", {"All": "2", "Red": "1", "Amber": "1", "Overdue": "1", "No recent update": "1"}),
        ("5.", {"All": "3", "Not started": "1", "Green": "1", "Delivered": "1"}),
    ]
    assert figures(member, "By must, should and could") == {
        "Must do": {"All": "2", "Red": "1", "Green": "1"},
        "Should do": {"All": "2", "Red": "1", "Amber": "1", "Overdue": "1", "No recent update": "1"},
        "Could do": {"All": "3", "Not started": "1", "Green": "1", "Delivered": "1"},
    }
    assert [text.partition(": ")[2] for text in member.texts(".portal-exception__title")] == [
        "Papers in time",
        "Train nurseries",
        "Visit homes",
    ]
    assert "Half of the papers were late." in member.texts(".portal-exception")[0]
    changed = member.texts(".portal-changes li")
    assert len(changed) == 1
    assert "Papers in time Green: on track" in changed[0]
    assert changed[0].endswith("Half of the papers were late.")

    # Every number on the page is followed, and its list counted.
    links = member.page.locator("main a").evaluate_all(
        "links => links.map(it => [it.getAttribute('href'), it.innerText.trim()])"
    )
    numbers = {(href, int(words.split()[0])) for href, words in links if re.match(r"\d+(?!\.)\b", words)}
    assert len(numbers) > 20
    for href, number in numbers:
        answer = member.page.request.get(href)
        assert answer.ok, href
        assert len(re.findall(r'<li class="portal-exception[ "]', answer.text())) == number, href

    member.page.get_by_role("link", name="2 red: off track").click()
    member.at("Actions in published plans")
    assert [text.partition(": ")[2] for text in member.texts(".portal-exception__title")] == [
        "Papers in time",
        "Train nurseries",
    ]
    member.open("/board/exceptions/")
    member.at("Exceptions")
    assert member.says("3 actions")
    member.open("/board/changes/")
    member.at("What changed")
    assert len(member.texts(".portal-changes li")) == 1
    member.open(priority(2).get_absolute_url().replace("/strategies/", "/board/strategies/"))
    assert member.texts(".portal-number__value")[0] == "2"
    assert member.says("The priority as the public sees it")


@pytest.mark.requirement("R-B7")
@pytest.mark.requirement("R-B9")
def test_an_adviser_reads_the_same_and_finds_nothing_to_press(
    windows: Callable[..., Window], running: None, sign_in: Callable[..., None]
) -> None:
    member, adviser = windows(), windows()
    sign_in(member.page, make.make_user(Role.BOARD))
    sign_in(adviser.page, make.make_user(Role.ADVISER, is_external=True))
    member.open("/board/")
    adviser.open("/board/")
    adviser.at("How we are doing")
    assert adviser.page.locator("main").inner_text() == member.page.locator("main").inner_text()
    own = Action.objects.get(title="Papers in time")
    for address in (
        "/my-work/",
        "/board/",
        "/board/exceptions/",
        "/board/actions/",
        "/board/changes/",
        own.get_absolute_url(),
        own.plan.get_absolute_url(),
    ):
        assert adviser.open(address).status == 200, address
        assert adviser.page.locator("main form[method=post], main button").count() == 0, address
        assert adviser.page.locator("main .portal-actions").count() == 0, address
    adviser.at(own.plan.title)
    for address in ("update", "edit", "sign-off", "close"):
        assert adviser.open(f"{own.get_absolute_url()}{address}/").status in (403, 404), address
    posted = adviser.page.request.post("/board/", form={})
    assert posted.status in (403, 405)
