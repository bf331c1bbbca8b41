"""What pages that save have in common: the operation may still refuse, and a form sent twice counts once."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actions.models import Action, Audit, Plan
from actions.operations import ChangedMeanwhile, RuleBroken
from foundation.refusals import refused, typed_in
from foundation.tokens import was_spent
from foundation.versions import VersionConflict, conflict_response

ALREADY = "This was saved already. Nothing was added twice."


def plan_or_404(request: HttpRequest, slug: str) -> Plan:
    """The plan, if this person may see it; else there is no such page.

    So too for words that are sent to a plan this person no longer sees: an answer would say that it exists.
    """
    rows = Plan.objects.visible_to(request.user).select_related(
        "service__sector", "service__organisation", "strategy", "previous"
    )
    return get_object_or_404(rows, slug=slug)


def action_or_404(request: HttpRequest, ref: str, *, having: Iterable[str] = ()) -> Action:
    """The action, if this person may see it; else there is no such page, as for a plan.

    `having` names what it may have none of, for pages that show much (`ActionQuerySet.having`).
    """
    rows = Action.objects.visible_to(request.user).select_related(
        "plan__service", "service", "priority__strategy", "duty"
    )
    return get_object_or_404(rows.having(*having), ref=ref)


def require(allowed: bool) -> None:
    """Refuse the page (403) to somebody who may read the thing but not do this to it."""
    if not allowed:
        raise PermissionDenied


def not_saved(
    request: HttpRequest, form: forms.BaseForm, why: str, to: Plan | Action | Audit
) -> HttpResponse:
    """Nobody's words are lost because the thing was closed, or a role ended, while they wrote: they get them back."""
    return refused(
        request,
        why=why,
        typed=typed_in(form),
        url=to.get_absolute_url(),
        link_text=f"See how it stands now: {to}",
    )


def sent_before(request: HttpRequest, to: Action | Plan | Audit, *, purpose: str) -> HttpResponse | None:
    """The answer to a second click on a form that was kept already: a kind word, and back to the thing.

    Asked before permission, because the first click may have ended what this person may do (R-A4).
    """
    if request.method != "POST" or not was_spent(request.POST.get("token"), purpose=purpose):
        return None
    messages.info(request, ALREADY)
    return redirect(to)


def child_or_404(rows: Any, pk: int) -> Any:
    """A row of the thing itself, never of another."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def saved_or_page(
    request: HttpRequest,
    form: Any,
    *,
    template: str,
    context: dict[str, Any],
    done: Any,
    to: Any = None,
    fields: Iterable[str] | None = None,
) -> HttpResponse:
    """Save a posted form and go on, or show it: empty, with what is wrong, or beside what somebody else saved.

    `to` is where it goes afterwards, `done` what the person is told: each as text, or a function of what was saved.
    """
    page = {"form": form, **context}
    if request.method != "POST" or not form.is_valid():
        return render(request, template, page, status=422 if form.errors else 200)
    try:
        made = form.save(by=request.user)
    except VersionConflict as conflict:
        return conflict_response(request, form=form, conflict=conflict, fields=fields)
    except RuleBroken as broken:
        add_faults(form, broken)
        return render(request, template, page, status=409 if isinstance(broken, ChangedMeanwhile) else 422)
    if made is None:
        messages.info(request, ALREADY)
    else:
        messages.success(request, done(made) if callable(done) else done)
    return redirect(
        to(made) if callable(to) and made is not None else context["cancel_url"] if callable(to) else to
    )


def add_to_action(
    request: HttpRequest,
    ref: str,
    *,
    form: Callable[[Action], Any],
    why_not: Callable[[object, Action], str],
    heading: str,
    done: str,
    purpose: str = "",
    template: str = "actions/record_form.html",
) -> HttpResponse:
    """A page that adds one thing to an action: a step, evidence, a measure, another action that it waits for.

    `form` makes the form for the action, `why_not` says why the person may not add to it. `purpose` is what the form's
    token was spent for, where a second click would add a second thing.
    """
    found = action_or_404(request, ref)
    if purpose and (before := sent_before(request, found, purpose=purpose)):
        return before
    filled = form(found)
    if why := why_not(request.user, found):
        return not_saved(request, filled, why, found)
    url = found.get_absolute_url()
    context = {"heading": heading, "action": found, "cancel_url": url}
    return saved_or_page(request, filled, template=template, context=context, done=done, to=url)


def add_faults(form: forms.BaseForm, broken: RuleBroken) -> None:
    """Put each sentence of a broken rule beside the field it is about, or else at the top of the form."""
    for fault in broken.faults:
        name = broken.beside.get(fault)
        form.add_error(name if name in form.fields else None, fault)
