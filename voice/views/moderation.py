"""One comment in the moderators' hands: the sender's words beside the redacted ones, and what to do with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.pages import form_page
from foundation.versions import VersionConflict
from partnership.calendar import today
from voice.forms.inbox import RerouteForm
from voice.forms.moderation import RefuseForm, VersionForm
from voice.forms.redacting import ApproveForm, strikes_of
from voice.forms.themes import ThemesForm, first_themes
from voice.models import Comment, MoreWords, ShowChange, Stage, StrikeReason
from voice.models.comments import MODERATED_STAGES
from voice.operations import (
    claim_comment,
    flag_comment,
    release_comment,
    second_approve_comment,
    send_back_comment,
)
from voice.operations.errors import CannotDo
from voice.permissions import can_moderate, can_read_original, can_second_approve
from voice.strikes import Span, pieces

OPEN_STAGES = (Stage.RECEIVED, Stage.NOT_PUBLISHED)
"""Where a moderator can still make words safe to read."""
CHANGED = "Somebody else changed this one while you had it open. Look at where it stands now, then try again."


@form_page
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment: the sender's words beside the redacted ones, and what to do with them."""
    rows = Comment.objects.for_moderation_by(request.user)
    found = get_object_or_404(
        rows.select_related(
            "original",
            "sender",
            "claimed_by",
            "service",
            "priority__strategy",
            "priority__title",
            "priority__short_title",
            "district",
            "first_approved_by",
            "event",
            "entered_by",
            "adds_to__comment",
        ),
        pk=pk,
    )
    if request.method != "POST":
        return _page(request, found)
    step = STEPS.get(request.POST.get("step", ""))
    # Redacted words are made of the sender's own. Where those have gone, to safeguarding alone or because the sender took
    # them back, what a moderator made of them is not handed back either: that is what taking back means (R-V8).
    if found.is_flagged:
        messages.info(request, "This one is with the safeguarding lead. Nothing was changed.")
        return redirect("voice:inbox")
    if not can_moderate(request.user, found):
        messages.info(request, "The sender took this one back. Nothing was changed.")
        return redirect("voice:comment", pk=found.pk)
    if step is None:
        return redirect("voice:comment", pk=found.pk)
    try:
        return step(request, found)
    except (CannotDo, VersionConflict, Comment.DoesNotExist) as why:
        return _try_again(request, found, CHANGED if not isinstance(why, CannotDo) else str(why))


def _claim(request: HttpRequest, found: Comment) -> HttpResponse:
    claim_comment(comment=found, by=request.user)
    messages.success(request, "It is yours to read now.")
    return redirect("voice:comment", pk=found.pk)


def _release(request: HttpRequest, found: Comment) -> HttpResponse:
    release_comment(comment=found, by=request.user)
    messages.success(request, "You put it back for somebody else.")
    return redirect("voice:inbox")


def _approve(request: HttpRequest, found: Comment) -> HttpResponse:
    form = ApproveForm(request.POST, comment=found, user=request.user)
    if not form.is_valid():
        return _page(request, found, approve=form, status=422)
    saved = form.save(by=request.user)
    second = saved.stage == Stage.SECOND_CHECK
    words = "A second moderator reads it next." if second else f"It is with {saved.service} now."
    messages.success(request, f"Approved. {words}")
    return redirect("voice:inbox")


def _strike(request: HttpRequest, found: Comment) -> HttpResponse:
    """Show the words that are left of the original, to be read and mended before anything is approved."""
    if found.stage not in OPEN_STAGES:
        raise CannotDo("This one has been approved already.")
    form = ApproveForm(request.POST, comment=found, user=request.user)
    form.is_valid()
    if form.strikes_are_wrong:
        return _page(request, found, approve=form, status=422)
    first, mended = form.remade()
    again = ApproveForm(initial=first, comment=found, user=request.user)
    return _page(request, found, approve=again, mended=mended, remade=True)


def _themes(request: HttpRequest, found: Comment) -> HttpResponse:
    form = ThemesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, themes=form, status=422)
    form.save(comment=found, by=request.user)
    messages.success(request, "The themes are saved.")
    return redirect("voice:comment", pk=found.pk)


def _reroute(request: HttpRequest, found: Comment) -> HttpResponse:
    form = RerouteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reroute=form, status=422)
    saved = form.save(comment=found, by=request.user)
    messages.success(request, f"Sent on. It is with {saved.service} now.")
    return redirect("voice:comment", pk=found.pk)


def _second(request: HttpRequest, found: Comment) -> HttpResponse:
    _must_wait_for_second(request, found)
    saved = second_approve_comment(comment=found, version=_version(request), by=request.user)
    messages.success(request, f"Approved. It is with {saved.service} now.")
    return redirect("voice:inbox")


def _must_wait_for_second(request: HttpRequest, found: Comment) -> None:
    if found.stage != Stage.SECOND_CHECK:  # a second click, or somebody was quicker
        raise CannotDo("This one does not wait for a second moderator any more.")
    if not can_second_approve(request.user, found):
        raise PermissionDenied


def _send_back(request: HttpRequest, found: Comment) -> HttpResponse:
    _must_wait_for_second(request, found)
    send_back_comment(comment=found, version=_version(request), by=request.user)
    messages.success(request, "Sent back to be read again.")
    return redirect("voice:inbox")


def _refuse(request: HttpRequest, found: Comment) -> HttpResponse:
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refuse=form, status=422)
    form.save(comment=found, by=request.user)
    messages.success(request, "It is not published.")
    return redirect("voice:inbox")


def _flag(request: HttpRequest, found: Comment) -> HttpResponse:
    flag_comment(comment=found, by=request.user)
    messages.success(request, "The safeguarding lead has been told. Only they can read it now.")
    return redirect("voice:inbox")


STEPS: dict[str, Callable[[HttpRequest, Comment], HttpResponse]] = {
    "claim": _claim,
    "release": _release,
    "strike": _strike,
    "approve": _approve,
    "themes": _themes,
    "reroute": _reroute,
    "second-approve": _second,
    "send-back": _send_back,
    "refuse": _refuse,
    "flag": _flag,
}


def _version(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    form.is_valid()
    return form.cleaned_data["version"]


def _try_again(request: HttpRequest, found: Comment, message: str) -> HttpResponse:
    """Somebody was quicker. What was typed stays on the page, under where the comment stands now."""
    now_there = Comment.objects.for_moderation_by(request.user).filter(pk=found.pk).first()
    if now_there is None:
        messages.error(request, "This one is no longer here.")
        return redirect("voice:inbox")
    typed = request.POST.copy()
    typed["version"] = str(now_there.version)
    forms: dict[str, Any] = {}
    step = request.POST.get("step")
    if step in ("approve", "strike"):
        forms["approve"] = ApproveForm(typed, comment=now_there, user=request.user)
        forms["approve"].is_valid()
    elif step == "refuse":
        forms["refuse"] = RefuseForm(typed)
    elif step == "themes":
        forms["themes"] = ThemesForm(typed)
    elif step == "reroute" and now_there.stage == Stage.APPROVED:
        forms["reroute"] = RerouteForm(typed)
    return _page(request, now_there, problem=message, status=409, **forms)


def _page(
    request: HttpRequest,
    found: Comment,
    *,
    approve: ApproveForm | None = None,
    refuse: RefuseForm | None = None,
    themes: ThemesForm | None = None,
    reroute: RerouteForm | None = None,
    problem: str = "",
    mended: str = "",
    remade: bool = False,
    status: int = 200,
) -> HttpResponse:
    posted = approve or refuse or themes or reroute
    redactions = found.redactions.visible_to(request.user)
    latest = redactions.select_related("by").prefetch_related("strikes").first()
    original = getattr(found, "original", None)
    if original is not None and not can_read_original(request.user, original):
        original = None
    words = original.text if original else ""
    allowed = can_moderate(request.user, found)
    is_open = original is not None and found.stage in OPEN_STAGES
    about = found.action_voices.of_difference().select_related("action__service").first()
    is_first = found.stage == Stage.SECOND_CHECK and found.first_approved_by_id == request.user.pk
    held_by = found.claimed_by if found.held_by_other(request.user, now=timezone.now()) else None
    standing = list(found.theme_rows.standing().select_related("theme", "by"))
    if approve is None and allowed and is_open:
        first = ApproveForm.first(found, words, latest) | {
            "version": found.version,
            "service": found.service_id or (about.action.service_id if about else None),
            "priority": found.priority_id or (about.action.priority_id if about else None),
        }
        approve = ApproveForm(initial=first | first_themes(standing), comment=found, user=request.user)
    elif allowed and approve is None:
        themes = themes or ThemesForm(initial=first_themes(standing))
    if reroute is None and allowed and found.stage == Stage.APPROVED:
        reroute = RerouteForm(initial={"version": found.version})
    context = {
        "comment": found,
        "about": about.action if about else None,
        "adds_to": _added_to(found),
        "wider": _wish_to_show_more(found),
        "original": original,
        "pieces": _shown(words, approve.ticked if approve else strikes_of(latest, words) if latest else []),
        "latest": latest,
        "days": found.days_waiting(today()),
        "held_by": held_by,
        "may_claim": found.stage in (*OPEN_STAGES, Stage.SECOND_CHECK) and not held_by,
        "is_mine": found.claimed_by_id == request.user.pk,
        "can_moderate": allowed,
        "can_second": can_second_approve(request.user, found),
        "is_first": is_first,
        "approve": approve,
        "mended": mended,
        "remade": remade,
        "theme_rows": standing,
        "themes": themes,
        "reroute": reroute,
        "refuse": (refuse or RefuseForm(initial={"version": found.version})) if allowed else None,
        "form": posted,
        "problem": problem,
        "error_title": bool(problem),
        "decisions": found.decisions.with_names(),
    }
    return render(request, "voice/comment.html", context, status=status)


def _wish_to_show_more(found: Comment) -> ShowChange | None:
    """What the sender lets us show since it was approved, if a moderator has still to decide on it (R-V5)."""
    if found.is_flagged or found.stage not in MODERATED_STAGES:
        return None
    return found.show_changes.open().first()


def _added_to(found: Comment) -> MoreWords | None:
    """The comment to which its sender added this one, unless safeguarding has that one (R-S2)."""
    more = getattr(found, "adds_to", None)
    return more if more is not None and not more.comment.is_flagged else None


def _shown(words: str, spans: list[Span]) -> list[dict[str, str]]:
    """The sender's words in stretches, with the reason in words where a stretch is struck out."""
    reasons = dict(StrikeReason.choices)
    return [
        {"words": part.words, "why": reasons.get(part.reason, "").lower()} for part in pieces(words, spans)
    ]
