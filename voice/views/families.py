"""What I told you: a signed-in family sees all that it keeps with its account, and nobody else does (R-V8)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from foundation.pages import form_page
from foundation.pagination import paginate
from voice.following import standing
from voice.forms.following import CodeForm
from voice.help_numbers import safety_numbers
from voice.models import FamilyComment
from voice.operations import keep_with_account, take_from_account
from voice.permissions import can_keep_words

from .following import find_by_code
from .steps import Holder, answer_step, standing_page

SHOWN = 20


@form_page
def mine(request: HttpRequest) -> HttpResponse:
    """All that is kept with this account and where each stands; and a box to add one by its code."""
    if not can_keep_words(request.user):
        raise PermissionDenied
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _list(request, form)
    comment, status = find_by_code(request, form)
    if comment is None:
        return _list(request, form, status=status)
    is_new = keep_with_account(comment=comment, user=request.user)
    messages.success(request, "It is kept with your account now." if is_new else "You keep this one already.")
    return redirect("voice:mine")


@form_page
def mine_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: the same page as with the code, and the same steps. The link may be taken away."""
    if not can_keep_words(request.user):
        raise PermissionDenied
    rows = FamilyComment.objects.visible_to(request.user).select_related("comment__service")
    kept = get_object_or_404(rows, comment=pk)
    holder = Holder(url=reverse("voice:mine_one", args=[pk]))
    if request.method != "POST":
        return standing_page(request, kept.comment, holder)
    if request.POST.get("step") == "remove":
        take_from_account(comment=kept.comment, user=request.user)
        messages.success(
            request, "It is not kept with your account any more. You can still follow it with its code."
        )
        return redirect("voice:mine")
    return answer_step(request, kept.comment, holder)


def _list(request: HttpRequest, form: CodeForm, *, status: int = 0) -> HttpResponse:
    rows = FamilyComment.objects.visible_to(request.user).select_related("comment__service")
    page = paginate(request, rows, SHOWN)
    for row in page.object_list:
        row.standing = standing(row.comment)
    context = {"form": form, "page": page, "numbers": safety_numbers()}
    status = status or (422 if form.errors else 200)
    return render(request, "voice/mine.html", context, status=status)
