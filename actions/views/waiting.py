"""Pages of waiting for: an action waits for another, both sides see it, and it ends."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from actions import operations, permissions, reasons
from actions.forms import WaitingForForm
from actions.models import Action, WaitingFor
from foundation.pages import form_page
from partnership.calendar import today

from .saving import action_or_404, add_to_action, child_or_404, require


def waiting_context(action: Action, user: object) -> dict[str, Any]:
    """Both sides of an action's waiting, with the other action as this reader may see it; else it is left out."""
    if not (action.may_have("waits_for") or action.may_have("waited_for_by")):
        return {"waits_for": [], "waited_for_by": []}
    rows = list(WaitingFor.objects.open().filter(Q(action=action) | Q(on=action)).order_by("at", "pk"))
    others = {row.on_id if row.action_id == action.pk else row.action_id for row in rows}
    seen = Action.objects.visible_to(user).for_reader(user, today()).in_bulk(others) if others else {}
    return {
        "waits_for": [(row, seen[row.on_id]) for row in rows if row.on_id in seen],
        "waited_for_by": [(row, seen[row.action_id]) for row in rows if row.action_id in seen],
    }


@form_page
def waiting_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that this action waits for another."""
    return add_to_action(
        request,
        ref,
        form=lambda action: WaitingForForm(request.POST or None, action=action, user=request.user),
        why_not=reasons.why_not_update_action,
        purpose=operations.WAITING_FOR,
        template="actions/waiting_form.html",
        heading="Wait for another action",
        done="Saved. The other service sees it too.",
    )


@require_POST
def waiting_end(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """It waits no longer."""
    found = action_or_404(request, ref)
    waiting = child_or_404(found.waits_for, pk)
    require(permissions.can_update_action(request.user, found))
    operations.end_waiting(by=request.user, waiting=waiting)
    messages.success(request, "It waits for this no longer.")
    return redirect(found)
