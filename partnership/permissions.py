"""Who may do what with people, services and published words. Every answer fails closed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from .roles import GRANTED_BY_PROGRAMME, SERVICE_ROLES, STAFF_ROLES, Role

if TYPE_CHECKING:
    from .models import Service, User

AnyUser = "User | AnonymousUser"


def is_person(user: object) -> "TypeGuard[User]":
    """Whether this is a signed-in person whose account is active."""
    return bool(getattr(user, "is_authenticated", False) and getattr(user, "is_active", False))


def has_role(user: object, *roles: str) -> bool:
    """Whether the person holds any of these roles today, for anybody."""
    return is_person(user) and any(membership.role in roles for membership in user.active_memberships)


def is_staff(user: object) -> bool:
    """Whether the person holds any role inside the partnership; a family account does not."""
    return has_role(user, *STAFF_ROLES)


def covers_service(user: object, service: "Service", *roles: str) -> bool:
    """Whether one of the person's memberships in `roles` reaches this service: its own, or its sector's."""
    if not is_person(user):
        return False
    return any(
        membership.role in roles
        and (
            (membership.service_id is not None and membership.service_id == service.pk)
            or (membership.sector_id is not None and membership.sector_id == service.sector_id)
        )
        for membership in user.active_memberships
    )


def services_covered(user: object, roles: Iterable[str], *, prefix: str = "") -> Q:
    """The same rule as a filter: rows whose service (at `prefix`, such as "plan__service__") the person covers."""
    if not is_person(user):
        return Q(pk__in=[])
    wanted = [membership for membership in user.active_memberships if membership.role in tuple(roles)]
    services = {membership.service_id for membership in wanted if membership.service_id is not None}
    sectors = {membership.sector_id for membership in wanted if membership.sector_id is not None}
    if not services and not sectors:
        return Q(pk__in=[])
    return Q(**{f"{prefix}pk__in": services}) | Q(**{f"{prefix}sector_id__in": sectors})


def can_manage_people(user: object) -> bool:
    """Administrators and the programme team create services, people, memberships and invitations."""
    return has_role(user, Role.ADMINISTRATOR, Role.PROGRAMME)


def can_view_people(user: object) -> bool:
    """Those who manage people, and the auditor, who changes nothing (R-P6)."""
    return can_manage_people(user) or has_role(user, Role.AUDITOR)


def can_grant_role(user: object, role: str, *, to: object = None) -> bool:
    """Whether this person may give or end that role. Nobody changes their own memberships."""
    if not is_person(user) or (to is not None and getattr(to, "pk", None) == user.pk):
        return False
    if has_role(user, Role.ADMINISTRATOR):
        return role in Role.values
    return has_role(user, Role.PROGRAMME) and role in GRANTED_BY_PROGRAMME


def can_edit_plain_summary(user: object) -> bool:
    """The programme team writes the plain words beside a quotation; nobody edits the quotation (R-C2)."""
    return has_role(user, Role.PROGRAMME)


def can_contribute_for(user: object, service: "Service") -> bool:
    """Whether the person writes for this service, as contributor or publisher (R-A7)."""
    return covers_service(user, service, *SERVICE_ROLES)


def can_publish_for(user: object, service: "Service") -> bool:
    """Whether the person makes this service's words public (R-A7)."""
    return covers_service(user, service, Role.PUBLISHER)
