"""Spreadsheets of plans and actions, as the reader may see them (R-A12, R-W3)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from actions.forms import ActionFilterForm
from actions.models import Action
from actions.models.action_queries import ActionQuerySet
from actions.sheets.rows import HEADINGS, WIDTHS, rows
from foundation.pages import public_file
from foundation.spreadsheet import csv_response, xlsx_response
from partnership.calendar import today
from partnership.permissions import is_staff

from .saving import plan_or_404


@public_file
@require_safe
def plan_export(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """One plan as a spreadsheet: every action this reader may see, in must, should, could order."""
    found = plan_or_404(request, slug)
    actions = Action.objects.visible_to(request.user).filter(plan=found)
    return _file(request, actions, f"{found.slug}-{today():%Y-%m-%d}", ending)


@public_file
@require_safe
def actions_export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The list of actions as a spreadsheet, with the same filters in the address."""
    form = ActionFilterForm(request.GET, user=request.user)
    seen = Action.objects.visible_to(request.user)
    actions = form.narrow(seen, today=today(), public=not is_staff(request.user))
    return _file(request, actions, f"actions-{today():%Y-%m-%d}", ending)


def _file(request: HttpRequest, actions: ActionQuerySet, name: str, ending: str) -> HttpResponseBase:
    found = rows(actions, request.user, today())
    if ending == "csv":
        return csv_response(f"{name}.csv", HEADINGS, found)
    return xlsx_response(f"{name}.xlsx", HEADINGS, found, widths=WIDTHS)
