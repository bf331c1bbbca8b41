"""What stands in each person's mail about plans and actions: the rules of my work, read for everybody at once (R-W5).

The number of questions asked of the database does not hang on how many people there are. Only what is on the record is
mailed: its reference, title and date, never its words.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from foundation.templatetags.ui import day as in_words
from foundation.templatetags.ui import plural
from partnership.mailing import Part
from partnership.models import Partnership, Service, User
from partnership.permissions import can_contribute_for, can_publish_for, has_role
from partnership.roles import SERVICE_ROLES, Role

from . import progress
from .missed import Misses, levels, owners_and_told
from .models import Action, ActionUpdate, Evidence, Plan, Status
from .work import GROUPS, urgent, waiting_by_plan

UPDATE = "actions:action_update"
LINES = 10
"""Lines under one heading; beyond them the number says how many more there are."""
FIELDS = ("ref", "title", "category", "status", "due", "planned_start", "last_heard", "plan__service")


class ActionDigest:
    """All that the mails of one day need to know of actions. `parts_for` each person, and `save` what was noted."""

    def __init__(self, people: list[User], due: Iterable[User], *, day: datetime.date) -> None:
        """`people` are all of `mailing.people_on(day)`, `due` those whose list is made today."""
        self.people, self.due, self.day = people, list(due), day
        self.services = list(Service.objects.all())
        self._read_actions()
        self._read_misses()
        self.waiting = self._read_waiting()
        self.judged = self._read_delivered()

    def parts_for(self, person: User) -> list[Part]:
        """The parts of this person's mail, the most urgent first; empty when nothing waits."""
        told = [action for action in self.missed[person.pk] if self.misses.tell(action.pk, person)]
        parts = [_part("No update, though we asked twice", told, self.day, "actions:action")] if told else []
        if has_role(person, *SERVICE_ROLES):
            parts += self._own(person, but={action.pk for action in told})
        if has_role(person, Role.PUBLISHER):
            parts += self._to_publish(person)
        if has_role(person, Role.ASSURANCE):
            parts += self._to_sign_off(person)
        return parts

    def save(self) -> None:
        """Keep who was asked and who was told. Call it in the transaction that queues the mails."""
        self.misses.save()

    def _read_actions(self) -> None:
        limits = Partnership.objects.first() or Partnership()
        rows = urgent(Action.objects.filter(plan__status=Plan.Status.PUBLISHED), self.day)
        self.by_service: dict[int, list[Action]] = defaultdict(list)
        self.stale: dict[int, list[Action]] = defaultdict(list)
        for action in rows.select_related("plan").only("plan", *FIELDS):
            self.by_service[action.plan.service_id].append(action)
            facts = {name: getattr(action, name) for name in ("status", "last_heard", "planned_start")}
            if progress.is_stale(**facts, today=self.day, after_days=limits.stale_after_days):
                self.stale[action.plan.service_id].append(action)

    def _read_misses(self) -> None:
        """Note every miss of today first: whom it is told to does not hang on whose list is made first."""
        self.misses = Misses(day=self.day)
        asked = {person.pk for person in self.due}
        silent = [service for service in self.services if self.stale[service.pk]]
        chains = {service.pk: owners_and_told(levels(service, self.people)) for service in silent}
        for service, (owners, _) in chains.items():
            for owner in owners:
                for action in self.stale[service] if owner.pk in asked else ():
                    self.misses.ask(action.pk, owner)
        self.missed: dict[int, list[Action]] = defaultdict(list)
        for service, (owners, told) in chains.items():
            twice = [row for row in self.stale[service] if self.misses.is_missed_twice(row.pk, owners)]
            for person in told:
                self.missed[person.pk] += twice

    def _own(self, person: User, *, but: set[int]) -> list[Part]:
        """Each action once, under what is most urgent, as in my work; without those that the person is told of above."""
        groups: dict[int, list[Action]] = defaultdict(list)
        for service in self._covered(person, can_contribute_for):
            for action in self.by_service[service.pk]:
                if action.pk not in but:
                    groups[action.urgency].append(action)
        return [_part(GROUPS[urgency], groups[urgency], self.day) for urgency in sorted(groups)]

    def _read_waiting(self) -> dict[int, list[tuple[Plan, int]]]:
        counts = waiting_by_plan(Action.objects.filter(plan__status=Plan.Status.PUBLISHED))
        found: dict[int, list[tuple[Plan, int]]] = defaultdict(list)
        for plan in Plan.objects.filter(status=Plan.Status.PUBLISHED).only("slug", "title", "service_id"):
            if (plan.pk,) in counts:
                found[plan.service_id].append((plan, counts[(plan.pk,)]))
        return found

    def _to_publish(self, person: User) -> list[Part]:
        rows = [
            row
            for service in self._covered(person, can_publish_for)
            for row in self.waiting.get(service.pk, ())
        ]
        lines = [
            (f"{plan.title}: {number}", reverse("actions:plan_waiting", args=[plan.slug]))
            for plan, number in rows
        ]
        count = sum(number for _, number in rows)
        more = max(len(rows) - LINES, 0)
        return [Part("To read and publish", lines[:LINES], count, more)] if rows else []

    def _read_delivered(self) -> list[Action]:
        """Delivered actions and who had a part in each, where anybody of assurance gets a mail today."""
        judges = [person.pk for person in self.due if has_role(person, Role.ASSURANCE)]
        self.parts: set[tuple[int, int]] = set()
        if not judges:
            return []
        rows = Action.objects.on_the_record().filter(status=Status.DELIVERED)
        wrote = ActionUpdate.objects.by_owner().filter(author__in=judges, action__in=rows)
        added = Evidence.objects.filter(added_by__in=judges, action__in=rows)
        self.parts |= set(wrote.order_by().values_list("author_id", "action_id").distinct())
        self.parts |= set(added.order_by().values_list("added_by_id", "action_id").distinct())
        found = rows.select_related("plan").only("created_by", "service", "plan", "plan__service")
        return list(found.order_by("pk"))

    def _to_sign_off(self, person: User) -> list[Part]:
        """Twin of `signable_by`: a test holds the two equal."""
        own = {service.pk for service in self._covered(person, can_contribute_for)}
        count = sum(
            1
            for action in self.judged
            if not {action.service_id, action.plan.service_id} & own
            and action.created_by_id != person.pk
            and (person.pk, action.pk) not in self.parts
        )
        url = f"{reverse('actions:actions')}?status={Status.DELIVERED.value}"
        return [Part("To sign off", [(plural(count, "action,actions"), url)], count)] if count else []

    def _covered(self, person: User, rule: object) -> list[Service]:
        return [service for service in self.services if rule(person, service)]  # type: ignore[operator]


def _part(heading: str, actions: list[Action], today: datetime.date, page: str = UPDATE) -> Part:
    lines = [(_line(action, today), reverse(page, args=[action.ref])) for action in actions[:LINES]]
    return Part(heading, lines, len(actions), max(len(actions) - LINES, 0))


def _line(action: Action, today: datetime.date) -> str:
    """One action: its reference, its title, its date. Nothing that families or the service wrote beside them."""
    if action.due is None:
        when = "No due date"
    elif action.due == today:
        when = "Due today"
    else:
        when = f"{'Was due' if action.due < today else 'Due'} {in_words(action.due)}"
    return f"{action.ref}: {action.title}. {when}."
