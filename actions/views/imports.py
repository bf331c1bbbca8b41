"""Spreadsheets brought in: the file, its columns, the check piece by piece, the preview, the record (R-W3, R-W4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from actions import permissions
from actions.forms.imports import ColumnsForm, ConfirmForm, ImportForm, WordsForm
from actions.models import Plan, PlanImport, PlanImportRow
from actions.operations import ChangedMeanwhile, RuleBroken, imports
from actions.sheets.rows import column_of
from foundation.pages import form_page
from foundation.pagination import paginate
from partnership.permissions import has_role
from partnership.roles import SERVICE_ROLES

from .saving import ALREADY, add_faults, plan_or_404, require

Stage, Outcome = PlanImport.Stage, PlanImportRow.Outcome
TONES = {Outcome.REFUSED: "bad", Outcome.NEW: "good", Outcome.CHANGED: "warm"}
TO_LOOK_AT = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW)


@form_page
def plan_import_new(request: HttpRequest) -> HttpResponse:
    """Choose a plan of one's own service and a spreadsheet. Nothing is saved in the plan yet."""
    require(has_role(request.user, *SERVICE_ROLES))
    posted = request.method == "POST"
    form = ImportForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        user=request.user,
        initial={"plan": request.GET.get("plan", "")[:100]},
    )
    if posted and form.is_valid():
        try:
            made = form.save(by=request.user)
        except RuleBroken as broken:
            add_faults(form, broken)
        else:
            return redirect(made or PlanImport.objects.filter(by=request.user).first() or "actions:plans")
    context = {"form": form, "heading": "Bring in a spreadsheet", "submit_label": "Read the file"}
    context["cancel_url"] = reverse("actions:plans")
    return render(request, "actions/imports/new.html", context, status=422 if form.errors else 200)


def _import_or_404(request: HttpRequest, pk: int) -> PlanImport:
    rows = PlanImport.objects.visible_to(request.user).select_related("plan__service", "by")
    return get_object_or_404(rows, pk=pk)


def _own_or_refuse(request: HttpRequest, pk: int) -> PlanImport:
    """The import, for whoever goes on with it: the person who sent the file, while it waits."""
    found = _import_or_404(request, pk)
    if not permissions.can_confirm_import(request.user, found):
        raise PermissionDenied
    return found


@require_safe
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    """How the import stands: its check going on, the preview, or the record of what became of each row."""
    found = _import_or_404(request, pk)
    mine = permissions.can_confirm_import(request.user, found)
    if found.stage == Stage.COLUMNS and mine:
        return redirect("actions:plan_import_columns", pk)
    return _page(request, found, mine=mine)


def _page(
    request: HttpRequest, found: PlanImport, *, mine: bool, form: ConfirmForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"plan_import": found, "plan": found.plan, "mine": mine}
    if found.stage in (Stage.READY, Stage.DONE):
        context |= _outcomes(request, found)
        context["form"] = form or ConfirmForm(plan_import=found)
    context["error_title"] = status != 200
    return render(request, "actions/imports/import.html", context, status=status)


def _outcomes(request: HttpRequest, found: PlanImport) -> dict[str, Any]:
    """How many rows came out how, and a page of the ones that are asked for."""
    counts = imports.outcomes(found)
    asked = request.GET.get("show", "")
    wanted = [asked] if asked in Outcome.values else list(TO_LOOK_AT)
    rows = found.rows.filter(outcome__in=wanted).select_related("action").prefetch_related("cells")
    page = paginate(request, rows, count=sum(counts[one] for one in wanted))
    for row in page:
        row.tone = TONES.get(Outcome(row.outcome), "")
        row.shown = [(column_of(cell.field).heading, cell) for cell in row.cells.all()]
        row.faults = [(heading, cell) for heading, cell in row.shown if cell.fault]
        row.brought = [(heading, cell) for heading, cell in row.shown if not cell.fault]
    names = {Outcome.REFUSED: "Refused", Outcome.CHANGED: "Changed", Outcome.NEW: "New"}
    names[Outcome.UNCHANGED] = "Not changed"
    tabs = [{"value": value, "label": label, "count": counts[value]} for value, label in names.items()]
    to_save = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    return {"page": page, "counts": counts, "tabs": tabs, "show": asked, "to_save": to_save}


@form_page
def plan_import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column of a table from elsewhere goes into which field (R-W4)."""
    found = _own_or_refuse(request, pk)
    if found.is_own:
        raise Http404
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, user=request.user, plan_import=found
    )
    context = {
        "heading": "Which column is what?",
        "submit_label": "Go on",
        "plan_import": found,
        "cancel_url": found.plan.get_absolute_url(),
    }
    return _saved_or_shown(
        request, form, context, "actions/imports/columns.html", "actions:plan_import_words"
    )


@form_page
def plan_import_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the table's own words for must, should, could and for priorities mean (R-W4)."""
    found = _own_or_refuse(request, pk)
    if found.stage != Stage.COLUMNS:
        return redirect(found)
    form = WordsForm(request.POST if request.method == "POST" else None, user=request.user, plan_import=found)
    context = {
        "heading": "What do these words mean?" if form.asked else "Ready to check",
        "submit_label": "Check the rows",
        "plan_import": found,
        "cancel_url": reverse("actions:plan_import_columns", args=[pk]),
    }
    return _saved_or_shown(request, form, context, "actions/imports/words.html", "actions:plan_import")


def _saved_or_shown(
    request: HttpRequest, form: Any, context: dict[str, Any], template: str, then: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
        except RuleBroken as broken:
            add_faults(form, broken)
        else:
            return redirect(then, form.plan_import.pk)
    page = {"form": form, **context}
    return render(request, template, page, status=422 if form.errors else 200)


@require_POST
def plan_import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the next rows, or all of them anew. With htmx the same piece of the page comes back and goes on by itself."""
    found = _own_or_refuse(request, pk)
    try:
        if found.stage == Stage.READY:
            found = imports.check_again(by=request.user, plan_import=found)
        found = imports.check_piece(by=request.user, plan_import=found)
    except RuleBroken:
        found = _import_or_404(request, pk)
    htmx = getattr(request, "htmx", None)
    if not htmx:
        return redirect(found)
    if found.stage != Stage.CHECKING:
        return HttpResponseClientRedirect(found.get_absolute_url())
    return render(request, "actions/imports/_checking.html", {"plan_import": found})


@require_POST
def plan_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the preview showed: all of it, or nothing."""
    found = _import_or_404(request, pk)
    if found.stage == Stage.DONE and found.by_id == request.user.pk:
        messages.info(request, ALREADY)
        return redirect(found)
    found = _own_or_refuse(request, pk)
    form = ConfirmForm(request.POST, plan_import=found)
    if found.stage != Stage.READY:
        return redirect(found)
    if not form.is_valid():
        return _page(request, found, mine=True, form=form, status=422)
    try:
        form.save(by=request.user)
    except RuleBroken as broken:
        add_faults(form, broken)
        return _page(
            request, found, mine=True, form=form, status=409 if isinstance(broken, ChangedMeanwhile) else 422
        )
    messages.success(request, "The spreadsheet is saved. This page stays as the record of it.")
    return redirect(found)


@require_POST
def plan_import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the file away. Nothing of it was saved in the plan."""
    found = _own_or_refuse(request, pk)
    try:
        imports.drop_import(by=request.user, plan_import=found)
    except RuleBroken:
        return redirect(found)
    messages.success(request, "The file is thrown away. Nothing in the plan was changed.")
    return redirect(found.plan)


@require_safe
def plan_imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Which spreadsheets were brought into a plan: who, when, and what became of them."""
    plan: Plan = plan_or_404(request, slug)
    rows = PlanImport.objects.visible_to(request.user).filter(plan=plan).select_related("by")
    if not permissions.can_view_import(request.user, PlanImport(plan=plan)):
        raise PermissionDenied
    return render(request, "actions/imports/imports.html", {"plan": plan, "page": paginate(request, rows)})
