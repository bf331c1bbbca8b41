"""The moderators' inbox: what came, oldest first, and one comment at a time."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.versions import VersionConflict
from partnership.calendar import today
from voice.forms.moderation import ApproveForm, RefuseForm, VersionForm
from voice.models import Comment, CommentOriginal, MoreWords, Stage
from voice.operations import (
    claim_comment,
    flag_comment,
    release_comment,
    second_approve_comment,
    send_back_comment,
)
from voice.operations.errors import CannotDo
from voice.permissions import can_moderate, can_second_approve, is_moderator

LISTS = {
    "to-read": ("To read", (Stage.RECEIVED,)),
    "second": ("Second check", (Stage.SECOND_CHECK,)),
    "with-services": ("With a service", (Stage.APPROVED,)),
    "done": ("Done", (Stage.ANSWERED, Stage.NOT_PUBLISHED, Stage.WITHDRAWN)),
}
COUNTED = ("to-read", "second", "with-services")
"""The lists that somebody still has to work through. What is done only grows, so nobody needs its number here."""

CHANGED = "Somebody else changed this one while you had it open. Look at where it stands now, then try again."


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What came, oldest first, without a word of it (R-S2: what is marked unsafe is not here and not counted)."""
    if not is_moderator(request.user):
        raise PermissionDenied
    asked = request.GET.get("show", "")
    chosen = asked if asked in LISTS else "to-read"
    rows = (
        Comment.objects.unflagged().filter(stage__in=LISTS[chosen][1]).select_related("claimed_by", "service")
    )
    # What waits longest comes first; of what is done, what was last sent.
    page = paginate(request, rows if chosen == "done" else rows.oldest_first())
    day, now = today(), timezone.now()
    for row in page.object_list:
        row.days = row.days_waiting(day)
        row.held = row.claimed_by if row.held_by_other(request.user, now=now) else None
        row.is_mine = row.claimed_by_id == request.user.pk
    open_stages = [stage for key in COUNTED for stage in LISTS[key][1]]
    waiting = Comment.objects.unflagged().filter(stage__in=open_stages).order_by()
    counts = dict(waiting.values_list("stage").annotate(number=Count("pk")))
    lists = [
        {
            "key": key,
            "label": label,
            "is_shown": key == chosen,
            "count": sum(counts.get(stage, 0) for stage in stages) if key in COUNTED else None,
        }
        for key, (label, stages) in LISTS.items()
    ]
    context = {
        "page": page,
        "lists": lists,
        "title": LISTS[chosen][0],
        "newest_first": chosen == "done",
        "shows_holder": chosen in ("to-read", "second"),
    }
    return render(request, "voice/inbox.html", context)


@form_page
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment: the sender's words beside the redacted ones, and what to do with them."""
    rows = Comment.objects.for_moderation_by(request.user)
    found = get_object_or_404(
        rows.select_related("claimed_by", "service", "district", "first_approved_by", "event", "entered_by"),
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
    "approve": _approve,
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
    approve = None
    if request.POST.get("step") == "approve":
        approve = ApproveForm(typed, comment=now_there, user=request.user)
        approve.is_valid()
    refuse = RefuseForm(typed) if request.POST.get("step") == "refuse" else None
    return _page(request, now_there, approve=approve, refuse=refuse, problem=message, status=409)


def _page(
    request: HttpRequest,
    found: Comment,
    *,
    approve: ApproveForm | None = None,
    refuse: RefuseForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    latest = found.redactions.visible_to(request.user).select_related("by").first()
    original = CommentOriginal.objects.visible_to(request.user).filter(comment=found).first()
    allowed = can_moderate(request.user, found)
    is_open = found.stage in (Stage.RECEIVED, Stage.NOT_PUBLISHED)
    about = found.action_voices.of_difference().select_related("action__service").first()
    first = {
        "version": found.version,
        "text": latest.text if latest else (original.text if original else ""),
        "summary": latest.summary if latest else "",
        "service": found.service_id or (about.action.service_id if about else None),
        "priority": found.priority_id or (about.action.priority_id if about else None),
    }
    context = {
        "comment": found,
        "about": about.action if about else None,
        "adds_to": MoreWords.objects.filter(added=found, comment__is_flagged=False).first(),
        "wider": found.show_changes.open().first() if not found.is_flagged else None,
        "original": original,
        "latest": latest,
        "days": found.days_waiting(today()),
        "held_by": found.claimed_by if found.held_by_other(request.user, now=timezone.now()) else None,
        "is_mine": found.claimed_by_id == request.user.pk,
        "can_moderate": allowed,
        "can_second": can_second_approve(request.user, found),
        "is_first": found.stage == Stage.SECOND_CHECK and found.first_approved_by_id == request.user.pk,
        "approve": (approve or ApproveForm(initial=first, comment=found, user=request.user))
        if allowed and (is_open or approve)
        else None,
        "refuse": (refuse or RefuseForm(initial={"version": found.version})) if allowed else None,
        "form": approve or refuse,
        "problem": problem,
        "error_title": bool(problem),
        "decisions": found.decisions.select_related("by"),
    }
    return render(request, "voice/comment.html", context, status=status)
