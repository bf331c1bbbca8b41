"""A sender lets us show more than before: a moderator reads it again first, and for a child a second one (R-V5, R-V6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from foundation.pages import form_page
from voice.forms.showing import DecideForm
from voice.models import CommentOriginal, ShowChange
from voice.operations import refuse_show_change, second_show_change
from voice.operations.errors import CannotDo
from voice.permissions import can_decide_show_change, is_moderator


@form_page
def show_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The words as sent, as the service reads them, and what everybody may read from now on."""
    if not is_moderator(request.user):
        raise PermissionDenied
    rows = (
        ShowChange.objects.visible_to(request.user).open().select_related("comment", "redaction", "first_by")
    )
    change = get_object_or_404(rows, pk=pk)
    mine = can_decide_show_change(request.user, change)
    posted = request.method == "POST"
    decides = posted and request.POST.get("step") == "approve"
    form = DecideForm(request.POST if decides else None, change=change)
    if posted and not mine:
        raise PermissionDenied
    if posted and (not decides or form.is_valid()):
        try:
            done = _decide(request, change, form)
        except CannotDo as why:
            form.refuse(str(why))
            return _page(request, change, form, mine=mine, problem=str(why), status=409)
        if done:
            messages.success(request, done)
            return redirect("voice:inbox")
    return _page(request, change, form, mine=mine, status=422 if form.errors else 200)


def _decide(request: HttpRequest, change: ShowChange, form: DecideForm) -> str:
    """One of the buttons. Nothing where it was none of them."""
    step = request.POST.get("step")
    if step == "approve" and change.state == ShowChange.State.WAITING:
        saved = form.save(by=request.user)
        second = saved.state == ShowChange.State.FIRST
        return (
            "Approved. A second moderator reads it next."
            if second
            else "Approved. Everybody can read it now."
        )
    if step == "second" or (step == "approve" and change.state == ShowChange.State.FIRST):
        second_show_change(change=change, by=request.user)
        return "Approved. Everybody can read it now."
    if step == "refuse":
        refuse_show_change(change=change, by=request.user)
        return "It is shown no more widely than before."
    return ""


def _page(
    request: HttpRequest,
    change: ShowChange,
    form: DecideForm,
    *,
    mine: bool,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    comment = change.comment
    context = {
        "change": change,
        "comment": comment,
        "original": CommentOriginal.objects.visible_to(request.user).filter(comment=comment).first(),
        "approved": comment.redactions.filter(approved_at__isnull=False).first(),
        "form": form,
        "may_decide": mine,
        "is_second": change.state == ShowChange.State.FIRST,
        "problem": problem,
        "error_title": bool(problem),
    }
    return render(request, "voice/show_change.html", context, status=status)
