"""What the county's own data files hold, against the project's copy of the inventory of its published documents."""

import datetime
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps

from partnership.models import (
    Accountability,
    Board,
    Contact,
    Organisation,
    Partnership,
    Passage,
    RoleHolding,
    Service,
    SourceDocument,
    SourceNote,
    TimelineEvent,
    User,
)
from portal.loading import PARTNERSHIPS
from priorities.models import (
    CategoryDefinition,
    Commitment,
    Measure,
    Priority,
    Reading,
    Strategy,
    WorkedOutFigure,
)

INVENTORY = json.loads((Path(__file__).parent.parent / "data" / "inventory.json").read_text())
VERBATIM = {row["id"]: row for row in INVENTORY if row["verbatim"]}
SEED_OF = {
    "000": "send-plan-2021-foreword",
    "001": "send-strategy-2025-plan-on-a-page",
    "002": "send-plan-2021-2025",
    "003": "partnership-page-2018",
    "004": "news-strategy-unveiled-2025",
}
CURRENT, PAST, ACTION_PLAN = "send-strategy-2025-2028", "send-plan-2021-2025", "priority-action-plan-2025"


@pytest.fixture
def lancashire(load):
    return load("lancashire")


def same_marks(text: str) -> str:
    """White space, list marks and link marks made alike; every word and stop stays."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^\s*[-*•]\s+", "", text, flags=re.MULTILINE)
    return re.sub(r"\s+", " ", text).strip()


def words(strategy: str, field: str) -> list[str | None]:
    """One field of each priority of a strategy, as the ref of the passage it shows."""
    rows = Priority.objects.filter(strategy__slug=strategy).order_by("number")
    return [getattr(getattr(row, field), "ref", None) for row in rows]


@pytest.mark.requirement("R-C1")
def test_every_verbatim_row_is_stored_word_for_word_with_all_its_sources(lancashire):
    stored = {row.ref: row for row in Passage.objects.prefetch_related("sources")}
    assert len(VERBATIM) == 227
    assert {ref: same_marks(row.text) for ref, row in stored.items()} == {
        ref: same_marks(row["text"]) for ref, row in VERBATIM.items()
    }
    assert {ref: {source.slug for source in row.sources.all()} for ref, row in stored.items()} == {
        ref: {SEED_OF[seed[:3]] for seed in row["seeds"]} for ref, row in VERBATIM.items()
    }
    assert SourceDocument.objects.count() == 5


# Every way in which a page other than its source's can show a passage.
SHOWN_BY = [
    *["vision_of", "strategy_passages", "title_of", "alternative_title_of", "short_title_of", "ambition_of"],
    *["benefit_of", "meaning_of", "commitment_title_of", "commitment_meaning_of", "category_definitions"],
    *[
        "organisations",
        "boards",
        "listings",
        "role_holdings",
        "accountabilities",
        "contacts",
        "timeline_events",
    ],
    *["readings", "glossary_terms"],
]


@pytest.mark.requirement("R-C1")
def test_every_passage_has_a_place_beside_its_source_page(lancashire):
    nowhere = Passage.objects.filter(**{f"{name}__isnull": True for name in SHOWN_BY})
    assert [row.ref for row in nowhere] == []
    assert not Passage.objects.filter(heading="").exists()


@pytest.mark.requirement("R-C1")
def test_the_current_strategy_has_five_priorities_each_with_its_ambition(lancashire):
    assert Strategy.objects.get(slug=CURRENT).status == Strategy.Status.CURRENT
    assert Strategy.objects.get(slug=CURRENT).vision.ref == "B2"
    assert words(CURRENT, "title") == ["B5.1", "B5.2", "B5.3", "B5.4", "B5.5"]
    assert words(CURRENT, "ambition") == ["B5.1a", "B5.2a", "B5.3a", "B5.4a", "B5.5a"]
    assert words(CURRENT, "short_title") == ["B7.1", "B7.2", "B7.3", "B7.4", "B7.5"]


@pytest.mark.requirement("R-C1")
def test_the_replaced_strategy_has_five_priorities_each_with_benefit_and_meaning(lancashire):
    past = Strategy.objects.get(slug=PAST)
    assert (past.status, past.vision.ref) == (Strategy.Status.SUPERSEDED, "C2.1")
    assert words(PAST, "title") == ["C3.1t", "C3.2t", "C3.3", "C3.4", "C3.5t"]
    assert words(PAST, "alternative_title") == ["C3.1", "C3.2", None, None, "C3.5"]
    assert words(PAST, "benefit") == ["C3.1b", "C3.2b", "C3.3b", "C3.4b", "C3.5b"]
    assert words(PAST, "meaning") == ["C3.1m", "C3.2m", "C3.3m", "C3.4m", "C3.5m"]


@pytest.mark.requirement("R-C4")
def test_only_what_is_in_force_takes_new_actions_and_the_rest_says_what_replaced_it(lancashire):
    assert Strategy.objects.get(slug=PAST).replaced_by.slug == CURRENT
    assert set(Priority.objects.for_new_actions()) == set(Priority.objects.filter(strategy__slug=CURRENT))
    assert [str(row).split(":")[0] for row in Priority.objects.for_new_actions()] == [
        f"SEND Strategy 2025-2028, priority {number}" for number in range(1, 6)
    ]


def test_the_priority_action_plan_is_its_own_plan_and_no_area_is_made_up(lancashire):
    plan = Strategy.objects.get(slug=ACTION_PLAN)
    assert (plan.kind, plan.status) == (Strategy.Kind.PRIORITY_ACTION_PLAN, Strategy.Status.CURRENT)
    assert plan.linked_to.slug == CURRENT
    assert plan.areas_published is False
    assert plan.priorities.count() == 0
    assert plan.period_text == "from 2025 (year worked out by us)"


def test_commitments_and_categories_stand_in_the_published_order(lancashire):
    def refs(kind: str) -> list[str]:
        return list(
            Commitment.objects.filter(kind=kind).order_by("number").values_list("title__ref", flat=True)
        )

    assert refs("ambition") == [f"B3.{number}" for number in range(1, 7)]
    assert refs("working_together") == [f"B4.{number}" for number in range(1, 7)]
    assert refs("promise") == [f"C5.{number}" for number in range(1, 6)]
    assert refs("good_offer") == [ref for ref in VERBATIM if re.fullmatch(r"D[1-4]\.\d", ref)]
    groups = Commitment.objects.filter(kind="good_offer").values_list("group", flat=True)
    assert Counter(groups) == {1: 5, 2: 4, 3: 5, 4: 4}
    categories = CategoryDefinition.objects.values_list("category", "passage__ref")
    assert list(categories) == [("must", "C6.1"), ("should", "C6.2"), ("could", "C6.3")]


@pytest.mark.requirement("R-C5")
def test_organisations_are_those_of_the_day_asked_for(lancashire):
    health = Organisation.objects.filter(
        slug__in=["clinical-commissioning-groups", "lancashire-and-south-cumbria-icb"]
    )
    before = health.as_at(datetime.date(2021, 6, 1)).values_list("slug", "number_of_bodies")
    after = health.as_at(datetime.date(2026, 11, 22)).values_list("slug", "number_of_bodies")
    assert list(before) == [("clinical-commissioning-groups", 6)]
    assert list(after) == [("lancashire-and-south-cumbria-icb", 1)]
    groups = health.get(slug="clinical-commissioning-groups")
    assert groups.successor.slug == "lancashire-and-south-cumbria-icb"
    assert groups.dates_text == "until 30 June 2022"
    assert not groups.existed_on(datetime.date(2022, 7, 1))


@pytest.mark.requirement("R-C5")
def test_boards_role_holders_and_accountability_have_dates_and_nobody_is_shown_as_current(lancashire):
    board = Board.objects.get(slug="send-improvement-board")
    assert (board.predecessor.slug, board.predecessor.dates_text) == (
        "send-partnership-board",
        "2018 to 2025 (year worked out by us)",
    )
    assert board.dates_text == "from 2025 (year worked out by us)"
    today = datetime.date(2026, 11, 22)
    assert set(Board.objects.as_at(today).filter(kind="governance")) == {board}
    assert RoleHolding.objects.count() == 7
    assert list(RoleHolding.objects.as_at(today)) == []
    assert not RoleHolding.objects.filter(current_checked=True).exists()
    assert RoleHolding.objects.get(person_name="John Readman").dates_text == "2018 (year worked out by us)"
    assert not [row for row in RoleHolding.objects.all() if "(year worked out by us)" not in row.dates_text]
    answered = Accountability.objects.values_list("board__slug", "to_name", "passage__ref")
    assert set(answered) == {
        ("send-partnership-board", name, "F1")
        for name in ("Health and Wellbeing Board", "The NHS", "The council")
    }


def test_public_health_stands_once_as_a_council_service(lancashire):
    service = Service.objects.get(name="Public Health")
    assert service.organisation.slug == "lancashire-county-council"
    assert not Organisation.objects.filter(name__icontains="public health").exists()
    listed = Organisation.objects.get(slug="lancashire-county-council").listings
    assert set(listed.values_list("passage__ref", flat=True)) == {"E1.3", "E1.9", "E2", "E3"}


@pytest.mark.requirement("R-C6")
def test_dates_are_no_more_exact_than_the_documents_and_say_when_we_worked_them_out(lancashire):
    said = {row.ref: row.date_text for row in TimelineEvent.objects.all()}
    assert set(said) == {f"G{number}" for number in range(1, 23)}
    assert said["G1"] == "November 2017"
    assert said["G10"] == "2020 to 2021 (year worked out by us), end not given"
    assert said["G11"] == "Spring 2021"
    assert said["G12"] == "2021 to 2025"
    assert said["G15"] == "April 2025 to July 2025 (year worked out by us)"
    assert said["G18"] == "4 September 2025 (year worked out by us)"
    assert said["G21"] == "over the next 18 months"
    assert said["G22"] == "within three years"
    windows = TimelineEvent.objects.filter(ref__in=["G21", "G22"])
    assert [(row.starts, row.ends, bool(row.basis)) for row in windows] == [(None, None, True)] * 2
    assert TimelineEvent.objects.get(ref="G19").standing == TimelineEvent.Standing.SCHEDULED


@pytest.mark.requirement("R-C7")
def test_all_source_notes_are_there_and_each_leads_to_a_passage(lancashire):
    notes = SourceNote.objects.prefetch_related("passages", "sources")
    assert [note.number for note in notes] == list(range(1, 25))
    assert [note.number for note in notes if not note.passages.all()] == []
    assert [note.number for note in notes if not note.sources.all()] == []
    assert {note.number for note in Passage.objects.get(ref="L1.8").source_notes.all()} == {11, 13, 22, 23}


@pytest.mark.requirement("R-C8")
def test_a_contact_is_a_link_only_when_somebody_checked_it(lancashire):
    links = {row.slug: row.href for row in Contact.objects.all() if row.href}
    assert links == {
        "emergency": "tel:999",
        "childrens-services-day": "tel:03001236720",
        "childrens-services-night": "tel:03001236722",
    }
    assert not Contact.objects.filter(slug__in=links, last_checked__isnull=True).exists()
    spaced = Contact.objects.get(value__contains="participation team@")
    assert (spaced.status, spaced.shown_as) == ("invalid", "address to be confirmed")
    assert Contact.objects.get(value="01772 532 713").status == "superseded"
    assert Contact.objects.filter(value__iexact="sendpartnership@lancashire.gov.uk").count() == 1
    assert not Contact.objects.filter(value__contains="#").exists()


# The inventory's rows H1 to H13: kind, value, comparator, period, precision, year worked out by us.
FIGURES = {
    "H1": ("change", 637, "exact", "2025-04-01", "2025-07-31", "month", True),
    "H2": ("change", 87, "exact", "2025-04-01", "2025-07-31", "month", True),
    "H3": ("change", -16, "more_than", "2025-06-01", "2025-08-31", "month", True),
    "H4": ("change", 5, "less_than", "2024-09-01", "2025-09-30", "month", True),
    "H5": ("change", 92, "exact", "2024-09-01", "2025-09-30", "month", True),
    "H6": ("absolute", 13402, "exact", "2025-09-01", "2025-11-30", "season", True),
    "H7": ("absolute", Decimal("13.2"), "exact", "2025-09-01", "2025-11-30", "season", True),
    "H8": ("absolute", 20, "exact", "2025-09-01", "2025-11-30", "season", True),
    "H9": ("absolute", 6488, "exact", "2025-09-01", "2025-11-30", "season", True),
    "H10": ("absolute", 56, "exact", "2025-09-01", "2025-11-30", "season", True),
    "H11": ("absolute", 5000000, "exact", "2025-09-04", "2025-09-04", "day", True),
    "H12": ("absolute", 5, "exact", "2020-03-01", "2020-03-31", "month", False),
    "H13.1": ("absolute", 15, "exact", "2018-01-01", "2018-12-31", "year", True),
    "H13.2": ("absolute", 6, "exact", "2018-01-01", "2018-12-31", "year", True),
    "H13.3": ("absolute", 3, "exact", "2018-01-01", "2018-12-31", "year", True),
}
SAID = {
    "H1": "637% higher",
    "H3": "more than 16% lower",
    "H4": "almost 5% higher",
    "H6": "13,402",
    "H7": "13.2%",
    "H11": "£5,000,000",
}


@pytest.mark.requirement("R-K2")
def test_each_figure_is_loaded_exactly_as_reported(lancashire):
    loaded = {
        row.ref: (
            row.kind,
            row.value,
            row.comparator,
            str(row.period_start),
            str(row.period_end),
            row.precision,
            row.inferred,
        )
        for row in Reading.objects.all()
    }
    assert loaded == FIGURES
    readings = {row.ref: row for row in Reading.objects.select_related("measure", "as_reported")}
    assert {ref: readings[ref].value_text for ref in SAID} == SAID
    own_words = {ref: row.as_reported.ref for ref, row in readings.items() if ref in VERBATIM}
    assert own_words == {f"H{number}": f"H{number}" for number in range(1, 12)}
    assert readings["H6"].period_text == "Autumn 2025 (year worked out by us)"


@pytest.mark.requirement("R-K1")
def test_a_share_of_an_unknown_group_says_so(lancashire):
    unstated = Measure.objects.filter(denominator_stated=False)
    assert {row.readings.get().ref for row in unstated} == {"H7", "H8"}
    assert {row.denominator_text for row in unstated} == {"Not stated in the source"}
    assert Measure.objects.count() == 15


@pytest.mark.requirement("R-K4")
def test_the_worked_out_share_shows_both_its_inputs(lancashire):
    figure = WorkedOutFigure.objects.get()
    assert (figure.percent, figure.part.ref, figure.whole.ref) == ("48.4", "H9", "H6")
    assert (figure.part.value_text, figure.whole.value_text) == ("6,488", "13,402")


@pytest.mark.requirement("R-C9")
def test_loading_makes_no_action_comment_target_rating_or_person(lancashire):
    models = [
        model for name in ("actions", "voice", "board") for model in apps.get_app_config(name).get_models()
    ]
    assert {"actions.Action", "voice.Comment"} < {model._meta.label for model in models}
    filled = {model._meta.label for model in models if model._base_manager.exists()}
    # Reference data alone: duties of the law, words that raise a mark, and how many first answers are checked.
    assert filled == {"actions.StatutoryDuty", "voice.AnswerRules", "voice.SafetyWord"}
    assert User.objects.count() == 0
    assert Strategy.objects.filter(is_example=True).count() == 0
    assert {row.priorities.count() for row in Measure.objects.all()} == {0}


def test_the_slip_the_speaker_and_the_archive_are_marked(lancashire):
    assert Passage.objects.get(ref="C1.4").has_slip
    assert Passage.objects.get(ref="F9.3").speaker == (
        "Councillor Matthew Salter, cabinet member for Education and Skills"
    )
    page_of_2018 = Passage.objects.filter(sources__slug="partnership-page-2018")
    assert set(page_of_2018.values_list("archive", flat=True)) == {True}
    assert not Passage.objects.filter(
        sources__slug="send-strategy-2025-plan-on-a-page", archive=True
    ).exists()


def test_each_vision_priority_ambition_and_commitment_has_plain_words_of_short_sentences(lancashire):
    shown = {row.vision for row in Strategy.objects.all() if row.vision}
    for row in Priority.objects.all():
        shown |= {row.title, row.ambition, row.benefit, row.meaning} - {None}
    for row in Commitment.objects.all():
        shown |= {row.title, row.meaning} - {None}
    shown |= {row.passage for row in CategoryDefinition.objects.all()}
    assert [row.ref for row in shown if row.plain is None] == []
    sentences = [sentence for row in shown for sentence in re.split(r"(?<=[.!?])\s+", row.plain.text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 20] == []


def test_the_partnership_brings_its_own_name_area_and_colours(lancashire):
    row = Partnership.objects.get()
    assert (row.name, row.introduction.ref) == ("Lancashire SEND Partnership", "B1")
    assert row.brand_colour in (PARTNERSHIPS / "lancashire" / "partnership.toml").read_text()
