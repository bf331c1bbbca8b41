"""Accounts and roles: who may do what, from when to when, and who said so (R-P5, R-P6)."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.versions import lock_for_edit
from partnership.models import AccountChange, Membership, Sector, Service, User
from partnership.roles import Role

EXTERNAL_ROLES = (Role.CHAIR, Role.ADVISER)
"""Held by people from outside the partnership's bodies; their accounts are marked so (R-B9)."""


class AlreadyHeld(Exception):
    """The person has this role for the same service, sector or partnership in some of the same days."""

    def __init__(self, membership: Membership) -> None:
        super().__init__("The person has this role already.")
        self.membership = membership


class LastAdministrator(Exception):
    """Nobody would be left to look after accounts, so nothing was changed."""


@transaction.atomic
def grant_membership(
    *,
    person: User,
    role: str,
    service: Service | None = None,
    sector: Sector | None = None,
    is_deputy: bool = False,
    starts: datetime.date,
    ends: datetime.date | None = None,
    by: User | None,
) -> Membership:
    """Give a role for one service, one sector or the whole partnership. `ends` is the last day; none means for good.

    Raises AlreadyHeld when the same role for the same scope covers some of these days. `by` is None only for the first
    administrator, whom nobody in the portal could have named.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    held = person.memberships.filter(role=role, service=service, sector=sector, stopped_on__isnull=True)
    held = held.filter(Q(ends__isnull=True) | Q(ends__gte=starts))
    clash = (held.filter(starts__lte=ends) if ends else held).first()
    if clash is not None:
        raise AlreadyHeld(clash)
    made = Membership(
        user=person,
        role=role,
        service=service,
        sector=sector,
        is_deputy=is_deputy and role == Role.SAFEGUARDING,
        starts=starts,
        ends=ends,
        granted_by=by,
    )
    made._history_user = by
    made.save()
    if role in EXTERNAL_ROLES and not person.is_external:
        person.is_external = True
        person.bump()
        person.save(update_fields=["is_external"])
    return made


@transaction.atomic
def end_membership(
    *, membership: Membership, last_day: datetime.date | None, by: User, today: datetime.date
) -> Membership:
    """End a role after `last_day`, or at once when there is none: the person's next page no longer has it.

    Raises LastAdministrator when no other administrator without an end date would be left.
    """
    _lock_administrators()
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not _others_left(membership.user_id):
        raise LastAdministrator
    if last_day is None:
        membership.stopped_on = today
        membership.ends = max(membership.starts, today)
    else:
        membership.ends = max(membership.starts, last_day)
    membership.ended_by = by
    membership.ended_at = timezone.now()
    membership._history_user = by
    membership.save()
    return membership


@transaction.atomic
def edit_person(*, person: User, version: int, name: str, job_title: str, by: User) -> User:
    """Change a person's name and job title. Raises VersionConflict when somebody else saved first."""
    found = lock_for_edit(User.objects.visible_to(by), person.pk, version=version)
    lines = [
        f"{label}: {old or 'empty'} → {new or 'empty'}"
        for label, old, new in (("Name", found.name, name), ("Job title", found.job_title, job_title))
        if old != new
    ]
    if lines:
        found.name, found.job_title = name, job_title
        found.save(update_fields=["name", "job_title"])
        record_account_change(person=found, kind=AccountChange.Kind.EDITED, detail="\n".join(lines), by=by)
    return found


@transaction.atomic
def close_account(*, person: User, by: User) -> None:
    """Close an account: from the next page on the person is signed out. Roles stay listed, and come back if it opens.

    Closing it twice changes nothing. Raises LastAdministrator when no administrator would be left.
    """
    _lock_administrators()
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return
    is_administrator = User.objects.lasting_administrators().filter(pk=person.pk).exists()
    if is_administrator and not _others_left(person.pk):
        raise LastAdministrator
    person.is_active = False
    person.save(update_fields=["is_active"])
    record_account_change(person=person, kind=AccountChange.Kind.DEACTIVATED, by=by)


@transaction.atomic
def reopen_account(*, person: User, by: User) -> None:
    """Open a closed account again, with the roles that are still in force. Opening it twice changes nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    record_account_change(person=person, kind=AccountChange.Kind.REACTIVATED, by=by)


def record_account_change(*, person: User, kind: str, detail: str = "", by: User | None) -> None:
    """Add the row that says who changed this account, how and when. Call it in the transaction of the change."""
    AccountChange.objects.create(person=person, kind=kind, detail=detail, by=by, at=timezone.now())


def _lock_administrators() -> None:
    """Two administrators who end each other's role at once must come one after the other."""
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR).order_by("pk")
    list(rows.select_for_update().values_list("pk", flat=True))


def _others_left(person_pk: int) -> bool:
    return User.objects.lasting_administrators().exclude(pk=person_pk).exists()
