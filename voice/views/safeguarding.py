"""Someone may be unsafe: a lane of its own, for the safeguarding lead and deputies alone (R-S2)."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from partnership.calendar import today
from voice.forms.safeguarding import OutcomeForm, ReleaseForm
from voice.help_numbers import numbers_to_check
from voice.models import CommentContact, CommentOriginal, SafeguardingFlag, SafetyWord, Stage
from voice.operations import agree_release, decline_release, mark_flag_read
from voice.operations.errors import CannotDo
from voice.permissions import can_agree_release, can_handle_flag, is_safeguarding
from voice.safety_clock import safety_clock

LET_GO = "Let go. The moderators read it next, as if it had just come."
ERASED_NOW = "Let go. The sender wanted it back, so the words are gone now."


@require_safe
def safeguarding(request: HttpRequest) -> HttpResponse:
    """What is marked unsafe: unread first, then without an outcome, then the rest, oldest first. No words here."""
    if not is_safeguarding(request.user):
        raise PermissionDenied
    rows = SafeguardingFlag.objects.visible_to(request.user).select_related(
        "comment", "read_by", "outcome_by"
    )
    to_agree = SafeguardingFlag.objects.to_agree(request.user).filter(pk=OuterRef("pk")).order_by()
    page = paginate(request, rows.in_order_of_need().annotate(is_to_agree=Exists(to_agree)))
    clock = safety_clock(timezone.now())
    for flag in page.object_list:
        flag.due, flag.is_red = clock.red_due(flag), clock.is_red(flag)
    context = {"page": page, "to_check": numbers_to_check(today()).count()}
    return render(request, "voice/safeguarding.html", context)


@form_page
def safeguarding_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. The words show once somebody has said that they are reading it."""
    flag = get_object_or_404(_flags(request), pk=pk)
    if not can_handle_flag(request.user, flag):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, flag)
    step = STEPS.get(request.POST.get("step", ""), _outcome)
    return step(request, flag)


def _read(request: HttpRequest, flag: SafeguardingFlag) -> HttpResponse:
    mark_flag_read(flag=flag, by=request.user)
    return _back(flag)


def _outcome(request: HttpRequest, flag: SafeguardingFlag) -> HttpResponse:
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            form.save(flag=flag, by=request.user)
        except CannotDo as why:
            # What was typed stays in the form, under what somebody else wrote down first.
            flag = _flags(request).get(pk=flag.pk)
            typed = request.POST.copy()
            typed["version"] = str(flag.outcomes.count())
            form = OutcomeForm(typed)
            form.add_error(None, str(why))
        else:
            messages.success(request, "Written down.")
            return _back(flag)
    return _page(request, flag, outcome=form)


def _ask(request: HttpRequest, flag: SafeguardingFlag) -> HttpResponse:
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            form.save(flag=flag, by=request.user)
        except CannotDo as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Asked. Somebody else in safeguarding agrees or declines.")
            return _back(flag)
    return _page(request, flag, release=form)


def _agree(request: HttpRequest, flag: SafeguardingFlag) -> HttpResponse:
    try:
        comment = agree_release(flag=flag, by=request.user)
    except CannotDo as why:
        messages.error(request, str(why))
        return _back(flag)
    messages.success(request, ERASED_NOW if comment.stage == Stage.WITHDRAWN else LET_GO)
    return redirect("voice:safeguarding")


def _decline(request: HttpRequest, flag: SafeguardingFlag) -> HttpResponse:
    try:
        decline_release(flag=flag, by=request.user)
    except CannotDo as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "Declined. It stays here.")
    return _back(flag)


STEPS: dict[str, Callable[[HttpRequest, SafeguardingFlag], HttpResponse]] = {
    "read": _read,
    "outcome": _outcome,
    "ask": _ask,
    "agree": _agree,
    "decline": _decline,
}


def _back(flag: SafeguardingFlag) -> HttpResponse:
    return redirect("voice:safeguarding_item", pk=flag.pk)


def _flags(request: HttpRequest) -> QuerySet[SafeguardingFlag]:
    rows = SafeguardingFlag.objects.visible_to(request.user)
    return rows.select_related("comment__service", "comment__district", "raised_by", "read_by", "outcome_by")


def _page(
    request: HttpRequest,
    flag: SafeguardingFlag,
    *,
    outcome: OutcomeForm | None = None,
    release: ReleaseForm | None = None,
) -> HttpResponse:
    is_read, comment = flag.read_at is not None, flag.comment
    is_open = is_read and flag.released_at is None
    outcomes = list(flag.outcomes.select_related("by"))
    asked = flag.release_requests.select_related("asked_by", "decided_by")
    open_request = next((row for row in asked if not row.decision), None)
    form: forms.Form | None = outcome or release
    clock = safety_clock(timezone.now())
    context = {
        "flag": flag,
        "comment": comment,
        "is_read": is_read,
        "deputies_due": clock.deputies_due(flag),
        "red_due": clock.red_due(flag),
        "is_red": clock.is_red(flag),
        "original": _own(CommentOriginal.objects.visible_to(request.user), flag) if is_read else None,
        "contact": _own(CommentContact.objects.visible_to(request.user), flag) if is_read else None,
        "found": SafetyWord.objects.visible_to(request.user).filter(found__flag=flag) if is_read else [],
        "outcomes": outcomes,
        "outcome": (outcome or OutcomeForm(initial={"version": len(outcomes)}))
        if is_open or outcome
        else None,
        "requests": asked,
        "release": (release or ReleaseForm())
        if (is_open and flag.outcome and not open_request) or release
        else None,
        "can_agree": can_agree_release(request.user, flag),
        "is_mine": open_request is not None and open_request.asked_by_id == request.user.pk,
        "form": form,
        "decisions": comment.decisions.with_names(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "voice/safeguarding_item.html", context, status=status)


def _own(rows: QuerySet, flag: SafeguardingFlag) -> object:
    return rows.filter(comment=flag.comment_id).first()
