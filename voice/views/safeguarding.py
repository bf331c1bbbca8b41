"""Someone may be unsafe: a lane of its own, for the safeguarding lead and deputies alone (R-S2)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import typed_in
from voice.forms.moderation import OutcomeForm
from voice.models import CommentContact, CommentOriginal, SafeguardingFlag
from voice.operations import mark_flag_read
from voice.operations.errors import CannotDo
from voice.permissions import can_handle_flag, is_safeguarding


@require_safe
def safeguarding(request: HttpRequest) -> HttpResponse:
    """What is marked unsafe: unread first, then without an outcome, then the rest, oldest first. No words here."""
    if not is_safeguarding(request.user):
        raise PermissionDenied
    rows = SafeguardingFlag.objects.visible_to(request.user).select_related(
        "comment", "read_by", "outcome_by"
    )
    page = paginate(request, rows.in_order_of_need())
    return render(request, "voice/safeguarding.html", {"page": page})


@form_page
def safeguarding_item(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them. The words show once somebody has said that they are reading it."""
    flag = get_object_or_404(_flags(request), pk=pk)
    if not can_handle_flag(request.user, flag):
        raise PermissionDenied
    form = OutcomeForm(request.POST if request.POST.get("step") == "outcome" else None)
    if request.method == "POST":
        if request.POST.get("step") == "read":
            mark_flag_read(flag=flag, by=request.user)
            return redirect("voice:safeguarding_item", pk=flag.pk)
        if form.is_valid() and _written_down(request, form, flag):
            return redirect("voice:safeguarding_item", pk=flag.pk)
    is_read = flag.read_at is not None
    comment = flag.comment
    context = {
        "flag": flag,
        "comment": comment,
        "is_read": is_read,
        "original": CommentOriginal.objects.visible_to(request.user).filter(comment=comment).first()
        if is_read
        else None,
        "contact": CommentContact.objects.visible_to(request.user).filter(comment=comment).first()
        if is_read
        else None,
        "form": form if is_read and (not flag.outcome or form.is_bound) else None,
        # Somebody else wrote the outcome down first: what was typed stays to be copied.
        "typed": typed_in(form) if flag.outcome else [],
        "decisions": comment.decisions.with_names(),
    }
    return render(request, "voice/safeguarding_item.html", context, status=422 if form.errors else 200)


def _flags(request: HttpRequest) -> QuerySet[SafeguardingFlag]:
    rows = SafeguardingFlag.objects.visible_to(request.user)
    return rows.select_related("comment__service", "comment__district", "raised_by", "read_by", "outcome_by")


def _written_down(request: HttpRequest, form: OutcomeForm, flag: SafeguardingFlag) -> bool:
    try:
        form.save(flag=flag, by=request.user)
    except CannotDo as why:
        form.add_error(None, str(why))
        return False
    messages.success(request, "Written down.")
    return True
