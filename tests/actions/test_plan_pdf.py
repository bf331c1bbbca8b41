"""A plan as a PDF for meeting papers: every action in full, as the reader may see it, or a plain word that it cannot be made."""

import io

import pytest
from pypdf import PdfReader

from actions.models import Category, Plan
from foundation import pdf
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_action_measure,
    make_category_definitions,
    make_duty,
    make_measure,
    make_milestone,
    make_partnership,
    make_plan,
    make_service,
    make_two_step,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(db):
    make_partnership()
    make_category_definitions()
    return make_plan(make_service(code="SALT"), title="Plan of the therapy service", slug="therapy-plan")


@pytest.fixture
def real_pdf(monkeypatch):
    """The real thing, which takes a second or two; every other test gets the page that it is made of."""
    monkeypatch.setattr("actions.views.plans.make_pdf", pdf.make_pdf)


@pytest.fixture
def drawn(monkeypatch):
    """What goes to the printer, without waiting for it."""
    seen = []
    monkeypatch.setattr("actions.views.plans.make_pdf", lambda html, **_: seen.append(html) or b"%PDF-drawn")
    return seen


def test_the_pdf_holds_every_action_in_full_and_can_be_read_by_everybody(client, plan, real_pdf):
    action = make_action(
        plan,
        title="Give a date for every decision",
        category=Category.MUST,
        duty=make_duty("Give advice in time"),
        problem="Families do not know when they will hear.",
    )
    make_milestone(action, "Write the letter")
    client.force_login(make_user(Role.BOARD))
    response = client.get("/plans/therapy-plan/plan.pdf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="therapy-plan.pdf"'
    read = PdfReader(io.BytesIO(response.content))
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for expected in (
        "Plan of the therapy service",
        "Must do",
        f"{action.ref}: Give a date for every decision",
        "Families do not know when they will hear.",
        "Give advice in time",
        "Write the letter",
        "Green: on track",
        "What the words mean",
    ):
        assert expected in words
    assert read.metadata.title == "Plan of the therapy service"
    assert (
        read.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    )  # tagged, so that a screen reader can read it
    assert "/Lang" in read.trailer["/Root"]


def test_must_should_could_stand_in_order(client, plan, drawn):
    for category in (Category.COULD, Category.MUST, Category.SHOULD):
        make_action(plan, title=f"This we {category.label}", category=category)
    client.force_login(make_user(Role.BOARD))
    client.get("/plans/therapy-plan/plan.pdf")
    [html] = drawn
    assert html.index("This we Must") < html.index("This we Should") < html.index("This we Could")


@pytest.mark.requirement("R-A7")
def test_each_reader_gets_what_they_may_see_and_no_more(client, plan, drawn):
    public = make_action(plan, title="Everybody reads this")
    make_action_measure(public, make_measure("A measure not published", is_published=False))
    make_action(plan, title="Waits for a publisher", public=False)
    hidden = make_plan(plan.service, status=Plan.Status.DRAFT, slug="draft")
    make_action(hidden, title="In a draft")

    assert client.get("/plans/therapy-plan/plan.pdf").url.startswith("/accounts/login/")
    family = make_user()
    make_two_step(family)
    client.force_login(family)
    client.get("/plans/therapy-plan/plan.pdf")
    client.force_login(make_user(Role.BOARD))
    client.get("/plans/therapy-plan/plan.pdf")
    seen = [
        [
            words in html
            for words in ("Everybody reads this", "Waits for a publisher", "A measure not published")
        ]
        for html in drawn
    ]
    assert seen == [[True, False, False], [True, True, True]]
    assert client.get("/plans/draft/plan.pdf").status_code == 404
    assert len(drawn) == 2


def test_where_none_can_be_made_the_page_says_so_and_offers_the_printed_one(
    client, plan, real_pdf, monkeypatch
):
    make_action(plan)
    client.force_login(make_user(Role.BOARD))
    assert "plan.pdf" in client.get("/plans/therapy-plan/").content.decode()
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    assert "plan.pdf" not in client.get("/plans/therapy-plan/").content.decode()
    response = client.get("/plans/therapy-plan/plan.pdf")
    assert response.status_code == 503
    assert "You can print the page of the plan instead." in response.content.decode()


def test_a_page_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setitem(pdf._HOW, "timeout", 0.01)
    with pytest.raises(pdf.NoPdf, match="TimeoutExpired"):
        pdf.make_pdf("<p>Slow</p>")


def test_nothing_is_fetched_for_it(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text y="20">A secret of the machine</text></svg>'
    )
    html = f'<html lang="en"><title>T</title><p>Words</p><img alt="" src="{secret.as_uri()}"></html>'
    words = PdfReader(io.BytesIO(pdf.make_pdf(html))).pages[0].extract_text()
    assert "Words" in words
    assert "secret" not in words
