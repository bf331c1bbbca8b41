"""Owners of actions who are not there, and what they hold, for the programme team (R-W9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import permissions
from actions.owners import SILENT_DAYS, absent_owners, add_last_updates
from foundation.pagination import paginate
from partnership.calendar import today

from .saving import require


@require_safe
def owners(request: HttpRequest) -> HttpResponse:
    """Services that nobody holds, then people who never signed in, have left, or are silent; each one step from moving."""
    require(permissions.can_view_owners(request.user))
    found = absent_owners(today())
    page = paginate(request, found.people)
    add_last_updates(list(page))
    context = {"orphans": found.orphans, "page": page, "silent_days": SILENT_DAYS}
    return render(request, "actions/owners.html", context)
