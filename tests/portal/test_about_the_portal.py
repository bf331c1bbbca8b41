"""What everybody may know of the portal itself: privacy, cookies, accessibility. No page claims what is not so."""

import re

import pytest

from tests.priorities.conftest import words_of

pytestmark = pytest.mark.django_db
MODEL_STATEMENT = [
    "How to use this website",
    "How accessible this website is",
    "Feedback and contact information",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Compliance status",
    "Non-accessible content",
    "Non-compliance with the accessibility regulations",
    "Disproportionate burden",
    "Content that’s not within the scope of the accessibility regulations",
    "What we’re doing to improve accessibility",
    "Preparation of this accessibility statement",
]


@pytest.mark.requirement("R-X8")
def test_the_statement_has_every_required_heading_in_order(client):
    page = client.get("/accessibility/").content.decode()
    headings = [words_of(text) for text in re.findall(r"<h[23][^>]*>(.*?)</h[23]>", page.split("<footer")[0])]
    assert headings == MODEL_STATEMENT


@pytest.mark.requirement("R-X8")
def test_the_statement_says_that_nobody_has_tested_and_whom_to_turn_to(client, partnership):
    page = client.get("/accessibility/").content.decode()
    words = words_of(page)
    assert "This accessibility statement applies to this website" in words
    assert "It is run by the Borchester SEND Partnership." in words
    assert "This website has not yet been tested by people who use it" in words
    assert "The website was last tested: not yet tested." in words
    assert "Equality and Human Rights Commission (EHRC)" in words
    assert "Equality Advisory and Support Service (EASS)" in words
    assert 'href="/voice/new/someone-else/"' in page


@pytest.mark.requirement("R-P2")
def test_the_privacy_page_speaks_to_children_first_and_names_each_time(client):
    words = words_of(client.get("/privacy/").content)
    assert words.index("For children You can tell us how things are for you.") < words.index(
        "When you only read"
    )
    times = ["90 days", "24 months", "6 years", "24 hours", "12 months", "Until the safeguarding lead says"]
    assert [time for time in times if time not in words] == []


def test_the_privacy_page_claims_nothing_that_is_not_settled(client):
    words = words_of(client.get("/privacy/").content)
    assert "These are the times we plan to work to." in words
    assert (
        "Only bookings for events, and what was begun and not sent, are removed by themselves now." in words
    )


@pytest.mark.requirement("R-P7")
def test_the_cookies_page_names_the_two_cookies_that_there_are(client, settings):
    page = client.get("/cookies/").content.decode()
    assert re.findall(r"<code>([^<]+)</code>", page) == [
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
    ]
    assert "after 12 hours" in page
