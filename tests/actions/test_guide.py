"""The guide: one page that everybody can read and print, linked from every form at the field it explains (R-A13)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.core.management import call_command
from django.test import Client

from actions.guide import PARTS
from partnership.roles import Role
from priorities.models import StrategyPassage
from tests import factories as make
from tests.access_world import World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A13")]

FORMS = {
    "/plans/open-plan/actions/new/": "contributor",
    "/actions/INC-1/edit/": "publisher",
    "/actions/INC-1/update/": "contributor",
    "/actions/INC-1/milestones/new/": "publisher",
    "/actions/INC-1/due-date/": "publisher",
    "/actions/INC-1/due-date/{due_request}/": "publisher",
    "/actions/INC-1/waiting-for/new/": "contributor",
    "/actions/INC-1/evidence/new/": "contributor",
    "/actions/INC-1/measures/new/": "publisher",
    "/actions/INC-4/sign-off/": "assurance",
    "/actions/INC-1/close/": "programme",
    "/plans/new/": "contributor",
    "/plans/open-plan/edit/": "contributor",
    "/audits/new/": "contributor",
    "/audits/{draft_audit}/edit/": "contributor",
    "/audits/{draft_audit}/findings/{to_find}/edit/": "contributor",
    "/audits/{audit}/findings/{gap}/action/": "contributor",
    "/audits/{audit}/findings/{gap}/link/": "contributor",
}


@pytest.fixture
def world() -> World:
    return build_world()


class Groups(HTMLParser):
    """The links to the guide on a page, by the field whose box they stand in."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.links = 0, list[dict[str, str | None]]()
        self.found: list[list[dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "div" and (self.depth or "govuk-form-group" in (values.get("class") or "").split()):
            self.depth += 1
        if self.depth and tag == "a" and "/guide/" in (values.get("href") or ""):
            self.links.append(values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self.depth:
            self.depth -= 1
            if not self.depth:
                self.found.append(self.links)
                self.links = []


def ids_of(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


@pytest.mark.parametrize("address", FORMS)
def test_every_field_of_a_form_has_one_link_to_the_part_that_explains_it(world: World, address: str) -> None:
    guide = ids_of(Client().get("/guide/").content.decode())
    page = world.clients[FORMS[address]].get(address.format(**world.paths))
    fields = list(page.context["form"].visible_fields())
    groups = Groups()
    groups.feed(page.content.decode())
    assert len(groups.found) == len(fields) > 0
    for links in groups.found:
        assert len(links) == 1
        assert re.fullmatch(r"/guide/#[a-z-]+", str(links[0]["href"]))
        assert str(links[0]["href"]).partition("#")[2] in guide
        # In a new tab, so that nothing that was typed is lost.
        assert (links[0]["target"], links[0]["rel"]) == ("_blank", "noopener")
    assert page.content.decode().count("(opens in a new tab)") == len(fields)


def test_each_part_that_a_field_leads_to_is_in_the_guide_once() -> None:
    found = ids_of(Client().get("/guide/").content.decode())
    assert len(found) == len(set(found))
    assert set(PARTS) <= set(found)


def test_the_guide_shows_a_must_a_should_and_a_could_a_measure_and_an_update_each_marked_example() -> None:
    page = Client().get("/guide/").content.decode()
    boxes = re.findall(r'<div class="portal-panel portal-guide__example".*?</div>', page, re.DOTALL)
    assert len(boxes) > 10
    assert [box for box in boxes if "portal-example" not in box] == []
    for word in ("must", "should", "could"):
        box = page.split(f'id="example-{word}"')[1].split("</div>")[0]
        assert f"portal-category--{word}" in box
        assert "The problem:" in box
    for part in ("success", "family-words"):
        assert "portal-guide__example" in page.split(f'id="{part}"')[1].split("<h3")[0]


def test_the_promise_that_the_guide_keeps_is_quoted_where_the_partnership_made_it() -> None:
    without = Client().get("/guide/").content.decode()
    assert "This guide keeps a promise." not in without
    assert "portal-quotation" not in without
    words = {"guide": "We promise a guide.", "self_audit": "We promise audits."}
    strategy = make.make_strategy(status="superseded")
    draft = make.make_strategy(status="draft")
    for part, text in words.items():
        for owner, said in ((strategy, text), (draft, f"Secret: {text}")):
            StrategyPassage.objects.create(strategy=owner, passage=make.make_passage(said), part=part)
    page = Client().get("/guide/").content.decode()
    assert page.index("We promise a guide.") < page.index('id="gaps"') < page.index("We promise audits.")
    assert "Secret" not in page


def test_the_promises_of_the_loaded_partnership_are_in_its_own_words() -> None:
    call_command("load_partnership", "lancashire", verbosity=0)
    page = Client().get("/guide/").content.decode()
    for passage in StrategyPassage.objects.filter(part__in=("guide", "self_audit")).select_related("passage"):
        assert passage.passage.text in page
    assert StrategyPassage.objects.filter(part="guide").count() == 1
    assert StrategyPassage.objects.filter(part="self_audit").count() == 2


def test_the_guide_is_linked_from_plans_an_empty_plan_my_work_and_the_foot_of_every_page() -> None:
    make.make_partnership()
    service = make.make_service()
    plan = make.make_plan(service, status="draft")
    client = Client()
    assert 'href="/guide/"' in Client().get("/help/").content.decode().split("<footer")[1]
    client.force_login(make.make_user(Role.CONTRIBUTOR, service=service))
    for address in ("/plans/", plan.get_absolute_url(), "/my-work/"):
        assert 'href="/guide/' in client.get(address).content.decode().split("<main")[1].split("</main")[0]
