"""A publisher publishes what they looked at, and nothing else: whatever changed or came meanwhile is told first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from actions import operations
from actions.models import Action, ActionUpdate, Category, Plan
from actions.operations import ChangedMeanwhile
from partnership.models import User
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A7")]
NOTHING = "Nothing was published. Something changed while you were reading"


class Office:
    """A service with a draft and a published plan, each with a complete action, and a new one in the published plan."""

    def __init__(self) -> None:
        make.make_partnership()
        service = make.make_service(code="SALT")
        self.publisher = make.make_user(Role.PUBLISHER, service=service)
        self.contributor = make.make_user(Role.CONTRIBUTOR, service=service)
        self.priority = make.make_priority()
        self.draft = make.make_plan(service, status=Plan.Status.DRAFT)
        self.plan = make.make_plan(service)
        self.drafted = make.make_action(self.draft, title="As it was")
        self.new = make.make_action(self.plan, public=False, title="As it was")
        self.step = make.make_milestone(self.drafted)
        self.link = make.make_action_measure(self.drafted)
        self.words = make.make_update(make.make_action(self.plan), public=False, public_words="One.")
        self.page = f"/plans/{self.draft.slug}/publish/"
        self.waiting = f"/plans/{self.plan.slug}/waiting/"
        self.browser = Client()
        self.browser.force_login(self.publisher)

    def seen(self, page: str) -> str:
        """The note that the page carries."""
        found = re.search(r'name="seen" value="([^"]*)"', self.browser.get(page).content.decode())
        assert found is not None
        return found[1]


@pytest.fixture
def office() -> Office:
    return Office()


def edit(office: Office, action: Action) -> None:
    operations.edit_action(by=office.contributor, action=action, version=1, title="Changed meanwhile")


def add(office: Office, plan: Plan) -> None:
    operations.add_action(
        by=office.contributor, plan=plan, title="Came meanwhile", category=3, priority=office.priority
    )


def change_plan(office: Office) -> None:
    plan = office.draft
    values = {"title": "Another title", "strategy": plan.strategy, "starts": plan.starts, "ends": plan.ends}
    operations.edit_plan(by=office.contributor, plan=plan, version=1, **values)  # type: ignore[arg-type]


def add_step(office: Office) -> None:
    operations.add_milestone(by=office.contributor, action=office.drafted, title="Another step")


def change_step(office: Office) -> None:
    operations.edit_milestone(by=office.contributor, milestone=office.step, title="Other words")


def change_measure(office: Office) -> None:
    measure = office.link.measure
    operations.link_measure(
        by=office.contributor, action=office.drafted, measure=measure, success_looks_like="Better"
    )


def take_measure_off(office: Office) -> None:
    operations.unlink_measure(by=office.contributor, action=office.drafted, link=office.link)


def update(office: Office) -> None:
    operations.add_update(
        by=office.contributor, action=office.drafted, narrative="n", public_words="Came meanwhile"
    )


MEANWHILE: dict[str, tuple[Callable[[Office], None], str]] = {
    "an action changed": (
        lambda office: edit(office, office.drafted),
        "{ref}: Changed meanwhile was changed.",
    ),
    "an action came": (lambda office: add(office, office.draft), "SALT-1: Came meanwhile is new."),
    "a step came": (add_step, "{ref}: As it was was changed."),
    "a step changed": (change_step, "{ref}: As it was was changed."),
    "a measure changed": (change_measure, "{ref}: As it was was changed."),
    "a measure went": (take_measure_off, "{ref}: As it was was changed."),
    "words came": (update, "{ref}: As it was has a new update."),
    "the plan changed": (change_plan, "The title, dates or strategy of the plan were changed."),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_a_plan_that_changed_while_it_was_read_stays_a_draft_and_the_page_says_what(
    office: Office, what: str
) -> None:
    change, sentence = MEANWHILE[what]
    seen = office.seen(office.page)
    change(office)
    told = office.browser.post(office.page, {"seen": seen})
    office.draft.refresh_from_db()
    assert (told.status_code, office.draft.status) == (409, Plan.Status.DRAFT)
    assert told.context["faults"] == [sentence.format(ref=office.drafted.ref)]
    assert NOTHING in told.content.decode()
    assert not Action.objects.filter(plan=office.draft, published_at__isnull=False).exists()
    assert not ActionUpdate.objects.filter(action__plan=office.draft, published_at__isnull=False).exists()
    if what == "an action came":
        return  # it lacks what a plan needs; its own page says so
    again = re.search(r'name="seen" value="([^"]*)"', told.content.decode())
    assert again is not None
    assert office.browser.post(office.page, {"seen": again[1]}).status_code == 302


def test_a_plan_goes_out_with_what_was_seen(office: Office) -> None:
    update(office)
    seen = office.seen(office.page)
    # What families do not read of a plan is no reason to look again.
    operations.add_evidence(by=office.contributor, action=office.drafted, kind="data", statement="It is so.")
    assert office.browser.post(office.page, {"seen": seen}).status_code == 302
    office.draft.refresh_from_db()
    assert office.draft.status == Plan.Status.PUBLISHED


@pytest.mark.parametrize("note", [None, "", "x", "p1", "a1:", "9" * 25, "\x00", "p1 " * 40_000])
def test_a_missing_or_forged_note_publishes_nothing(office: Office, note: str | None) -> None:
    told = office.browser.post(office.page, {} if note is None else {"seen": note})
    waits = {"actions": [office.new.pk], "updates": [office.words.pk]}
    also = office.browser.post(office.waiting, waits if note is None else waits | {"seen": note})
    assert (told.status_code, also.status_code) == (409, 409)
    office.draft.refresh_from_db()
    office.new.refresh_from_db()
    office.words.refresh_from_db()
    assert (office.draft.status, office.new.published_at, office.words.published_at) == ("draft", None, None)


def test_a_waiting_action_that_changed_is_told_and_the_ticks_stay(office: Office) -> None:
    seen = office.seen(office.waiting)
    edit(office, office.new)
    ticked = {"actions": [office.new.pk], "updates": [office.words.pk], "seen": seen}
    told = office.browser.post(office.waiting, ticked)
    html = told.content.decode()
    office.words.refresh_from_db()
    assert (told.status_code, office.words.published_at) == (409, None)
    assert told.context["faults"] == [f"{office.new.ref}: Changed meanwhile was changed."]
    assert NOTHING in html
    for box in (f"action-{office.new.pk}", f"update-{office.words.pk}"):
        assert f'id="{box}" checked' in html
    again = re.search(r'name="seen" value="([^"]*)"', html)
    assert again is not None
    assert office.browser.post(office.waiting, ticked | {"seen": again[1]}).status_code == 302
    office.new.refresh_from_db()
    assert office.new.published_by == office.publisher


def test_an_update_that_came_meanwhile_waits_and_does_not_stop_the_others(office: Office) -> None:
    seen = office.seen(office.waiting)
    came = make.make_update(office.new, public=False, public_words="Unread.")
    sent = {"actions": [office.new.pk], "seen": seen}
    assert office.browser.post(office.waiting, sent).status_code == 302
    came.refresh_from_db()
    office.new.refresh_from_db()
    assert (office.new.published_by, came.published_at) == (office.publisher, None)
    # Ticked by hand, it is still something that the page never showed.
    told = office.browser.post(office.waiting, {"updates": [came.pk], "seen": seen})
    came.refresh_from_db()
    assert (told.status_code, came.published_at) == (409, None)


def test_what_somebody_else_published_meanwhile_is_no_conflict(office: Office) -> None:
    sent = {"actions": [office.new.pk], "updates": [office.words.pk], "seen": office.seen(office.waiting)}
    assert office.browser.post(office.waiting, sent).status_code == 302
    again = office.browser.post(office.waiting, sent, follow=True)
    assert "These were public already." in again.content.decode()


def test_who_wrote_in_a_draft_while_it_went_out_is_asked_again(office: Office) -> None:
    note = operations.note_of([office.drafted], plan=office.draft)
    operations.publish_plan(by=office.publisher, plan=office.draft, seen=note)
    with pytest.raises(operations_conflict()):
        edit(office, office.drafted)


def operations_conflict() -> type[Exception]:
    from foundation.versions import VersionConflict

    return VersionConflict


# --- at the same time, each with a connection of its own


def complete(office: Office, number: int) -> Any:
    words = {"problem": "p", "doing": "d", "difference": "d", "lead_role": "Head", "due": office.draft.ends}
    return operations.add_action(
        by=office.contributor,
        plan=office.draft,
        title=f"Came {number}",
        category=Category.COULD,
        priority=office.priority,
        **words,
    )


def changed(office: Office, number: int) -> Any:
    return operations.edit_action(
        by=office.contributor, action=office.drafted, version=1, title=f"Title {number}"
    )


def stepped(office: Office, number: int) -> Any:
    return operations.edit_milestone(by=office.contributor, milestone=office.step, title=f"Step {number}")


def measured(office: Office, number: int) -> Any:
    return operations.link_measure(
        by=office.contributor,
        action=office.drafted,
        measure=office.link.measure,
        success_looks_like=str(number),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [complete, changed, stepped, measured])
def test_writing_and_publishing_at_once_never_puts_out_what_was_not_seen(
    together: Callable[..., list[Any]], change: Callable[[Office, int], Any]
) -> None:
    office = Office()
    note = operations.note_of([office.drafted], plan=office.draft)

    def publish() -> Any:
        return operations.publish_plan(
            by=User.objects.get(pk=office.publisher.pk), plan=office.draft, seen=note
        )

    results = together(publish, *[lambda number=number: change(office, number) for number in range(3)])

    def outcome() -> tuple[str, set[str], str, list[str]]:
        plan = Plan.objects.get(pk=office.draft.pk)
        public = {row.title for row in plan.actions.filter(published_at__isnull=False)}
        step = office.drafted.milestones.get().title
        return (
            plan.status,
            public,
            step,
            [link.success_looks_like for link in office.drafted.success_measures.all()],
        )

    [found] = together(outcome)
    status, public, step, measures = found
    if isinstance(results[0], ChangedMeanwhile):
        assert (status, public) == ("draft", set()), results
    else:
        # Published as seen: whoever wrote came too late, and was told or waits for a publisher.
        assert (status, public, step, measures) == ("published", {"As it was"}, "A step on the way", [""]), (
            results
        )
