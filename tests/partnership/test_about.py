"""Who we are as at a day, and what happened when (R-C5, R-C6)."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnership.models import Accountability, Board, Organisation, RoleHolding, TimelineEvent
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db


def bodies(response: object) -> set[str]:
    """The partner bodies that stand on the page."""
    listed = [body for group in response.context["groups"] for body in group["bodies"]]
    return {body.name for body in [*listed, *response.context["impartial"]]}


@pytest.mark.requirement("R-C5")
def test_six_groups_in_june_2021_and_the_care_board_today(client: Client, loaded: None) -> None:
    then = client.get("/partnership/", {"as_at": "2021-06-01"})
    groups = Organisation.objects.get(number_of_bodies=6)
    board = groups.successor
    assert groups.name in bodies(then)
    assert board.name not in bodies(then)
    assert "(6 bodies)" in words(then)
    assert f"Later, {board.name} took over" in words(then)
    assert "as it was on 1 June 2021" in words(then)
    now = client.get("/partnership/")
    assert board.name in bodies(now)
    assert groups.name not in bodies(now)
    assert groups.name not in words(now)
    assert "as it was on" not in words(now)


@pytest.mark.requirement("R-C5")
def test_no_body_that_has_ended_stands_on_todays_page(client: Client, loaded: None) -> None:
    ended = Organisation.objects.exclude(ended=None)
    assert ended.count() >= 1
    page = client.get("/partnership/")
    assert bodies(page) == set(Organisation.objects.filter(ended=None).values_list("name", flat=True))


@pytest.mark.requirement("R-C5")
def test_the_last_day_still_counts_and_the_next_does_not(client: Client) -> None:
    new = make.make_organisation("New body", started=datetime.date(2022, 7, 1), started_precision="day")
    make.make_organisation(
        "Old body", ended=datetime.date(2022, 6, 30), ended_precision="month", successor=new
    )
    for day, expected in (("2022-06-30", {"Old body"}), ("2022-07-01", {"New body"})):
        assert bodies(client.get("/partnership/", {"as_at": day})) == expected
    assert "Until June 2022" in words(client.get("/partnership/", {"as_at": "2022-06-30"}))


def test_a_day_may_come_in_three_boxes(client: Client) -> None:
    asked = {"as_at_day": "1", "as_at_month": "6", "as_at_year": "2021"}
    assert "as it was on 1 June 2021" in words(client.get("/partnership/", asked))


@pytest.mark.parametrize("day", ["2021-13-01", "yesterday", "%00", "99999-01-01", "2021-6-1", "١٢٣"])
def test_a_day_that_is_none_is_a_message_and_today_is_shown(client: Client, day: str) -> None:
    make.make_organisation("A body")
    response = client.get(f"/partnership/?as_at={day}")
    if day == "%00":
        assert response.status_code == 400
        return
    assert "Enter a real day, for example 31 3 2026." in words(response)
    assert "<title>Error: " in response.content.decode()
    assert bodies(response) == {"A body"}


def test_a_board_shows_what_it_took_over_from_and_whom_it_answered_to_then(client: Client) -> None:
    old = Board.objects.create(
        slug="old", name="Old board", kind="governance", ended=datetime.date(2025, 6, 30)
    )
    new = Board.objects.create(
        slug="new", name="New board", kind="governance", predecessor=old, started=datetime.date(2025, 7, 1)
    )
    Accountability.objects.create(
        board=old, to_name="The council", passage=make.make_passage(), ended=datetime.date(2025, 6, 30)
    )
    then = words(client.get("/partnership/", {"as_at": "2021-06-01"}))
    assert "It answers to: The council" in then
    assert "Later, the New board took over" in then
    now = client.get("/partnership/")
    assert [board.pk for board in now.context["boards"]] == [new.pk]
    assert "It took over from the Old board" in words(now)
    assert "The council" not in words(now)


def test_names_in_the_documents_are_history_and_never_current(client: Client, loaded: None) -> None:
    held = RoleHolding.objects.first()
    page = words(client.get("/partnership/"))
    assert "This is history." in page
    assert f"{held.person_name} {held.role} {held.dates_text}" in page
    assert RoleHolding.objects.filter(current_checked=True).count() == 0


def test_impartial_help_stands_apart_from_the_sectors(client: Client, loaded: None) -> None:
    page = client.get("/partnership/")
    assert page.context["impartial"]
    assert all(body.is_impartial for body in page.context["impartial"])
    assert not any(body.is_impartial for group in page.context["groups"] for body in group["bodies"])


@pytest.mark.requirement("R-C6")
def test_dates_carry_how_exact_they_are_and_who_worked_the_year_out(client: Client, loaded: None) -> None:
    page = words(client.get("/timeline/"))
    assert "4 September 2025 (year worked out by us)" in page
    assert "Spring 2021" in page
    assert "May 2018 Action Plan approved by Ofsted" in page
    assert "1 May 2018 Action Plan" not in page  # a month has no day
    assert TimelineEvent.objects.count() == len(client.get("/timeline/").context["events"])
    boards = words(client.get("/partnership/"))
    assert "Governance board From 2025 (year worked out by us)" in boards
    assert "From 1 July 2022 " in boards


@pytest.mark.requirement("R-B8")
def test_an_expected_window_shows_what_it_is_counted_from_and_no_day(client: Client, loaded: None) -> None:
    events = TimelineEvent.objects.filter(standing="expected")
    assert events.count() >= 2
    page = words(client.get("/timeline/"))
    for event in events:
        assert event.basis
        assert event.starts is None
        assert event.date_text in page
    assert page.count("What this is counted from:") == events.count()


@pytest.mark.parametrize(
    "path", ["/partnership/", "/timeline/", "/glossary/", "/help/", "/source-notes/", "/sources/"]
)
def test_public_pages_ask_the_same_number_of_questions_however_long_they_are(
    client: Client, path: str
) -> None:
    from partnership.models import Contact, GlossaryTerm, OrganisationListing, SourceNote

    def one_more(number: int) -> None:
        passage = make.make_passage()
        note = SourceNote.objects.create(number=number, title="T", contradiction="C", treatment="T")
        note.passages.add(passage)
        note.sources.add(passage.sources.get())
        body = make.make_organisation(sector=make.make_sector())
        OrganisationListing.objects.create(organisation=body, passage=passage)
        event = TimelineEvent.objects.create(ref=f"T{number}", title="Event", precision="unknown")
        event.passages.add(passage)
        event.sources.add(passage.sources.get())
        Board.objects.create(slug=f"b{number}", name="Board", kind="governance")
        contact = Contact.objects.create(slug=f"c{number}", label="Contact", kind="label")
        contact.passages.add(passage)
        GlossaryTerm.objects.create(term=f"AB{number}", stands_for="a b", meaning="Means").passages.add(
            passage
        )

    one_more(1)
    client.get(path)
    with CaptureQueriesContext(connection) as with_one:
        client.get(path + "?fresh=1")
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as with_three:
        client.get(path + "?fresh=2")
    assert len(with_three) == len(with_one)
    assert len(with_one) <= 14


def test_a_portal_with_nothing_loaded_still_shows_its_pages(client: Client) -> None:
    for path in (
        "/partnership/",
        "/timeline/",
        "/glossary/",
        "/help/",
        "/help/safe/",
        "/help/my-child/",
        "/sources/",
        "/source-notes/",
        "/brand.css",
    ):
        assert client.get(path).status_code == 200, path
    assert "SEND partnership" in words(client.get("/partnership/"))
