"""Strategies on a page: what they promise, how their priorities stand, and who may see a draft."""

import datetime

import pytest
from django.test.utils import CaptureQueriesContext

from actions.models import Category, Status
from partnership.roles import Role
from priorities.models import Commitment, Strategy, StrategyPassage
from tests.factories import (
    current_strategy,
    make_action,
    make_category_definitions,
    make_passage,
    make_plan,
    make_priority,
    make_source,
    make_strategy,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_the_current_strategy_has_an_address_of_its_own(read):
    current_strategy()
    make_strategy("The plan before", status=Strategy.Status.SUPERSEDED)
    assert "The plan before" not in read("/strategy/")
    assert current_strategy().title in read("/strategy/")


def test_without_a_strategy_in_force_the_page_says_so(read):
    make_strategy("The plan before", status=Strategy.Status.SUPERSEDED)
    assert "There is no strategy in force yet." in read("/strategy/")
    assert "No strategy has been published yet." not in read("/strategies/")


def test_an_empty_list_of_strategies_says_so(read):
    assert "No strategy has been published yet." in read("/strategies/")


def test_those_in_force_stand_before_those_that_were_replaced(read):
    make_strategy("The first plan", status=Strategy.Status.SUPERSEDED, position=1)
    make_strategy("The second plan", position=2)
    words = read("/strategies/")
    assert words.index("The second plan") < words.index("The first plan")


@pytest.mark.requirement("R-C11")
@pytest.mark.parametrize("role", [None, *Role])
def test_only_the_programme_team_sees_a_draft(client, role):
    draft = make_strategy("The next plan", status=Strategy.Status.DRAFT)
    priority = make_priority(strategy=draft)
    if role:
        client.force_login(make_user(role))
    answers = [client.get(row.get_absolute_url()).status_code for row in (draft, priority)]
    listed = "The next plan" in client.get("/strategies/").content.decode()
    allowed = role == Role.PROGRAMME
    assert (answers, listed) == (([200, 200], True) if allowed else ([404, 404], False))


@pytest.mark.requirement("R-C3")
def test_a_quotation_names_its_source_with_its_date_and_links_to_it(client):
    strategy = current_strategy()
    dated = make_source(
        "The dated report", published_from=datetime.date(2025, 9, 4), precision="day", inferred=True
    )
    undated = make_source("The undated page")
    for number, source in enumerate([dated, undated]):
        StrategyPassage.objects.create(
            strategy=strategy, passage=make_passage(source=source), part="news", position=number
        )
    page = client.get(strategy.get_absolute_url()).content.decode()
    assert (
        f'href="{dated.get_absolute_url()}">The dated report</a>, 4 September 2025 (year worked out by us).'
        in page
    )
    assert f'href="{undated.get_absolute_url()}">The undated page</a>, date not given.' in page


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("ambition", "Ambitions"),
        ("working_together", "Working together"),
        ("promise", "Promises: ways of working"),
        ("good_offer", "What a good offer looks like"),
    ],
)
def test_each_kind_of_promise_stands_under_its_own_heading(read, kind, heading):
    strategy = current_strategy()
    meaning = make_passage("What the promise means.")
    Commitment.objects.create(
        strategy=strategy, kind=kind, number=1, title=make_passage("The promise itself."), meaning=meaning
    )
    words = read(strategy.get_absolute_url())
    assert f"{heading} " in words
    assert words.index("The promise itself.") < words.index("What the promise means.")


def test_groups_of_a_good_offer_say_that_their_names_are_ours(read):
    strategy = current_strategy()
    for number, label in enumerate(["First group", "Second group"], start=1):
        Commitment.objects.create(
            strategy=strategy,
            kind="good_offer",
            number=number,
            group=number,
            group_label=label,
            title=make_passage(),
        )
    words = read(strategy.get_absolute_url())
    assert words.index("First group (our heading)") < words.index("Second group (our heading)")


@pytest.mark.requirement("R-A3")
def test_the_official_words_stand_in_must_should_could_order(read):
    make_category_definitions()
    words = read(current_strategy().get_absolute_url())
    places = [words.index(f"The official words for {name}.") for name in ("must", "should", "could")]
    assert places == sorted(places)


def test_a_plan_without_published_areas_says_so_and_names_what_it_goes_with(read):
    strategy = current_strategy()
    plan = make_strategy(
        "Priority plan", kind=Strategy.Kind.PRIORITY_ACTION_PLAN, linked_to=strategy, areas_published=False
    )
    StrategyPassage.objects.create(
        strategy=plan, passage=make_passage("It goes with the strategy."), part="about"
    )
    words = read(plan.get_absolute_url())
    assert "The documents we hold do not list its areas." in words
    assert f"Goes with {strategy.title}" in words
    whole = read(strategy.get_absolute_url())
    assert whole.index("Plans that go with it Priority plan") < whole.index("It goes with the strategy.")


@pytest.mark.requirement("R-C4")
def test_a_priority_on_a_strategys_page_is_named_with_strategy_number_and_title(read):
    strategy = make_strategy("The plan for everyone", short_title="Plan 2025")
    make_priority("Be heard", strategy=strategy)
    assert "Plan 2025, priority 1: Be heard" in read(strategy.get_absolute_url())


@pytest.mark.requirement("R-A4")
def test_late_actions_count_as_red_and_drafts_are_not_counted(read):
    priority = make_priority()
    plan = make_plan()
    long_ago = datetime.date(2020, 1, 1)
    make_action(plan, priority=priority, status=Status.GREEN)
    make_action(plan, priority=priority, status=Status.GREEN, due=long_ago)
    make_action(plan, priority=priority, status=Status.BLUE, due=long_ago)
    make_action(plan, priority=priority, public=False)
    words = read(priority.strategy.get_absolute_url())
    assert "3 actions 1 Red: off track 1 Green: on track 1 Complete: difference seen" in words


def test_each_count_opens_the_list_it_counts(client):
    action = make_action(status=Status.AMBER)
    page = client.get("/strategy/").content.decode()
    address = f"/actions/?priority={action.priority_id}&amp;status=amber"
    assert f'href="{address}"' in page
    found = client.get(address.replace("&amp;", "&")).content.decode()
    assert action.title in found


def test_the_same_words_said_twice_in_the_documents_are_shown_once(read):
    strategy, source = current_strategy(), make_source()
    whole = make_passage("We met in spring. We chose a vision. We began.", source=source, position=1)
    part = make_passage("We chose a vision.", source=source, position=2)
    for number, passage in enumerate([whole, part]):
        StrategyPassage.objects.create(
            strategy=strategy, passage=passage, part="vision_story", position=number
        )
    assert read(strategy.get_absolute_url()).count("We chose a vision.") == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.requirement("R-C2")
def test_nobody_changes_a_strategy_or_its_words_from_its_page(client, method):
    priority = make_priority("As published")
    client.force_login(make_user(Role.PROGRAMME))
    addresses = ["/strategy/", priority.strategy.get_absolute_url(), priority.get_absolute_url()]
    answers = [
        getattr(client, method)(address, {"title": "Changed", "text": "Changed"}).status_code
        for address in addresses
    ]
    assert answers == [405, 405, 405]
    priority.title.refresh_from_db()
    assert priority.title.text == "As published"


def _fill(rows: int) -> Strategy:
    strategy = current_strategy()
    strategy.vision = make_passage()
    strategy.save()
    start = strategy.priorities.count()
    for number in range(start, rows):
        priority = make_priority(strategy=strategy)
        make_action(priority=priority, category=Category.MUST)
        Commitment.objects.create(strategy=strategy, kind="promise", number=number + 1, title=make_passage())
        StrategyPassage.objects.create(
            strategy=strategy, passage=make_passage(), part="news", position=number
        )
        plan = make_strategy(kind=Strategy.Kind.PRIORITY_ACTION_PLAN, linked_to=strategy)
        StrategyPassage.objects.create(strategy=plan, passage=make_passage(), part="about")
        make_strategy(status=Strategy.Status.SUPERSEDED, replaced_by=strategy)
    return strategy


@pytest.mark.parametrize(("address", "most"), [("/strategy/", 12), ("/strategies/", 8)])
def test_strategy_pages_ask_the_same_number_of_questions_for_one_row_and_for_three(
    client, partnership, connection_of_test, address, most
):
    counts = []
    for rows in (1, 3):
        _fill(rows)
        with CaptureQueriesContext(connection_of_test) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= most


def test_words_that_serve_two_headings_are_quoted_once(client):
    strategy = current_strategy()
    plan = make_strategy("Priority plan", kind=Strategy.Kind.PRIORITY_ACTION_PLAN, linked_to=strategy)
    defined = make_category_definitions()[0].passage
    both = make_passage("The board keeps watch over both.")
    only_plan = make_passage("The plan comes from the inspection.")
    for row, passage, part in (
        (strategy, both, StrategyPassage.Part.GOVERNANCE),
        (strategy, defined, StrategyPassage.Part.INTO_ACTION),
        (plan, both, StrategyPassage.Part.ABOUT),
        (plan, only_plan, StrategyPassage.Part.ABOUT),
    ):
        StrategyPassage.objects.create(strategy=row, passage=passage, part=part)
    page = client.get(strategy.get_absolute_url()).content.decode()
    assert [page.count(passage.text) for passage in (both, defined, only_plan)] == [1, 1, 1]
    assert client.get(plan.get_absolute_url()).content.decode().count(both.text) == 1
