"""Pages of the past: who changed what and when, and an action as it stood on a day (R-A5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import progress
from actions.as_at import ActionThen, action_as_at, begun_on
from actions.definitions import meaning_of
from actions.forms import AsAtForm
from actions.history import SOURCES, action_history, plan_history
from actions.models import Action
from foundation.pagination import paginate
from foundation.templatetags.ui import day as in_days
from partnership.permissions import is_staff

from .saving import action_or_404, plan_or_404, require

AS_AT = ("as_at", "as_at_day", "as_at_month", "as_at_year")
"""How a past day stands in the address: whole, or in three boxes."""
ON_A_PAST_PAGE = ("impact_ratings", "evidence", "waits_for", "waited_for_by")
"""Rows that an action may have none of; its past page asks for them where there are any."""


@require_safe
def action_past(request: HttpRequest, ref: str) -> HttpResponse:
    """All that happened to an action, newest first, for staff."""
    found = action_or_404(request, ref, having=SOURCES)
    require(is_staff(request.user))
    page = paginate(request, action_history(found, request.user))
    context = {"page": page, "name": found.ref, "about": found, "title": found.title, "action": found}
    return render(request, "actions/history.html", context)


@require_safe
def plan_past(request: HttpRequest, slug: str) -> HttpResponse:
    """What was changed of a plan itself, newest first, for staff."""
    found = plan_or_404(request, slug)
    require(is_staff(request.user))
    context = {
        "page": paginate(request, plan_history(found, request.user)),
        "about": found,
        "title": found.title,
    }
    return render(request, "actions/history.html", context)


def action_on_a_day(request: HttpRequest, action: Action) -> HttpResponse:
    """The action as it stood at the end of the day in the address; a wrong or future day is told beside its boxes."""
    form = AsAtForm(request.GET if any(request.GET.get(name) for name in AS_AT) else None)
    context: dict[str, Any] = {"form": form, "now": action, "error_title": bool(form.errors)}
    if not form.is_valid():
        return render(request, "actions/action_as_at.html", context)
    day = form.cleaned_data["as_at"]
    then = action_as_at(action, day, reader=request.user)
    context |= {"day": day, "then": then, "staff": is_staff(request.user)}
    if then is not None:
        context |= _past_page(request, then)
        context["banner"] = (
            f"It shows the action as it stood at the end of {in_days(day)}, in the plan “{then.plan_title}”."
        )
    else:
        first = begun_on(action)
        early = first is not None and day < first and is_staff(request.user)
        context["nothing"] = (
            f"This action did not exist on {in_days(day)}."
            if early
            else f"Nothing of this action was public on {in_days(day)}."
        )
    return render(request, "actions/action_as_at.html", context)


def _past_page(request: HttpRequest, then: ActionThen) -> dict[str, Any]:
    """What the fragments of the action's page ask for, filled with that day's values."""
    action = then.action
    status = action.status if is_staff(request.user) else action.public_status
    assert action.seen_on is not None  # noqa: S101  (a past page has a day)
    return {
        "action": action,
        "why_shown": progress.why_shown(status=status, due=action.due, today=action.seen_on),
        "meaning": meaning_of(action.shown_status),
        "updates": paginate(request, then.updates, 20),
        "milestones": then.milestones,
        "measures": then.measures,
        "also_serves": then.also_serves,
        "commitments": then.commitments,
        "partners": then.partners,
        "moves": then.moves,
        "evidence": then.evidence,
        "ratings": then.ratings,
        "waits_for": then.waits_for,
        "waited_for_by": then.waited_for_by,
        "may": {},
    }
