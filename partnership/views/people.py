"""People who work here: the list, one person, and their account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from foundation.versions import VersionConflict, conflict_response
from partnership.calendar import today
from partnership.forms.people import LAST_ADMINISTRATOR, PeopleFilter, PersonForm
from partnership.models import Membership, User
from partnership.operations import people as operations
from partnership.permissions import (
    can_close_account,
    can_edit_person,
    can_end_membership,
    can_manage_people,
    can_view_people,
)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people this person may see, by name, 50 on a page."""
    if not can_view_people(request.user):
        raise PermissionDenied
    form = PeopleFilter(request.GET)
    form.is_valid()
    values = getattr(form, "cleaned_data", {})
    page = paginate(request, _found(User.objects.visible_to(request.user), values))
    for person in page.object_list:
        person.roles_now = [held for held in person.memberships.all() if held.in_force_on(today())]
    context = {
        "form": form,
        "page": page,
        "is_filtered": any(values.values()),
        "may_manage": can_manage_people(request.user),
    }
    return render(request, "partnership/people.html", context)


def _found(rows: "QuerySet[User]", values: dict) -> "QuerySet[User]":
    """The people who fit every filter that is set."""
    if values.get("q"):
        rows = rows.filter(Q(name__icontains=values["q"]) | Q(email__icontains=values["q"]))
    held = Membership.objects.active_on(today())
    if values.get("role"):
        held = held.filter(role=values["role"])
    if values.get("service"):
        service = values["service"]
        held = held.filter(Q(service=service) | Q(sector=service.sector_id))
    if values.get("role") or values.get("service"):
        rows = rows.filter(pk__in=held.values("user"))
    return rows.prefetch_related("memberships__service", "memberships__sector").order_by("name", "pk")


@require_safe
def person(request: HttpRequest, id: int) -> HttpResponse:
    """One person: roles now and before, who gave them and when, and what was done to the account (R-P6)."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=id)
    held = list(
        Membership.objects.visible_to(request.user)
        .filter(user=found)
        .select_related("service", "sector", "granted_by", "ended_by", "user")
        .prefetch_related("user__memberships")
        .order_by("-starts", "-pk")
    )
    for membership in held:
        membership.may_end = can_end_membership(request.user, membership)
    day = today()
    context = {
        "person": found,
        "now": [row for row in held if row.in_force_on(day)],
        "coming": [row for row in held if row.starts > day and not row.stopped_on],
        "before": [row for row in held if not row.in_force_on(day) and (row.starts <= day or row.stopped_on)],
        "changes": found.account_changes.select_related("by"),
        "may_edit": can_edit_person(request.user, found),
        "may_grant": can_manage_people(request.user) and request.user.pk != found.pk,
        "may_close": can_close_account(request.user, found),
    }
    return render(request, "partnership/person.html", context)


@form_page
def person_edit(request: HttpRequest, id: int) -> HttpResponse:
    """Change a name or job title."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=id)
    initial = {"name": found.name, "job_title": found.job_title, "version": found.version}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if not can_edit_person(request.user, found):
        url = reverse("partnership:person", args=[found.pk])
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text=str(found))
    if request.method == "POST" and form.is_valid():
        try:
            form.save(person=found, by=request.user)
        except VersionConflict as conflict:
            return conflict_response(request, form=form, conflict=conflict)
        messages.success(request, "The details are saved.")
        return redirect("partnership:person", id=found.pk)
    context = {"form": form, "person": found}
    return render(request, "partnership/person_edit.html", context, status=422 if form.errors else 200)


@require_POST
def person_close(request: HttpRequest, id: int) -> HttpResponse:
    """Close an account. The person's next page asks them to sign in, and they cannot."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=id)
    if not can_close_account(request.user, found):
        raise PermissionDenied
    try:
        operations.close_account(person=found, by=request.user)
    except operations.LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR)
    else:
        messages.success(request, f"The account of {found} is closed.")
    return redirect("partnership:person", id=found.pk)


@require_POST
def person_reopen(request: HttpRequest, id: int) -> HttpResponse:
    """Open a closed account again."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=id)
    if not can_close_account(request.user, found):
        raise PermissionDenied
    operations.reopen_account(person=found, by=request.user)
    messages.success(request, f"The account of {found} is open again.")
    return redirect("partnership:person", id=found.pk)
