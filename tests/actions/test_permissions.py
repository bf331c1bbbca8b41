"""Each rule is asked of every person about every row, both ways: the question and its twin give the same answer."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from actions import permissions
from actions.models import Action, Audit, DueDateRequest, Finding, Plan, PlanImport, Status, WaitingFor
from partnership.roles import SERVICE_ROLES, Role
from tests.factories import (
    make_action,
    make_audit,
    make_due_date_request,
    make_evidence,
    make_finding,
    make_import,
    make_plan,
    make_sector,
    make_service,
    make_update,
    make_user,
    make_waiting_for,
)

pytestmark = pytest.mark.django_db

PLAN_TWINS = {
    permissions.can_view_plan: Plan.objects.visible_to,
    permissions.can_edit_plan: Plan.objects.editable_by,
    permissions.can_publish_plan: Plan.objects.publishable_by,
    permissions.can_review_plan: Plan.objects.reviewable_by,
    permissions.can_finish_review: Plan.objects.review_finishable_by,
}
ACTION_TWINS = {
    permissions.can_view_action: Action.objects.visible_to,
    permissions.can_update_action: Action.objects.updatable_by,
    permissions.can_edit_action: Action.objects.editable_by,
    permissions.can_move_due: Action.objects.date_movable_by,
    permissions.can_approve_due: Action.objects.date_approvable_by,
    permissions.can_rate_impact: Action.objects.ratable_by,
    permissions.can_sign_off: Action.objects.signable_by,
    permissions.can_close_action: Action.objects.closable_by,
    permissions.can_change_in_bulk: Action.objects.changeable_by,
}
AUDIT_TWINS = {
    permissions.can_view_audit: Audit.objects.visible_to,
    permissions.can_edit_audit: Audit.objects.editable_by,
}
FINDING_TWINS = {permissions.can_act_on_gap: Finding.objects.actionable_by}
WAITING_TWINS = {
    permissions.can_view_waiting: WaitingFor.objects.visible_to,
    permissions.can_end_waiting: WaitingFor.objects.endable_by,
}
REQUEST_TWINS = {permissions.can_decide_due_request: DueDateRequest.objects.decidable_by}


@pytest.fixture
def world():
    """Two services of one sector and one of another, each with a plan and actions of every kind, and everybody."""
    education, health = make_sector("Education"), make_sector("Health")
    own, beside, far = (
        make_service(sector=education),
        make_service(sector=education, publishes_at_once=True),
        make_service(sector=health),
    )
    for service in (own, beside, far):
        for plan_status in Plan.Status:
            plan = make_plan(service, status=plan_status)
            for status, public in itertools.product(
                (Status.GREEN, Status.DELIVERED, Status.BLUE, Status.CLOSED), (True, False)
            ):
                make_action(plan, status=status, public=public)
        for finished, result in itertools.product((True, False), ("", "met", "part")):
            make_finding(make_audit(service, finished=finished), result)
    people = {role.value: make_user(role) for role in Role if role not in SERVICE_ROLES}
    for role in SERVICE_ROLES:
        people[f"{role} of own service"] = make_user(role, service=own)
        people[f"{role} of another service"] = make_user(role, service=far)
        people[f"{role} of the sector"] = make_user(role, sector=education)
        people[f"{role} of nothing"] = make_user(role)
        people[f"{role}, deactivated"] = make_user(role, service=own, is_active=False)
        people[f"{role}, ended"] = make_user()
        people[f"{role}, ended"].memberships.create(
            role=role, service=own, starts="2020-01-01", ends="2020-12-31"
        )
    people["assurance who also writes for own service"] = make_user(Role.ASSURANCE)
    people["assurance who also writes for own service"].memberships.create(
        role=Role.CONTRIBUTOR, service=own, starts="2020-01-01"
    )
    people["assurance, deactivated"] = make_user(Role.ASSURANCE, is_active=False)
    people["programme, deactivated"] = make_user(Role.PROGRAMME, is_active=False)
    people["no role"] = make_user()
    people["signed out"] = AnonymousUser()
    people["nobody"] = None
    for action in Action.objects.filter(service=own, status=Status.DELIVERED):
        make_update(action, author=people["assurance"])
    for action in Action.objects.filter(service=beside, status=Status.DELIVERED):
        make_evidence(action, by=people["assurance"])
    for number, action in enumerate(Action.objects.all()):
        make_due_date_request(action, by=people["no role"], outcome=("waiting", "refused")[number % 2])
    actions = list(Action.objects.order_by("pk"))
    for waits, on in zip(actions, [*actions[7:], *actions[:7]], strict=True):
        ended = timezone.now() if waits.pk % 3 == 0 else None
        make_waiting_for(waits, on, by=people["no role"], ended_at=ended)
    return {"own": own, "beside": beside, "far": far, "people": people}


@pytest.mark.requirement("R-A7")
def test_every_rule_and_its_twin_agree_about_every_person_and_row(world):
    plans = list(Plan.objects.select_related("service"))
    actions = list(Action.objects.select_related("plan__service", "service"))
    audits = list(Audit.objects.select_related("service"))
    findings = list(Finding.objects.select_related("audit__service"))
    asked = list(DueDateRequest.objects.select_related("action__plan__service"))
    waiting = list(WaitingFor.objects.select_related("action__plan__service", "on__plan__service"))
    everything = (
        (PLAN_TWINS, plans),
        (ACTION_TWINS, actions),
        (AUDIT_TWINS, audits),
        (FINDING_TWINS, findings),
        (REQUEST_TWINS, asked),
        (WAITING_TWINS, waiting),
    )
    for twins, rows in everything:
        for (rule, twin), (name, person) in itertools.product(twins.items(), world["people"].items()):
            asked = {row.pk for row in rows if rule(person, row)}
            assert asked == set(twin(person).values_list("pk", flat=True)), (rule.__name__, name)


IMPORT_TWINS = {
    permissions.can_view_import: PlanImport.objects.visible_to,
    permissions.can_confirm_import: PlanImport.objects.confirmable_by,
}


@pytest.mark.requirement("R-W3")
def test_a_spreadsheet_is_seen_by_its_service_and_gone_on_with_by_who_sent_it(world):
    writers = [person for name, person in world["people"].items() if name in WRITERS]
    for plan, by, stage in itertools.product(Plan.objects.all(), writers, ("ready", "done")):
        make_import(plan, by=by, stage=stage)
    sent = list(PlanImport.objects.select_related("plan__service"))
    for (rule, twin), (name, person) in itertools.product(IMPORT_TWINS.items(), world["people"].items()):
        asked = {row.pk for row in sent if rule(person, row)}
        assert asked == set(twin(person).values_list("pk", flat=True)), (rule.__name__, name)
    for name, person in world["people"].items():
        own = {world[key].pk for key in WRITERS.get(name, set())}
        wanted = {row.pk for row in sent if row.plan.service_id in own or name == Role.PROGRAMME}
        assert set(PlanImport.objects.visible_to(person).values_list("pk", flat=True)) == wanted, name
        mine = {row.pk for row in sent if row.plan.service_id in own and row.by == person}
        may = {
            row.pk
            for row in sent
            if row.pk in mine and row.stage == "ready" and row.plan.status != "archived"
        }
        assert set(PlanImport.objects.confirmable_by(person).values_list("pk", flat=True)) == may, name


WRITERS = {
    "contributor of own service": {"own"},
    "publisher of own service": {"own"},
    "contributor of another service": {"far"},
    "publisher of another service": {"far"},
    "contributor of the sector": {"own", "beside"},
    "publisher of the sector": {"own", "beside"},
    "assurance who also writes for own service": {"own"},
}


@pytest.mark.requirement("R-A7")
def test_only_those_who_write_for_a_service_write_in_its_plans(world):
    for name, person in world["people"].items():
        written = {
            plan.service
            for plan in Plan.objects.select_related("service")
            if permissions.can_edit_plan(person, plan)
        }
        assert written == {world[key] for key in WRITERS.get(name, set())}, name


@pytest.mark.requirement("R-A7")
def test_only_publishers_publish(world):
    for name, person in world["people"].items():
        found = {
            plan.service
            for plan in Plan.objects.select_related("service")
            if permissions.can_publish_plan(person, plan)
        }
        wanted = {world[key] for key in WRITERS.get(name, set())} if name.startswith("publisher") else set()
        assert found == wanted, name
        waiting = {
            plan.service
            for plan in Plan.objects.select_related("service")
            if permissions.can_publish_waiting(person, plan)
        }
        assert waiting == wanted, name


@pytest.mark.requirement("R-A7")
def test_only_publishers_archive_and_publish_the_words_of_a_published_plan(world):
    update = make_update(Action.objects.filter(service=world["own"], plan__status="published").first())
    draft_update = make_update(Action.objects.filter(service=world["own"], plan__status="draft").first())
    for name, person in world["people"].items():
        publishes = name in ("publisher of own service", "publisher of the sector")
        assert permissions.can_publish_update(person, update) == publishes, name
        assert not permissions.can_publish_update(person, draft_update), name
        for plan in Plan.objects.filter(service=world["own"]).select_related("service"):
            may = publishes and plan.status == Plan.Status.PUBLISHED
            assert permissions.can_archive_plan(person, plan) == may, (name, plan.status)


@pytest.mark.requirement("R-A7")
def test_plans_are_begun_by_those_who_write_for_the_service(world):
    services = ("own", "beside", "far")
    for name, person in world["people"].items():
        begun = {key for key in services if permissions.can_create_plan(person, world[key])}
        assert begun == WRITERS.get(name, set()), name


@pytest.mark.requirement("R-A14")
def test_audits_are_begun_by_those_who_write_for_the_service(world):
    for name, person in world["people"].items():
        begun = {key for key in ("own", "beside", "far") if permissions.can_begin_audit(person, world[key])}
        assert begun == WRITERS.get(name, set()), name


@pytest.mark.requirement("R-A14")
def test_an_audit_is_private_until_it_is_finished_and_then_read_inside_alone(world):
    done, begun = (
        Audit.objects.filter(service=world["own"], finished_at__isnull=empty).first()
        for empty in (False, True)
    )
    writers = {name for name, services in WRITERS.items() if "own" in services}
    outside = {"family", "no role", "signed out", "nobody"}
    outside |= {name for name in world["people"] if name.endswith((", deactivated", ", ended"))}
    for name, person in world["people"].items():
        assert permissions.can_view_audit(person, begun) == (name in writers | {"programme"}), name
        assert permissions.can_view_audit(person, done) == (name not in outside), name
        assert permissions.can_edit_audit(person, begun) == (name in writers), name
        assert not permissions.can_edit_audit(person, done), name


@pytest.mark.requirement("R-A7")
def test_a_contributor_changes_what_is_hidden_and_a_publisher_what_families_read(world):
    plan = Plan.objects.get(service=world["own"], status=Plan.Status.PUBLISHED)
    public = plan.actions.get(status=Status.GREEN, published_at__isnull=False)
    hidden = plan.actions.get(status=Status.GREEN, published_at__isnull=True)
    contributor, publisher = (world["people"][f"{role} of own service"] for role in SERVICE_ROLES)
    assert permissions.can_edit_action(contributor, hidden)
    assert not permissions.can_edit_action(contributor, public)
    assert permissions.can_update_action(contributor, public)
    assert permissions.can_edit_action(publisher, public)
    at_once = Action.objects.get(
        service=world["beside"], status=Status.GREEN, published_at__isnull=False, plan__status="published"
    )
    assert permissions.can_edit_action(world["people"]["contributor of the sector"], at_once)


@pytest.mark.requirement("R-A4")
def test_sign_off_is_for_assurance_that_had_no_part_in_the_action(world):
    delivered = Action.objects.filter(status=Status.DELIVERED, plan__status=Plan.Status.PUBLISHED)
    assurance = world["people"]["assurance"]
    signed = {action.service for action in delivered if permissions.can_sign_off(assurance, action)}
    assert signed == {world["far"]}, "own: wrote an update; beside: added evidence"
    double = world["people"]["assurance who also writes for own service"]
    signed = {action.service for action in delivered if permissions.can_sign_off(double, action)}
    assert signed == {world["beside"], world["far"]}
    others = [person for name, person in world["people"].items() if not name.startswith("assurance")]
    assert not any(permissions.can_sign_off(person, action) for person in others for action in delivered)


def test_whoever_began_an_action_does_not_judge_it():
    assurance = make_user(Role.ASSURANCE)
    theirs = make_action(status=Status.DELIVERED, created_by=assurance)
    other = make_action(status=Status.DELIVERED)
    assert not permissions.can_sign_off(assurance, theirs)
    assert permissions.can_sign_off(assurance, other)


def test_signing_off_is_not_a_part_in_the_action():
    assurance = make_user(Role.ASSURANCE)
    action = make_action(status=Status.BLUE)
    make_update(action, author=assurance, status=Status.BLUE)
    assert permissions.can_rate_impact(assurance, action)
    assert list(Action.objects.ratable_by(assurance)) == [action]


def test_updates_are_read_inside_at_once_and_outside_when_they_are_published(world):
    action = Action.objects.filter(service=world["far"], status=Status.GREEN).first()
    waiting = make_update(action, public=False)
    public = make_update(action)
    outside = {
        "family",
        "no role",
        "signed out",
        "nobody",
        "assurance, deactivated",
        "programme, deactivated",
    }
    for role in SERVICE_ROLES:
        outside |= {f"{role}, deactivated", f"{role}, ended"}
    for name, person in world["people"].items():
        seen = set(action.updates.visible_to(person))
        assert seen == ({public} if name in outside else {public, waiting}), name


def test_visitors_see_public_actions_of_published_and_archived_plans_alone(world):
    seen = Action.objects.visible_to(AnonymousUser())
    assert {action.plan.status for action in seen} == {Plan.Status.PUBLISHED, Plan.Status.ARCHIVED}
    assert {action.published_at is None for action in seen} == {False}
    family = Action.objects.visible_to(world["people"]["family"])
    assert set(family) == set(seen)
