"""The words that raise a mark, kept by safeguarding in the browser; and the help numbers, each with when it was checked."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from partnership.calendar import today
from voice.forms.safeguarding import SafetyWordForm
from voice.help_numbers import CHECK_AFTER_DAYS, all_safety_numbers, is_to_check
from voice.models import NumberCheck, SafetyWord
from voice.operations import check_number, take_off_safety_word
from voice.operations.errors import CannotDo
from voice.permissions import can_check_numbers, can_keep_word_list

CHANGES_SHOWN = 30


@form_page
def safety_words(request: HttpRequest) -> HttpResponse:
    """The list, a word put on it, and who put on and took off what."""
    form = SafetyWordForm(request.POST if request.method == "POST" else None)
    if not can_keep_word_list(request.user):
        url = reverse("portal:my_work")
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
        except CannotDo as why:
            form.add_error("word", str(why))
        else:
            messages.success(request, "It is on the list.")
            return redirect("voice:safety_words")
    rows = SafetyWord.objects.visible_to(request.user).select_related("added_by", "taken_off_by")
    in_use = rows.in_use().annotate(times=Count("found")).order_by("folded", "pk")
    context = {
        "form": form,
        "page": paginate(request, in_use),
        "taken_off": rows.filter(taken_off_at__isnull=False).order_by("-taken_off_at", "-pk")[:CHANGES_SHOWN],
    }
    return render(request, "voice/safety_words.html", context, status=422 if form.errors else 200)


@require_POST
def safety_word_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word off the list. It stays in the history."""
    word = get_object_or_404(SafetyWord.objects.visible_to(request.user), pk=pk)
    done = take_off_safety_word(word=word, by=request.user)
    messages.success(request, "It is off the list." if done else "It was off the list already.")
    return redirect("voice:safety_words")


@require_safe
def help_numbers(request: HttpRequest) -> HttpResponse:
    """The numbers that every sender sees, and when each was last checked (R-S5)."""
    if not can_check_numbers(request.user):
        raise PermissionDenied
    rows, day = list(all_safety_numbers()), today()
    for row in rows:
        row.is_due = is_to_check(row, day)
    checks = NumberCheck.objects.select_related("by", "contact")[:CHANGES_SHOWN]
    context = {"rows": rows, "checks": checks, "after_days": CHECK_AFTER_DAYS}
    return render(request, "voice/help_numbers.html", context)


@require_POST
def help_number_checked(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody rang it, or looked it up, and it is right."""
    if not can_check_numbers(request.user):
        raise PermissionDenied
    contact = get_object_or_404(all_safety_numbers(), pk=pk)
    try:
        check_number(contact=contact, value=request.POST.get("value", ""), by=request.user)
    except CannotDo as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{contact.label}: checked today.")
    return redirect("voice:help_numbers")
