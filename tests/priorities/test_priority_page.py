"""One priority: the promise, the actions in their order, the figures and the voices."""

import datetime

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Category, Status
from partnership.models import PlainSummary
from partnership.roles import Role
from priorities.models import Reading, Strategy
from tests.factories import (
    current_strategy,
    make_action,
    make_comment,
    make_measure,
    make_passage,
    make_plan,
    make_priority,
    make_source,
    make_strategy,
    make_user,
)
from tests.priorities.conftest import words_of

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R-C4")
def test_heading_holds_strategy_number_and_title_together(client):
    priority = make_priority(
        "Be heard", strategy=make_strategy("The long name", short_title="Plan 2025"), number=4
    )
    page = client.get(priority.get_absolute_url()).content.decode()
    assert '<span class="govuk-caption-xl">Plan 2025, priority 4 </span>Be heard</h1>' in page
    assert "<title>Be heard: Plan 2025, priority 4 -" in page


def test_the_ambition_stands_in_its_published_words_beside_plain_ones(read):
    ambition = make_passage("Identification shall be timely.")
    PlainSummary.objects.create(passage=ambition, text="We find out early.", written_at=timezone.now())
    words = read(make_priority(ambition=ambition).get_absolute_url())
    assert "Our ambition Identification shall be timely. From" in words
    assert "In plain words We find out early. This portal’s own words, not the document’s" in words


def test_every_wording_of_a_priority_is_shown(read):
    priority = make_priority(
        "The title of the table",
        alternative_title=make_passage("The title of the list"),
        short_title=make_passage("The short title"),
        benefit=make_passage("The benefit"),
        meaning=make_passage("The meaning"),
    )
    words = read(priority.get_absolute_url())
    missing = [
        text
        for text in (
            "The title of the table",
            "The title of the list",
            "The short title",
            "The benefit",
            "The meaning",
        )
        if text not in words
    ]
    assert missing == []


@pytest.mark.requirement("R-A3")
@pytest.mark.requirement("R-Z2")
def test_musts_come_first_even_when_a_could_is_red_and_overdue(read):
    priority = make_priority()
    plan = make_plan()
    make_action(
        plan,
        priority=priority,
        category=Category.COULD,
        status=Status.RED,
        title="A late could",
        due=datetime.date(2020, 1, 1),
    )
    make_action(plan, priority=priority, category=Category.SHOULD, title="A should")
    make_action(plan, priority=priority, category=Category.MUST, title="A calm must")
    words = read(priority.get_absolute_url())
    order = [
        words.index(text)
        for text in ("Must do", "A calm must", "Should do", "A should", "Could do", "A late could")
    ]
    assert order == sorted(order)


def test_visitors_see_public_actions_and_staff_see_those_that_wait_too(client):
    priority = make_priority()
    plan = make_plan()
    make_action(plan, priority=priority, title="Published work")
    make_action(plan, priority=priority, title="Work that waits", public=False)
    make_action(make_plan(status="draft"), priority=priority, title="Work of a draft")
    seen = {}
    for who in (None, Role.BOARD, Role.PROGRAMME):
        if who:
            client.force_login(make_user(who))
        page = client.get(priority.get_absolute_url()).content.decode()
        seen[who] = [
            title for title in ("Published work", "Work that waits", "Work of a draft") if title in page
        ]
    assert seen == {
        None: ["Published work"],
        Role.BOARD: ["Published work", "Work that waits"],
        Role.PROGRAMME: ["Published work", "Work that waits", "Work of a draft"],
    }


def test_visitors_are_shown_the_published_status_and_staff_the_one_of_today(client):
    action = make_action(status=Status.RED, public_status=Status.GREEN)
    address = action.priority.get_absolute_url()
    visitor = words_of(client.get(address).content)
    client.force_login(make_user(Role.BOARD))
    staff = words_of(client.get(address).content)
    assert ["1 action 1 Red: off track" in page for page in (visitor, staff)] == [False, True]
    assert ["1 action 1 Green: on track" in page for page in (visitor, staff)] == [True, False]


def test_actions_that_serve_it_second_stand_apart(read):
    first, second = make_priority(), make_priority()
    action = make_action(priority=first, title="Work for both")
    action.also_serves.add(second)
    words = read(second.get_absolute_url())
    assert words.index("No actions have been published for this priority yet.") < words.index(
        "Actions of other priorities that help this one too"
    )
    assert words.index("help this one too") < words.index("Work for both")


@pytest.mark.requirement("R-A4")
def test_what_each_status_means_is_printed_where_it_is_shown(read):
    action = make_action()
    for address in ("/", action.priority.get_absolute_url()):
        assert "Red: off track The due date has passed, or will be missed" in read(address)


def test_a_long_list_is_cut_and_links_to_all_of_it(client):
    priority, plan = make_priority(), make_plan()
    for _ in range(23):
        make_action(plan, priority=priority)
    page = client.get(priority.get_absolute_url()).content.decode()
    assert page.count('class="portal-action-row"') == 20
    assert f'<a class="govuk-link" href="/actions/?priority={priority.pk}">See all 23 actions</a>' in page


@pytest.mark.requirement("R-V6")
def test_only_published_words_of_families_are_shown(read):
    priority = make_priority()
    make_comment("Raw words", stage="received", priority=priority)
    make_comment(
        "Flagged words", stage="approved", flagged=True, published_text="Flagged summary", priority=priority
    )
    make_comment("Kept words", stage="approved", may_show="nothing", priority=priority)
    make_comment("Told words", stage="approved", published_text="Shown summary", priority=priority)
    words = read(priority.get_absolute_url())
    shown = [
        text
        for text in (
            "Raw words",
            "Flagged words",
            "Flagged summary",
            "Kept words",
            "Told words",
            "Shown summary",
        )
        if text in words
    ]
    assert shown == ["Shown summary"]


def test_an_empty_priority_says_what_will_come(read):
    words = read(make_priority().get_absolute_url())
    assert "No actions have been published for this priority yet." in words
    assert "Nobody’s words are shown here yet." in words
    assert "What the figures say" not in words


def test_a_priority_of_a_replaced_plan_promises_no_actions_to_come(read):
    strategy = make_strategy("The plan before", status=Strategy.Status.SUPERSEDED)
    words = read(make_priority(strategy=strategy).get_absolute_url())
    assert "No actions of this plan are held here." in words
    assert "No actions have been published for this priority yet." not in words


@pytest.mark.parametrize("number", ["0", "99", "9" * 18, "9" * 25, "x"])
def test_a_number_without_a_priority_is_no_page(client, number):
    strategy = make_priority().strategy
    assert client.get(f"/strategies/{strategy.slug}/priorities/1/").status_code == 200
    assert client.get(f"/strategies/{strategy.slug}/priorities/{number}/").status_code == 404


def test_a_priority_belongs_to_its_own_strategy_alone(client):
    mine = make_priority()
    other = make_strategy(status=Strategy.Status.SUPERSEDED)
    assert client.get(f"/strategies/{mine.strategy.slug}/priorities/{mine.number}/").status_code == 200
    assert client.get(f"/strategies/{other.slug}/priorities/{mine.number}/").status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_one_row_and_for_three(
    client, partnership, connection_of_test
):
    priority = make_priority(strategy=current_strategy(), benefit=make_passage(), meaning=make_passage())
    plan, counts = make_plan(), []
    for rows in (1, 2):
        for number in range(rows):
            make_action(plan, priority=priority)
            make_action(plan).also_serves.add(priority)
            measure = make_measure(frequency_months=3)
            measure.priorities.add(priority)
            day = datetime.date(2026, 1 + number, 1)
            Reading.objects.create(
                ref=f"R{rows}{number}",
                measure=measure,
                kind="absolute",
                value=5,
                period_start=day,
                period_end=day,
                precision="day",
                source=make_source(),
            )
            make_comment(stage="answered", priority=priority)
        with CaptureQueriesContext(connection_of_test) as asked:
            assert client.get(priority.get_absolute_url()).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
