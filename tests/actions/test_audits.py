"""Audits: a service looks at itself, the finding is fixed when it is finished, and a gap becomes an action (R-A14)."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from actions import operations
from actions.audit_work import work_items
from actions.models import Action, Audit, Category, Finding, GapAction, Plan, Status
from actions.operations import ChangedMeanwhile, RuleBroken
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.models import Service
from partnership.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-A14")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def team() -> SimpleNamespace:
    """A service with a published plan, its two writers, two duties, a promise and a priority."""
    make.make_partnership()
    make.make_category_definitions()
    service = make.make_service("Therapy", code="SALT")
    return SimpleNamespace(
        service=service,
        contributor=make.make_user(Role.CONTRIBUTOR, service=service),
        publisher=make.make_user(Role.PUBLISHER, service=service),
        plan=make.make_plan(service),
        duties=[
            make.make_duty("Listen to families", position=1),
            make.make_duty("Keep help under review", position=2),
        ],
        promise=make.make_commitment("We will work together"),
        priority=make.make_priority(),
    )


def begin(team: SimpleNamespace, **fields: Any) -> Audit:
    values = {"title": "Our audit", "date": today(), "duties": team.duties, "commitments": [team.promise]}
    audit = operations.begin_audit(by=team.contributor, service=team.service, **(values | fields))
    assert audit is not None
    return audit


def find(team: SimpleNamespace, finding: Finding, result: str, words: str = "We looked.", **more: Any) -> Any:
    finding.refresh_from_db()
    return operations.save_finding(
        by=team.contributor, finding=finding, version=finding.version, result=result, words=words, **more
    )


def seen(audit: Audit) -> str:
    """The note of somebody who looked at the audit a moment ago."""
    return operations.note_of_audit(Audit.objects.get(pk=audit.pk), audit.findings.all())


def finished(team: SimpleNamespace, *results: str) -> Audit:
    audit = begin(team)
    for finding, result in zip(audit.findings.all(), results, strict=True):
        find(team, finding, result)
    return operations.finish_audit(by=team.contributor, audit=audit, seen=seen(audit))


def test_an_audit_begins_with_an_empty_finding_for_each_duty_and_promise_in_their_order(
    team: SimpleNamespace,
) -> None:
    token = new_token()
    audit = begin(team, token=token)
    assert [str(row) for row in audit.findings.all()] == [
        "Listen to families",
        "Keep help under review",
        "We will work together",
    ]
    assert {row.result for row in audit.findings.all()} == {""}
    assert (audit.started_by, audit.finished_at) == (team.contributor, None)
    again = operations.begin_audit(
        by=team.contributor, service=team.service, title="Again", date=today(), token=token
    )
    assert (again, Audit.objects.count()) == (None, 1)


def test_what_an_audit_looks_at_can_change_but_nothing_that_was_written_is_dropped(
    team: SimpleNamespace,
) -> None:
    audit = begin(team)
    first, second, promise = audit.findings.all()
    find(team, second, "met")
    change = {"by": team.contributor, "audit": audit, "title": "New title", "date": today() - DAY}
    operations.edit_audit(**change, version=1, duties=[team.duties[1]])
    assert [row.pk for row in audit.findings.all()] == [second.pk]
    with pytest.raises(RuleBroken, match="Keep help under review"):
        operations.edit_audit(**change, version=2, duties=[team.duties[0]])
    assert [(row.pk, row.result) for row in audit.findings.all()] == [(second.pk, "met")]
    operations.edit_audit(**change, version=2, duties=team.duties, commitments=[team.promise])
    assert [str(row) for row in audit.findings.all()] == [str(first), str(second), str(promise)]
    assert Audit.objects.get().title == "New title"
    with pytest.raises(VersionConflict):
        operations.edit_audit(**change, version=2, duties=team.duties)


def test_a_finding_says_who_looked_and_when_and_what_it_said_before_stays(team: SimpleNamespace) -> None:
    finding = begin(team).findings.first()
    assert finding is not None
    proof = {"kind": "data", "statement": "Ten of twenty plans.", "link": "https://example.org/ten"}
    find(team, finding, "met", "All is well.", evidence=proof)
    finding.refresh_from_db()
    operations.save_finding(
        by=team.publisher, finding=finding, version=finding.version, result="part", words="Half of it is."
    )
    assert [(row.result, row.words, row.history_user) for row in finding.history.all()] == [
        ("part", "Half of it is.", team.publisher),
        ("met", "All is well.", team.contributor),
        ("", "", team.contributor),
    ]
    [evidence] = finding.evidence.all()
    assert (evidence.statement, evidence.added_by) == ("Ten of twenty plans.", team.contributor)


@pytest.mark.requirement("R-A9")
def test_two_people_at_one_finding_lose_nothing_and_a_second_click_changes_nothing(
    team: SimpleNamespace,
) -> None:
    finding = begin(team).findings.first()
    assert finding is not None
    mine = {"by": team.contributor, "finding": finding, "version": 1, "result": "met", "words": "Mine."}
    proof = {"kind": "data", "statement": "It is so.", "link": ""}
    operations.save_finding(**mine, evidence=proof)
    assert operations.save_finding(**mine, evidence=proof) is None
    assert (finding.history.count(), finding.evidence.count()) == (2, 1)
    with pytest.raises(VersionConflict) as conflict:
        operations.save_finding(by=team.publisher, finding=finding, version=1, result="part", words="Theirs.")
    assert conflict.value.current.words == "Mine."  # type: ignore[attr-defined]
    assert Finding.objects.get(pk=finding.pk).words == "Mine."


def test_an_audit_is_finished_only_when_everything_was_looked_at_and_as_it_was_seen(
    team: SimpleNamespace,
) -> None:
    audit = begin(team)
    first, second, promise = audit.findings.all()
    find(team, first, "met")
    find(team, second, "not_known", "")
    with pytest.raises(RuleBroken, match="Nobody has looked yet at: We will work together"):
        operations.finish_audit(by=team.contributor, audit=audit, seen=seen(audit))
    find(team, promise, "met")
    looked = seen(audit)
    find(team, promise, "not_met")
    with pytest.raises(ChangedMeanwhile):
        operations.finish_audit(by=team.contributor, audit=audit, seen=looked)
    assert Audit.objects.get().finished_at is None
    done = operations.finish_audit(by=team.publisher, audit=audit, seen=seen(audit))
    assert (done.finished_by, done.history.first().history_user) == (team.publisher, team.publisher)


def test_nobody_changes_a_finished_audit_and_a_new_one_corrects_it(team: SimpleNamespace) -> None:
    audit = finished(team, "not_met", "met", "met")
    gap = audit.findings.first()
    assert gap is not None
    for change in (
        lambda: find(team, gap, "met"),
        lambda: operations.edit_audit(
            by=team.publisher,
            audit=audit,
            version=audit.version,
            title="Else",
            date=today(),
            duties=team.duties,
        ),
        lambda: operations.finish_audit(by=team.publisher, audit=audit, seen=seen(audit)),
    ):
        with pytest.raises(RuleBroken, match="finished"):
            change()
    assert list(Finding.objects.gaps()) == [gap]
    new = finished(team, "met", "part", "met")
    assert [(row.audit, str(row)) for row in Finding.objects.gaps()] == [(new, "Keep help under review")]
    assert Finding.objects.get(pk=gap.pk).result == "not_met"


def test_a_gap_stays_while_no_later_audit_has_looked_at_that_duty(team: SimpleNamespace) -> None:
    """So nobody gets rid of a gap by leaving it out next time, and another service's audit has no say in it."""
    finished(team, "not_met", "met", "met")
    narrow = begin(team, duties=[team.duties[1]], commitments=[])
    find(team, narrow.findings.get(), "met")
    assert [str(row) for row in Finding.objects.gaps()] == ["Listen to families"]
    operations.finish_audit(by=team.contributor, audit=narrow, seen=seen(narrow))
    assert [str(row) for row in Finding.objects.gaps()] == ["Listen to families"]
    make.make_finding(make.make_audit(), "met", duty=team.duties[0])
    assert [str(row) for row in Finding.objects.gaps()] == ["Listen to families"]


def act(team: SimpleNamespace, finding: Finding, **fields: Any) -> Action:
    values = {"by": team.contributor, "plan": team.plan, "title": "Close it", "priority": team.priority}
    action = operations.act_on_gap(finding=finding, **(values | fields))
    assert action is not None
    return action


def without_action() -> list[str]:
    return [str(row) for row in Finding.objects.gaps().with_action() if not row.has_action]  # type: ignore[attr-defined]


def test_a_gap_becomes_a_must_do_that_meets_the_duty_and_both_know_of_each_other(
    team: SimpleNamespace,
) -> None:
    gap, unknown, _ = finished(team, "not_met", "not_known", "met").findings.all()
    token = new_token()
    action = act(team, gap, problem="What was found.", token=token)
    assert (action.category, action.duty, action.plan, action.problem) == (
        Category.MUST,
        team.duties[0],
        team.plan,
        "What was found.",
    )
    assert [link.action for link in gap.gap_actions.all()] == [action]
    assert [link.finding for link in action.came_from.all()] == [gap]
    again = operations.act_on_gap(
        by=team.contributor, finding=gap, plan=team.plan, title="X", priority=team.priority, token=token
    )
    assert (again, Action.objects.count(), GapAction.objects.count()) == (None, 1, 1)
    assert without_action() == [str(unknown)]


def test_a_broken_promise_becomes_a_should_do_that_keeps_it_unless_it_breaks_a_duty_too(
    team: SimpleNamespace,
) -> None:
    *_, promise = finished(team, "met", "met", "part").findings.all()
    should = act(team, promise)
    assert (should.category, should.duty, list(should.commitments.all())) == (
        Category.SHOULD,
        None,
        [team.promise],
    )
    must = act(team, promise, duty=team.duties[1])
    assert (must.category, must.duty, list(must.commitments.all())) == (
        Category.MUST,
        team.duties[1],
        [team.promise],
    )


def test_an_action_counts_for_a_gap_when_it_is_on_the_record_and_not_closed(team: SimpleNamespace) -> None:
    """An action in a draft may never be published, and a closed one will not go ahead: the board is told of the gap."""
    gap = finished(team, "not_met", "met", "met").findings.first()
    assert gap is not None
    draft = make.make_plan(team.service, status=Plan.Status.DRAFT)
    action = act(team, gap, plan=draft)
    assert without_action() == [str(gap)]
    Plan.objects.filter(pk=draft.pk).update(status=Plan.Status.PUBLISHED)
    assert without_action() == []
    operations.close_action(by=make.make_user(Role.PROGRAMME), action=action, reason="No money.")
    assert without_action() == [str(gap)]
    assert [link.action for link in gap.gap_actions.all()] == [action]  # closing unlinks nothing
    there = make.make_action(team.plan, status=Status.GREEN)
    for _ in range(2):
        operations.link_gap(by=team.contributor, finding=gap, action=there)
    assert (without_action(), gap.gap_actions.count()) == ([], 2)


def test_a_gap_is_acted_on_by_its_own_service_in_its_own_plans_once_the_audit_is_finished(
    team: SimpleNamespace,
) -> None:
    gap, met, _ = finished(team, "not_met", "met", "met").findings.all()
    begun = begin(team).findings.first()
    assert begun is not None
    find(team, begun, "not_met")
    other = make.make_plan()
    stranger = make.make_user(Role.PUBLISHER, service=other.service)
    for fields, why in (
        ({"finding": met}, "no gap"),
        ({"finding": begun}, "no gap"),
        ({"finding": gap, "by": stranger}, "do not write"),
        ({"finding": gap, "plan": other}, "plan of the service"),
    ):
        with pytest.raises(RuleBroken, match=why):
            act(team, **fields)
    with pytest.raises(RuleBroken, match="action of the service"):
        operations.link_gap(by=team.contributor, finding=gap, action=make.make_action(other))
    assert (Action.objects.filter(plan=team.plan).count(), GapAction.objects.count()) == (0, 0)


def test_an_audit_of_an_example_service_and_what_comes_of_it_are_examples(team: SimpleNamespace) -> None:
    Service.objects.filter(pk=team.service.pk).update(is_example=True)
    team.service.refresh_from_db()
    audit = finished(team, "not_met", "met", "met")
    gap = audit.findings.first()
    assert gap is not None
    assert (audit.is_example, act(team, gap).is_example) == (True, True)


# --- My work ------------------------------------------------------------------------------------------------------------


def listed(person: Any) -> list[tuple[str, str]]:
    return [(item.group, item.title) for item in work_items(person, today=today()) if "/audits/" in item.url]


def test_my_work_holds_an_audit_that_is_not_finished_and_gaps_without_an_action(
    team: SimpleNamespace,
) -> None:
    audit = begin(team)
    other = make.make_user(Role.PUBLISHER, service=make.make_service())
    assert listed(team.publisher) == [("Audits to finish", "Our audit")]
    for finding, result in zip(audit.findings.all(), ("not_met", "met", "part"), strict=True):
        find(team, finding, result)
    operations.finish_audit(by=team.contributor, audit=audit, seen=seen(audit))
    assert listed(team.contributor) == [
        ("Gaps without an action", "Listen to families"),
        ("Gaps without an action", "We will work together"),
    ]
    act(team, audit.findings.all()[0], plan=make.make_plan(team.service, status=Plan.Status.DRAFT))
    assert listed(team.contributor) == [("Gaps without an action", "We will work together")]
    assert listed(other) == []


def test_my_work_asks_two_questions_about_audits_however_many_there_are(
    team: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    person = team.publisher
    assert person.active_memberships
    for count in (1, 3):
        for _ in range(count):
            make.make_audit(team.service, finished=False)
            make.make_finding(make.make_audit(team.service), "not_met")
        with django_assert_num_queries(2):
            work_items(person, today=today())
    assert len(work_items(person, today=today())) == 8


# --- Pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(team: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(team.contributor)
    return client


def test_an_audit_is_gone_through_one_by_one_to_its_end(team: SimpleNamespace, browser: Client) -> None:
    form = browser.get("/audits/new/").context["form"]
    assert form.initial["duties"] == [duty.pk for duty in team.duties]
    sent = {
        "service": team.service.pk,
        "title": "Our audit",
        "date": today().isoformat(),
        "duties": [team.duties[0].pk],
        "commitments": [team.promise.pk],
        "token": new_token(),
    }
    begun = browser.post("/audits/new/", sent)
    audit = Audit.objects.get()
    assert begun.url == f"/audits/{audit.pk}/"  # type: ignore[attr-defined]
    first, promise = audit.findings.all()
    saved = browser.post(
        f"/audits/{audit.pk}/findings/{first.pk}/edit/", {"result": "part", "words": "Half.", "version": "1"}
    )
    assert saved.url == f"/audits/{audit.pk}/findings/{promise.pk}/edit/"  # type: ignore[attr-defined]
    saved = browser.post(saved.url, {"result": "not_known", "words": "Ask health.", "version": "1"})  # type: ignore[attr-defined]
    assert saved.url == f"/audits/{audit.pk}/finish/"  # type: ignore[attr-defined]
    look = browser.get(saved.url)  # type: ignore[attr-defined]
    done = browser.post(saved.url, {"seen": look.context["form"].initial["seen"]}, follow=True)  # type: ignore[attr-defined]
    page = done.content.decode()
    assert "This audit is finished." in page
    assert page.count("No action yet.") == 2
    again = browser.post(f"/audits/{audit.pk}/finish/", {"seen": ""}, follow=True)
    assert "This audit is finished already." in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"result": "met", "words": ""}, "words"),
        ({"result": "", "words": "Yes."}, "result"),
        ({"result": "met", "words": "Yes.", "evidence_link": "https://example.org/"}, "evidence_statement"),
        ({"result": "met", "words": "Yes.", "evidence_statement": "It is so."}, "evidence_kind"),
    ],
)
def test_a_finding_that_lacks_something_says_so_beside_its_field(
    team: SimpleNamespace, browser: Client, sent: dict[str, str], field: str
) -> None:
    finding = begin(team).findings.first()
    assert finding is not None
    told = browser.post(f"/audits/{finding.audit_id}/findings/{finding.pk}/edit/", sent | {"version": "1"})
    assert (told.status_code, list(told.context["form"].errors)) == (422, [field])


def test_a_day_that_has_not_come_is_no_day_of_an_audit(team: SimpleNamespace, browser: Client) -> None:
    told = browser.post("/audits/new/", {"title": "Soon", "date": (today() + DAY).isoformat()})
    assert told.context["form"].errors["date"] == ["An audit cannot tell about a day that has not come yet."]


def test_the_button_beside_a_gap_makes_a_must_do_with_what_was_found(
    team: SimpleNamespace, browser: Client
) -> None:
    gap = finished(team, "not_met", "met", "met").findings.first()
    assert gap is not None
    address = f"/audits/{gap.audit_id}/findings/{gap.pk}/action/"
    assert address in browser.get(f"/audits/{gap.audit_id}/").content.decode()
    initial = browser.get(address).context["form"].initial
    assert initial == {"title": "Listen to families", "problem": "We looked.", "plan": team.plan.pk}
    sent = initial | {"priority": team.priority.pk, "token": new_token()}
    page = browser.post(address, sent, follow=True).content.decode()
    action = Action.objects.get(plan=team.plan)
    assert f"{action.ref} is in your plan, and linked to the gap." in page
    assert "This came from the audit of Therapy" in page
    assert "Nothing was added twice." in browser.post(address, sent, follow=True).content.decode()
    assert Action.objects.filter(plan=team.plan).count() == 1
    audit = browser.get(f"/audits/{gap.audit_id}/").content.decode()
    assert f"{action.ref}: Listen to families" in audit
    assert "No action yet." not in audit


def test_families_do_not_see_where_an_action_came_from(team: SimpleNamespace, browser: Client) -> None:
    gap = finished(team, "not_met", "met", "met").findings.first()
    assert gap is not None
    action = make.make_action(team.plan, title="A public action")
    operations.link_gap(by=team.contributor, finding=gap, action=action)
    address = f"/actions/{action.ref}/"
    assert "This came from the audit of Therapy" in browser.get(address).content.decode()
    page = Client().get(address).content.decode()
    assert "A public action" in page
    assert "audit" not in page.split("<main")[1].split("</main")[0]


def test_another_service_reads_that_a_draft_answers_the_gap_but_not_the_draft(team: SimpleNamespace) -> None:
    gap = finished(team, "not_met", "met", "met").findings.first()
    assert gap is not None
    draft = make.make_plan(team.service, status=Plan.Status.DRAFT)
    act(team, gap, plan=draft, title="A secret title")
    reader = Client()
    reader.force_login(make.make_user(Role.CONTRIBUTOR, service=make.make_service()))
    page = reader.get(f"/audits/{gap.audit_id}/").content.decode()
    assert "The service has an action for this in a draft." in page
    assert "A secret title" not in page
    assert "Make it a must-do" not in page


def test_an_audit_older_than_a_year_is_called_so(team: SimpleNamespace, browser: Client) -> None:
    audit = finished(team, "met", "met", "met")
    for age, told in ((365, False), (366, True)):
        Audit.objects.filter(pk=audit.pk).update(date=today() - age * DAY)
        assert ("older than a year" in browser.get(f"/audits/{audit.pk}/").content.decode()) == told


def test_pages_of_audits_ask_the_same_number_of_questions_for_one_row_and_for_three(
    team: SimpleNamespace, browser: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add() -> None:
        audit = make.make_audit(team.service)
        make.make_finding(audit, "met")

    def add_finding() -> None:
        gap = make.make_finding(shown, "not_met")
        operations.link_gap(by=team.contributor, finding=gap, action=make.make_action(team.plan))

    def questions(address: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(address).status_code == 200
        return len(caught)

    shown = make.make_audit(team.service)
    for address, more in (("/audits/", add), (f"/audits/{shown.pk}/", add_finding)):
        more()
        questions(address)
        with_one = questions(address)
        more()
        more()
        assert questions(address) == with_one
        assert with_one <= 15
