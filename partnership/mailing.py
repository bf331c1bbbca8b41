"""Who is mailed what waits for them, and when: read for everybody at once, in a few questions of the database (R-W5)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from .calendar import DAY
from .models import MailPreference, Membership, User, Weekday
from .roles import STAFF_ROLES


@dataclass(slots=True)
class Part:
    """One heading of a person's mail, with its lines. Each app makes the parts that are its own; the portal joins them."""

    heading: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    """What the line says, and the path of the page it leads to."""
    count: int = 0
    """How many things that is; a line may stand for several."""
    more: int = 0
    """How many lines were left out of a long list."""


def people_on(day: datetime.date) -> list[User]:
    """Everybody with an open account and a role in the partnership on `day`, with their roles and what they chose.

    Two queries, however many they are. Who has left, and whose account is closed, is not among them.
    """
    held = Membership.objects.active_on(day).filter(role__in=STAFF_ROLES, user__is_active=True)
    people: dict[int, User] = {}
    for membership in held.select_related("user", "service", "sector").order_by("user_id", "pk"):
        person = people.setdefault(membership.user_id, membership.user)
        # What `active_memberships` would read, one query for each person.
        person.__dict__.setdefault("active_memberships", []).append(membership)
    choices = {choice.person_id: choice for choice in MailPreference.objects.all()}
    for person in people.values():
        person.mail_choice = choices.get(person.pk)
    return list(people.values())


def weekday_of(person: User) -> int:
    """The weekday of this person's mail. Only for people from `people_on`."""
    choice: MailPreference | None = person.mail_choice
    return choice.weekday if choice else Weekday.MONDAY


def gets_mail(person: User) -> bool:
    """Whether the list is mailed to this person at all: they want it, and there is an address."""
    choice: MailPreference | None = person.mail_choice
    return "@" in person.email and (choice is None or choice.is_wanted)


def weekdays_since(last: datetime.date | None, day: datetime.date) -> set[int]:
    """Whose weekday has come: those after `last`, the day the portal last looked, up to and with `day`.

    So a Monday that was a bank holiday is made good on the Tuesday, and so are days on which the portal did not run. The
    first time ever it is `day` alone.
    """
    first = day if last is None else max(last + DAY, day - 6 * DAY)
    return {found.weekday() for found in _days(first, day)}


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    while first <= last:
        yield first
        first += DAY
