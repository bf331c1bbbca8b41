"""Pages of plans: the list, one plan in must, should, could order, and what its service does with it (R-A1, R-A3, R-A7)."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions import operations, permissions, reasons
from actions.definitions import status_key
from actions.forms import ArchiveForm, PlanForm, PublishForm, WaitingForm
from actions.models import Action, ActionMeasure, ActionUpdate, Category, Plan, PlanImport
from foundation.ids import clean_id
from foundation.pages import form_page, public_page
from foundation.pagination import paginate
from foundation.pdf import NoPdf, can_make_pdf, make_pdf
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from foundation.versions import VersionConflict
from partnership.calendar import today
from partnership.permissions import can_publish_for, has_role, is_person, is_staff
from partnership.roles import SERVICE_ROLES
from priorities.models import CategoryDefinition, Measure
from priorities.quotations import with_quotes

from .reviews import carried_context, review_notice
from .saving import not_saved, plan_or_404, require, saved_or_page


@public_page
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan this reader may see, by service."""
    rows = Plan.objects.visible_to(request.user).select_related("service__sector", "strategy")
    page = paginate(request, rows)
    may_begin = is_person(request.user) and has_role(request.user, *SERVICE_ROLES)
    return render(request, "actions/plans.html", {"page": page, "may_begin": may_begin})


@public_page
@require_safe
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """One service's plan in must, should, could order, with the official words for each (R-A3)."""
    found = plan_or_404(request, slug)
    actions = list(
        Action.objects.visible_to(request.user).filter(plan=found).for_reader(request.user, today())
    )
    may = _may(request.user, found)
    context = {
        "plan": found,
        "groups": _groups(actions),
        "count": len(actions),
        "status_key": status_key(),
        "may": may,
        "is_staff": is_staff(request.user),
        "waiting": _count_waiting(found, actions) if may["publish_waiting"] or may["edit"] else 0,
        **carried_context(found, request.user),
        "asks_for_review": review_notice(found, request.user),
        "review_overdue": found.status == "published"
        and found.next_review is not None
        and found.next_review < today(),
    }
    return render(request, "actions/plan.html", context)


@require_safe
def plan_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan as a PDF for meeting papers, with every action in full as this reader may see it.

    For people who are signed in: making one takes seconds, and anybody can print the page.
    """
    found = plan_or_404(request, slug)
    rows = (
        Action.objects.visible_to(request.user).filter(plan=found).for_reader(request.user, today()).whole()
    )
    rows = rows.select_related("service", "priority__strategy", "priority__title", "duty")
    measures = ActionMeasure.objects.filter(measure__in=Measure.objects.visible_to(request.user))
    shown = Prefetch("success_measures", measures.select_related("measure"))
    actions = list(rows.prefetch_related("milestones", shown))
    context = {"plan": found, "groups": _groups(actions), "status_key": status_key(), "day": today()}
    try:
        content = make_pdf(render_to_string("actions/plan_pdf.html", context, request), style="plan")
    except NoPdf:
        return render(
            request, "foundation/no_pdf.html", {"url": found.get_absolute_url(), "what": "plan"}, status=503
        )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.slug}.pdf"'
    return response


def _may(user: object, plan: Plan) -> dict[str, bool]:
    return {
        "edit": permissions.can_edit_plan(user, plan),
        "publish": permissions.can_publish_plan(user, plan),
        "archive": permissions.can_archive_plan(user, plan),
        "publish_waiting": permissions.can_publish_waiting(user, plan),
        "pdf": is_person(user) and can_make_pdf(),
        "see_imports": permissions.can_view_import(user, PlanImport(plan=plan)),
    }


def _groups(actions: list[Action]) -> list[dict[str, Any]]:
    """The actions in their three groups, each with its official definition; a group without actions is left out."""
    official = {row.category: row.passage for row in CategoryDefinition.objects.select_related("passage")}
    with_quotes(official.values())
    groups = []
    for category in Category:
        own = [action for action in actions if action.category == category]
        if own:
            groups.append({"category": category, "actions": own, "passage": official.get(category.slug)})
    return groups


def _count_waiting(plan: Plan, actions: list[Action]) -> int:
    if plan.status != Plan.Status.PUBLISHED:
        return 0
    new = sum(1 for action in actions if action.published_at is None)
    return new + ActionUpdate.objects.filter(action__plan=plan).waiting().count()


@form_page
def plan_new(request: HttpRequest) -> HttpResponse:
    """Begin a plan of one of one's own services."""
    form = PlanForm(request.POST or None, user=request.user)
    if not has_role(request.user, *SERVICE_ROLES):
        list_url = reverse("actions:plans")
        return refused(
            request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=list_url, link_text="See all plans"
        )
    return saved_or_page(
        request,
        form,
        template="actions/plan_form.html",
        context={
            "heading": "Begin a plan",
            "submit_label": "Save the draft",
            "cancel_url": reverse("actions:plans"),
        },
        done="The draft is saved. Only your service and the programme team see it.",
        to=lambda made: made.get_absolute_url(),
    )


@form_page
def plan_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a plan's title, period, strategy and review date."""
    found = plan_or_404(request, slug)
    form = PlanForm(request.POST or None, user=request.user, plan=found)
    if why := reasons.why_not_edit_plan(request.user, found):
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/plan_form.html",
        context={"heading": "Change the plan", "plan": found, "cancel_url": url},
        done="The plan is saved.",
        to=url,
    )


def _is_done(request: HttpRequest, plan: Plan, status: str, words: str) -> bool:
    """Whether this is a second click by somebody who publishes for the service; they are told so."""
    done = request.method == "POST" and plan.status == status and can_publish_for(request.user, plan.service)
    if done:
        messages.info(request, words)
    return done


@form_page
def plan_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Look over a draft: what it still lacks, or what becomes public; then publish it."""
    found = plan_or_404(request, slug)
    if _is_done(request, found, Plan.Status.PUBLISHED, "The plan is public already."):
        return redirect(found)
    require(permissions.can_publish_plan(request.user, found))
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _publish_page(request, found)
    try:
        operations.publish_plan(by=request.user, plan=found, seen=form.cleaned_data["seen"])
    except operations.RuleBroken as broken:
        return _publish_page(request, plan_or_404(request, slug), broken)
    messages.success(request, "The plan is public. Everybody can read it.")
    return redirect(found)


def _publish_page(
    request: HttpRequest, plan: Plan, broken: operations.RuleBroken | None = None
) -> HttpResponse:
    """The plan as it is now, the note of it, and what stood in the way of the press before."""
    actions = list(plan.actions.for_reader(request.user, today()).whole())
    words = _words_waiting(plan)
    context = {
        "plan": plan,
        "actions": actions,
        "coming_in": operations.to_be_carried(plan),
        "lacking": [(action, lacks) for action in actions if (lacks := action.missing_to_publish())],
        "words": words,
        "form": PublishForm(initial={"seen": operations.note_of(actions, words, plan=plan)}),
    }
    return render(request, "actions/plan_publish.html", context | _told(broken), status=_status(broken))


def _words_waiting(plan: Plan) -> QuerySet[ActionUpdate]:
    """The updates that wait for a publisher: those of musts first, the newest first in each (R-Z2)."""
    rows = ActionUpdate.objects.filter(action__plan=plan).waiting().select_related("action", "author")
    return rows.order_by("action__category", "-at", "-pk")


def _told(broken: operations.RuleBroken | None) -> dict[str, Any]:
    """What a page that publishes says after a press that published nothing."""
    faults = broken.faults if broken else []
    changed = isinstance(broken, operations.ChangedMeanwhile)
    return {"faults": faults, "changed_meanwhile": changed, "error_title": bool(faults)}


def _status(broken: operations.RuleBroken | None) -> int:
    if broken is None or not broken.faults:
        return 200
    return 409 if isinstance(broken, operations.ChangedMeanwhile) else 422


@form_page
def plan_waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """New actions and words for families that wait: tick several, publish them at once."""
    found = plan_or_404(request, slug)
    require(permissions.can_publish_waiting(request.user, found))
    form = WaitingForm(request.POST if request.method == "POST" else None, plan=found)
    broken = operations.RuleBroken([fault for faults in form.errors.values() for fault in faults])
    if request.method == "POST" and form.is_valid():
        try:
            count = form.save(by=request.user)
        except operations.RuleBroken as refusal:
            broken = refusal
        else:
            done = "1 thing is public now." if count == 1 else f"{count} things are public now."
            messages.success(request, done if count else "These were public already.")
            return redirect("actions:plan_waiting", slug)
    actions = list(found.actions.filter(published_at__isnull=True).for_reader(request.user, today()).whole())
    updates = list(_words_waiting(found))
    context = {
        "plan": found,
        "form": form,
        "actions": actions,
        "updates": updates,
        "ticked": {name: set(map(clean_id, request.POST.getlist(name))) for name in ("actions", "updates")},
        "seen": operations.note_of(actions, updates),
    }
    return render(request, "actions/plan_waiting.html", context | _told(broken), status=_status(broken))


@form_page
def plan_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive a published plan whose period is over."""
    found = plan_or_404(request, slug)
    if _is_done(request, found, Plan.Status.ARCHIVED, "The plan is archived already."):
        return redirect(found)
    require(permissions.can_archive_plan(request.user, found))
    form = ArchiveForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if request.method != "POST" or not form.is_valid():
        return render(request, "actions/plan_archive.html", {"plan": found, "form": form})
    try:
        operations.archive_plan(by=request.user, plan=found, version=form.cleaned_data["version"])
    except VersionConflict:
        messages.warning(request, "Somebody changed the plan meanwhile. Look it over again, then archive it.")
        return redirect("actions:plan_archive", slug)
    messages.success(request, "The plan is archived. Everybody can still read it.")
    return redirect(found)
