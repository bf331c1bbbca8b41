"""Small makers of rows for tests. Each makes one thing, with sensible words for whatever the test does not say.

A test names what it is about and leaves the rest: `make_action(due=yesterday, status=Status.GREEN)`. Nothing here goes
through an operation, so a test of an operation starts from rows that the operation did not make.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.utils import timezone

from actions.models import (
    Action,
    ActionMeasure,
    ActionUpdate,
    Category,
    Evidence,
    Milestone,
    Plan,
    Status,
    StatutoryDuty,
)
from partnership.calendar import today
from partnership.models import (
    Membership,
    Organisation,
    Partnership,
    Passage,
    Sector,
    Service,
    SourceDocument,
    User,
)
from partnership.roles import STAFF_ROLES, Role
from priorities.models import CategoryDefinition, Measure, Priority, Strategy

_numbers = itertools.count(1)


def _next() -> int:
    return next(_numbers)


# --- Who we are ---------------------------------------------------------------------------------------------------------


def make_partnership(**fields: Any) -> Partnership:
    """Make the one row of the partnership's own settings, or change it."""
    values = {
        "name": "Borchester SEND Partnership",
        "short_name": "Borchester SEND",
        "area_name": "Borchester",
    }
    return Partnership.objects.update_or_create(pk=1, defaults=values | fields)[0]


def make_sector(name: str = "", **fields: Any) -> Sector:
    number = _next()
    return Sector.objects.create(
        **{"slug": f"sector-{number}", "name": name or f"Sector {number}", "position": number} | fields
    )


def make_organisation(name: str = "", **fields: Any) -> Organisation:
    number = _next()
    return Organisation.objects.create(
        **{"slug": f"organisation-{number}", "name": name or f"Organisation {number}"} | fields
    )


def make_service(name: str = "", *, sector: Sector | None = None, **fields: Any) -> Service:
    """Make a service. `code` is the first part of its actions' references."""
    number = _next()
    values = {"slug": f"service-{number}", "name": name or f"Service {number}", "code": f"S{number}"} | fields
    values["sector"] = sector or make_sector()
    values.setdefault("organisation", None)
    if values["organisation"] is None:
        values["organisation"] = make_organisation(sector=values["sector"])
    return Service.objects.create(**values)


def make_user(
    role: str | None = None,
    *,
    service: Service | None = None,
    sector: Sector | None = None,
    two_step: bool = True,
    **fields: Any,
) -> User:
    """Make a person, with one membership where a role is named.

    Staff have two-step sign-in set up, so that `client.force_login(person)` reaches staff pages; `two_step=False` leaves
    it out. The password is not usable; nothing but `force_login` signs them in.
    """
    number = _next()
    values = {"email": f"{role or 'person'}-{number}@example.org", "name": f"Person {number}"} | fields
    person = User.objects.create_user(**values)
    if role is not None:
        make_membership(person, role, service=service, sector=sector)
        if two_step and role in STAFF_ROLES:
            make_two_step(person)
    return person


def make_membership(
    user: User, role: str, *, service: Service | None = None, sector: Sector | None = None, **fields: Any
) -> Membership:
    """Give a role, for ever from a day long past unless `starts` and `ends` say otherwise."""
    values = {"starts": datetime.date(2020, 1, 1)} | fields
    made = Membership.objects.create(user=user, role=role, service=service, sector=sector, **values)
    user.__dict__.pop("active_memberships", None)
    return made


def make_two_step(user: User) -> None:
    """Set up an authenticator app for the person, so that the portal counts them as two-stepped."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "not-used-in-tests"}}
    )


# --- What we rest on ----------------------------------------------------------------------------------------------------


def make_source(title: str = "", **fields: Any) -> SourceDocument:
    number = _next()
    return SourceDocument.objects.create(
        **{"slug": f"source-{number}", "title": title or f"Document {number}"} | fields
    )


def make_passage(text: str = "", *, source: SourceDocument | None = None, **fields: Any) -> Passage:
    """Make a passage with its source."""
    number = _next()
    passage = Passage.objects.create(
        **{"ref": f"T{number}", "text": text or f"Published words {number}"} | fields
    )
    passage.sources.add(source or make_source())
    return passage


def make_strategy(title: str = "", **fields: Any) -> Strategy:
    """Make a strategy. Only one of kind "strategy" may be current at once; see `current_strategy`."""
    number = _next()
    values = {
        "slug": f"strategy-{number}",
        "title": title or f"Strategy {number}",
        "status": Strategy.Status.CURRENT,
        "starts": datetime.date(2025, 1, 1),
        "ends": datetime.date(2028, 12, 31),
    } | fields
    return Strategy.objects.create(**values)


def current_strategy() -> Strategy:
    """The current strategy, made when there is none."""
    found = Strategy.objects.filter(status=Strategy.Status.CURRENT, kind=Strategy.Kind.STRATEGY).first()
    return found or make_strategy()


def make_priority(title: str = "", *, strategy: Strategy | None = None, **fields: Any) -> Priority:
    """Make a priority of the current strategy, with the next free number."""
    strategy = strategy or current_strategy()
    values = {"number": strategy.priorities.count() + 1} | fields
    values.setdefault("ambition", None)
    if values["ambition"] is None:
        values["ambition"] = make_passage()
    return Priority.objects.create(
        strategy=strategy, title=make_passage(title or f"Priority title {_next()}"), **values
    )


def make_category_definitions() -> list[CategoryDefinition]:
    """Make the official words for must, should and could."""
    return [
        CategoryDefinition.objects.get_or_create(
            category=category.slug,
            defaults={
                "label": f"{category.label.split()[0]} dos",
                "passage": make_passage(f"The official words for {category.slug}."),
                "position": category.value,
            },
        )[0]
        for category in Category
    ]


def make_measure(name: str = "", **fields: Any) -> Measure:
    number = _next()
    values = {
        "slug": f"measure-{number}",
        "name": name or f"Measure {number}",
        "numerator": "Children counted",
        "unit": Measure.Unit.COUNT,
        "direction": Measure.Direction.UP,
    } | fields
    return Measure.objects.create(**values)


# --- What we do ---------------------------------------------------------------------------------------------------------


def make_duty(title: str = "", **fields: Any) -> StatutoryDuty:
    number = _next()
    values = {
        "slug": f"duty-{number}",
        "title": title or f"Duty {number}",
        "law": "Children and Families Act 2014, section 27",
        "summary": "What the law asks, in plain words.",
        "source": "legislation.gov.uk",
        "checked_on": datetime.date(2026, 1, 5),
    } | fields
    return StatutoryDuty.objects.create(**values)


def make_plan(service: Service | None = None, *, status: str = Plan.Status.PUBLISHED, **fields: Any) -> Plan:
    """Make a service's plan, published unless `status` says otherwise."""
    number = _next()
    values = {
        "slug": f"plan-{number}",
        "title": f"Plan {number}",
        "starts": datetime.date(2026, 1, 1),
        "ends": datetime.date(2026, 12, 31),
    } | fields
    if status != Plan.Status.DRAFT:
        values.setdefault("published_at", timezone.now())
    values.setdefault("strategy", None)
    values["strategy"] = values["strategy"] or current_strategy()
    return Plan.objects.create(service=service or make_service(), status=status, **values)


def make_action(plan: Plan | None = None, *, public: bool | None = None, **fields: Any) -> Action:
    """Make an action, complete enough to be published. It is public when its plan is, unless `public` says otherwise.

    What the public is shown (`public_status`) is the status, unless the test says otherwise.
    """
    plan = plan or make_plan()
    number = _next()
    values = {
        "ref": f"{plan.service.code}-{number}",
        "service": plan.service,
        "title": f"Action {number}",
        "problem": "What is wrong now.",
        "doing": "What we will do about it.",
        "difference": "What families will notice.",
        "category": Category.SHOULD,
        "lead_role": "Head of service",
        "due": today() + datetime.timedelta(days=90),
        "status": Status.GREEN,
    } | fields
    values.setdefault("public_status", values["status"])
    values.setdefault("priority", None)
    values["priority"] = values["priority"] or Priority.objects.filter(strategy=plan.strategy).first()
    values["priority"] = values["priority"] or make_priority(strategy=plan.strategy)
    if values["category"] == Category.MUST:
        values.setdefault("duty", None)
        values["duty"] = values["duty"] or make_duty()
    values.setdefault("original_due", values["due"])
    values.setdefault("last_heard", today())
    if public if public is not None else plan.status != Plan.Status.DRAFT:
        values.setdefault("published_at", timezone.now())
    return Action.objects.create(plan=plan, **values)


def make_update(
    action: Action, *, author: User | None = None, public: bool = True, **fields: Any
) -> ActionUpdate:
    """Add an update row as it stands; the action itself is left alone. Public unless `public` says otherwise."""
    values = {
        "at": timezone.now(),
        "status": action.status,
        "status_before": action.status,
        "narrative": "What the service told its partners.",
        "public_words": "What the service told families.",
        "next_step": "What comes next.",
    } | fields
    if public:
        values.setdefault("published_at", values["at"])
    author = author or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return ActionUpdate.objects.create(action=action, author=author, **values)


def make_evidence(action: Action, *, by: User | None = None, **fields: Any) -> Evidence:
    values = {
        "kind": Evidence.Kind.DATA,
        "statement": "What it shows.",
        "link": "https://example.org/evidence",
        "added_at": timezone.now(),
    } | fields
    by = by or make_user(Role.CONTRIBUTOR, service=action.plan.service)
    return Evidence.objects.create(action=action, added_by=by, **values)


def make_milestone(action: Action, title: str = "A step on the way", **fields: Any) -> Milestone:
    return Milestone.objects.create(action=action, title=title, **fields)


def make_action_measure(action: Action, measure: Measure | None = None, **fields: Any) -> ActionMeasure:
    return ActionMeasure.objects.create(action=action, measure=measure or make_measure(), **fields)
