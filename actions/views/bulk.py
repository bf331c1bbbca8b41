"""Pages of the programme team: several actions changed at once, each shown before and after (R-W9)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions import operations, permissions
from actions.bulk import MOST, sort_out
from actions.forms import ActionFilterForm
from actions.forms.bulk import FORMS, TOO_MANY, BulkForm
from actions.models import Action
from actions.models.action_queries import ActionQuerySet
from foundation.ids import clean_id
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.tokens import was_spent
from partnership.calendar import today

from .saving import ALREADY, require

KINDS = {
    "move": ("Move them to another service", "Move"),
    "redate": ("Give them a new due date", "Re-date"),
    "serve": ("Let them serve one more priority", "Link"),
}
"""By the word in the address: what the button and the page say, and the verb of the last press."""


@require_safe
def bulk(request: HttpRequest) -> HttpResponse:
    """The open actions with a box beside each, and the filters of the public list."""
    require(permissions.can_change_several(request.user))
    form = ActionFilterForm(request.GET, user=request.user)
    rows = _fitting(request, form)
    page = paginate(request, rows.for_reader(request.user, today()))
    context = {
        "page": page,
        "form": form,
        "is_filtered": form.is_set,
        "filters": [(name, request.GET[name]) for name in form.fields if request.GET.get(name)],
        "kinds": [(kind, words) for kind, (words, _) in KINDS.items()],
        "most": MOST,
    }
    return render(request, "actions/bulk.html", context)


def _fitting(request: HttpRequest, form: ActionFilterForm) -> ActionQuerySet:
    """The actions that can be changed and that fit every filter in the address."""
    return form.narrow(Action.objects.changeable_by(request.user), today=today(), public=False)


@form_page
def bulk_change(request: HttpRequest, kind: str) -> HttpResponse:
    """What to change and why; then what each action says before and after; then the press that does it."""
    require(permissions.can_change_several(request.user))
    if kind not in FORMS:
        raise Http404
    if request.method != "POST":
        return _begin(request, kind)
    if was_spent(request.POST.get("token"), purpose=operations.BULK_CHANGE):
        messages.info(request, ALREADY)
        return redirect("actions:bulk")
    form = FORMS[kind](request.POST, user=request.user)
    if not form.is_valid() or "edit" in request.POST:
        return _ask(request, kind, form, form.cleaned_data.get("chosen", []))
    if "look" in request.POST:
        return _look(request, kind, form)
    try:
        form.save(by=request.user)
    except operations.ChangedMeanwhile as broken:
        return _look(request, kind, form, broken.faults)
    messages.success(request, f"Done. {KINDS[kind][0]}: the change is saved with each action.")
    return redirect("actions:bulk")


def _begin(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty form for the actions that were ticked, or for all that fit the filters."""
    if request.GET.get("which") == "all":
        rows = _fitting(request, ActionFilterForm(request.GET, user=request.user))
    else:
        ids = [found for value in request.GET.getlist("action")[: MOST + 1] if (found := clean_id(value))]
        rows = Action.objects.visible_to(request.user).filter(pk__in=ids)
    chosen = list(rows.order_by("pk")[: MOST + 1])
    if not chosen or len(chosen) > MOST:
        messages.error(request, TOO_MANY if chosen else "Tick at least one action first.")
        return redirect(_back(request))
    seen = {"chosen": " ".join(str(row.pk) for row in chosen), "seen": operations.note_of(chosen)}
    return _ask(request, kind, FORMS[kind](user=request.user, initial=seen), chosen)


def _back(request: HttpRequest) -> str:
    """The list with the filters that were set."""
    kept = request.GET.copy()
    for name in ("which", "action"):
        kept.pop(name, None)
    return f"{reverse('actions:bulk')}{'?' if kept else ''}{kept.urlencode()}"


def _ask(request: HttpRequest, kind: str, form: BulkForm, actions: list[Action]) -> HttpResponse:
    """The form, with the chosen actions below it."""
    context = {"form": form, "heading": KINDS[kind][0], "actions": actions}
    return render(request, "actions/bulk_change.html", context, status=422 if form.errors else 200)


def _look(request: HttpRequest, kind: str, form: BulkForm, faults: list[str] | None = None) -> HttpResponse:
    """What each action says before and after, and which cannot be changed; what changed meanwhile, after such a press."""
    change, chosen = form.change(), form.cleaned_data["chosen"]
    can, cannot = sort_out(change, chosen, user=request.user)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "heading": KINDS[kind][0],
        "verb": KINDS[kind][1],
        "change": change,
        "can": [(action, change.old(action), change.new_of(action)) for action in can],
        "cannot": cannot,
        "seen": operations.note_of(can),
        "faults": faults,
        "error_title": bool(faults),
    }
    return render(request, "actions/bulk_preview.html", context, status=409 if faults else 200)
