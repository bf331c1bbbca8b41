"""The pages of the yearly report: what everybody reads, what the programme team looks over, and the way to publish it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from foundation import pdf
from foundation.pages import store
from partnership.models import User
from tests import factories as make
from voice.models import Comment, Route, Stage, Topic, VoiceReport
from voice.operations import edit_answer, publish_report, withdraw_comment
from voice.work import work_items
from voice.yearly import draft_of, years_over

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 4)
WHEN = timezone.make_aware(datetime(2025, 6, 1, 12))


@pytest.fixture(autouse=True)
def on_a_day_in_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.views.reports.today", lambda: TODAY)
    monkeypatch.setattr(
        "voice.operations.reports.timezone",
        SimpleNamespace(
            now=lambda: timezone.make_aware(datetime(2026, 5, 4, 12)), localdate=timezone.localdate
        ),
    )


@pytest.fixture
def told(people: dict[str, User]) -> list[Comment]:
    """Six comments of the year with one answer, and one that waits."""
    service = make.make_service("Speech therapy")
    fields = {"service": service, "received_at": WHEN}
    rows = [
        make.make_comment(stage=Stage.ANSWERED, published_text=f"Said {place}", **fields)
        for place in range(6)
    ]
    make.make_response(*rows, service=service, by=people["publisher"], we_did="We opened a second room.")
    waits = make.make_comment(
        stage=Stage.APPROVED,
        route=Route.CHILD,
        topic=Topic.FELT,
        published_text="Waits",
        service=service,
        received_at=timezone.make_aware(datetime(2026, 3, 31, 12)),
    )
    return [*rows, waits]


def published(people: dict[str, User], *, edition: int = 1, **more: Any) -> VoiceReport:
    seen = draft_of(2025, today=TODAY).seen
    return publish_report(year=2025, edition=edition, seen=seen, by=people["programme"], **more)


def words_of(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


@pytest.mark.requirement("R-V9")
@pytest.mark.requirement("R-Z9")
def test_everybody_reads_the_report_and_finds_it_in_the_list(
    client: Client, people: dict[str, User], told: list[Comment]
) -> None:
    assert "No report yet" in words_of(client, "/voice/reports/")
    assert client.get("/voice/reports/2025/").status_code == 404
    published(people)
    store.clear()
    listed = words_of(client, "/voice/reports/")
    assert '<a class="govuk-link" href="/voice/reports/2025/">April 2025 to March 2026</a>' in listed
    assert "Published on 4 May 2026" in listed
    page = words_of(client, "/voice/reports/2025/")
    for expected in (
        "Said 0",
        "We opened a second room.",
        "Waits",
        "It had waited 34 days.",
        "7 comments that everybody may read",
        "Published by the programme team on 4 May 2026",
        "We counted on 4 May 2026",
    ):
        assert expected in page
    assert page.count("We opened a second room.") == 1
    assert people["programme"].name not in page


@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-P8")
def test_words_taken_back_are_gone_from_the_page_the_next_visitor_gets(
    people: dict[str, User], told: list[Comment], settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    published(people)
    visitor = Client()
    assert "Said 3" in words_of(visitor, "/voice/reports/2025/")
    assert "Said 3" in words_of(visitor, "/voice/reports/2025/report.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_comment(comment=told[3])
    for address in ("/voice/reports/2025/", "/voice/reports/2025/report.pdf"):
        page = words_of(visitor, address)
        assert ("Said 3" in page, "Said 2" in page) == (False, True)
    assert "6 comments that everybody may read" in words_of(visitor, "/voice/reports/2025/")


@pytest.mark.requirement("R-V9")
def test_a_replaced_edition_says_so_and_keeps_its_words_unless_they_were_taken_down(
    client: Client, people: dict[str, User], told: list[Comment]
) -> None:
    published(people)
    answer = told[0].responses.get()
    edit_answer(answer=answer, version=1, we_did="We opened two rooms.", by=people["publisher"])
    published(people, edition=2, reason="It was two rooms.")
    newest, old = words_of(client, "/voice/reports/2025/"), "/voice/reports/2025/editions/1/"
    assert "as edition 2: It was two rooms." in newest and "We opened two rooms." in newest
    assert "We opened a second room." in words_of(client, old)
    assert "This edition was replaced" in words_of(client, old) and "It was two rooms." in words_of(
        client, old
    )
    published(people, edition=3, reason="Somebody could be recognised.", take_down=True)
    page = words_of(client, old)
    assert "The words were taken out of this edition" in page
    assert ("We opened" in page, "Said 0" in page, "What they are about" in page) == (False, False, True)
    assert client.get("/voice/reports/2025/editions/4/").status_code == 404


@pytest.mark.requirement("R-V9")
def test_the_programme_team_looks_it_over_and_publishes_it_once(
    signed_in: Callable[[str], Client], told: list[Comment], people: dict[str, User]
) -> None:
    make.make_comment("Canary words nobody read", received_at=WHEN)
    browser, address = signed_in("programme"), "/voice/reports/2025/publish/"
    page = words_of(browser, address)
    for expected in (
        "1 comment is still to be read.",
        "1 comment has no answer yet.",
        "Nothing was kept back.",
        "7 comments stand in the report with their words.",
        "How it would look",
        "Said 0",
    ):
        assert expected in page
    assert "Canary words" not in page
    form = browser.get(address).context["form"]
    sent = {name: str(form.initial[name]) for name in ("seen", "edition")}
    assert browser.post(address, sent).url == "/voice/reports/2025/"
    again = browser.post(address, sent, follow=True)
    assert "The report is published already." in again.content.decode()
    report = VoiceReport.objects.get()
    assert (report.edition, report.some_unread, report.published_by) == (1, True, people["programme"])
    store.clear()
    public = words_of(Client(), "/voice/reports/2025/")
    assert "Some of what came in the year was still to be read on that day." in public


def test_what_changed_meanwhile_is_shown_before_it_is_published(
    signed_in: Callable[[str], Client], told: list[Comment]
) -> None:
    browser, address = signed_in("programme"), "/voice/reports/2025/publish/"
    form = browser.get(address).context["form"]
    withdraw_comment(comment=told[0])
    sent = {name: str(form.initial[name]) for name in ("seen", "edition")}
    page = browser.post(address, sent)
    assert page.status_code == 409
    assert "Something changed while you were reading." in page.content.decode()
    assert "Said 0" not in page.content.decode()
    shown = page.context["form"]
    sent = {name: shown[name].value() for name in ("seen", "edition")}
    assert browser.post(address, sent).status_code == 302
    assert VoiceReport.objects.get().entries.count() == 6


def test_a_reason_typed_for_a_correction_comes_back(
    signed_in: Callable[[str], Client], told: list[Comment], people: dict[str, User]
) -> None:
    published(people)
    browser, address = signed_in("programme"), "/voice/reports/2025/publish/"
    form = browser.get(address).context["form"]
    sent = {name: str(form.initial[name]) for name in ("seen", "edition")}
    none = browser.post(address, sent)
    assert "Say why there is a new edition." in none.content.decode()
    withdraw_comment(comment=told[0])
    page = browser.post(address, sent | {"reason": "One was left out."})
    assert (page.status_code, page.context["form"]["reason"].value()) == (409, "One was left out.")
    people["programme"].memberships.all().delete()
    refused = browser.post(address, sent | {"reason": "One was left out."})
    assert (refused.status_code, "One was left out." in refused.content.decode()) == (403, True)
    assert VoiceReport.objects.count() == 1


def test_no_year_that_is_not_over_can_be_looked_over(
    signed_in: Callable[[str], Client], told: list[Comment]
) -> None:
    browser = signed_in("programme")
    codes = [
        browser.get(f"/voice/reports/{year}/publish/").status_code for year in (2025, 2026, 2024, 1, 10**17)
    ]
    assert codes == [200, 404, 404, 404, 404]


@pytest.mark.requirement("R-F3")
def test_the_pdf_is_tagged_and_holds_the_whole_report(
    client: Client, people: dict[str, User], told: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice.views.reports.make_pdf_once", pdf.make_pdf_once)
    published(people)
    answer = client.get("/voice/reports/2025/report.pdf")
    assert answer.headers["Content-Disposition"].endswith('"what-families-told-us-2025.pdf"')
    read = PdfReader(io.BytesIO(answer.content))
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for expected in (
        "What families told us, April 2025 to March 2026",
        "Said 5",
        "Waits",
        "We opened a second room.",
    ):
        assert expected in words
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_a_pdf_is_made_again_only_when_its_page_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(pdf, "make_pdf", lambda html, **_: made.append(html) or b"%PDF")
    pdf._kept.clear()
    for html in ("a", "a", "b", "a", "c", "b"):
        pdf.make_pdf_once(html)
    assert made == ["a", "b", "c", "b"]
    pdf._kept.clear()


def test_where_no_pdf_can_be_made_the_page_says_so(
    client: Client, people: dict[str, User], told: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    published(people)
    monkeypatch.setattr("voice.views.reports.make_pdf_once", pdf.make_pdf_once)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    pdf._kept.clear()
    assert "report.pdf" not in words_of(client, "/voice/reports/2025/")
    page = client.get("/voice/reports/2025/report.pdf")
    assert (page.status_code, "You can print the page of the report instead." in page.content.decode()) == (
        503,
        True,
    )


@pytest.mark.requirement("R-V9")
@pytest.mark.requirement("R-W1")
def test_the_programme_team_finds_it_in_my_work_until_it_is_published(
    people: dict[str, User], told: list[Comment]
) -> None:
    def listed(who: str, day: date) -> list[str]:
        items = work_items(User.objects.get(pk=people[who].pk), today=day)
        return [item.url for item in items if item.group == "Yearly report"]

    assert listed("programme", date(2026, 3, 31)) == []
    assert listed("programme", date(2026, 4, 1)) == ["/voice/reports/2025/publish/"]
    assert listed("moderator", TODAY) == listed("board", TODAY) == []
    published(people)
    assert listed("programme", TODAY) == []
    assert years_over(TODAY) == [2025]


def test_the_pages_ask_as_much_for_many_as_for_few(
    people: dict[str, User], told: list[Comment], signed_in: Callable[[str], Client]
) -> None:
    browser = signed_in("programme")
    browser.get("/help/")
    addresses = [
        "/voice/reports/",
        "/voice/reports/2025/publish/",
        "/voice/reports/2025/",
        "/voice/reports/2025/report.pdf",
    ]

    def asked() -> list[int]:
        numbers = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert browser.get(address).status_code == 200
            numbers.append(len(caught))
        return numbers

    published(people)
    few = asked()
    for place in range(60):
        row = make.make_comment(stage=Stage.ANSWERED, received_at=WHEN)
        if place % 3 == 0:
            make.make_response(row)
    published(people, edition=2, reason="More was read.")
    many = asked()
    assert many == few
    assert max(many) <= 20, many
    page = Client().get("/voice/reports/2025/?page=2")
    assert len([row for group in page.context["groups"] for row in group["comments"]]) == 17
