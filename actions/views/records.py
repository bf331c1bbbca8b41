"""Pages that add to an action: updates, milestones, measures (R-A5, R-W2)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from actions import operations, permissions, progress, reasons
from actions.forms import MeasureLinkForm, MilestoneForm, NothingChangedForm, UpdateForm
from actions.models import ActionUpdate
from foundation.pages import form_page
from partnership.calendar import today

from .saving import (
    action_or_404,
    add_faults,
    add_to_action,
    child_or_404,
    not_saved,
    require,
    saved_or_page,
    sent_before,
)


@form_page
def action_update(request: HttpRequest, ref: str) -> HttpResponse:
    """How it stands now: one short form, or one honest click that nothing has changed."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose="action update"):
        return before
    form = UpdateForm(request.POST or None, request.FILES or None, action=found)
    if why := reasons.why_not_update_action(request.user, found):
        return not_saved(request, form, why, found)
    if "nothing_changed" in request.POST:
        return _nothing_changed(request, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/action_update.html",
        context=_update_page(found, request.user),
        done=_update_done,
        to=url,
    )


def _update_done(update: ActionUpdate) -> str:
    """What happens next with it, so that nobody wonders whether families can read it yet."""
    done = "Your update is saved. The partnership sees it now."
    return f"{done} Families see it when a publisher says so." if update.is_waiting else done


def _update_page(action, user) -> dict:
    return {
        "may_move_due": permissions.can_move_due(user, action),
        "heading": "Update this action",
        "action": action,
        "last": action.updates.select_related("author").first(),
        "board_ratings": list(action.board_ratings.select_related("by")[:1]),
        "last_said": action.updates.by_owner().first(),
        "click": NothingChangedForm(action=action),
        "click_faults": progress.nothing_changed_faults(status=action.status, due=action.due, today=today()),
        "cancel_url": action.get_absolute_url(),
    }


def _nothing_changed(request: HttpRequest, action) -> HttpResponse:
    form = NothingChangedForm(request.POST, action=action)
    try:
        made = form.save(by=request.user) if form.is_valid() else False
    except operations.RuleBroken as broken:
        add_faults(form, broken)
        made = False
    if made is False:
        page = UpdateForm(action=action)
        context = {**_update_page(action, request.user), "form": page, "click": form, "error_title": True}
        return render(request, "actions/action_update.html", context, status=422)
    messages.success(request, "Noted: nothing has changed.")
    return redirect(action)


@form_page
def milestone_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a step on the way."""
    return add_to_action(
        request,
        ref,
        form=lambda action: MilestoneForm(request.POST or None, action=action),
        why_not=reasons.why_not_edit_action,
        purpose="milestone",
        heading="Add a step",
        done="The step is saved.",
    )


@form_page
def milestone_edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Say when a step was done; whoever may change the action changes its words and date too."""
    found = action_or_404(request, ref)
    milestone = child_or_404(found.milestones, pk)
    words_too = permissions.can_edit_action(request.user, found)
    why = reasons.why_not_update_action(request.user, found)
    if "title" in request.POST and not words_too:
        # The page that was sent still offered the words: they went public, or the action was closed, meanwhile.
        why = reasons.why_not_edit_action(request.user, found)
    all_boxes = words_too or bool(why)  # so that every box that was filled in is given back
    form = MilestoneForm(request.POST or None, action=found, milestone=milestone, words_too=all_boxes)
    if why:
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/record_form.html",
        context={"heading": f"Step: {milestone.title}", "action": found, "cancel_url": url},
        done="The step is saved.",
        to=url,
    )


@form_page
def measure_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Say which measure shows that the action worked."""
    return add_to_action(
        request,
        ref,
        form=lambda action: MeasureLinkForm(request.POST or None, user=request.user, action=action),
        why_not=reasons.why_not_edit_action,
        heading="Link a measure",
        done="The measure is linked.",
    )


@require_POST
def measure_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Take a measure off the action."""
    found = action_or_404(request, ref)
    require(permissions.can_edit_action(request.user, found))
    link = child_or_404(found.success_measures, pk)
    operations.unlink_measure(by=request.user, action=found, link=link)
    messages.success(request, "The measure is taken off.")
    return redirect(found)
