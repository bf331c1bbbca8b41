"""Every decision about every comment, without a word of one (R-V6)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pagination import paginate
from voice.forms.log import LogFilters
from voice.models import Decision
from voice.permissions import can_read_decision_log, is_moderator


@require_safe
def inbox_log(request: HttpRequest) -> HttpResponse:
    """Who decided what and when, newest first. Only a moderator can go on from here to the comment."""
    if not can_read_decision_log(request.user):
        raise PermissionDenied
    filters = LogFilters(request.GET, user=request.user)
    rows = Decision.objects.for_log_of(request.user).filter(**filters.chosen)
    context = {
        "page": paginate(request, rows),
        "filters": filters,
        "is_filtered": bool(filters.chosen),
        "can_open": is_moderator(request.user),
    }
    return render(request, "voice/inbox_log.html", context)
