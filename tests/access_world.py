"""The people and rows that the access table speaks of."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.test import Client
from django.utils import timezone

from actions.models import Plan, Status
from foundation.codes import new_code
from partnership.calendar import today
from partnership.models import Invitation, User
from partnership.roles import Role
from tests import factories as make
from voice.models import FamilyComment, Response, ShowChange, Stage

PEOPLE = (
    "visitor",
    "family",
    "contributor",
    "other contributor",
    "publisher",
    "moderator",
    "safeguarding",
    "programme",
    "assurance",
    "board",
    "chair",
    "adviser",
    "auditor",
    "administrator",
    "deactivated",
)
"""The columns of the access table, in order. "Other" works for a service of another sector."""


@dataclass
class World:
    """One of everything, belonging to the service of "contributor" and "publisher"."""

    clients: dict[str, Client] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)


def build_world() -> World:
    """Make the rows and sign everybody in. `paths` are the words in braces of the table's addresses."""
    world = World()
    make.make_partnership()
    make.make_category_definitions()
    service = make.make_service(
        "Inclusion", code="INC", slug="inclusion", sector=make.make_sector("Education")
    )
    other = make.make_service("Therapy", code="THE", slug="therapy", sector=make.make_sector("Health"))
    roles = {
        "contributor": (Role.CONTRIBUTOR, service),
        "other contributor": (Role.CONTRIBUTOR, other),
        "publisher": (Role.PUBLISHER, service),
        "deactivated": (Role.ADMINISTRATOR, None),
    }
    for name in PEOPLE:
        client = world.clients[name] = Client()
        if name == "visitor":
            continue
        if name == "family":
            user = make.make_user()
            make.make_two_step(user)
        else:
            role, scope = roles.get(name, (name, None))
            user = make.make_user(role, service=scope)
        world.users[name] = user
        client.force_login(user)
    User.objects.filter(pk=world.users["deactivated"].pk).update(is_active=False)

    strategy = make.make_strategy("Strategy", slug="now")
    priority = make.make_priority(strategy=strategy, number=1)
    draft_strategy = make.make_strategy("Draft", slug="draft-strategy", status="draft")
    make.make_priority(strategy=draft_strategy, number=1)
    make.make_measure(slug="plans-issued")
    make.make_measure(slug="hidden-measure", is_published=False)
    make.make_source(slug="document")
    make.make_passage(ref="P1")
    plan = make.make_plan(service, slug="open-plan", strategy=strategy)
    draft = make.make_plan(service, slug="draft-plan", strategy=strategy, status=Plan.Status.DRAFT)
    action = make.make_action(plan, ref="INC-1", priority=priority)
    make.make_action(draft, ref="INC-2", priority=priority)
    make.make_action(plan, ref="INC-3", priority=priority, public=False)
    delivered = make.make_action(plan, ref="INC-4", priority=priority, status=Status.DELIVERED)
    make.make_evidence(delivered, by=world.users["contributor"])
    make.make_update(delivered, author=world.users["contributor"])
    milestone = make.make_milestone(action)
    sent = [make.make_import(plan, by=world.users["contributor"]) for _ in range(2)]
    sent.append(make.make_import(plan, by=world.users["contributor"], stage="columns", is_own=False))
    sent[2].columns.create(position=1, heading="How urgent", field="category")
    sent[2].rows.create(number=2, words=["High"])

    audit, draft_audit = make.make_audit(service), make.make_audit(service, finished=False)
    gap = make.make_finding(audit, "not_met")
    to_find = make.make_finding(draft_audit)

    unread = make.make_comment("Unread words.")
    approved = make.make_comment(stage=Stage.APPROVED, service=service, priority=priority)
    flagged = make.make_comment("Flagged words.", flagged=True)
    answered = make.make_comment(stage=Stage.ANSWERED, service=service, priority=priority)
    published = make.make_response(answered, service=service)
    draft_answer = make.make_response(approved, service=service, status=Response.Status.DRAFT)
    make.make_report(answered, year=2023)
    waiting_answer = make.make_response(approved, service=service, status=Response.Status.WAITING)
    wider = ShowChange.objects.create(
        comment=answered, before="summary", after="words", state="waiting", at=timezone.now()
    )
    FamilyComment.objects.create(user=world.users["family"], comment=answered, kept_on=today())
    someone = make.make_user(Role.BOARD)
    event = make.make_event("Coming", slug="coming", capacity=500)
    past_event = make.make_event("Past", slug="past", days=-3)
    draft_event = make.make_event("Draft", slug="draft", status="draft")
    to_cancel = make.make_event("To cancel", slug="to-cancel")
    code = new_code()
    make.make_booking(event, code=code)
    bookings = [make.make_booking(event, phone="01632 960 001", ring_about="moved_up") for _ in range(2)]
    invitation = Invitation.objects.create(
        email="invited@example.org",
        name="Invited",
        role=Role.BOARD,
        key_digest="0" * 64,
        invited_by=world.users["administrator"],
        expires_at=timezone.now() + datetime.timedelta(days=14),
    )
    world.paths = {
        "milestone": str(milestone.pk),
        "evidence_file": str(
            make.make_evidence(action, by=world.users["contributor"], file=make.pdf(), file_name="a.pdf").pk
        ),
        "import": str(sent[0].pk),
        "import_to_drop": str(sent[1].pk),
        "import_of_a_table": str(sent[2].pk),
        "action_measure": str(make.make_action_measure(action).pk),
        "audit": str(audit.pk),
        "draft_audit": str(draft_audit.pk),
        "gap": str(gap.pk),
        "gap_link": str(make.make_gap_action(gap, delivered).pk),
        "to_find": str(to_find.pk),
        "due_request": str(make.make_due_date_request(action).pk),
        "waiting": str(make.make_waiting_for(action, delivered).pk),
        "unread": str(unread.pk),
        "approved": str(approved.pk),
        "flagged": str(flagged.pk),
        "theme": str(make.make_theme("A theme", answered, unread).pk),
        "wording": str(make.make_wording().pk),
        "flag": str(flagged.flag.pk),
        "safety_word": str(make.make_safety_word().pk),
        "help_number": str(make.make_help_number().pk),
        "answer": str(published.pk),
        "draft_answer": str(draft_answer.pk),
        "waiting_answer": str(waiting_answer.pk),
        "wider": str(wider.pk),
        "kept": str(answered.pk),
        "event": str(event.pk),
        "past_event": str(past_event.pk),
        "draft_event": str(draft_event.pk),
        "event_to_cancel": str(to_cancel.pk),
        "booking_code": code,
        "booking_to_ring": str(bookings[0].pk),
        "booking_to_cancel": str(bookings[1].pk),
        "someone": str(someone.pk),
        "membership": str(someone.memberships.get().pk),
        "invitation": str(invitation.pk),
        "later": (today() + datetime.timedelta(days=365)).isoformat(),
    }
    return world
