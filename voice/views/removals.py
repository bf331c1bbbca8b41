"""Erasing what somebody sent when they ask, and what the auditor reads of all that was removed (R-P1, R-P4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from foundation.templatetags.ui import plural
from partnership.current import the_partnership
from partnership.models import Partnership
from voice.forms.erasing import EraseForm
from voice.models import Removal
from voice.operations import erase_found, find_to_erase
from voice.permissions import can_erase, can_view_removals

SHOWN = 50
HELD = "What has to be kept for somebody’s safety goes when safeguarding lets it go."


@form_page
def erase(request: HttpRequest) -> HttpResponse:
    """Find by code or address, look at what was found, and erase it. Nothing that was typed stands in an address.

    What is marked unsafe is found too and held, but never shown here: a moderator does not learn that it is (R-S2). So
    the second step is there whatever was found, and says the same.
    """
    form = EraseForm(request.POST if request.method == "POST" else None)
    if not can_erase(request.user):
        url = reverse("portal:my_work")
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")
    if request.method != "POST" or not form.is_valid():
        return render(request, "voice/erase.html", {"form": form}, status=422 if form.errors else 200)
    wanted = {name: form.cleaned_data.get(name, "") for name in ("code", "email")}
    if request.POST.get("step") == "erase":
        counts = erase_found(**wanted, by=request.user)
        words = plural(counts.originals, "comment’s own words were,comments’ own words were")
        messages.success(request, f"{words} erased. {HELD}")
        return redirect("voice:erase")
    found = find_to_erase(**wanted).unflagged().oldest_first()
    return render(
        request,
        "voice/erase_confirm.html",
        {"wanted": wanted, "found": found[:SHOWN], "count": found.count()},
    )


@require_safe
def removals(request: HttpRequest) -> HttpResponse:
    """What was removed when and by whom, in numbers; and how long each kind is kept."""
    if not can_view_removals(request.user):
        raise PermissionDenied
    rows = Removal.objects.visible_to(request.user).select_related("by")
    kept = the_partnership() or Partnership()
    return render(request, "voice/removals.html", {"page": paginate(request, rows), "kept": kept})
