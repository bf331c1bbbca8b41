"""Services that own plans: the list, and making and changing one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from foundation.versions import VersionConflict, conflict_response
from partnership.calendar import today
from partnership.forms.services import ServiceForm
from partnership.models import Service
from partnership.permissions import can_manage_people, can_move_service


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Every service by sector, those that have ended too."""
    if not can_manage_people(request.user):
        raise PermissionDenied
    page = paginate(request, Service.objects.select_related("sector", "organisation", "successor"))
    for service in page.object_list:
        service.works_now = service.existed_on(today())
    return render(request, "partnership/services.html", {"page": page})


@form_page
def service_new(request: HttpRequest) -> HttpResponse:
    """Make a service."""
    form = ServiceForm(request.POST if request.method == "POST" else None)
    if not can_manage_people(request.user):
        return _refused(request, form)
    if request.method == "POST" and form.is_valid():
        service = form.save(by=request.user)
        if service:
            messages.success(request, f"{service} is on the list of services.")
            return redirect("partnership:services")
    return render(request, "partnership/service_form.html", {"form": form}, status=_status(form))


@form_page
def service_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a service."""
    service = get_object_or_404(Service, slug=slug)
    form = ServiceForm(
        request.POST if request.method == "POST" else None,
        service=service,
        initial=ServiceForm.initial_of(service),
    )
    if not can_manage_people(request.user):
        return _refused(request, form)
    if request.method == "POST" and form.is_valid() and _may_move(request, form, service):
        try:
            saved = form.save(by=request.user)
        except VersionConflict as conflict:
            return conflict_response(request, form=form, conflict=conflict)
        if saved:
            messages.success(request, f"{saved} is saved.")
            return redirect("partnership:services")
    context = {"form": form, "service": service}
    return render(request, "partnership/service_form.html", context, status=_status(form))


def _status(form: ServiceForm) -> int:
    return 422 if form.errors else 200


def _refused(request: HttpRequest, form: ServiceForm) -> HttpResponse:
    url = reverse("portal:my_work")
    return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")


def _may_move(request: HttpRequest, form: ServiceForm, service: Service) -> bool:
    allowed = can_move_service(request.user, service, form.cleaned_data["sector"])
    if not allowed:
        form.add_error("sector", "You work for this sector yourself. Ask somebody else to move the service.")
    return allowed
