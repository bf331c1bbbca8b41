"""My work: the one list that signing in lands on, most urgent first, empty when nothing is due (R-W1)."""

import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

import actions.audit_work
import actions.work
import board.work
import voice.work
from actions.models import Plan
from partnership.calendar import today
from partnership.permissions import can_manage_people, can_view_people, has_role, is_staff
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role
from partnership.work import WorkItem

SOURCES = (
    voice.work.work_items,
    actions.work.work_items,
    actions.audit_work.work_items,
    board.work.work_items,
)
"""Every package and noun that has something waiting for people. Each asks a bounded number of questions of the database."""


def work_for(user: object, *, day: datetime.date) -> list[WorkItem]:
    """All that waits for this person, most urgent first; within that musts first, then what is due first (R-Z2)."""
    items = [item for source in SOURCES for item in source(user, today=day)]
    return sorted(
        items,
        key=lambda item: (
            item.urgency,
            item.group,
            item.category,
            item.due or datetime.date.max,
            item.title,
        ),
    )


PLANS_SHOWN = 6


def plans_of(user: object) -> list[Plan]:
    """The published plans of this person's own services, newest first; drafts stand in the list of work already."""
    if not has_role(user, *SERVICE_ROLES):
        return []
    plans = Plan.objects.editable_by(user).filter(status=Plan.Status.PUBLISHED)
    return list(plans.select_related("service").order_by("-starts", "pk")[:PLANS_SHOWN])


def ways_of(user: object) -> list[tuple[str, str]]:
    """What people of this role most often come for, so that an empty list still leads on (R-W1)."""
    ways = [
        (Role.MODERATOR, "Open the inbox", "voice:inbox"),
        (Role.MODERATOR, "Erase what somebody sent", "voice:erase"),
        (Role.SAFEGUARDING, "Open the safeguarding list", "voice:safeguarding"),
        (Role.SAFEGUARDING, "See the words that raise a mark", "voice:safety_words"),
        (Role.AUDITOR, "See what was removed", "voice:removals"),
        (Role.AUDITOR, "See who decided what about families’ words", "voice:inbox_log"),
    ]
    found = [(label, reverse(name)) for role, label, name in ways if has_role(user, role)]
    if has_role(user, *SERVICE_ROLES):
        found.append(("See all plans, or begin one", reverse("actions:plans")))
        found.append(("Audit your service: look at your gaps", reverse("actions:audits")))
        found.append(("Read the guide: from gaps to action", reverse("actions:guide")))
    if has_role(user, *BOARD_ROLES):
        found.append(("See how we are doing", reverse("board:overview")))
        found.append(("See what needs the board", reverse("board:exceptions")))
        found.append(("See who has audited itself", reverse("board:audits")))
        found.append(("See who we have not heard from", reverse("voice:reach_exact")))
    if has_role(user, Role.PROGRAMME):
        found.append(("See owners who are not there", reverse("actions:owners")))
        found.append(("Change several actions", reverse("actions:bulk")))
    if has_role(user, Role.PROGRAMME, Role.MODERATOR):
        found.append(("See events and what was said there", reverse("voice:event_list")))
    if has_role(user, Role.FAMILY):
        found.append(("See what you told us", reverse("voice:mine")))
    if can_manage_people(user):
        found.append(("Invite somebody", reverse("partnership:invitation_new")))
        found.append(("Add a service", reverse("partnership:service_new")))
    if can_view_people(user):
        found.append(("See people and their roles", reverse("partnership:people")))
    return found


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """The signed-in person's list, under headings, with quick ways to what they do most."""
    day = today()
    items = work_for(request.user, day=day)
    groups = [(group, list(rows)) for group, rows in groupby(items, key=lambda item: item.group)]
    memberships = request.user.active_memberships  # type: ignore[union-attr]
    return render(
        request,
        "portal/my_work.html",
        {
            "groups": groups,
            "count": len(items),
            "updates_due": any(group in actions.work.GROUPS.values() for group, _ in groups),
            "today": day,
            "memberships": memberships,
            "plans": plans_of(request.user),
            "ways": ways_of(request.user),
            "is_staff": is_staff(request.user),
        },
    )
