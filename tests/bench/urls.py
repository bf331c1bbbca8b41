"""Every address of the portal, and the two yardsticks that its pages are measured against."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from actions.models import Action
from portal.urls import handler500
from portal.urls import urlpatterns as portal_urlpatterns

__all__ = ["handler500", "urlpatterns"]

TWENTY_KILOBYTES = b"<p>A bare page.</p>".ljust(20 * 1024, b" ")


@login_not_required
def r0(request: HttpRequest) -> HttpResponse:
    """R0: a bare view returning 20 KB under the portal's own middleware."""
    return HttpResponse(TWENTY_KILOBYTES)


@login_not_required
def r1(request: HttpRequest) -> HttpResponse:
    """R1: one template with 50 rows and one query."""
    return render(request, "bench/r1.html", {"rows": Action.objects.order_by("pk")[:50]})


urlpatterns = [path("bench/r0/", r0), path("bench/r1/", r1), *portal_urlpatterns]
