"""The demo: made-up people to sign in as, with one click. It exists only while the demo switch is on."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnership.models import User
from partnership.roles import ROLE_DESCRIPTIONS, Role

BACKEND = "partnership.accounts.PortalBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """List the made-up people, and sign in as the one who was chosen. Refuses anybody who is not made up."""
    if not settings.PORTAL_DEMO:
        raise Http404
    people = User.objects.filter(is_example=True, is_active=True).prefetch_related(
        "memberships__service", "memberships__sector"
    )
    if request.method == "POST":
        person = get_object_or_404(people, email=request.POST.get("email", "").replace("\x00", "")[:254])
        login(request, person, backend=BACKEND)
        return redirect("portal:my_work")
    order = {role.value: position for position, role in enumerate(Role)}
    rows = []
    for person in people:
        memberships = list(person.memberships.all())
        role = memberships[0].role if memberships else Role.FAMILY
        rows.append(
            {
                "person": person,
                "position": order[role],
                "description": ROLE_DESCRIPTIONS[role],
                "memberships": memberships,
            }
        )
    rows.sort(key=lambda row: (row["position"], row["person"].name))
    return render(request, "portal/demo.html", {"rows": rows, "password": settings.DEMO_PASSWORD})
