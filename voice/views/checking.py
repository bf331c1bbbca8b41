"""The first answers of somebody new: sent to a second person, who approves them or sends them back (R-V7)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from foundation.pages import form_page
from foundation.versions import VersionConflict
from voice.forms.checks import SendBackForm
from voice.forms.moderation import VersionForm
from voice.models import Comment, Response
from voice.models.comments import MODERATED_STAGES
from voice.operations import approve_answer, ask_second_person
from voice.operations.errors import CannotDo
from voice.permissions import can_approve_answer, can_edit_answer, is_moderator, writes_answers

CHANGED = "Somebody changed this answer while you had it open. Read it again, then decide."


@require_POST
def answer_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft to a second person: a button on its page."""
    rows = Response.objects.visible_to(request.user).select_related("service__sector")
    answer = get_object_or_404(rows, pk=pk)
    if not can_edit_answer(request.user, answer):
        raise PermissionDenied
    form = VersionForm(request.POST)
    form.is_valid()
    try:
        ask_second_person(answer=answer, version=form.cleaned_data["version"], by=request.user)
    except VersionConflict:
        messages.error(
            request, "Somebody changed this answer while you had it open. Read it again, then send it."
        )
    except CannotDo as why:
        messages.info(request, str(why))
    else:
        messages.success(request, "Sent. A second person reads it next, and you see here what they say.")
    return redirect("voice:answer_edit", pk=answer.pk)


@form_page
def answer_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a first answer beside what families said, as its service reads it; then approve it, or send it back."""
    if not (is_moderator(request.user) or writes_answers(request.user)):
        raise PermissionDenied
    rows = Response.objects.approvable_by(request.user).select_related("service__sector", "drafted_by")
    answer = get_object_or_404(rows, pk=pk)
    form = SendBackForm(request.POST if request.POST.get("step") == "send-back" else None, answer=answer)
    if request.method == "POST":
        if not can_approve_answer(request.user, answer):
            raise PermissionDenied
        try:
            done = _decide(request, answer, form)
        except VersionConflict as conflict:
            if conflict.current.status != Response.Status.WAITING:
                messages.info(request, "This answer does not wait for a second person any more.")
                return redirect("portal:my_work")
            return _page(
                request, conflict.current, _with_new_version(form, conflict.current), problem=CHANGED
            )
        except CannotDo as why:
            messages.error(request, str(why))
            return redirect("portal:my_work")
        if done is not None:
            return done
    return _page(request, answer, form)


def _decide(request: HttpRequest, answer: Response, form: SendBackForm) -> HttpResponse | None:
    """One of the two buttons. None where the reason is missing, so that the page is shown again."""
    if request.POST.get("step") == "send-back":
        if not form.is_valid():
            return None
        form.save(by=request.user)
        messages.success(request, "Sent back, with your reason.")
        return redirect("portal:my_work")
    version = VersionForm(request.POST)
    version.is_valid()
    saved = approve_answer(answer=answer, version=version.cleaned_data["version"], by=request.user)
    words = "Approved and published." if saved.is_published else "Approved. A publisher makes it public next."
    messages.success(request, words)
    return redirect("portal:my_work")


def _with_new_version(form: SendBackForm, current: Response) -> SendBackForm:
    """What was typed stays, and is sent with the version that is shown now."""
    if form.is_bound:
        data = form.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(current.version)
        form.data = data
    return form


def _page(request: HttpRequest, answer: Response, form: SendBackForm, *, problem: str = "") -> HttpResponse:
    heard = Comment.objects.unflagged().filter(answers__response=answer, stage__in=MODERATED_STAGES)
    context = {
        "answer": answer,
        "form": form,
        "heard": heard.with_redacted().oldest_first(),
        "checks": answer.checks.select_related("by"),
        "problem": problem,
        "error_title": bool(problem),
    }
    status = 409 if problem else (422 if form.errors else 200)
    return render(request, "voice/answer_check.html", context, status=status)
