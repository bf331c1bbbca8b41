"""Measures: what is counted, each figure as it was reported, and no rating without a target."""

import datetime
import re
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from partnership.roles import Role
from priorities.models import Measure, Reading, WorkedOutFigure
from tests.factories import make_measure, make_passage, make_priority, make_service, make_source, make_user

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 31)


def make_reading(measure: Measure, value: object = 10, **fields: object) -> Reading:
    values = {
        "ref": f"R{Reading.objects.count() + 1}",
        "kind": "absolute",
        "period_start": DAY,
        "precision": "day",
    } | fields
    values.setdefault("period_end", values["period_start"])
    values.setdefault("source", None)
    values["source"] = values["source"] or make_source()
    return Reading.objects.create(measure=measure, value=value, **values)


@pytest.mark.requirement("R-K1")
def test_the_definition_says_everything_a_reader_needs(read):
    measure = make_measure(
        numerator="New plans finished in time",
        denominator="All new plans",
        unit="percent",
        direction="up",
        owner=make_service("Plan team"),
        frequency_months=3,
    )
    make_reading(measure, source=make_source("The board's report"))
    words = read(measure.get_absolute_url())
    assert (
        "What is counted New plans finished in time Out of what All new plans Unit Percentage "
        "Which way is better Higher is better Where it comes from The board's report , date not given. "
        "Who owns it Plan team How often it is read Every three months" in words
    )


@pytest.mark.requirement("R-K1")
@pytest.mark.parametrize("role", [None, Role.FAMILY, Role.BOARD, Role.CONTRIBUTOR, Role.PROGRAMME])
def test_an_unpublished_measure_stays_inside_the_partnership(client, role):
    hidden, shown = make_measure("Not yet shown", is_published=False), make_measure("Shown to all")
    if role:
        client.force_login(make_user(role))
    answers = [client.get(row.get_absolute_url()).status_code for row in (hidden, shown)]
    page = client.get("/measures/").content.decode()
    inside = role not in (None, Role.FAMILY)
    assert answers == [200 if inside else 404, 200]
    assert ["Not yet shown" in page, "Shown to all" in page] == [inside, True]


@pytest.mark.requirement("R-K2")
@pytest.mark.parametrize(
    ("value", "kind", "comparator", "unit", "shown"),
    [
        ("-16", "change", "more_than", "count", "more than 16% lower"),
        ("5", "change", "less_than", "places", "almost 5% higher"),
        ("637", "change", "exact", "count", "637% higher"),
        ("13402", "absolute", "exact", "count", "13,402"),
        ("13.2", "absolute", "about", "percent", "about 13.2%"),
        ("5000000", "absolute", "exact", "money", "£5,000,000"),
    ],
)
def test_a_figure_is_shown_as_exactly_as_it_was_reported(read, value, kind, comparator, unit, shown):
    measure = make_measure("The measure", unit=unit)
    make_reading(measure, Decimal(value), kind=kind, comparator=comparator)
    assert f"The measure {shown}" in read("/measures/")
    assert f"31 March 2026 {shown}" in read(measure.get_absolute_url())


@pytest.mark.requirement("R-K2")
@pytest.mark.requirement("R-C6")
def test_a_worked_out_year_is_said_to_be_one(read):
    measure = make_measure()
    make_reading(
        measure,
        precision="month",
        period_start=datetime.date(2025, 4, 1),
        period_end=datetime.date(2025, 7, 31),
        inferred=True,
    )
    assert "April 2025 to July 2025 (year worked out by us)" in read(measure.get_absolute_url())


@pytest.mark.requirement("R-C3")
def test_the_words_of_a_figure_are_quoted_with_their_source(read):
    measure, source = make_measure(), make_source("The article")
    make_reading(
        measure, source=source, as_reported=make_passage("It went up by almost five.", source=source)
    )
    words = read(measure.get_absolute_url())
    assert (
        "The words it was reported in It went up by almost five. From The article , date not given." in words
    )


@pytest.mark.requirement("R-K3")
def test_no_rating_is_shown_where_there_is_no_target(client):
    measure = make_measure(direction="down")
    make_reading(measure, 99)
    make_reading(measure, 100, period_start=datetime.date(2026, 6, 30))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "portal-status" not in page
    assert "None has been published, so it is not rated red, amber or green" in page


@pytest.mark.requirement("R-K4")
def test_a_worked_out_share_is_labelled_with_its_formula_and_both_inputs(read):
    part, whole = make_measure("In mainstream"), make_measure("With a plan")
    figure = WorkedOutFigure.objects.create(
        measure=part,
        label="Share in mainstream",
        part=make_reading(part, 6488),
        whole=make_reading(whole, 13402),
        caution="Not the same people.",
    )
    words = read(part.get_absolute_url())
    assert figure.percent == "48.4"
    assert "Worked out by the portal 48.4% Share in mainstream How: 6,488 ÷ 13,402 × 100 = 48.4%" in words
    assert "In mainstream : 6,488, 31 March 2026." in words
    assert "With a plan : 13,402, 31 March 2026." in words
    assert "Not the same people." in words
    assert "Worked out by the portal" not in read(whole.get_absolute_url())


@pytest.mark.requirement("R-K5")
@pytest.mark.parametrize(
    ("months", "day", "late"),
    [
        (3, datetime.date(2026, 6, 30), False),
        (3, datetime.date(2026, 7, 1), True),
        (1, datetime.date(2026, 4, 30), False),
        (1, datetime.date(2026, 5, 1), True),
        (None, datetime.date(2036, 1, 1), False),
    ],
)
def test_a_figure_older_than_its_frequency_is_out_of_date(read, monkeypatch, months, day, late):
    measure = make_measure("The measure", frequency_months=months)
    make_reading(measure, period_start=datetime.date(2025, 12, 31))
    make_reading(measure, period_start=DAY)
    measure.priorities.add(make_priority())
    monkeypatch.setattr("priorities.views.today", lambda: day)
    addresses = ["/measures/", measure.get_absolute_url(), measure.priorities.get().get_absolute_url()]
    assert ["Out of date" in read(address) for address in addresses] == [late, late, late]


@pytest.mark.requirement("R-K5")
def test_the_day_a_figure_is_for_is_always_shown(read, monkeypatch):
    measure = make_measure("The measure")
    make_reading(measure, 7)
    monkeypatch.setattr("priorities.views.today", lambda: datetime.date(2026, 5, 2))
    assert "The measure 7 As at 31 March 2026." in read("/measures/")
    assert "Page as at 2 May 2026." in read("/measures/")
    words = read(measure.get_absolute_url())
    assert "7 As at 31 March 2026" in words
    assert "The newest figure we hold as at 2 May 2026." in words


def test_a_measure_without_a_figure_says_so(read):
    measure = make_measure()
    assert "No figure has been reported yet." in read("/measures/")
    assert "No figure has been reported yet." in read(measure.get_absolute_url())


def test_an_empty_list_says_what_will_come(read):
    assert "No measures have been published yet." in read("/measures/")


@pytest.mark.requirement("R-K7")
def test_each_bar_has_its_row_in_the_table_and_its_length_is_its_share(client):
    measure = make_measure(unit="percent")
    for number, value in enumerate([25, 50]):
        make_reading(measure, value, period_start=datetime.date(2026, 1 + number, 1))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert re.findall(r'portal-bars__amount" width="([\d.]+)"', page) == ["25.0", "50.0"]
    assert re.findall(r'portal-bars__value">([^<]+)<', page) == ["25%", "50%"]
    assert re.findall(r'data-label="Figure">([^<]+)<', page) == ["50%", "25%"]
    assert "style=" not in page


def test_bars_of_amounts_are_drawn_against_the_largest(client):
    measure = make_measure(unit="count")
    for number, value in enumerate([30, 120]):
        make_reading(measure, value, period_start=datetime.date(2026, 1 + number, 1))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert re.findall(r'portal-bars__amount" width="([\d.]+)"', page) == ["25.0", "100.0"]


@pytest.mark.parametrize(
    "readings", [[("absolute", 5)], [("change", 5), ("change", 9)], [("absolute", 5), ("change", 9)]]
)
def test_no_bars_where_two_amounts_cannot_be_compared(client, readings):
    measure = make_measure()
    for number, (kind, value) in enumerate(readings):
        make_reading(measure, value, kind=kind, period_start=datetime.date(2026, 1 + number, 1))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "portal-bars" not in page
    assert page.count('data-label="Figure"') == len(readings)


def test_figures_of_nought_do_not_break_the_bars(client):
    measure = make_measure()
    make_reading(measure, 0)
    make_reading(measure, 0, period_start=datetime.date(2026, 6, 30))
    page = client.get(measure.get_absolute_url()).content.decode()
    assert re.findall(r'portal-bars__amount" width="([\d.]+)"', page) == ["0.0", "0.0"]


@pytest.mark.requirement("R-C4")
def test_its_priorities_are_named_with_strategy_and_number(read):
    measure, priority = make_measure(), make_priority("Be heard")
    measure.priorities.add(priority)
    assert f"{priority.strategy.name}, priority {priority.number}: Be heard" in read(
        measure.get_absolute_url()
    )


@pytest.mark.parametrize(("page", "most"), [("list", 8), ("one", 12)])
def test_pages_ask_the_same_number_of_questions_for_one_row_and_for_three(
    client, partnership, connection_of_test, page, most
):
    counts, first = [], make_measure()
    for rows in (1, 2):
        for number in range(rows):
            measure = first if page == "one" else make_measure(frequency_months=1)
            reading = make_reading(
                measure, as_reported=make_passage(), period_start=datetime.date(2026, rows, 1 + number)
            )
            first.priorities.add(make_priority())
            WorkedOutFigure.objects.create(
                measure=first, label=f"Share {rows} {number}", part=reading, whole=reading
            )
        with CaptureQueriesContext(connection_of_test) as asked:
            assert client.get(first.get_absolute_url() if page == "one" else "/measures/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= most
