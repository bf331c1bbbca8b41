"""Pages of a gap that an audit found: an action is made of it, linked to it, or taken off again (R-A14)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from actions import operations, permissions, reasons
from actions.forms import GapActionForm, GapLinkForm, GapUnlinkForm
from foundation.pages import form_page
from foundation.versions import VersionConflict

from .audits import finding_or_404
from .saving import ALREADY, child_or_404, not_saved, require, saved_or_page, sent_before

CHANGED = "Nothing was taken off: somebody changed the actions of this gap while you were reading. It now shows how it is."


@form_page
def gap_action(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Make an action of a gap: one step, most of it filled in."""
    found = finding_or_404(request, pk, finding)
    if before := sent_before(request, found.audit, purpose="action"):
        return before
    form = GapActionForm(request.POST or None, user=request.user, finding=found)
    if why := reasons.why_not_act_on_gap(request.user, found):
        return not_saved(request, form, why, found.audit)
    return saved_or_page(
        request,
        form,
        template="actions/gap_action.html",
        context={
            "heading": "Make this gap a must-do" if found.duty_id else "Make this gap an action",
            "finding": found,
            "no_plan": not form.fields["plan"].queryset,
            "cancel_url": found.get_absolute_url(),
        },
        done=lambda made: f"{made.ref} is in your plan, and linked to the gap.",
        to=lambda made: made.get_absolute_url(),
    )


@form_page
def gap_link(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Say that an action which is there already answers the gap."""
    found = finding_or_404(request, pk, finding)
    form = GapLinkForm(request.POST if request.method == "POST" else None, user=request.user, finding=found)
    if why := reasons.why_not_act_on_gap(request.user, found):
        return not_saved(request, form, why, found.audit)
    return saved_or_page(
        request,
        form,
        template="actions/gap_link.html",
        context={
            "heading": "Link an action to this gap",
            "finding": found,
            "cancel_url": found.get_absolute_url(),
        },
        done=lambda made: f"{made.action.ref} is linked to the gap.",
        to=found.get_absolute_url(),
    )


@require_POST
def gap_unlink(request: HttpRequest, pk: int, finding: int, link: int) -> HttpResponse:
    """Say that a linked action does not answer the gap after all. The audit keeps that it was linked."""
    found = finding_or_404(request, pk, finding)
    require(permissions.can_act_on_gap(request.user, found))
    row = child_or_404(found.gap_actions.select_related("action"), link)
    form = GapUnlinkForm(request.POST)
    form.is_valid()  # a missing or wrong version is 0, which no finding has
    try:
        ended = operations.unlink_gap(by=request.user, link=row, version=form.cleaned_data["version"])
    except VersionConflict:
        messages.error(request, CHANGED)
        return redirect(found)
    if ended is None:
        messages.info(request, ALREADY)
    else:
        messages.success(request, f"{row.action.ref} is not linked to this gap any more.")
    return redirect(found)
