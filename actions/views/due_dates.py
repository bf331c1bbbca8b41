"""Pages of due dates: move one, and decide what a service asks for (R-A5)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from actions import operations, permissions, reasons
from actions.forms import DueDateForm, DueDecisionForm
from actions.models import DueDateChange, DueDateRequest
from foundation.pages import form_page
from partnership.models import Partnership

from .saving import action_or_404, child_or_404, not_saved, require, saved_or_page, sent_before


@form_page
def due_date(request: HttpRequest, ref: str) -> HttpResponse:
    """Move the date with a reason. A large move by a contributor waits for a publisher."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose=operations.DUE_DATE):
        return before
    form = DueDateForm(request.POST or None, action=found)
    if why := reasons.why_not_move_due(request.user, found):
        return not_saved(request, form, why, found)
    return saved_or_page(
        request,
        form,
        template="actions/due_date.html",
        context={
            "heading": "Move the due date",
            "action": found,
            "asked": found.due_date_requests.open().select_related("by").first(),
            "decides": permissions.can_approve_due(request.user, found),
            "limits": Partnership.objects.first() or Partnership(),
            "approved": operations.approved_due(found),
            "cancel_url": found.get_absolute_url(),
        },
        done=_done,
        to=found.get_absolute_url(),
    )


def _done(made: DueDateChange | DueDateRequest) -> str:
    if isinstance(made, DueDateRequest):
        return "Your publisher is asked. Until they approve it, the date stays as it is."
    return "The due date is moved. Everybody can read why."


@form_page
def due_date_decide(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A publisher approves a later date or not."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose=operations.DUE_DATE):
        return before
    asked = child_or_404(found.due_date_requests.select_related("by"), pk)
    asked.action = found
    form = DueDecisionForm(request.POST or None, asked=asked)
    if why := reasons.why_not_decide_due_request(request.user, asked):
        if why == reasons.DECIDED and request.method != "POST":
            messages.info(request, why)
            return redirect(found)
        return not_saved(request, form, why, found)
    return saved_or_page(
        request,
        form,
        template="actions/due_date_decide.html",
        context={
            "heading": "A later due date is asked for",
            "action": found,
            "asked": asked,
            "cancel_url": found.get_absolute_url(),
        },
        done=lambda made: "The new date is in force." if made.outcome == "approved" else "The date stays.",
        to=found.get_absolute_url(),
    )


@require_POST
def due_date_withdraw(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """The service takes its request back."""
    found = action_or_404(request, ref)
    require(permissions.can_move_due(request.user, found))
    asked = child_or_404(found.due_date_requests, pk)
    try:
        operations.withdraw_due_request(by=request.user, asked=asked)
    except operations.RuleBroken as broken:
        messages.info(request, " ".join(broken.faults))
    else:
        messages.success(request, "The request is taken back. The date stays as it is.")
    return redirect(found)
