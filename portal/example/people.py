"""The example services and people. They are roles, not characters."""

import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from partnership.models import Membership, Organisation, Sector, Service, User
from partnership.roles import ROLE_DESCRIPTIONS, SERVICE_ROLES, STAFF_ROLES, Role

FIRST_SERVICE = ("example-learning-support", "Example learning support service", "EXL")
NUMBERS = {"2": " two", "3": " three"}
SECOND_SERVICE = ("example-therapy", "Example therapy service", "EXT")


def make_services() -> tuple[Service, Service]:
    """Two made-up services in two sectors of the loaded partnership."""
    sectors = list(Sector.objects.all()[:2])
    organisation = Organisation.objects.filter(ended__isnull=True, is_voice=False, is_impartial=False).first()
    if len(sectors) < 2 or organisation is None:
        raise LookupError("Load a partnership first: it brings the sectors and organisations.")
    made = []
    for (slug, name, code), sector in zip((FIRST_SERVICE, SECOND_SERVICE), sectors, strict=True):
        service, _ = Service.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "code": code,
                "sector": sector,
                "organisation": organisation,
                "is_example": True,
            },
        )
        made.append(service)
    return made[0], made[1]


def make_people(first: Service, second: Service, *, today: datetime.date) -> dict[str, User]:
    """One person for each role, and a second contributor, moderator and safeguarding deputy. Same password for all.

    Each has signed in but the third contributor, who never did. The second began a plan and has said nothing since.
    """
    wanted: list[tuple[str, str, Service | None, bool]] = [
        (role.value, role.value, first if role in SERVICE_ROLES else None, False) for role in Role
    ]
    wanted += [
        ("contributor2", Role.CONTRIBUTOR, second, False),
        ("contributor3", Role.CONTRIBUTOR, second, False),
        ("publisher2", Role.PUBLISHER, second, False),
        ("moderator2", Role.MODERATOR, None, False),
        ("safeguarding2", Role.SAFEGUARDING, None, True),
    ]
    people = {}
    password = make_password(settings.DEMO_PASSWORD)  # once: it is slow on purpose
    for name, role, service, is_deputy in wanted:
        user = User(
            email=f"{name}@example.org",
            name=f"Example {name.rstrip('23')}{NUMBERS.get(name[-1], '')}",
            last_login=None if name == "contributor3" else timezone.now() - datetime.timedelta(days=1),
            is_external=role in (Role.CHAIR, Role.ADVISER),
            is_example=True,
        )
        user.password = password
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if role in STAFF_ROLES:
            Membership.objects.create(
                user=user,
                role=role,
                service=service,
                is_deputy=is_deputy,
                starts=today - datetime.timedelta(days=400),
            )
        people[name] = user
    assert set(ROLE_DESCRIPTIONS) <= {role for _, role, _, _ in wanted}  # noqa: S101  (one of each)
    return people
