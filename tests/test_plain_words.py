"""The portal's own words are easy to read, page by page as people see them (R-X6). Published words are left out."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from actions.models import Audit, Plan
from actions.operations.imports import begin_import, check_piece
from partnership.calendar import today
from partnership.models import Board, Organisation, Partnership, Passage, Service, User
from partnership.roles import ROLE_DESCRIPTIONS
from priorities.models import Measure, Priority, Strategy
from tests import factories as make
from tests.readability import Words, own_words, sentences_of, syllables_in
from tests.voice.journey import press_send, write
from voice.forms.questions import QUESTIONS
from voice.models import Comment, Event, Response, SafeguardingFlag, ShowChange, Stage, Theme, Wording
from voice.yearly import year_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ROOT = Path(__file__).resolve().parents[1]
FEWEST = 3
"""A page with fewer sentences says too little to have a grade."""

# Names that the law on accessibility statements makes us write out. A name cannot be put more plainly.
NAMES_IN_LAW = [
    "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
    "Equality and Human Rights Commission (EHRC)",
    "Equality Advisory and Support Service (EASS)",
    "Web Content Accessibility Guidelines version 2.2, level AA",
]
REPORT = f"/voice/reports/{year_of(today(), 4) - 1}/"
PUBLIC = [
    "/", "/privacy/", "/accessibility/", "/cookies/", "/partnership/", "/timeline/", "/glossary/", "/help/", "/help/safe/",
    "/help/my-child/", "/sources/", "/source-notes/", "/strategy/", "/strategies/", "/strategies/send-plan-2021-2025/",
    "/strategies/priority-action-plan-2025/", "/measures/", "/actions/", "/actions/EXL-1/", "/plans/", "/guide/", "/voice/",
    "/voice/new/parent-carer/", "/voice/new/young-person/", "/voice/new/practitioner/", "/voice/new/someone-else/",
    "/voice/new/parent-carer/words/", "/voice/new/practitioner/words/", "/voice/new/parent-carer/topic/",
    "/voice/new/parent-carer/show/", "/voice/new/parent-carer/safe/", "/voice/new/practitioner/more/",
    "/voice/new/someone-else/more/", "/voice/new/parent-carer/check/",
    "/voice/follow/", "/voice/you-said-we-did/", "/voice/you-said-we-did/?status=waiting", "/voice/reports/", REPORT,
    "/voice/reach/", "/voice/easy-read/", "/voice/you-said-we-did/easy-read/",
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/login/code/", "/nowhere/", "/actions/EXL-9/", "/voice/actions/EXL-9/difference/",
    "/events/", "/events/come-and-try-the-kits/", "/events/come-and-try-the-kits/book/", "/events/what-comes-after-school/",
    "/events/what-comes-after-school/book/", "/events/tea-and-talk-for-parents-and-carers/", "/events/booking/",
]  # fmt: skip
STAFF = {
    "contributor": ["/my-work/", "/my-work/mail/", "/actions/updates/", "/plans/new/", "{draft}", "{draft}actions/new/",
                    "/actions/EXL-1/update/", "/actions/EXL-1/evidence/new/", "/audits/", "/audits/new/", "{audit}",
                    "{gap}action/", "{gap}link/", "{plan}review/", "{plan}review/actions/EXL-1/", "{plan}history/",
                    "/actions/EXL-1/history/", "/actions/EXL-1/?as_at={day}", "/actions/EXL-1/waiting-for/new/",
                    "/actions/EXL-1/due-date/", "/plans/import/", "{draft}imports/", "{checked}", "{table}columns/",
                    "{table}words/", "/voice/answers/", "/voice/answers/new/?comment={to_answer}"],
    "contributor2": ["{begun}", "{begun}finish/", "{begun}drop/", "{to_find}edit/"],
    "publisher": ["{draft}publish/", "{plan}waiting/", "{plan}review/finish/", "{plan}archive/", "{later_date}"],
    "moderator": ["/voice/inbox/", "/voice/inbox/{to_read}/", "/voice/inbox/{to_answer}/", "/voice/inbox/new/", "/voice/inbox/log/",
                  "/voice/inbox/themes/", "/voice/inbox/themes/{theme}/", "/voice/inbox/wordings/", "/voice/inbox/wordings/{wording}/",
                  "/voice/erase/", "/voice/show-changes/{wider}/", "/voice/answers/{to_check}/check/"],
    "family": ["/voice/mine/"],
    "safeguarding": ["/voice/safeguarding/", "{unread_mark}", "{read_mark}", "/voice/safeguarding/words/",
                     "/voice/help-numbers/"],
    "programme": ["/actions/owners/", "/actions/bulk/", "/actions/bulk/move/?which=all", "/actions/bulk/redate/?which=all",
                  "/partnership/people/", "/partnership/services/new/", "/partnership/invitations/new/", "/actions/EXL-1/close/",
                  "{report}publish/",
                  "/voice/events/", "/voice/events/new/", "{event}", "{event}edit/", "{event}cancel/", "{past_event}said/"],
    "assurance": ["{delivered}sign-off/"],
    "board": ["/board/", "/board/exceptions/", "/board/changes/", "/board/audits/", "/board/gaps/", "/board/reviews/", "/board/unanswered/",
              "/voice/reach/exact/",
              "/board/actions/EXL-1/rating/"],
    "auditor": ["/partnership/people/", "/voice/removals/"],
    "administrator": ["/partnership/invitations/"],
}  # fmt: skip


@pytest.fixture
def demo(settings: Any) -> None:
    settings.PORTAL_DEMO = True
    call_command("load_partnership", "lancashire", verbosity=0)
    call_command("seed_demo", verbosity=0)


def names() -> list[str]:
    """Names of bodies, plans and documents, and published words that a form repeats, longest first: they are what they are."""
    found = {*NAMES_IN_LAW, *Passage.objects.values_list("text", flat=True)}
    for model, field in ((Organisation, "name"), (Board, "name"), (Service, "name"), (Partnership, "name")):
        found |= set(model._default_manager.values_list(field, flat=True))
    found |= {row.title for row in Strategy.objects.all()} | {row.name for row in Strategy.objects.all()}
    found |= {row.name for row in Measure.objects.all()}
    return sorted(found, key=len, reverse=True)


def too_hard(pages: dict[str, Words], *, grade: float) -> dict[str, str]:
    """Pages over 20 words a sentence or over the grade, with the hardest sentence of each."""
    found = {}
    for address, page in pages.items():
        if len(page.sentences) >= FEWEST and (page.average > 20 or page.grade > grade):
            worst = max(page.sentences, key=lambda sentence: Words([sentence]).grade)
            found[address] = f"{page.average:.1f} words, grade {page.grade:.1f}: {worst}"
    return found


@pytest.mark.requirement("R-X6")
def test_public_pages_are_in_short_sentences_of_the_sixth_grade(demo: None) -> None:
    known, browser = names(), Client()
    addresses = [*PUBLIC, *(row.get_absolute_url() for row in Priority.objects.select_related("strategy"))]
    addresses += [row.get_absolute_url() for row in Measure.objects.all()]
    pages = {address: own_words(browser.get(address).content.decode(), names=known) for address in addresses}
    assert sum(len(page.sentences) for page in pages.values()) > 700
    assert too_hard(pages, grade=6) == {}


def imports_of(plan: Plan) -> dict[str, str]:
    """Addresses of two spreadsheets sent for a plan: one that was checked, and one whose columns nobody knows yet."""
    by = User.objects.get(email="contributor@example.org")
    words = b'Ref,Version (please leave as it is),Title,Priority,"Must, should or could",Due date\n'
    words += b",,Meet families,1,could,1/2/2031\n,,Train staff,99,x,soon\n"
    checked = begin_import(by=by, plan=plan, file=io.BytesIO(words), name="plan.csv", size=len(words))
    assert checked is not None
    check_piece(by=by, plan_import=checked)
    table = make.make_import(plan, by=by, stage="columns", is_own=False)
    table.columns.create(position=1, heading="How urgent", field="category")
    table.rows.create(number=2, words=["High"])
    return {"checked": checked.get_absolute_url(), "table": table.get_absolute_url()}


@pytest.mark.requirement("R-X6")
def test_staff_pages_are_too(demo: None) -> None:
    known, pages = names(), {}
    service = Service.objects.get(code="EXL")
    draft = service.plans.get(status="draft")
    audit, begun = Audit.objects.finished().get(), Audit.objects.get(finished_at=None)
    gap, to_find = (
        audit.findings.filter(result="not_met").earliest("pk"),
        begun.findings.filter(result="").first(),
    )
    later_date = make.make_due_date_request(service.actions.get(ref="EXL-1"))
    events = {row.slug: f"/voice/events/{row.pk}/" for row in Event.objects.all()}
    fill = {
        "report": REPORT,
        "event": events["what-comes-after-school"],
        "past_event": events["tea-and-talk-for-parents-and-carers"],
        "audit": audit.get_absolute_url(),
        "begun": begun.get_absolute_url(),
        "gap": f"{audit.get_absolute_url()}findings/{gap.pk}/",
        "to_find": f"{begun.get_absolute_url()}findings/{to_find.pk}/",
        "draft": draft.get_absolute_url(),
        "plan": service.actions.get(ref="EXL-1").plan.get_absolute_url(),
        "day": today().isoformat(),
        **imports_of(draft),
        "later_date": f"/actions/EXL-1/due-date/{later_date.pk}/",
        "delivered": service.actions.filter(status="delivered").earliest("pk").get_absolute_url(),
        "to_answer": Comment.objects.filter(stage=Stage.APPROVED, service=service).earliest("pk").pk,
        "wider": ShowChange.objects.open().get().pk,
        "to_check": Response.objects.get(status=Response.Status.WAITING).pk,
        "theme": Theme.objects.get(name="Not knowing when").pk,
        "wording": Wording.objects.earliest("pk").pk,
        "to_read": Comment.objects.filter(stage=Stage.RECEIVED, is_flagged=False).earliest("pk").pk,
    }
    for name, rows in (
        ("unread_mark", SafeguardingFlag.objects.unread()),
        ("read_mark", SafeguardingFlag.objects.filter(outcome__gt="")),
    ):
        fill[name] = f"/voice/safeguarding/{rows.earliest('pk').pk}/"
    for who, addresses in STAFF.items():
        browser = Client()
        browser.force_login(User.objects.get(email=f"{who}@example.org"))
        for address in addresses:
            answer = browser.get(address.format(**fill))
            assert answer.status_code == 200, address
            pages[address] = own_words(answer.content.decode(), names=known)
    assert sum(len(page.sentences) for page in pages.values()) > 100
    assert too_hard(pages, grade=6) == {}


@pytest.mark.requirement("R-X6")
@pytest.mark.requirement("R-X7")
@pytest.mark.parametrize("address", ["/voice/easy-read/", "/voice/you-said-we-did/easy-read/"])
def test_easy_read_has_short_sentences_and_a_picture_for_each_idea(demo: None, address: str) -> None:
    page = Client().get(address).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    rows = re.findall(r'<li class="portal-easy__row">.*?</li>', main, re.DOTALL)
    assert len(rows) >= 7
    assert [row for row in rows if not re.search(r"<svg.*?<(path|circle)", row, re.DOTALL)] == []
    told = [re.sub("<[^>]+>", "", row).strip() for row in rows]
    sentences = [sentence for row in told for sentence in re.findall(r"[^.?!]+[.?!]", row)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 15] == []
    assert {"".join(re.findall(r"[^.?!]+[.?!]", row)) for row in told} == set(
        told
    )  # every idea is whole sentences


@pytest.mark.requirement("R-X6")
def test_a_childs_pages_are_in_words_of_the_fourth_grade(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.forms.sending.LEAST_SECONDS", 0)
    browser, new = Client(), "/voice/new/child/"
    write(browser, "child", feeling="sad")
    asked = ("", *(f"{one.slug}/" for one in QUESTIONS["child"]), "check/")
    journey = {name: browser.get(f"{new}{name}").content.decode() for name in asked}
    sent = press_send(browser, "child").content.decode()
    code = "-".join(re.findall(r'portal-code__group">([^<]+)<', sent))
    follow = {"code": code}
    warned = browser.post(f"{new}words/", {"text": "my name is jack"}).content.decode()
    told = Comment.objects.latest("pk")
    make.make_response(told, service=Service.objects.get(code="EXL"))

    def once_answered() -> str:
        Comment.objects.filter(pk=told.pk).update(stage=Stage.ANSWERED)
        page = browser.post(reverse("voice:follow"), follow | {"step": "helped"}).content.decode()
        Comment.objects.filter(pk=told.pk).update(stage=Stage.RECEIVED)
        return page

    pages = {
        **journey,
        "did it help": once_answered(),
        "a slip": Client().post(f"{new}words/", {"text": ""}).content.decode(),
        "a warning": warned,
        "nothing there": Client().get(f"{new}check/").content.decode(),
        "deleted": browser.post(f"{new}check/", {"step": "delete"}).content.decode(),
        "code": sent,
        "where it stands": browser.post(reverse("voice:follow"), follow).content.decode(),
        "add one thing": browser.post(reverse("voice:follow"), follow | {"step": "add"}).content.decode(),
        "change who reads it": browser.post(
            reverse("voice:follow"), follow | {"step": "show"}
        ).content.decode(),
        "ask to take back": browser.post(reverse("voice:follow"), follow | {"step": "ask"}).content.decode(),
        "taken back": browser.post(reverse("voice:follow"), follow | {"step": "take-back"}).content.decode(),
        "safe": browser.get("/help/safe/").content.decode(),
    }
    read = {name: own_words(page, names=names()) for name, page in pages.items()}
    assert [name for name, page in read.items() if len(page.sentences) < FEWEST] == []
    assert too_hard(read, grade=4) == {}


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("the", 1), ("made", 1), ("asked", 1), ("wanted", 2), ("people", 2), ("children", 2), ("service", 2)],
        *[("services", 3), ("family", 3), ("published", 2), ("education", 4), ("people’s", 2), ("don't", 1)],
        *[("SEND", 4), ("e-mail", 2), ("little", 2), ("safe", 1), ("places", 2), ("voices", 2), ("like", 1)],
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables_in(word) == count


def test_only_whole_sentences_of_ours_are_read() -> None:
    page = (
        "<main><h1>A heading</h1><p>We say this. You read it!</p><blockquote>Identification shall be timely.</blockquote>"
        '<p>From <a href="/sources/x/">The long document</a>.</p><p>It says “a multitude of considerations” there.</p></main>'
        "<footer><p>Not in the main part.</p></footer>"
    )
    assert own_words(page).sentences == ["We say this.", "You read it!", "It says “…” there."]
    assert sentences_of("See version 2.2 of it. A label") == ["See version 2.2 of it."]
    assert own_words("<main><p>The Big Council is here.</p></main>", names=["The Big Council"]).sentences == [
        "It is here."
    ]


def test_hard_words_are_found() -> None:
    hard = Words(["Multidisciplinary professionals facilitate comprehensive identification opportunities."])
    easy = Words(["We help you.", "You can tell us."])
    assert hard.grade > 20
    assert easy.grade < 4
    assert too_hard({"/": Words(hard.sentences * 3)}, grade=6) != {}
    assert too_hard({"/": Words(easy.sentences * 3)}, grade=6) == {}


def test_apostrophes_are_curly_in_the_words_of_templates_and_roles() -> None:
    words = {
        str(path): re.sub(
            r"{%.*?%}|{{.*?}}|<[^>]*>",
            " ",
            re.sub(r"(?s){% comment %}.*?{% endcomment %}", "", path.read_text()),
        )
        for path in (ROOT / "templates").rglob("*.html")
    }
    words |= {f"role {role}": text for role, text in ROLE_DESCRIPTIONS.items()}
    assert {where: found for where, text in words.items() if (found := re.findall(r"\w+'\w*", text))} == {}
