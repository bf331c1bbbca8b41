"""The published words on the pages: every one of them, with its source and its notes."""

import json
import re
from pathlib import Path

import pytest

from partnership.models import Passage, SourceNote
from priorities.models import Measure, Priority, Strategy, StrategyPassage

INVENTORY = json.loads((Path(__file__).parent.parent / "data" / "inventory.json").read_text())
OF_STRATEGIES = ("B.", "C.", "D.")


def alike(text: str) -> str:
    """White space, list marks and link marks made alike on both sides."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"^\s*[-*•]\s+", "", text, flags=re.MULTILINE)).strip()


def addresses() -> list[str]:
    return [
        row.get_absolute_url()
        for row in [*Strategy.objects.all(), *Priority.objects.select_related("strategy")]
    ]


@pytest.mark.requirement("R-C1")
def test_pages_of_strategies_and_priorities_show_every_published_word(loaded, read):
    shown = " ".join(alike(read(address)) for address in addresses())
    wanted = [row for row in INVENTORY if row["verbatim"] and row["group"].startswith(OF_STRATEGIES)]
    assert len(wanted) > 80
    assert [row["id"] for row in wanted if alike(row["text"]) not in shown] == []


@pytest.mark.requirement("R-C1")
def test_every_passage_set_on_a_strategy_stands_on_that_strategys_page(loaded, read):
    missing = []
    for strategy in Strategy.objects.all():
        shown = alike(read(strategy.get_absolute_url()))
        rows = StrategyPassage.objects.filter(strategy=strategy).select_related("passage")
        missing += [row.passage.ref for row in rows if alike(row.passage.text) not in shown]
    assert StrategyPassage.objects.count() > 50
    assert missing == []


@pytest.mark.requirement("R-K2")
def test_pages_of_measures_show_every_reported_figure_in_its_own_words(loaded, read):
    shown = " ".join(alike(read(measure.get_absolute_url())) for measure in Measure.objects.all())
    wanted = [row for row in INVENTORY if row["verbatim"] and row["group"].startswith("H.")]
    assert [row["id"] for row in wanted] == [f"H{number}" for number in range(1, 12)]
    assert [row["id"] for row in wanted if alike(row["text"]) not in shown] == []


@pytest.mark.requirement("R-C7")
def test_each_affected_passage_on_a_strategys_page_links_to_its_note(loaded, client):
    address = Strategy.objects.get(slug="send-plan-2021-2025").get_absolute_url()
    page = client.get(address).content.decode()
    linked = {int(number) for number in re.findall(r'href="/source-notes/#note-(\d+)"', page)}
    passages = Passage.objects.filter(strategy_passages__strategy__slug="send-plan-2021-2025")
    wanted = set(SourceNote.objects.filter(passages__in=passages).values_list("number", flat=True))
    assert wanted >= {1, 5, 14}
    assert wanted - linked == set()


@pytest.mark.requirement("R-K3")
def test_no_measure_of_the_county_is_rated_red_amber_or_green(loaded, client):
    addresses = ["/measures/", *(measure.get_absolute_url() for measure in Measure.objects.all())]
    assert len(addresses) == 16
    rated = [address for address in addresses if "portal-status" in client.get(address).content.decode()]
    assert rated == []


@pytest.mark.requirement("R-K4")
def test_the_worked_out_share_shows_its_label_its_formula_and_both_inputs(loaded, read):
    words = read("/measures/children-with-an-ehc-plan-in-mainstream-schools/")
    assert "Worked out by the portal 48.4%" in words
    assert "How: 6,488 ÷ 13,402 × 100 = 48.4%" in words
    assert words.count("6,488") >= 2
    assert words.count("13,402") >= 2


@pytest.mark.requirement("R-K1")
def test_a_share_without_a_stated_whole_says_so(loaded, read):
    words = read("/measures/children-who-receive-sen-support/")
    assert "Out of what Not stated in the source" in words
    assert "Unit Percentage" in words


@pytest.mark.requirement("R-C4")
def test_the_old_plan_and_its_priorities_say_what_replaced_them(loaded, client):
    link = 'Replaced by <a class="govuk-link" href="/strategies/send-strategy-2025-2028/">'
    old = ["/strategies/send-plan-2021-2025/", "/strategies/send-plan-2021-2025/priorities/5/"]
    new = ["/strategies/send-strategy-2025-2028/", "/strategies/send-strategy-2025-2028/priorities/5/"]
    assert [link in client.get(address).content.decode() for address in old + new] == [
        True,
        True,
        False,
        False,
    ]
