"""Every page on a phone: fits, one heading, its own title, no fault for axe, nothing broken; and forms that say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from actions.models import Action, Audit, Plan
from partnership.models import Service, User
from priorities.models import Measure
from voice.models import Comment, Event, Response, ShowChange, Stage, Theme, VoiceReport, Wording

from .conftest import PATIENCE, Window, made_once, priority

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = [
    "/", "/privacy/", "/accessibility/", "/cookies/", "/partnership/", "/timeline/", "/glossary/", "/help/",
    "/help/safe/", "/help/my-child/", "/sources/", "/sources/send-strategy-2025-plan-on-a-page/",
    "/sources/passages/B5.1a/", "/source-notes/", "/strategy/", "/strategies/", "/strategies/send-plan-2021-2025/",
    "/strategies/priority-action-plan-2025/", "{priority}", "/measures/", "{measure}", "/actions/", "/actions/EXL-1/",
    "/plans/", "{plan}", "/guide/", "/voice/", "/voice/easy-read/", "/voice/you-said-we-did/easy-read/", "/voice/new/child/",
    "/voice/new/child/face/", "/voice/new/parent-carer/",
    "/voice/new/parent-carer/words/", "/voice/new/parent-carer/more/", "/voice/follow/",
    "/voice/you-said-we-did/", "{answer}", "/voice/reports/", "{report}", "/voice/reach/", "/accounts/login/", "/accounts/signup/",
    "/events/", "/events/what-comes-after-school/", "/events/what-comes-after-school/book/",
    "/events/tea-and-talk-for-parents-and-carers/", "/events/booking/",
]  # fmt: skip

# Each kind of person, and the pages that are theirs. What everybody reads is in the list above.
OWN = {
    "visitor": PUBLIC,
    "family": ["/my-work/", "/accounts/2fa/", "/voice/mine/"],
    "contributor": [
        "/my-work/", "/my-work/mail/", "/plans/new/", "{draft}", "{draft}edit/", "{draft}actions/new/", "/actions/EXL-1/",
        "/actions/EXL-1/update/", "/actions/EXL-1/evidence/new/", "{own_action}edit/", "{own_action}milestones/new/",
        "{own_action}measures/new/",
        "/audits/", "/audits/new/", "{audit}", "{gap}action/", "{gap}link/", "/voice/answers/", "/voice/answers/new/?comment={to_answer}",
    ],
    "contributor2": ["{begun}", "{begun}edit/", "{begun}finish/", "{to_find}edit/"],
    "publisher": ["/my-work/", "{draft}publish/", "{plan}waiting/", "{plan}archive/", "{answer_edit}"],
    "moderator": ["/my-work/", "/voice/inbox/", "/voice/inbox/?show=done", "/voice/inbox/{to_read}/", "/voice/inbox/new/",
                  "/voice/inbox/log/", "/voice/inbox/themes/", "{theme}", "/voice/inbox/wordings/", "{wording}", "/voice/erase/",
                  "{wider}", "{to_check}"],
    "moderator2": ["/voice/inbox/?show=second", "/voice/inbox/{second}/"],
    "safeguarding": ["/my-work/", "/voice/safeguarding/", "/voice/safeguarding/{flag}/", "/voice/safeguarding/words/",
                     "/voice/help-numbers/"],
    "programme": [
        "/actions/owners/", "/actions/bulk/", "/actions/bulk/redate/?which=all",
        "/my-work/", "/partnership/people/", "/partnership/people/{person}/", "/partnership/people/{person}/edit/",
        "/partnership/people/{person}/memberships/new/", "/partnership/services/", "/partnership/services/new/",
        "/partnership/services/inclusion-service/edit/", "/partnership/invitations/", "/partnership/invitations/new/",
        "/sources/passages/B5.1a/plain/", "/actions/EXL-1/close/", "/board/",
        "/voice/events/", "/voice/events/new/", "{event}", "{event}edit/", "{event}cancel/", "{past_event}said/",
        "{report}publish/", "/voice/reach/exact/",
    ],
    "assurance": ["/my-work/", "{delivered}sign-off/"],
    "board": ["/my-work/", "/board/", "/board/exceptions/", "/board/actions/", "/board/changes/", "/board{priority}",
              "/board/audits/", "/board/gaps/", "/board/reviews/", "/board/unanswered/"],
    "chair": ["/my-work/"],
    "adviser": ["/my-work/", "/board/"],
    "auditor": ["/my-work/", "/partnership/people/", "/partnership/invitations/", "/voice/removals/"],
    "administrator": ["/my-work/", "/partnership/people/{person}/edit/", "/partnership/invitations/new/"],
}  # fmt: skip


@pytest.fixture
def demo(lancashire: None, settings: Any) -> dict[str, str]:
    """Load the example people and rows, and say what the words in braces stand for."""
    settings.PORTAL_DEMO = True
    made_once("demo", lambda: call_command("seed_demo", verbosity=0))
    first = Service.objects.get(code="EXL")
    draft = Plan.objects.get(service=first, status="draft")
    flagged = Comment.objects.filter(is_flagged=True).earliest("pk")
    unread = Comment.objects.filter(stage=Stage.RECEIVED, is_flagged=False)
    audit, begun = Audit.objects.finished().get(), Audit.objects.get(finished_at=None)
    gap, to_find = (
        audit.findings.filter(result="not_met").earliest("pk"),
        begun.findings.filter(result="").first(),
    )
    assert to_find is not None
    events = {row.slug: f"/voice/events/{row.pk}/" for row in Event.objects.all()}
    return {
        "event": events["what-comes-after-school"],
        "report": VoiceReport.objects.get().get_absolute_url(),
        "past_event": events["tea-and-talk-for-parents-and-carers"],
        "audit": audit.get_absolute_url(),
        "begun": begun.get_absolute_url(),
        "gap": f"{audit.get_absolute_url()}findings/{gap.pk}/",
        "to_find": f"{begun.get_absolute_url()}findings/{to_find.pk}/",
        "priority": priority(1).get_absolute_url(),
        "measure": Measure.objects.filter(is_published=True).earliest("pk").get_absolute_url(),
        "plan": Plan.objects.get(service=first, status="published").get_absolute_url(),
        "draft": draft.get_absolute_url(),
        "own_action": draft.actions.earliest("pk").get_absolute_url(),
        "delivered": Action.objects.filter(status="delivered").earliest("pk").get_absolute_url(),
        "answer": f"/voice/you-said-we-did/{Response.objects.earliest('pk').pk}/",
        "answer_edit": f"/voice/answers/{Response.objects.filter(service=first).earliest('pk').pk}/edit/",
        "to_answer": str(Comment.objects.filter(stage=Stage.APPROVED, service=first).earliest("pk").pk),
        "to_read": str(unread.earliest("pk").pk),
        "second": str(Comment.objects.filter(stage=Stage.SECOND_CHECK, is_flagged=False).earliest("pk").pk),
        "flag": str(flagged.flag.pk),
        "theme": f"/voice/inbox/themes/{Theme.objects.filter(merged_into=None).earliest('pk').pk}/",
        "wording": f"/voice/inbox/wordings/{Wording.objects.earliest('pk').pk}/",
        "wider": f"/voice/show-changes/{ShowChange.objects.open().earliest('pk').pk}/",
        "to_check": f"/voice/answers/{Response.objects.filter(status=Response.Status.WAITING).earliest('pk').pk}/check/",
        "person": str(User.objects.get(email="contributor@example.org").pk),
    }


SHEET = 680
"""Pixels: A4 without the margins that the print style sets."""
GET_HELP = ["Who to contact", "Someone may be unsafe", "My own child’s case"]


def faults_of(page: Page, axe: Callable[[Page], list[str]]) -> list[str]:
    """Say all that is wrong with the page as it stands."""
    found = axe(page)
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    if wide > 0:
        found.append(f"{wide} px too wide")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} headings of the first level")
    for landmark in ("header", "main", "footer"):
        if page.locator(f"body {landmark}").count() < 1:
            found.append(f"no {landmark}")
    if page.locator("footer nav").first.get_by_role("link").all_inner_texts() != GET_HELP:
        found.append("help is not first at the foot of the page")
    skip = page.locator("body a").first
    if skip.get_attribute("href") != "#main" or page.locator("main#main").count() != 1:
        found.append("the first link does not skip to the main part")
    return found


def faults_on_paper(page: Page) -> list[str]:
    """Say what of the page would be cut off on a sheet of A4: a column that is not there is read as a nought."""
    screen = page.viewport_size
    assert screen is not None
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": 900})
    cut = page.evaluate(
        """() => [...document.querySelectorAll("table, .portal-scroll")]
            .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 || part.scrollWidth > part.clientWidth + 1)
            .map((part) => `on paper cut off: ${part.tagName} ${part.className}`)"""
    )
    page.emulate_media(media="screen")
    page.set_viewport_size(screen)
    return cut


@pytest.mark.requirement("R-X1")
@pytest.mark.requirement("R-X2")
@pytest.mark.requirement("R-X3")
@pytest.mark.requirement("R-X4")
@pytest.mark.parametrize("who", list(OWN))
def test_every_page_fits_a_phone_and_has_no_fault(
    who: str,
    demo: dict[str, str],
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sign_in: Callable[..., None],
) -> None:
    page: Page = new_page(width=320, height=640)
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    if who != "visitor":
        sign_in(page, User.objects.get(email=f"{who}@example.org"))
    titles: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for address in OWN[who]:
        path = address.format(**demo)
        answer = page.goto(path)
        assert answer is not None
        faults = [] if answer.status == 200 else [f"status {answer.status}"]
        faults += faults_of(page, axe) + faults_on_paper(page) + broken
        broken.clear()
        title = page.title()
        if title in titles.values():
            faults.append(f"its title is another page's too: {title}")
        if urlsplit(page.url).path != urlsplit(path).path:
            faults.append(f"it sent on to {page.url}")
        titles[path] = title
        if faults:
            found[path] = faults
    assert found == {}


SLIPS = {
    "/voice/new/parent-carer/more/": ("visitor", {"email": "not an address"}, "Continue"),
    "/voice/follow/": ("visitor", {"code": "2BC-3DF"}, "Show me"),
    "/accounts/login/": ("visitor", {"login": "nobody@example.org", "password": "not-it"}, "Sign in"),
    "/plans/new/": ("contributor", {"title": "A plan without a period"}, "Save the draft"),
    "{draft}actions/new/": ("contributor", {"title": "An action without a priority"}, "Save"),
    "/actions/EXL-1/evidence/new/": ("contributor", {"statement": "Shows", "link": "javascript:1"}, "Save"),
    "/partnership/invitations/new/": ("administrator", {"name": "New Person", "email": "wrong"}, None),
}
"""A form, who fills it in, what is typed with something wrong or missing, and the button."""


@pytest.mark.requirement("R-X2")
@pytest.mark.requirement("R-X9")
@pytest.mark.requirement("R-A10")
def test_a_form_with_a_slip_says_so_takes_the_focus_there_and_keeps_what_was_typed(
    demo: dict[str, str],
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    sign_in: Callable[..., None],
) -> None:
    found: dict[str, list[str]] = {}
    for javascript in (True, False):
        page: Page = new_page(javascript=javascript, width=320, height=640)
        signed_in = "visitor"
        for address, (who, typed, button) in SLIPS.items():
            if who != signed_in:
                sign_in(page, User.objects.get(email=f"{who}@example.org"))
                signed_in = who
            page.goto(address.format(**demo))
            before = page.title()
            for name, value in typed.items():
                page.locator(f"main [name={name}]").fill(value)
            buttons = page.locator("main form button[type=submit]")
            (buttons.filter(has_text=button) if button else buttons).first.click()
            summary = page.locator(".govuk-error-summary")
            expect(summary).to_be_focused(timeout=PATIENCE)
            faults = axe(page)
            if page.title() != f"Error: {before}":
                faults.append(f"title: {page.title()}")
            for link in summary.locator("a").all():
                if page.locator(link.get_attribute("href") or "#").count() != 1:
                    faults.append(f"a link of the summary leads nowhere: {link.get_attribute('href')}")
            for name, value in typed.items():
                kept = page.locator(f"main [name={name}]").input_value()
                if name != "password" and kept != value:
                    faults.append(f"{name} was lost: {kept!r}")
            if faults:
                found[f"{address} {javascript}"] = faults
    assert found == {}


@pytest.mark.requirement("R-X2")
def test_pages_that_say_no_have_a_heading_a_title_and_a_way_on(
    windows: Callable[..., Window], demo: dict[str, str], sign_in: Callable[..., None]
) -> None:
    somebody = windows(width=320, height=640)
    assert somebody.open("/actions/NOT-1/").status == 404
    somebody.at("We cannot find that page")
    sign_in(somebody.page, User.objects.get(email="contributor@example.org"))
    assert somebody.open("/board/").status == 403
    somebody.at("You cannot open this page")
    assert somebody.page.evaluate("document.scrollingElement.scrollWidth") == 320
    somebody.follow("Go to the home page")
    assert urlsplit(somebody.page.url).path == "/"
