"""Every part that a plan, an action, an update and evidence have is typed once, kept, and read on the page."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from actions.models import ActionUpdate, Category, Evidence, Plan, Status
from actions.urls import urlpatterns
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.roles import Role
from tests.factories import (
    current_strategy,
    make_action,
    make_category_definitions,
    make_commitment,
    make_duty,
    make_organisation,
    make_partnership,
    make_plan,
    make_priority,
    make_sector,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def service(db):
    make_partnership()
    make_category_definitions()
    sector = make_sector("Health")
    council = make_organisation("Borchester Trust", sector=sector)
    return make_service("Speech therapy", code="SALT", sector=sector, organisation=council)


@pytest.fixture
def contributor(service, client):
    person = make_user(Role.CONTRIBUTOR, service=service)
    client.force_login(person)
    return person


def boxes(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def as_read(words):
    """The words of a page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


def facts(page):
    """What the page lists as facts: the name of each, and its words."""
    rows = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.content.decode(), re.S)
    return {name: as_read(words) for name, words in rows}


@pytest.mark.requirement("R-A1")
def test_a_plan_tells_whose_it_is_what_it_serves_for_when_and_when_it_is_looked_at_anew(
    client, contributor, service
):
    strategy = current_strategy()
    values = {"service": service.pk, "title": "Our plan", "strategy": strategy.pk, "token": new_token()}
    values |= boxes("starts", datetime.date(2026, 4, 1)) | boxes("ends", datetime.date(2027, 3, 31))
    client.post(reverse("actions:plan_new"), values | boxes("next_review", today() + DAY))
    plan = Plan.objects.get()
    assert (plan.service, plan.strategy, plan.next_review) == (service, strategy, today() + DAY)
    tomorrow, yesterday = today() + DAY, today() - DAY
    told = {
        "Service": "Speech therapy, Borchester Trust (Health)",
        "Serves": strategy.title,
        "Period": "1 April 2026 to 31 March 2027",
        "Next yearly review": f"{tomorrow.day} {tomorrow:%B %Y}",
    }
    assert facts(client.get(plan.get_absolute_url())) == told
    Plan.objects.update(status=Plan.Status.PUBLISHED, next_review=yesterday)
    client.logout()
    late = f"{yesterday.day} {yesterday:%B %Y}: this day has passed"
    assert facts(client.get(plan.get_absolute_url())) == told | {"Next yearly review": late}


@pytest.mark.requirement("R-A2")
def test_an_action_keeps_and_shows_all_that_its_form_asks(client, contributor, service):
    plan = make_plan(service, status=Plan.Status.DRAFT)
    first, second = make_priority("Help in time"), make_priority("Good lives")
    promise, partner, duty = make_commitment("We keep you told"), make_service("Schools"), make_duty("Advice")
    words = {
        "title": "Meet every family",
        "problem": "Waits are long.",
        "doing": "We hire two people.",
        "difference": "Waits are short.",
        "lead_role": "Head of therapy",
        "accountable_role": "Director of health",
        "impact_question": "right_help",
        "resources": "Two people for a year",
    }
    rows = {"duty": duty.pk, "priority": first.pk, "also_serves": [second.pk], "commitments": [promise.pk]}
    days = {"planned_start": datetime.date(2030, 9, 1), "due": datetime.date(2031, 3, 31)}
    values = {"category": "1", "partners": [partner.pk], "token": new_token(), **words, **rows}
    for name, day in days.items():
        values |= boxes(name, day)
    client.post(reverse("actions:action_new", args=[plan.slug]), values)
    action = plan.actions.get()
    assert {name: getattr(action, name) for name in {**words, **days}} == words | days
    assert (action.category, action.duty, action.priority) == (Category.MUST, duty, first)
    links = [list(getattr(action, name).all()) for name in ("also_serves", "commitments", "partners")]
    assert links == [[second], [promise], [partner]]
    page = client.get(action.get_absolute_url())
    assert facts(page) == {
        "Priority": str(first),
        "Serves too": str(second),
        "Service": "Speech therapy",
        "Works with": "Schools",
        "Led by": "Head of therapy",
        "Answers for it": "Director of health",
        "Legal duty": f"Advice {duty.law}. {duty.summary}",
        "Planned start": "1 September 2030",
        "Inspectors ask": "The right help comes at the right time",
        "It needs": "Two people for a year",
        "Promises it keeps": "We keep you told",
    }
    shown = as_read(page.content.decode())
    for name in ("title", "problem", "doing", "difference"):
        assert words[name] in shown, name
    assert "31 March 2031" in shown


@pytest.mark.requirement("R-A11", "R-Z2")
def test_everybody_reads_the_roles_of_an_action_and_of_a_must_the_law_behind_it(client, service):
    duty = make_duty("Advice in time", law="Act 2014, section 32", summary="Families get advice.")
    plan = make_plan(service)
    must = make_action(
        plan, category=Category.MUST, duty=duty, lead_role="Head of therapy", accountable_role="Director"
    )
    found = facts(client.get(must.get_absolute_url()))
    assert (found["Led by"], found["Answers for it"]) == ("Head of therapy", "Director")
    assert found["Legal duty"] == "Advice in time Act 2014, section 32. Families get advice."
    assert "Legal duty" not in facts(client.get(make_action(plan).get_absolute_url()))


@pytest.mark.requirement("R-A5")
def test_an_update_keeps_all_that_was_said_and_nothing_rewrites_it(client, contributor, service):
    action = make_action(make_plan(service), status=Status.GREEN)
    words = {
        "narrative": "Two people left.",
        "reason": "We hire two more.",
        "public_words": "Some of you wait.",
        "next_step": "Meet in May.",
        "barriers": "There is no room.",
        "help_wanted": "Find us a room.",
    }
    proof = {"evidence_statement": "Minutes of March", "evidence_kind": "document"}
    url = reverse("actions:action_update", args=[action.ref])
    client.post(url, {"status": "amber", **words, **proof, "token": new_token()})
    update = ActionUpdate.objects.get()
    assert {name: getattr(update, name) for name in words} == words
    assert (update.status_before, update.status, update.author) == ("green", "amber", contributor)
    assert (update.evidence.get().statement, update.evidence.get().kind) == ("Minutes of March", "document")
    shown = as_read(client.get(action.get_absolute_url()).content.decode())
    assert [text for text in (*words.values(), "Minutes of March") if text not in shown] == []
    # Whatever comes after is a row of its own: what was said stands as it was said.
    before = ActionUpdate.objects.values().get()
    client.post(url, {"status": "amber", "narrative": "One came back.", "token": new_token()})
    assert ActionUpdate.objects.count() == 2
    assert ActionUpdate.objects.values().get(pk=update.pk) == before
    addresses = {pattern.name for pattern in urlpatterns if "update" in str(pattern.pattern)}
    assert addresses == {"updates", "action_update"}, "an update has no address at which it could be changed"


@pytest.mark.requirement("R-W8")
@pytest.mark.parametrize(
    ("kind", "called"),
    [
        ("data", "Data"),
        ("audit", "Audit"),
        ("lived_experience", "Lived experience"),
        ("document", "Document"),
    ],
)
def test_evidence_is_a_link_with_what_it_shows_and_its_kind(client, contributor, service, kind, called):
    action = make_action(make_plan(service))
    url = reverse("actions:evidence_new", args=[action.ref])
    values = {"statement": "Ten of ten came.", "kind": kind, "link": "https://www.example.org/ten"}
    for wrong, field in (
        ({"statement": ""}, "statement"),
        ({"kind": ""}, "kind"),
        ({"kind": "rumour"}, "kind"),
    ):
        refused = client.post(url, values | wrong | {"token": new_token()})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not Evidence.objects.exists()
    assert client.post(url, values | {"token": new_token()}).status_code == 302
    page = client.get(action.get_absolute_url()).content.decode()
    assert f"Ten of ten came. {called}" in as_read(page)
    assert 'href="https://www.example.org/ten"' in page
