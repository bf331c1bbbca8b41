"""Who we have heard from and who we have not: for everybody with small numbers hidden, and exact for the board (R-V13, R-Z7)."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pages import public_file, public_page
from foundation.spreadsheet import csv_response
from partnership.calendar import today
from voice.permissions import can_see_exact_reach
from voice.reach import reach
from voice.yearly import hide_below

HEADER = ("Months", "Table", "Group", "Who told us", "Number of comments")


@public_page
@require_safe
def reach_page(request: HttpRequest) -> HttpResponse:
    """Who told us something in the last twelve whole months, with small numbers hidden, and who did not."""
    may_see_all = can_see_exact_reach(request.user)
    context = {"reach": reach(today=today()), "below": hide_below(), "may_see_all": may_see_all}
    return render(request, "voice/reach.html", context)


@require_safe
def reach_exact(request: HttpRequest) -> HttpResponse:
    """The same with no number hidden, for those who read the board's pages."""
    if not can_see_exact_reach(request.user):
        raise PermissionDenied
    context = {"reach": reach(today=today(), exact=True), "is_exact": True}
    return render(request, "voice/reach.html", context)


@public_file
@require_safe
def reach_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the public page shows, as a spreadsheet: what is hidden there is hidden here."""
    found = reach(today=today())
    lines: Iterable[tuple[str | int, ...]] = ((found.period, *line) for line in found.lines())
    return csv_response("who-we-have-heard-from.csv", HEADER, lines)
