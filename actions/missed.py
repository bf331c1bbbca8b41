"""Whose update was due and did not come, and who is told when it happens twice (R-W5).

An action has a service, not a person. It is owned by the contributors who write for its service; where there are none, by
the service's publishers; where there are none of these either, by the sector's. A miss is told one step further up: to the
publishers of the service, of the sector, or to the programme team, whoever is next and gets mail.
"""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.utils import timezone

from partnership.mailing import gets_mail
from partnership.models import Service, User
from partnership.permissions import covers_service, has_role
from partnership.roles import Role

from .models import Reminder

TWICE = 2
ASKED = (Reminder.Kind.MAILED, Reminder.Kind.NO_MAIL)


def levels(service: Service, people: Iterable[User]) -> list[list[User]]:
    """Who answers for the service's actions, step by step: contributors, its publishers, its sector's, the programme team."""
    people = list(people)
    publishers = [person for person in people if covers_service(person, service, Role.PUBLISHER)]
    own = [person for person in publishers if _publishes_for(person, service)]
    return [
        [person for person in people if covers_service(person, service, Role.CONTRIBUTOR)],
        own,
        [person for person in publishers if person not in own],
        [person for person in people if has_role(person, Role.PROGRAMME)],
    ]


def _publishes_for(person: User, service: Service) -> bool:
    held = person.active_memberships
    return any(row.role == Role.PUBLISHER and row.service_id == service.pk for row in held)


def owners_and_told(steps: list[list[User]]) -> tuple[list[User], list[User]]:
    """From the levels of a service: who owns its actions, and who is told of their second miss."""
    owners = next((found for found in steps[:-1] if found), [])
    if not owners:
        return [], []
    mailed = ([person for person in found if gets_mail(person)] for found in steps)
    above = ([person for person in found if person not in owners] for found in mailed)
    return owners, next((found for found in above if found), [])


class Misses:
    """The misses of every silence that still lasts, as the rows tell them, and those of today beside them."""

    def __init__(self, *, day: datetime.date) -> None:
        self.day, self.at = day, timezone.now()
        rows = Reminder.objects.since_last_heard().filter(on__lt=day)
        asked = rows.filter(kind__in=ASKED).values_list("action_id", "person_id")
        self.asked = Counter(asked)
        told = rows.filter(kind=Reminder.Kind.MISSED_TWICE).values_list("action_id", "person_id")
        self.told = set(told)
        self.new: list[Reminder] = []

    def ask(self, action_id: int, person: User) -> None:
        """Note that the action's update is due in this person's list of today. A third time would say nothing new."""
        if self.asked[action_id, person.pk] >= TWICE:
            return
        self.asked[action_id, person.pk] += 1
        self._add(action_id, person, Reminder.Kind.MAILED if gets_mail(person) else Reminder.Kind.NO_MAIL)

    def is_missed_twice(self, action_id: int, owners: Iterable[User]) -> bool:
        """Whether one of its owners has found it in two lists in a row, without a word since."""
        return any(self.asked[action_id, owner.pk] >= TWICE for owner in owners)

    def tell(self, action_id: int, person: User) -> bool:
        """Note that this person is told of it today. False when they were told in this silence already."""
        if (action_id, person.pk) in self.told:
            return False
        self.told.add((action_id, person.pk))
        self._add(action_id, person, Reminder.Kind.MISSED_TWICE)
        return True

    def save(self) -> None:
        """Keep what was noted. Call it in the transaction that queues the mails."""
        Reminder.objects.bulk_create(self.new, batch_size=500, ignore_conflicts=True)

    def _add(self, action_id: int, person: User, kind: str) -> None:
        self.new.append(Reminder(action_id=action_id, person=person, kind=kind, on=self.day, at=self.at))
