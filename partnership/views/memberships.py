"""Giving a role and ending it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from foundation.pages import form_page
from partnership.calendar import today
from partnership.forms.people import EndMembershipForm, MembershipForm
from partnership.models import Membership, User
from partnership.permissions import can_end_membership, can_manage_people


@form_page
def membership_new(request: HttpRequest, id: int) -> HttpResponse:
    """Give somebody else a role. Nobody gives one to themselves."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=id)
    if not can_manage_people(request.user) or found.pk == request.user.pk:
        raise PermissionDenied  # nothing is typed here: every box is a choice or a day
    form = MembershipForm(
        request.POST if request.method == "POST" else None, by=request.user, initial={"starts": today()}
    )
    if request.method == "POST" and form.is_valid() and form.save(person=found, by=request.user):
        messages.success(request, f"{found} has the role.")
        return redirect("partnership:person", id=found.pk)
    context = {"form": form, "person": found}
    return render(request, "partnership/membership_new.html", context, status=422 if form.errors else 200)


@form_page
def membership_end(request: HttpRequest, id: int) -> HttpResponse:
    """End a role, at once or after a last day."""
    rows = Membership.objects.visible_to(request.user).select_related("user", "service", "sector")
    found = get_object_or_404(rows, pk=id)
    if not can_end_membership(request.user, found):
        raise PermissionDenied
    form = EndMembershipForm(
        request.POST if request.method == "POST" else None, today=today(), membership=found
    )
    if found.stopped_on or (found.ends and found.ends < today()):
        messages.info(request, "This role has ended already. Nothing was changed.")
        return redirect("partnership:person", id=found.user_id)
    if request.method == "POST" and form.is_valid() and form.save(by=request.user):
        messages.success(request, "The end of the role is saved.")
        return redirect("partnership:person", id=found.user_id)
    context = {"form": form, "membership": found}
    return render(request, "partnership/membership_end.html", context, status=422 if form.errors else 200)
