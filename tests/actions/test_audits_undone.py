"""What was done in an audit by mistake is undone, and nobody's work is lost by it unseen (R-A14)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from actions import operations
from actions.models import Audit, Finding, GapAction, Plan
from actions.operations import RuleBroken
from foundation.versions import VersionConflict
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A14")]


@pytest.fixture
def team() -> SimpleNamespace:
    """A service with a writer, a published plan with two actions, and a finished audit with one gap."""
    make.make_partnership()
    service = make.make_service("Therapy", code="SALT")
    plan = make.make_plan(service)
    contributor = make.make_user(Role.CONTRIBUTOR, service=service, name="Ann Example")
    audit = make.make_audit(service, by=contributor)
    return SimpleNamespace(
        service=service,
        plan=plan,
        contributor=contributor,
        publisher=make.make_user(Role.PUBLISHER, service=service),
        audit=audit,
        gap=make.make_finding(audit, "not_met", duty=make.make_duty("Listen to families")),
        right=make.make_action(plan, title="The right one"),
        wrong=make.make_action(plan, title="The wrong one"),
    )


def browser_of(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def linked(team: SimpleNamespace) -> GapAction:
    return operations.link_gap(by=team.contributor, finding=team.gap, action=team.wrong)


def version(team: SimpleNamespace) -> int:
    return Finding.objects.get(pk=team.gap.pk).version


def acted_on(team: SimpleNamespace) -> bool:
    return Finding.objects.with_action().get(pk=team.gap.pk).has_action  # type: ignore[attr-defined, no-any-return]


# --- A link that was taken off -------------------------------------------------------------------------------------------


def test_a_link_taken_off_leaves_the_gap_without_an_action_and_stays_in_the_past(
    team: SimpleNamespace,
) -> None:
    link = linked(team)
    assert acted_on(team)
    operations.unlink_gap(by=team.publisher, link=link, version=version(team))
    assert not acted_on(team)
    link.refresh_from_db()
    assert (link.linked_by, link.ended_by, link.ended_at is None) == (team.contributor, team.publisher, False)
    people = team.gap.history.order_by("history_id").values_list("history_user", "version")
    assert list(people)[1:] == [(team.contributor.pk, 2), (team.publisher.pk, 3)]
    # Once more changes nothing, and the same action can be linked again.
    assert operations.unlink_gap(by=team.contributor, link=link, version=version(team)) is None
    again = linked(team)
    assert (again.pk != link.pk, acted_on(team), GapAction.objects.count()) == (True, True, 2)


def test_a_link_is_not_taken_off_by_somebody_who_did_not_see_what_changed(team: SimpleNamespace) -> None:
    link, seen = linked(team), version(team)
    operations.link_gap(by=team.publisher, finding=team.gap, action=team.right)
    with pytest.raises(VersionConflict):
        operations.unlink_gap(by=team.contributor, link=link, version=seen)
    assert GapAction.objects.open().count() == 2
    told = browser_of(team.contributor).post(
        reverse("actions:gap_unlink", args=[team.audit.pk, team.gap.pk, link.pk]),
        {"version": seen},
        follow=True,
    )
    assert "Nothing was taken off" in told.content.decode()
    assert GapAction.objects.open().count() == 2


def test_only_those_who_may_link_take_a_link_off(team: SimpleNamespace) -> None:
    link = linked(team)
    stranger = make.make_user(Role.PUBLISHER, service=make.make_service())
    with pytest.raises(RuleBroken, match="do not write"):
        operations.unlink_gap(by=stranger, link=link, version=version(team))
    address = reverse("actions:gap_unlink", args=[team.audit.pk, team.gap.pk, link.pk])
    assert browser_of(stranger).post(address, {"version": version(team)}).status_code == 403
    assert address not in browser_of(stranger).get(team.audit.get_absolute_url()).content.decode()
    assert acted_on(team)


def test_the_button_beside_the_action_takes_it_off_and_the_audit_and_the_board_say_so(
    team: SimpleNamespace,
) -> None:
    link, browser = linked(team), browser_of(team.contributor)
    page = browser.get(team.audit.get_absolute_url()).content.decode()
    address = reverse("actions:gap_unlink", args=[team.audit.pk, team.gap.pk, link.pk])
    assert (address in page, "Linked before" in page) == (True, False)
    assert browser.get(address).status_code == 405
    sent = {"version": version(team)}
    page = browser.post(address, sent, follow=True).content.decode()
    assert f"{team.wrong.ref} is not linked to this gap any more." in page
    assert "Linked before" in page
    assert "Ann Example took the link off" in page
    assert "No action yet." in page
    assert address not in page
    assert "Nothing was added twice." in browser.post(address, sent, follow=True).content.decode()
    assert "This came from the audit" not in browser.get(team.wrong.get_absolute_url()).content.decode()
    board = browser_of(make.make_user(Role.BOARD))
    gaps = board.get("/board/gaps/").content.decode()
    assert "<strong>No action.</strong>" in gaps
    assert "The wrong one" not in gaps


def test_a_past_link_to_a_draft_stays_hidden_from_those_who_may_not_see_it(team: SimpleNamespace) -> None:
    link = linked(team)
    operations.unlink_gap(by=team.contributor, link=link, version=version(team))
    Plan.objects.filter(pk=team.plan.pk).update(status=Plan.Status.DRAFT)
    for person, sees in ((team.contributor, True), (make.make_user(Role.BOARD), False)):
        page = browser_of(person).get(team.audit.get_absolute_url()).content.decode()
        assert ("Linked before" in page) is sees


# --- An audit that was thrown away ---------------------------------------------------------------------------------------


@pytest.fixture
def begun(team: SimpleNamespace) -> Audit:
    """An audit that is not finished, with one finding that the contributor wrote, on evidence."""
    audit = make.make_audit(team.service, by=team.contributor, finished=False, title="Begun by mistake")
    finding = make.make_finding(audit, duty=make.make_duty("Keep help under review"))
    make.make_finding(audit)
    operations.save_finding(
        by=team.contributor,
        finding=finding,
        version=1,
        result="part",
        words="We looked at ten plans.",
        evidence={"kind": "data", "statement": "Our count", "link": ""},
    )
    return audit


def note(audit: Audit) -> str:
    return operations.note_of_audit(Audit.objects.get(pk=audit.pk), audit.findings.all())


def test_the_page_says_what_is_lost_and_throws_it_away_at_a_press(
    team: SimpleNamespace, begun: Audit
) -> None:
    browser, address = browser_of(team.publisher), reverse("actions:audit_drop", args=[begun.pk])
    assert address in browser.get(begun.get_absolute_url()).content.decode()
    look = browser.get(address)
    text = look.content.decode()
    for words in (
        "1 finding is lost, with 1 piece of evidence.",
        "Keep help under review",
        "We looked at ten plans.",
        "Ann Example",
    ):
        assert words in text
    assert Audit.objects.filter(pk=begun.pk).exists()  # looking throws nothing away
    sent = {"seen": look.context["form"].initial["seen"]}
    done = browser.post(address, sent, follow=True)
    assert "The audit “Begun by mistake” is thrown away." in done.content.decode()
    assert [row.pk for row in Audit.objects.all()] == [team.audit.pk]
    assert [row.pk for row in Finding.objects.all()] == [team.gap.pk]
    gone = operations.thrown_away(begun.pk)
    assert (gone.title, gone.history_user) == ("Begun by mistake", team.publisher)
    again = browser.post(address, sent, follow=True)
    assert "This audit was thrown away already." in again.content.decode()
    assert browser.get(address).status_code == 404


def test_words_that_nobody_read_are_not_thrown_away(team: SimpleNamespace, begun: Audit) -> None:
    """Somebody writes between the look and the press."""
    browser, address = browser_of(team.publisher), reverse("actions:audit_drop", args=[begun.pk])
    seen = browser.get(address).context["form"].initial["seen"]
    last = begun.findings.get(result="")
    operations.save_finding(by=team.contributor, finding=last, version=1, result="met", words="Only now.")
    told = browser.post(address, {"seen": seen})
    assert told.status_code == 409
    text = told.content.decode()
    assert "It was not thrown away" in text
    assert "Only now." in text
    assert begun.findings.count() == 2
    browser.post(address, {"seen": told.context["form"].initial["seen"]})
    assert not Audit.objects.filter(pk=begun.pk).exists()


def test_a_finished_audit_cannot_be_thrown_away(team: SimpleNamespace) -> None:
    with pytest.raises(RuleBroken, match="finished"):
        operations.drop_audit(by=team.publisher, audit=team.audit, seen=note(team.audit))
    browser, address = browser_of(team.publisher), reverse("actions:audit_drop", args=[team.audit.pk])
    assert address not in browser.get(team.audit.get_absolute_url()).content.decode()
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"seen": note(team.audit)}).status_code == 403
    assert Audit.objects.filter(pk=team.audit.pk).exists()


def test_only_those_who_write_for_the_service_throw_its_audit_away(begun: Audit) -> None:
    for person in (
        make.make_user(Role.PROGRAMME),
        make.make_user(Role.PUBLISHER, service=make.make_service()),
    ):
        with pytest.raises(RuleBroken, match="do not write"):
            operations.drop_audit(by=person, audit=begun, seen=note(begun))
    assert begun.findings.count() == 2


def test_what_is_written_into_an_audit_in_the_moment_it_goes_is_refused_with_a_reason(
    team: SimpleNamespace, begun: Audit
) -> None:
    """The page was asked for before the audit went, and saves after it."""
    finding = begun.findings.get(result="")
    assert operations.drop_audit(by=team.publisher, audit=begun, seen=note(begun))
    with pytest.raises(RuleBroken, match="thrown away while you were writing"):
        operations.save_finding(by=team.contributor, finding=finding, version=1, result="met", words="Now.")
    assert operations.drop_audit(by=team.publisher, audit=begun, seen="") is False
