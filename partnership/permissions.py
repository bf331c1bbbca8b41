"""Who may do what with people, services and published words. Every answer fails closed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeGuard

from django.conf import settings
from django.db.models import Q

from .roles import GRANTED_BY_PROGRAMME, SERVICE_ROLES, STAFF_ROLES, Role

if TYPE_CHECKING:
    from .models import Invitation, Membership, Sector, Service, User

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


def has_two_step(user: object) -> bool:
    """Whether an authenticator app or a passkey is set up (R-P5).

    Made-up people count as if they had, but only while the demo switch is on.
    """
    if not is_person(user):
        return False
    if user.is_example and settings.PORTAL_DEMO:
        return True
    return any(membership.two_step for membership in user.active_memberships)


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


def can_view_person(user: object, person: "User") -> bool:
    """Whether this person's page may be opened; the twin of `User.objects.visible_to` (R-P5)."""
    if has_role(user, Role.ADMINISTRATOR):
        return True
    return can_view_people(user) and any(held.role in STAFF_ROLES for held in person.memberships.all())


def can_edit_person(user: object, person: "User") -> bool:
    """Whether name and job title may be changed: by those who manage people, for anybody they may see."""
    return can_manage_people(user) and can_view_person(user, person)


def can_close_account(user: object, person: "User") -> bool:
    """Whether the account may be closed or opened again: by an administrator, never one's own."""
    return has_role(user, Role.ADMINISTRATOR) and getattr(user, "pk", None) != person.pk


def can_view_membership(user: object, membership: "Membership") -> bool:
    """Whether this membership is shown; the twin of `Membership.objects.visible_to`."""
    return can_view_person(user, membership.user)


def can_end_membership(user: object, membership: "Membership") -> bool:
    """Whether the membership may be ended: by whoever may grant that role, never one's own."""
    return can_view_person(user, membership.user) and can_grant_role(
        user, membership.role, to=membership.user
    )


def can_view_invitation(user: object, invitation: "Invitation") -> bool:
    """Whether the invitation is shown; the twin of `Invitation.objects.visible_to`."""
    return can_view_people(user)


def can_withdraw_invitation(user: object, invitation: "Invitation") -> bool:
    """Whether the invitation may be taken back: by whoever may grant the role it brings."""
    return can_grant_role(user, invitation.role)


def can_grant_role(user: object, role: str, *, to: object = None) -> bool:
    """Whether this person may give or end that role. Nobody changes their own memberships."""
    if not is_person(user) or (to is not None and getattr(to, "pk", None) == user.pk):
        return False
    if has_role(user, Role.ADMINISTRATOR):
        return role in Role.values
    return has_role(user, Role.PROGRAMME) and role in GRANTED_BY_PROGRAMME


def can_move_service(user: object, service: "Service", sector: "Sector") -> bool:
    """Whether the service may be put into that sector: never into one the person writes for, which would give them its
    drafts and its feedback. Nobody widens their own view."""
    if not can_manage_people(user):
        return False
    held = {membership.sector_id for membership in user.active_memberships}
    return sector.pk == service.sector_id or sector.pk not in held


def can_edit_plain_summary(user: object) -> bool:
    """The programme team writes the plain words beside a quotation; nobody edits the quotation (R-C2)."""
    return has_role(user, Role.PROGRAMME)


def can_contribute_for(user: object, service: "Service") -> bool:
    """Whether the person writes for this service, as contributor or publisher (R-A7)."""
    return covers_service(user, service, *SERVICE_ROLES)


def can_publish_for(user: object, service: "Service") -> bool:
    """Whether the person makes this service's words public (R-A7)."""
    return covers_service(user, service, Role.PUBLISHER)
