"""Each `can_*` and its `visible_to` twin say the same about every person and every row."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from partnership import permissions
from partnership.models import Invitation, Membership, User
from partnership.operations import invitations
from partnership.roles import GRANTED_BY_PROGRAMME, STAFF_ROLES, Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody() -> dict[str, object]:
    """One person of each role, a family, a former member of staff, a closed account, and a visitor."""
    service = make.make_service()
    people: dict[str, object] = {
        role.value: make.make_user(
            role,
            service=service if role in (Role.CONTRIBUTOR, Role.PUBLISHER) else None,
            name=f"The {role.value}",
        )
        for role in STAFF_ROLES
    }
    people["family"] = make.make_user()
    former = make.make_user()
    make.make_membership(former, Role.BOARD, ends=datetime.date(2021, 1, 1))
    people["former"] = former
    closed = make.make_user(Role.ADMINISTRATOR, is_active=False)
    people["closed"] = closed
    people["visitor"] = AnonymousUser()
    return people


def fresh(person: object) -> object:
    return User.objects.get(pk=person.pk) if isinstance(person, User) else person


def test_who_is_seen_is_the_same_asked_of_one_row_and_of_the_table(everybody: dict[str, object]) -> None:
    asked = 0
    for person in map(fresh, everybody.values()):
        seen = set(User.objects.visible_to(person).values_list("pk", flat=True))
        for row in User.objects.all():
            assert permissions.can_view_person(person, row) == (row.pk in seen), (person, row)
            asked += 1
        held = set(Membership.objects.visible_to(person).values_list("pk", flat=True))
        for row in Membership.objects.all():
            assert permissions.can_view_membership(person, row) == (row.pk in held), (person, row)
    assert asked == len(everybody) * User.objects.count()


def test_invitations_are_seen_by_the_same_people_asked_either_way(everybody: dict[str, object]) -> None:
    invitations.invite(email="new@example.org", name="New", role=Role.BOARD, by=everybody["administrator"])
    row = Invitation.objects.get()
    seeing = {
        name
        for name, person in everybody.items()
        if Invitation.objects.visible_to(fresh(person)).filter(pk=row.pk).exists()
    }
    assert seeing == {"administrator", "programme", "auditor"}
    assert seeing == {
        name for name, person in everybody.items() if permissions.can_view_invitation(fresh(person), row)
    }


def test_a_familys_account_is_seen_by_administrators_alone(everybody: dict[str, object]) -> None:
    family = everybody["family"]
    seeing = {
        name
        for name, person in everybody.items()
        if permissions.can_view_person(fresh(person), fresh(family))
    }
    assert seeing == {"administrator"}


def test_the_programme_team_grants_no_role_that_widens_what_it_sees(everybody: dict[str, object]) -> None:
    granted = {role for role in Role if permissions.can_grant_role(fresh(everybody["programme"]), role)}
    assert granted == set(GRANTED_BY_PROGRAMME)
    assert granted.isdisjoint(
        {Role.MODERATOR, Role.SAFEGUARDING, Role.ADMINISTRATOR, Role.PROGRAMME, Role.AUDITOR}
    )


@pytest.mark.requirement("R-A7")
def test_a_service_is_written_for_by_its_own_people_and_by_those_of_its_sector() -> None:
    sector = make.make_sector("Education")
    own, other = make.make_service(sector=sector), make.make_service(sector=make.make_sector("Health"))
    people: dict[str, object] = {role.value: make.make_user(role) for role in STAFF_ROLES}  # of no service
    for role in (Role.CONTRIBUTOR, Role.PUBLISHER):
        people[f"{role} of it"] = make.make_user(role, service=own)
        people[f"{role} of its sector"] = make.make_user(role, sector=sector)
        people[f"{role} of another"] = make.make_user(role, service=other)
        people[f"{role}, closed"] = make.make_user(role, service=own, is_active=False)
    people |= {"family": make.make_user(), "visitor": AnonymousUser(), "nobody": None}
    publish = {"publisher of it", "publisher of its sector"}
    write = publish | {"contributor of it", "contributor of its sector"}
    assert {name for name, person in people.items() if permissions.can_contribute_for(person, own)} == write
    assert {name for name, person in people.items() if permissions.can_publish_for(person, own)} == publish


def test_nobody_grants_or_ends_a_role_of_their_own(everybody: dict[str, object]) -> None:
    for name in ("administrator", "programme"):
        person = fresh(everybody[name])
        own = person.memberships.get()
        assert permissions.can_grant_role(person, Role.BOARD)
        assert not permissions.can_grant_role(person, Role.BOARD, to=person)
        assert not permissions.can_end_membership(person, own)


@pytest.mark.requirement("R-P5")
def test_two_steps_are_an_app_or_a_passkey_and_recovery_codes_are_not(settings: object) -> None:
    from allauth.mfa.models import Authenticator

    person = make.make_user(Role.BOARD, two_step=False)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not permissions.has_two_step(fresh(person))
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    assert permissions.has_two_step(fresh(person))


@pytest.mark.parametrize(
    ("demo", "is_example", "expected"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_made_up_people_count_as_two_stepped_only_in_the_demo(
    settings: object, demo: bool, is_example: bool, expected: bool
) -> None:
    settings.PORTAL_DEMO = demo
    person = make.make_user(Role.BOARD, two_step=False, is_example=is_example)
    assert permissions.has_two_step(person) is expected
