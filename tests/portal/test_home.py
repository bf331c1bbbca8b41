"""The home page: what this is, how the priorities stand, have your say, what was answered."""

import datetime
import itertools
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Status
from tests.factories import (
    current_strategy,
    make_action,
    make_comment,
    make_passage,
    make_plan,
    make_priority,
    make_response,
    make_strategy,
)
from tests.priorities.conftest import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    def run() -> str:
        response = client.get("/")
        assert response.status_code == 200
        return response.content.decode()

    return run


def test_the_page_says_what_it_is_and_leads_each_family_member_to_their_way_in(home, partnership):
    page = home()
    assert "SEND means special educational needs and disabilities." in page
    assert "what we promised for Borchester and how it is going" in page
    routes = ["/voice/new/child/", "/voice/new/young-person/", "/voice/new/parent-carer/", "/voice/follow/"]
    assert [page.count(f'href="{route}"') for route in routes] == [1, 1, 1, 1]


def test_before_anything_is_loaded_the_page_stands_and_says_so(home):
    words = words_of(home())
    assert "There is no strategy in force yet." in words
    assert "No answers yet." in words


@pytest.mark.requirement("R-C4")
def test_priorities_of_the_current_strategy_are_shown_with_how_they_stand(home):
    strategy = make_strategy(
        "The plan for everyone", short_title="Plan 2025", vision=make_passage("Everyone thrives.")
    )
    make_priority("Be heard", strategy=strategy)
    second = make_priority("Be near", strategy=strategy)
    old = make_priority("Old promise", strategy=make_strategy("Old", status="superseded"))
    make_action(make_plan(strategy=strategy), priority=second, status=Status.AMBER)
    make_action(
        make_plan(strategy=strategy), priority=second, status=Status.GREEN, due=datetime.date(2020, 1, 1)
    )
    make_action(make_plan(strategy=strategy), priority=old)
    words = words_of(home())
    assert "Our 2 priorities, and how they stand From the The plan for everyone" in words
    assert "Plan 2025, priority 1: Be heard No actions published yet." in words
    assert "Plan 2025, priority 2: Be near 2 actions 1 Red: off track 1 Amber: at risk" in words
    assert "Everyone thrives." in words
    assert "Old promise" not in words


@pytest.mark.requirement("R-V6")
def test_only_answers_to_published_words_stand_on_it(home):
    make_response(make_comment(stage="answered"), we_did="We rang everybody.")
    make_response(make_comment(stage="answered"), we_did="Still a draft.", status="draft")
    make_response(make_comment(stage="answered", may_show="nothing"), we_did="Told to one sender.")
    words = words_of(home())
    shown = [
        text for text in ("We rang everybody.", "Still a draft.", "Told to one sender.") if text in words
    ]
    assert shown == ["We rang everybody."]


@pytest.mark.requirement("R-X2")
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/strategy/",
        "/strategies/",
        "/measures/",
        "/privacy/",
        "/cookies/",
        "/accessibility/",
        "/nowhere/",
    ],
)
def test_each_page_has_one_heading_one_main_part_and_a_way_past_the_menu(client, partnership, address):
    make_priority()
    page = client.get(address).content.decode()
    assert page.count("<h1") == 1
    assert page.count("<main") == 1
    assert '<a class="govuk-skip-link" href="#main">' in page
    assert re.search(r"<title>[^<]+ - Borchester SEND Partnership</title>", page)
    assert '<html class="govuk-template" lang="en-GB">' in page
    levels = [int(level) for level in re.findall(r"<h([1-6])", page.split("<main", 1)[1].split("</main>")[0])]
    assert [after for before, after in itertools.pairwise(levels) if after > before + 1] == []


@pytest.mark.requirement("R-P8")
@pytest.mark.parametrize(
    "address", ["/", "/strategy/", "/strategies/", "/measures/", "/privacy/", "/cookies/", "/accessibility/"]
)
def test_public_pages_may_be_kept_and_set_no_cookie(client, settings, address):
    settings.PORTAL_PAGE_CACHE = True
    make_priority()
    response = client.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.cookies == {}
    again = client.get(address, headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db(transaction=True)
def test_a_change_shows_to_the_very_next_visitor(client, settings):
    settings.PORTAL_PAGE_CACHE = True
    priority = make_priority()
    addresses = ["/", "/strategy/", priority.get_absolute_url()]
    before = [words_of(client.get(address).content) for address in addresses]
    make_action(priority=priority, status=Status.AMBER, title="New work")
    after = [words_of(client.get(address).content) for address in addresses]
    assert ["1 Amber: at risk" in words for words in before] == [False, False, False]
    assert ["1 Amber: at risk" in words for words in after] == [True, True, True]


def test_the_page_asks_the_same_number_of_questions_for_one_row_and_for_three(client, partnership):
    strategy, counts = current_strategy(), []
    for rows in (1, 2):
        for _ in range(rows):
            make_action(make_plan(), priority=make_priority(strategy=strategy))
            make_response(make_comment(stage="answered"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
