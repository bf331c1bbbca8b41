"""A visitor reads the strategy in force: its words, what is done about it, and whose voices are behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.models import Category, Status
from tests import factories as make
from voice.models import Route, Stage

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRATEGY = "Lancashire SEND Strategy 2025-2028"
TITLE = "Children and young people will have their needs identified as early as possible"
AMBITION = "Identifying needs early and implementing the right support at the right time."
PLAIN = "We find out early what a child needs. We give the right help at the right time."
SOURCE = "Lancashire SEND Strategy 2025-2028: Plan on a page"


def a_published_plan() -> None:
    """Publish three actions for the first priority, entered in the wrong order, and the words behind one of them."""
    team = service("inclusion-service")
    first = priority(1)
    plan = make.make_plan(team, strategy=first.strategy, title="Inclusion plan")
    draft = make.make_plan(team, strategy=first.strategy, title="Next plan", status="draft")
    make.make_action(draft, priority=first, title="Not to be seen yet")
    rows = {
        "Lend kits through libraries": (Category.COULD, Status.NOT_STARTED),
        "Train one person in each nursery": (Category.SHOULD, Status.AMBER),
        "Give families a date": (Category.MUST, Status.GREEN),
    }
    for title, (category, status) in rows.items():
        made = make.make_action(plan, priority=first, title=title, category=category, status=status)
    said = make.make_comment(
        "I rang four times about Tilly Marchbanks.",
        stage=Stage.ANSWERED,
        route=Route.PARENT_CARER,
        service=team,
        priority=first,
        published_text="A parent rang four times.",
    )
    make.make_response(said, service=team, actions=(made,), we_did="We now give a date in writing.")


@pytest.mark.requirement("R-C3")
@pytest.mark.requirement("R-A10")
@pytest.mark.requirement("R-V14")
@pytest.mark.requirement("R-Z1")
def test_a_visitor_goes_from_the_strategy_to_the_words_behind_an_action(
    windows: Callable[..., Window],
) -> None:
    a_published_plan()
    visitor = windows()
    visitor.open("/")
    visitor.follow("What we are doing", within="header nav")
    visitor.at(STRATEGY)
    assert len(visitor.texts(".portal-priority__title")) == 5
    visitor.page.locator(".portal-priority__title").get_by_role("link", name=TITLE).click()
    visitor.at(f"SEND Strategy 2025-2028, priority 1 {TITLE}")

    ambition = visitor.part("Our ambition").locator("figure").first
    assert ambition.locator("blockquote").inner_text() == AMBITION
    assert PLAIN in ambition.locator(".portal-plain").inner_text()

    doing = "section[aria-labelledby=actions] "
    assert visitor.texts(doing + "h3") == ["Must do", "Should do", "Could do"]
    assert list(
        zip(
            visitor.texts(doing + ".portal-action-row__title"),
            visitor.texts(doing + ".portal-action-row .portal-status"),
            strict=True,
        )
    ) == [
        ("Give families a date", "Green: on track"),
        ("Train one person in each nursery", "Amber: at risk"),
        ("Lend kits through libraries", "Not started"),
    ]
    assert visitor.texts("section[aria-labelledby=voices] blockquote") == ["A parent rang four times."]
    assert "Marchbanks" not in visitor.page.content()

    visitor.follow("Give families a date")
    visitor.at("Give families a date")
    assert visitor.texts(".portal-category") == ["Must do"]
    assert visitor.texts(".portal-standing .portal-status") == ["Green: on track"]
    assert visitor.texts("section[aria-labelledby=voices] blockquote") == ["A parent rang four times."]
    visitor.page.get_by_role("link", name="Read what the service answered").click()
    visitor.at("Answer from Inclusion Service")
    assert visitor.says("We now give a date in writing.")
    visitor.follow("Give families a date")
    visitor.at("Give families a date")


@pytest.mark.requirement("R-C3")
def test_the_source_of_a_quotation_is_one_click_away(windows: Callable[..., Window]) -> None:
    visitor = windows()
    visitor.open(priority(1).get_absolute_url())
    assert visitor.says("No actions have been published for this priority yet.")
    visitor.part("Our ambition").locator("figcaption").first.get_by_role("link", name=SOURCE).click()
    visitor.at(SOURCE)
    assert visitor.says(AMBITION)


@pytest.mark.requirement("R-C4")
def test_the_plan_of_earlier_years_says_what_replaced_it(windows: Callable[..., Window]) -> None:
    visitor = windows()
    visitor.open("/strategies/")
    visitor.at("Strategies and plans")
    visitor.follow("Lancashire SEND Plan 2021-2025")
    visitor.at("Lancashire SEND Plan 2021-2025")
    notice = visitor.page.locator(".portal-notice")
    assert "Replaced by Lancashire SEND Strategy 2025-2028." in notice.inner_text()
    notice.get_by_role("link").click()
    visitor.at(STRATEGY)
