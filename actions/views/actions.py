"""Pages of actions: the public list, one action, adding and changing, signing off and closing (R-A2, R-A11)."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actions import permissions, progress, reasons
from actions.definitions import DEFAULTS, status_key
from actions.forms import ActionFilterForm, ActionForm, CloseForm, SignOffForm
from actions.models import (
    FINISHED_STATUSES,
    Action,
    ActionMeasure,
    BulkChangeRow,
    GapAction,
    ReviewedAction,
)
from actions.operations import JUDGEMENT
from foundation.kept import kept
from foundation.pages import form_page, public_page
from foundation.pagination import paginate
from partnership.calendar import today
from partnership.permissions import is_staff
from priorities.models import Measure

from .past import AS_AT, ON_A_PAST_PAGE, action_on_a_day
from .saving import action_or_404, not_saved, plan_or_404, saved_or_page, sent_before
from .waiting import waiting_context

BOARD_RATINGS_SHOWN = 10


@public_page
@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Every action this reader may see, musts first, with filters that stand in the address."""
    day = today()
    form = ActionFilterForm(request.GET, user=request.user)
    seen = Action.objects.visible_to(request.user)
    rows = form.narrow(seen, today=day, public=not is_staff(request.user))
    everybody = not form.is_set and not is_staff(request.user)
    page = paginate(request, rows.for_reader(request.user, day), count=_count_public() if everybody else None)
    context = {
        "page": page,
        "form": form,
        "is_filtered": form.is_set,
        "chosen": form.query,
        "status_key": status_key(),
        "may_change_several": permissions.can_change_several(request.user),
    }
    return render(request, "actions/actions.html", context)


@kept(most=1)
def _count_public() -> int:
    """How many actions everybody may read."""
    return Action.objects.public().count()


@public_page
@require_safe
def action(request: HttpRequest, ref: str) -> HttpResponse:
    """One action under its three headings, how it stands, and what was said of it (R-A11); with `as_at`, of a past day."""
    if any(name in request.GET for name in AS_AT):
        return action_on_a_day(request, action_or_404(request, ref, having=ON_A_PAST_PAGE))
    staff = is_staff(request.user)
    rows = Action.objects.visible_to(request.user).for_page(request.user, today())
    found = get_object_or_404(rows, ref=ref)
    facts = {"status": found.status if staff else found.public_status, "due": found.due, "today": today()}
    updates = found.updates.visible_to(request.user).select_related("author" if staff else "action")
    page = paginate(request, updates, 20, count=found.updates_count)
    context = {
        "action": found,
        "staff": staff,
        "why_shown": progress.why_shown(**facts),
        "meaning": found.own_meaning or DEFAULTS[found.shown_status],
        "updates": page,
        "moves": found.due_date_changes.all() if found.due != found.original_due or found.slips else [],
        "told": found.difference_answers.told() if found.is_done_in_public else None,
        **_on_it(found, request.user),
        **_for_staff(found, request.user, page),
        **waiting_context(found, request.user),
        "may": _may(request.user, found),
    }
    return render(request, "actions/action.html", context)


def _on_it(action: Action, user: object) -> dict[str, Any]:
    """What hangs on the action, as this reader may see it. What there is none of is not asked for."""
    measures = Measure.objects.visible_to(user)
    links = ActionMeasure.objects.filter(action=action, measure__in=measures).select_related("measure")
    serves = action.also_serves.visible_to(user).select_related("strategy", "title")
    voices = list(action.voices.to_show(user)) if action.may_have("voices") else []
    return {
        "milestones": action.milestones.all() if action.may_have("milestones") else [],
        "measures": links if action.may_have("success_measures") else [],
        "also_serves": serves if action.may_have("also_serves") else [],
        "commitments": action.commitments.select_related("title", "strategy")
        if action.may_have("commitments")
        else [],
        "partners": action.partners.all() if action.may_have("partners") else [],
        "voices": [row for row in voices if not row.about_difference],
        "noticed": [row for row in voices if row.about_difference],
    }


def _for_staff(action: Action, user: object, updates: Page) -> dict[str, Any]:
    """What only people inside the partnership read of an action, asked for where there is any."""
    if not is_staff(user):
        return {"evidence": [], "ratings": []}
    rows = action.board_ratings.visible_to(user).select_related("by")[:BOARD_RATINGS_SHOWN]
    rated = list(rows) if action.may_have("board_ratings") else []
    gaps = GapAction.objects.open().for_rows().filter(action=action)
    asked = action.due_date_requests.open().select_related("by")
    said = (row for row in updates if updates.number == 1 and row.status not in FINISHED_STATUSES)
    return {
        "evidence": action.evidence.select_related("added_by") if action.may_have("evidence") else [],
        "ratings": action.impact_ratings.select_related("by") if action.may_have("impact_ratings") else [],
        "changed_together": BulkChangeRow.objects.of_action(action)
        if action.may_have("bulk_changes")
        else [],
        "gaps": gaps if action.may_have("came_from") else [],
        "asked": asked.first() if action.may_have("due_date_requests") else None,
        "board_ratings": rated,
        "last_said": (next(said, None) or action.updates.by_owner().first()) if rated else None,
    }


def _may(user: object, action: Action) -> dict[str, bool]:
    sign_off = permissions.can_sign_off(user, action)
    return {
        "edit": permissions.can_edit_action(user, action),
        "update": permissions.can_update_action(user, action),
        "rate": sign_off or permissions.can_rate_impact(user, action),
        "sign_off": sign_off,
        "close": permissions.can_close_action(user, action),
        "move_due": permissions.can_move_due(user, action),
        "approve_due": permissions.can_approve_due(user, action),
    }


@form_page
def action_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an action to a plan of one's own service."""
    plan = plan_or_404(request, slug)
    if before := sent_before(request, plan, purpose="action"):
        return before
    form = ActionForm(request.POST or None, user=request.user, plan=plan)
    if why := reasons.why_not_edit_plan(request.user, plan):
        return not_saved(request, form, why, plan)
    return saved_or_page(
        request,
        form,
        template="actions/action_form.html",
        context={"heading": "Add an action", "plan": plan, "cancel_url": plan.get_absolute_url()},
        done="The action is saved.",
        to=lambda made: made.get_absolute_url(),
    )


@form_page
def action_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change an action. Somebody else's changes meanwhile are shown beside one's own (R-A9)."""
    found = action_or_404(request, ref)
    form = ActionForm(request.POST or None, user=request.user, plan=found.plan, action=found)
    if why := reasons.why_not_edit_action(request.user, found):
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/action_form.html",
        context={"heading": f"Change {found.ref}", "plan": found.plan, "action": found, "cancel_url": url},
        done="The action is saved.",
        to=url,
        fields=[name for name in form.fields if name not in ("version", "due_reason")],
    )


@form_page
def sign_off(request: HttpRequest, ref: str) -> HttpResponse:
    """Assurance records the difference seen, and signs off what is delivered (R-A4, R-A6)."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose=JUDGEMENT):
        return before
    may_sign = permissions.can_sign_off(request.user, found)
    form = SignOffForm(request.POST or None, action=found, may_sign=may_sign)
    if why := reasons.why_not_rate_impact(request.user, found):
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/sign_off.html",
        context={
            "heading": "What difference did it make?",
            "action": found,
            "partners": found.partners.all(),
            "evidence": found.evidence.select_related("added_by"),
            "told": found.difference_answers.told() if found.is_done_in_public else None,
            "noticed": found.voices.of_difference().to_show(request.user),
            "cancel_url": url,
        },
        done="Your decision is saved.",
        to=url,
    )


@form_page
def action_close(request: HttpRequest, ref: str) -> HttpResponse:
    """The programme team says that an action will not go ahead, and why (R-A4)."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose=JUDGEMENT):
        return before
    form = CloseForm(request.POST or None, action=found)
    if why := reasons.why_not_close_action(request.user, found):
        return not_saved(request, form, why, found)
    return saved_or_page(
        request,
        form,
        template="actions/action_close.html",
        context={
            "heading": "Close this action",
            "action": found,
            "proposed": ReviewedAction.objects.to_close().filter(action=found).select_related("by").first(),
            "cancel_url": found.get_absolute_url(),
        },
        done="The action is closed. It stays in its plan with the reason.",
        to=found.get_absolute_url(),
    )
