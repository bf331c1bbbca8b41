"""Pages of audits: the list, one audit, what was found, finishing, and the action that a gap becomes (R-A14)."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions import operations, permissions, reasons
from actions.forms import AuditForm, FindingForm, FinishForm
from actions.models import Action, Audit, Finding, GapAction, Result, Status
from actions.models.audits import GAPS
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in, typed_words
from foundation.templatetags.ui import day as in_days
from partnership.calendar import today
from partnership.permissions import has_role, is_staff
from partnership.roles import SERVICE_ROLES

from .saving import not_saved, require, saved_or_page


def audit_or_404(request: HttpRequest, pk: int) -> Audit:
    """The audit, if this person may read it; else there is no such page."""
    rows = Audit.objects.visible_to(request.user).select_related(
        "service__sector", "started_by", "finished_by"
    )
    return get_object_or_404(rows, pk=pk)


def finding_or_404(request: HttpRequest, pk: int, finding: int) -> Finding:
    """One finding of an audit that this person may read."""
    audit = audit_or_404(request, pk)
    found = get_object_or_404(audit.findings.select_related("duty", "commitment__title"), pk=finding)
    found.audit = audit
    return found


@require_safe
def audits(request: HttpRequest) -> HttpResponse:
    """The audits this person may read, newest first, and whose yearly audit is due."""
    require(is_staff(request.user))
    rows = Audit.objects.visible_to(request.user).select_related("service")
    rows = rows.annotate(
        all_findings=Count("findings"),
        looked_at=Count("findings", filter=~Q(findings__result="")),
        gaps=Count("findings", filter=Q(findings__result__in=GAPS)),
    ).order_by("-date", "-pk")
    context = {"page": paginate(request, rows), "may_begin": has_role(request.user, *SERVICE_ROLES)}
    return render(request, "actions/audits.html", context)


@require_safe
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    """One audit: each duty and promise, what was found, what shows it, and what is done about the gaps."""
    found = audit_or_404(request, pk)
    findings = _findings(request.user, found)
    left = [row for row in findings if not row.result]
    context = {
        "audit": found,
        "groups": [
            ("Legal duties", [row for row in findings if row.duty_id]),
            ("Promises of the plan", [row for row in findings if row.commitment_id]),
        ],
        "count": len(findings),
        "left": left,
        "next": left[0] if left else None,
        "results": [(Result(value), number) for value, number in _counts(findings).items() if number],
        "is_old": found.finished_at is not None and found.is_old(today()),
        "may": {
            "edit": permissions.can_edit_audit(request.user, found),
            "act": found.finished_at is not None and permissions.can_begin_audit(request.user, found.service),
        },
    }
    return render(request, "actions/audit.html", context)


def _findings(user: object, audit: Audit) -> list[Finding]:
    """The findings with their evidence and the actions that came of them, in four queries. Drafts stay hidden.

    A link that was taken off is told of as past (`past_links`), so that nobody wonders where it went.
    """
    rows = list(audit.findings.for_rows().prefetch_related("evidence__added_by"))
    links = (
        GapAction.objects.filter(finding__in=rows).select_related("action__plan", "ended_by").order_by("pk")
    )
    seen = set(
        Action.objects.visible_to(user).filter(came_from__finding__in=rows).values_list("pk", flat=True)
    )
    for row in rows:
        of_row = [link for link in links if link.finding_id == row.pk]
        own = [link for link in of_row if link.ended_at is None]
        row.shown_links = [link for link in own if link.action_id in seen]
        row.past_links = [link for link in of_row if link.ended_at is not None and link.action_id in seen]
        row.is_acted_on = any(link.action.status != Status.CLOSED for link in own)
        row.hidden_actions = len(own) - len(row.shown_links)
    return rows


def _counts(findings: list[Finding]) -> dict[str, int]:
    return {result: sum(row.result == result for row in findings) for result in Result.values}


@form_page
def audit_new(request: HttpRequest) -> HttpResponse:
    """Begin an audit of one of one's own services."""
    form = AuditForm(request.POST or None, user=request.user)
    list_url = reverse("actions:audits")
    if not has_role(request.user, *SERVICE_ROLES):
        # Whose last role ended while they wrote may not read audits either: the way on must not end at another refusal.
        url, words = (
            (list_url, "See all audits")
            if is_staff(request.user)
            else (reverse("actions:plans"), "See all plans")
        )
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text=words)
    return saved_or_page(
        request,
        form,
        template="actions/audit_form.html",
        context={"heading": "Begin an audit", "submit_label": "Begin", "cancel_url": list_url},
        done="The audit is begun. Leave it when you like, and go on later.",
        to=lambda made: made.get_absolute_url(),
    )


def _given_back(request: HttpRequest, pk: int, form_class: Any, names: list[str]) -> HttpResponse | None:
    """The answer to words that were sent to an audit which somebody threw away meanwhile: they come back to be copied."""
    gone = operations.thrown_away(pk) if request.method == "POST" else None
    if gone is None or not permissions.can_begin_audit(request.user, gone.service):
        return None
    typed = typed_words(form_class, request.POST, names)
    list_url = reverse("actions:audits")
    why = f"{reasons.AUDIT_GONE} {gone.history_user or 'Somebody'} did that on {in_days(gone.history_date)}."
    return refused(request, why=why, typed=typed, url=list_url, link_text="See all audits") if typed else None


@form_page
def audit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an audit is called, its day, and what it looks at."""
    if gone := _given_back(request, pk, AuditForm, ["title", "scope"]):
        return gone
    found = audit_or_404(request, pk)
    form = AuditForm(request.POST or None, user=request.user, audit=found)
    if why := reasons.why_not_edit_audit(request.user, found):
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="actions/audit_form.html",
        context={"heading": "Change the audit", "audit": found, "cancel_url": url},
        done="The audit is saved.",
        to=url,
        fields=["title", "date", "scope"],
    )


@form_page
def finding_edit(request: HttpRequest, pk: int, finding: int) -> HttpResponse:
    """Say what was found of one duty or promise; then on to the next that nobody looked at."""
    if gone := _given_back(request, pk, FindingForm, ["words", "evidence_statement", "evidence_link"]):
        return gone
    found = finding_or_404(request, pk, finding)
    form = FindingForm(request.POST or None, finding=found)
    if why := reasons.why_not_edit_audit(request.user, found.audit):
        return not_saved(request, form, why, found.audit)
    return saved_or_page(
        request,
        form,
        template="actions/finding_form.html",
        context={
            "heading": found.subject,
            "finding": found,
            "evidence": found.evidence.select_related("added_by"),
            "left": found.audit.findings.filter(result="").exclude(pk=found.pk).count(),
            "cancel_url": found.audit.get_absolute_url(),
        },
        done="What you found is saved.",
        to=_next_page,
        fields=["result", "words"],
    )


def _next_page(finding: Finding) -> str:
    """The next one that nobody looked at, from here on and then from the top; after the last, to finishing."""
    left = list(Finding.objects.filter(audit=finding.audit_id, result=""))
    after = [row for row in left if (row.position, row.pk) > (finding.position, finding.pk)]
    if not left:
        return reverse("actions:audit_finish", args=[finding.audit_id])
    return reverse("actions:finding_edit", args=[finding.audit_id, (after or left)[0].pk])


@form_page
def audit_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Look an audit over, and finish it: from then on the partnership reads it and nobody changes it."""
    found = audit_or_404(request, pk)
    if request.method == "POST" and found.finished_at is not None:
        messages.info(request, "This audit is finished already.")
        return redirect(found)
    require(permissions.can_edit_audit(request.user, found))
    form = FinishForm(request.POST if request.method == "POST" else None)
    faults: list[str] = []
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            operations.finish_audit(by=request.user, audit=found, seen=form.cleaned_data["seen"])
        except operations.RuleBroken as broken:
            faults, changed = broken.faults, isinstance(broken, operations.ChangedMeanwhile)
            found = audit_or_404(request, pk)
        else:
            messages.success(request, "The audit is finished. Now look at its gaps.")
            return redirect(found)
    findings = list(found.findings.for_rows())
    context: dict[str, Any] = {
        "audit": found,
        "findings": findings,
        "left": [row for row in findings if not row.result],
        "form": FinishForm(initial={"seen": operations.note_of_audit(found, findings)}),
        "faults": faults,
        "changed_meanwhile": changed,
        "error_title": bool(faults),
    }
    return render(
        request, "actions/audit_finish.html", context, status=409 if changed else 422 if faults else 200
    )


@form_page
def audit_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is lost, then throw an unfinished audit away."""
    if request.method == "POST" and (gone := operations.thrown_away(pk)):
        require(permissions.can_begin_audit(request.user, gone.service))
        messages.info(request, "This audit was thrown away already.")
        return redirect("actions:audits")
    found = audit_or_404(request, pk)
    require(permissions.can_edit_audit(request.user, found))
    form = FinishForm(request.POST if request.method == "POST" else None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            operations.drop_audit(by=request.user, audit=found, seen=form.cleaned_data["seen"])
        except operations.RuleBroken as broken:
            faults = broken.faults
        else:
            messages.success(request, f"The audit “{found.title}” is thrown away.")
            return redirect("actions:audits")
    findings = list(found.findings.for_rows().select_related("by").prefetch_related("evidence"))
    context: dict[str, Any] = {
        "audit": found,
        "lost": [row for row in findings if row.result],
        "evidence_count": sum(len(row.evidence.all()) for row in findings),
        "form": FinishForm(initial={"seen": operations.note_of_audit(found, findings)}),
        "faults": faults,
        "error_title": bool(faults),
    }
    return render(request, "actions/audit_drop.html", context, status=409 if faults else 200)
