"""Owners of actions who are not there: never signed in, gone, or silent for 90 days (R-W9).

An action has a service, not a person. So a person holds the open actions of the services they write for; and a service for
which nobody is there any more is named itself, with all that nobody holds.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from partnership.models import Membership, Service, User
from partnership.roles import SERVICE_ROLES

from .models import OPEN_STATUSES, Action, ActionUpdate, Plan

SILENT_DAYS = 90


class Why(models.TextChoices):
    """Why somebody counts as not there."""

    NEVER = "never", "Has never signed in"
    LEFT = "left", "Has left"
    SILENT = "silent", f"No update for {SILENT_DAYS} days"


@dataclass(slots=True)
class Owner:
    """One person who is not there, for one service or sector, and what they hold."""

    person: User
    membership: Membership
    why: str
    actions: int
    is_alone: bool
    """Whether nobody else is there for one of these services."""
    last_update: datetime.datetime | None = None

    @property
    def why_text(self) -> str:
        return Why(self.why).label

    @property
    def left_on(self) -> datetime.date | None:
        """The day from which the role did not count; none where the whole account was closed."""
        held = self.membership
        return (held.stopped_on or held.ends) if self.why == Why.LEFT else None

    @property
    def query(self) -> str:
        """The filters of the lists of actions that show what this person holds."""
        held = self.membership
        return f"service={held.service.slug}" if held.service_id else f"sector={held.sector.slug}"


@dataclass(slots=True)
class Owners:
    """The list of the programme team: services that nobody holds, and people who are not there."""

    orphans: list[tuple[Service, int]] = field(default_factory=list)
    people: list[Owner] = field(default_factory=list)


class _Reach:
    """Who covers which services with open actions, and who of them is there; from four questions of the database."""

    def __init__(self, day: datetime.date) -> None:
        self.day, self.cut = day, day - datetime.timedelta(days=SILENT_DAYS)
        open_actions = Action.objects.filter(plan__status=Plan.Status.PUBLISHED, status__in=OPEN_STATUSES)
        counts = open_actions.order_by().values_list("plan__service").annotate(number=Count("pk"))
        self.counts: dict[int, int] = dict(counts)
        self.services = list(Service.objects.filter(pk__in=self.counts).select_related("sector"))
        held = Membership.objects.filter(role__in=SERVICE_ROLES, starts__lte=day)
        self.held = list(held.select_related("user", "service", "sector").order_by("user__name", "pk"))
        self.covers: dict[int, set[int]] = defaultdict(set)  # by person, what they cover today
        self.there: dict[int, set[int]] = defaultdict(set)  # by service, who is there today
        for membership in filter(self.is_in_force, self.held):
            for service in self.of(membership):
                self.covers[membership.user_id].add(service)
                if membership.user.last_login is not None:
                    self.there[service].add(membership.user_id)
        since = timezone.make_aware(datetime.datetime.combine(self.cut, datetime.time.min))
        spoke = ActionUpdate.objects.filter(at__gte=since).order_by().values_list("author", "published_by")
        self.spoke = {person for pair in spoke.distinct() for person in pair}

    def is_in_force(self, held: Membership) -> bool:
        return held.user.is_active and held.in_force_on(self.day)

    def of(self, held: Membership) -> set[int]:
        """The services with open actions that this membership covers."""
        if held.service_id:
            return {held.service_id} & self.counts.keys()
        return {service.pk for service in self.services if service.sector_id == held.sector_id}

    def why(self, held: Membership, services: set[int]) -> str:
        """Why the person counts as not there for these services; empty when they are there."""
        if not self.is_in_force(held):
            gone = services - self.covers[held.user_id]
            lately = held.user.is_active and (held.stopped_on or held.ends or self.day) > self.cut
            return Why.LEFT if gone and (lately or self.is_alone(held.user_id, gone)) else ""
        if held.user.last_login is None:
            return Why.NEVER
        return Why.SILENT if held.starts <= self.cut and held.user_id not in self.spoke else ""

    def is_alone(self, person: int, services: set[int]) -> bool:
        return any(not self.there[service] - {person} for service in services)


def absent_owners(day: datetime.date) -> Owners:
    """Services that nobody holds, and owners who are not there on `day`: first those whose actions nobody else holds.

    Who left stays listed until somebody else is there for the service, and for 90 days in any case.
    """
    reach, found = _Reach(day), Owners()
    found.orphans = [(row, reach.counts[row.pk]) for row in reach.services if not reach.there[row.pk]]
    seen: set[tuple[int, int | None, int | None]] = set()
    for held in reach.held:
        services = reach.of(held)
        scope = (held.user_id, held.service_id, held.sector_id)
        if scope in seen or not services or not (why := reach.why(held, services)):
            continue
        seen.add(scope)
        actions = sum(reach.counts[service] for service in services)
        found.people.append(Owner(held.user, held, why, actions, reach.is_alone(held.user_id, services)))
    found.people.sort(key=lambda owner: (not owner.is_alone, -owner.actions))
    return found


def add_last_updates(owners: list[Owner]) -> None:
    """When each of these last wrote an update, in one question; for the rows of one page."""
    people = [owner.person.pk for owner in owners]
    rows = ActionUpdate.objects.filter(author__in=people).order_by().values_list("author")
    last = dict(rows.annotate(last=Max("at")))
    for owner in owners:
        owner.last_update = last.get(owner.person.pk)


def bulk_url(query: str) -> str:
    """Where the programme team moves these actions: all of them, in one step."""
    return f"{reverse('actions:bulk_change', args=['move'])}?which=all&{query}"
