"""Somebody opens a form of what is there, changes nothing and saves: nothing of it is changed or lost.

The form is filled in as a browser fills it in: with what the page says stands in each field.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from actions.models import Finding, Milestone
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make
from voice.easy_words import mark_of
from voice.models import Response, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.requirement("R-A9")]
DAY = datetime.timedelta(days=1)
OF_EVERY_SAVE = {"version", "updated_at", "by_id", "at"}
"""That somebody saved, not what."""


class Forms(HTMLParser):
    """The forms of a page that send something, each with the values a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._form: dict[str, list[str]] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = {}
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "textarea":
            self._area = name
            self._form[name] = [""]
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given:
            self._add(self._select, given.get("value"))
        if tag == "input" and name and given.get("type") not in ("file", "submit", "button"):
            ticked = given.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in given:
                self._add(name, given.get("value", "on" if ticked else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form[self._area][-1] += data

    def _add(self, name: str, value: str | None) -> None:
        assert self._form is not None
        self._form.setdefault(name, []).append(value or "")


class Opened(NamedTuple):
    """A page with a form, who opens it, what it changes, and a field by which the form is known."""

    address: str
    role: str
    row: models.Model
    field: str


def an_action() -> Opened:
    action = make.make_action(
        category=1,
        problem="People wait.",
        doing="We ask for more people.",
        difference="They wait less.",
        impact_question="identified",
        resources="Two people.",
        lead_role="Lead",
        accountable_role="Head",
        planned_start=today(),
        due=today() + 30 * DAY,
        duty=make.make_duty(),
    )
    action.also_serves.add(make.make_priority())
    action.commitments.add(make.make_commitment())
    action.partners.add(make.make_service())
    return Opened(f"{action.get_absolute_url()}edit/", Role.PUBLISHER, action, "title")


def a_milestone() -> Opened:
    step = make.make_milestone(make.make_action(), due=today() + DAY)
    return Opened(
        f"{step.action.get_absolute_url()}milestones/{step.pk}/edit/", Role.PUBLISHER, step, "title"
    )


def a_plan() -> Opened:
    plan = make.make_plan(next_review=today() + 90 * DAY)
    return Opened(f"{plan.get_absolute_url()}edit/", Role.PUBLISHER, plan, "title")


def an_audit() -> Opened:
    audit = make.make_audit(finished=False, scope="The duties.")
    make.make_finding(audit)
    return Opened(f"/audits/{audit.pk}/edit/", Role.PUBLISHER, audit, "title")


def a_finding() -> Opened:
    finding = make.make_finding(make.make_audit(finished=False), "part", commitment=make.make_commitment())
    return Opened(
        f"/audits/{finding.audit_id}/findings/{finding.pk}/edit/", Role.PUBLISHER, finding, "result"
    )


def a_service() -> Opened:
    service = make.make_service(code="HLP", started=today() - 800 * DAY)
    return Opened(f"/partnership/services/{service.slug}/edit/", Role.PROGRAMME, service, "name")


def a_promise() -> Opened:
    return an_answer(progress="will_do", do_by=today() + 20 * DAY, progress_on=None)


def a_published_answer() -> Opened:
    opened = an_answer(status=Response.Status.PUBLISHED)
    assert isinstance(opened.row, Response)
    opened.row.easy_of = mark_of(opened.row)
    opened.row.save()
    return opened


def a_no() -> Opened:
    return an_answer(kind=Response.Kind.WE_CANNOT, progress="", progress_on=None, difference="")


def an_answer(**fields: Any) -> Opened:
    service = make.make_service()
    comments = [make.make_comment(stage=Stage.APPROVED, service=service) for _ in range(2)]
    action = make.make_action(make.make_plan(service))
    words = {
        "no_action_reason": "Part of it is in no plan.",
        "easy_said": "You wait.",
        "easy_did": "You wait less.",
    }
    fields = {"status": Response.Status.DRAFT} | words | fields
    answer = make.make_response(*comments, actions=(action,), **fields)
    answer.milestones.add(make.make_milestone(action))
    return Opened(f"/voice/answers/{answer.pk}/edit/", Role.PUBLISHER, answer, "you_said")


def an_event() -> Opened:
    starts = timezone.now().replace(second=0, microsecond=0) + 10 * DAY
    about = {"access_notes": "A ramp.", "audience": "parent-carers", "online_link": "https://example.org/"}
    times = {"starts_at": starts, "ends_at": starts + DAY / 12}
    event = make.make_event("An afternoon", capacity=12, step_free=True, **about, **times)
    return Opened(f"/voice/events/{event.pk}/edit/", Role.PROGRAMME, event, "title")


def a_theme() -> Opened:
    theme = make.make_theme("Waiting")
    return Opened(f"/voice/inbox/themes/{theme.pk}/", Role.MODERATOR, theme, "name")


def a_wording() -> Opened:
    wording = make.make_wording("Waits", "Somebody waits too long.")
    return Opened(f"/voice/inbox/wordings/{wording.pk}/", Role.MODERATOR, wording, "text")


def values(row: models.Model) -> dict[str, Any]:
    """Everything that stands in the row and is tied to it."""
    row = type(row)._base_manager.get(pk=row.pk)
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    tied = {
        field.name: sorted(one.pk for one in getattr(row, field.name).all())
        for field in row._meta.many_to_many
    }
    return {name: value for name, value in (found | tied).items() if name not in OF_EVERY_SAVE}


def sign_in(opened: Opened) -> Client:
    service = getattr(opened.row, "service", None)
    if isinstance(opened.row, Milestone):
        service = opened.row.action.plan.service
    if isinstance(opened.row, Finding):
        service = opened.row.audit.service
    own = opened.role in (Role.PUBLISHER, Role.CONTRIBUTOR)
    browser = Client()
    browser.force_login(make.make_user(opened.role, service=service if own else None))
    return browser


ALL: list[Callable[[], Opened]] = [
    an_action,
    a_milestone,
    a_plan,
    an_audit,
    a_finding,
    a_service,
    an_answer,
    a_promise,
    a_no,
    a_published_answer,
    an_event,
    a_theme,
    a_wording,
]


@pytest.mark.parametrize("make_one", ALL)
def test_a_form_that_is_opened_and_saved_loses_nothing(make_one: Callable[[], Opened]) -> None:
    make.make_partnership()
    opened = make_one()
    browser, before = sign_in(opened), values(opened.row)
    page = browser.get(opened.address)
    assert page.status_code == 200
    reader = Forms()
    reader.feed(page.content.decode())
    [form] = [one for one in reader.forms if opened.field in one]
    saved = browser.post(opened.address, form)
    assert saved.status_code == 302, saved.context["form"].errors
    assert values(opened.row) == before
