"""Contacts are links only when somebody has checked them (R-C8); the way around; the colours; short words said in full."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client

from partnership.models import Contact, GlossaryTerm
from partnership.roles import Role
from partnership.templatetags.words import address, say_in_full
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db

PAGES = (
    "/help/",
    "/help/safe/",
    "/help/my-child/",
    "/partnership/",
    "/timeline/",
    "/glossary/",
    "/source-notes/",
    "/sources/",
)


@pytest.mark.requirement("R-C8")
def test_only_checked_contacts_are_links(client: Client) -> None:
    checked = {"status": "verified", "last_checked": datetime.date(2026, 1, 5)}
    rows = (
        ("a", "email", "a@example.org", checked, "mailto:a@example.org"),
        ("b", "phone", "01632 960 001", checked, "tel:01632960001"),
        ("c", "web", "https://example.org/", checked, "https://example.org/"),
        ("d", "email", "d@example.org", {}, None),
        ("e", "phone", "01632 960 002", {"status": "superseded"}, None),
        ("f", "web", "https://example.net/", {"status": "to_check"}, None),
        ("g", "email", "g g@example.org", {"status": "invalid", "shown_as": "address to be confirmed"}, None),
    )
    for slug, kind, value, fields, _ in rows:
        Contact.objects.create(slug=slug, label=f"Contact {slug}", kind=kind, value=value, **fields)
    html = client.get("/help/").content.decode()
    blocks = dict(re.findall(r'id="contact-(\w)">(.*?)</li>', html, re.DOTALL))
    found = {
        slug: re.findall(r'class="portal-contact__value"><a [^>]*href="([^"]+)"', block)
        for slug, block in blocks.items()
    }
    assert found == {slug: [href] if href else [] for slug, *_, href in rows}
    assert "on 5 January 2026" in words(client.get("/help/"))
    assert "g g@example.org" not in html
    assert "address to be confirmed" in html


@pytest.mark.requirement("R-C8")
def test_the_countys_own_contacts_hold_no_false_link(client: Client, loaded: None) -> None:
    for path in PAGES:
        html = client.get(path).content.decode()
        hrefs = re.findall(r'href="([^"]*)"', html)
        assert "#" not in hrefs, path
        assert [href for href in hrefs if href.startswith("mailto:") and " " in href] == []
        assert [href for href in hrefs if "01772532713" in href.replace("%20", "").replace(" ", "")] == []
    help_page = client.get("/help/").content.decode()
    assert "01772\u00a0532\u00a0713" in help_page or "01772 532 713" in help_page
    assert 'href="tel:999"' in client.get("/help/safe/").content.decode()


def test_someone_may_be_unsafe_shows_numbers_with_their_hours(client: Client, loaded: None) -> None:
    page = words(client.get("/help/safe/"))
    assert page.index("999") < page.index("8am to 8pm")
    assert "8am to 8pm 0300 123 6720" in page.replace("\u00a0", " ")
    assert "8pm to 8am 0300 123 6722" in page.replace("\u00a0", " ")


@pytest.mark.requirement("R-S6")
def test_someone_may_be_unsafe_has_a_way_out_before_anything_else(client: Client) -> None:
    page = client.get("/help/safe/").content.decode()
    assert page.index(">Exit this page</button>") < page.index("<h1")
    assert 'action="/voice/exit/"' in page


def test_without_any_contacts_the_emergency_number_is_still_there(client: Client) -> None:
    assert 'href="tel:999"' in client.get("/help/safe/").content.decode()


def test_my_childs_case_tells_the_time_limit_of_an_appeal(client: Client, loaded: None) -> None:
    page = words(client.get("/help/my-child/"))
    assert (
        "2 months from the date on the decision letter, or 1 month from the date on the mediation certificate"
        in page
    )
    assert "The later of the two counts." in page
    assert "SEND Information, Advice and Support Team" in page


def test_the_style_sheet_holds_the_partnerships_colours_and_nothing_else(client: Client) -> None:
    make.make_partnership(brand_colour="#5b1a3a", brand_text_colour="#ffffff", accent_colour="red;}a{")
    response = client.get("/brand.css")
    assert response.content.decode() == ":root{--brand:#5b1a3a;--brand-ink:#ffffff}\n"
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert client.get("/brand.css", headers={"If-None-Match": response["ETag"]}).status_code == 304


def labels(response: object) -> list[str]:
    return [item["label"] for item in response.context["navigation"]]


VISITOR = ["What we are doing", "Action plans", "Have your say", "You said, we did", "Measures", "Help"]
STAFF = ["Strategy", "Action plans", "You said, we did", "Measures"]


@pytest.mark.parametrize(
    ("role", "own"),
    [
        (Role.CONTRIBUTOR, ["My work", "Answers"]),
        (Role.MODERATOR, ["My work", "Inbox"]),
        (Role.SAFEGUARDING, ["My work", "Safeguarding"]),
        (Role.PROGRAMME, ["My work", "Board", "People", "Services"]),
        (Role.BOARD, ["My work", "Board"]),
        (Role.AUDITOR, ["My work", "People"]),
        (Role.ADMINISTRATOR, ["My work", "People", "Services"]),
    ],
)
def test_the_menu_offers_what_the_role_can_open(
    signed_in: Callable[..., Client], role: str, own: list[str]
) -> None:
    client = signed_in(role, service=make.make_service() if role == Role.CONTRIBUTOR else None)
    page = client.get("/help/")
    assert labels(page) == own + STAFF
    for item in page.context["navigation"]:
        assert client.get(item["url"]).status_code == 200, item


def test_a_visitors_menu_marks_the_page_and_offers_to_sign_in(client: Client) -> None:
    page = client.get("/help/safe/")
    assert labels(page) == VISITOR
    assert [item["label"] for item in page.context["navigation"] if item.get("current")] == ["Help"]
    assert [item["label"] for item in page.context["account_navigation"]] == ["Sign in"]
    for group in page.context["footer_navigation"]:
        for item in group["items_list"]:
            assert client.get(item["url"]).status_code == 200, item


def test_the_frame_asks_one_question_for_a_visitor_and_one_more_for_roles(
    signed_in: Callable[..., Client],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as visitor:
        Client().get("/help/my-child/")
    assert len([row for row in visitor if "partnership_partnership" in row["sql"]]) == 1
    assert [row for row in visitor if "partnership_membership" in row["sql"]] == []
    client = signed_in(Role.PROGRAMME)
    with CaptureQueriesContext(connection) as staff:
        client.get("/help/my-child/")
    assert len([row for row in staff if "partnership_membership" in row["sql"]]) == 1


GLOSSARY = {
    "EHC plan": "education, health and care plan",
    "SEND": "special educational needs and disabilities",
    "GP": "family doctor",
}


@pytest.mark.requirement("R-C10")
@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            "<p>An EHC plan. The EHC plan.</p>",
            "<p>An education, health and care plan (<abbr>EHC plan</abbr>). The EHC plan.</p>",
        ),
        (
            "<p>SEND is hard.</p>",
            "<p>Special educational needs and disabilities (<abbr>SEND</abbr>) is hard.</p>",
        ),
        ("<p>the SEND Improvement Board</p>", "<p>the SEND Improvement Board</p>"),
        ("<p>the Borchester SEND board</p>", "<p>the Borchester SEND board</p>"),
        (
            "<blockquote>SEND</blockquote><p>with SEND</p>",
            "<blockquote>SEND</blockquote><p>with special educational needs and disabilities (<abbr>SEND</abbr>)</p>",
        ),
        ('<a href="/SEND">SEND</a>', '<a href="/SEND">SEND</a>'),
        ("<h1>SEND</h1>", "<h1>SEND</h1>"),
        ("<p>SENDING GPs</p>", "<p>SENDING GPs</p>"),
        (
            "<p>“Think SEND” events for SEND</p>",
            "<p>“Think SEND” events for special educational needs and disabilities (<abbr>SEND</abbr>)</p>",
        ),
        ("<p><q>Think SEND</q></p>", "<p><q>Think SEND</q></p>"),
    ],
)
def test_the_first_use_of_a_short_word_is_said_in_full(html: str, expected: str) -> None:
    assert say_in_full(html, GLOSSARY, set()) == expected


@pytest.mark.requirement("R-C10")
def test_our_own_words_are_said_in_full_once_a_page_and_quotations_are_not_touched(client: Client) -> None:
    GlossaryTerm.objects.create(
        term="EHC plan", stands_for="education, health and care plan", meaning="A legal paper."
    )
    page = words(client.get("/help/my-child/"))
    assert page.count("education, health and care plan (EHC plan)") == 1
    assert page.count("EHC plan") > 2
    passage = make.make_passage("An EHC plan as published.")
    make.make_partnership(introduction=passage)
    assert "An EHC plan as published." in words(client.get("/partnership/"))


@pytest.mark.requirement("R-C10")
def test_our_templates_spell_an_ehc_plan_the_statutory_way() -> None:
    from pathlib import Path

    from django.conf import settings

    files = list(Path(settings.BASE_DIR, "templates").rglob("*.html"))
    assert len(files) > 50
    wrong = re.compile(r"EHCP|EHC Plan|Education,? Health and Care Plan")
    assert [str(path) for path in files if wrong.search(path.read_text())] == []


@pytest.mark.requirement("R-X3")
@pytest.mark.parametrize(
    ("written", "breaks"),
    [
        ("send@example.gov.uk", ["send@", "example.gov.uk"]),
        ("a.very-long_name@example.gov.uk", ["a.", "very-", "long_", "name@", "example.gov.uk"]),
        ("https://example.org/a-b/", ["https:/", "/", "example.", "org/", "a-", "b/"]),
        ("01632 960 001", ["01632 960 001"]),
        ("<b>@x", ["&lt;b&gt;@", "x"]),
        ("", [""]),
    ],
)
def test_an_address_breaks_after_its_signs_and_keeps_every_letter(written: str, breaks: list[str]) -> None:
    assert address(written).split("<wbr>") == breaks
