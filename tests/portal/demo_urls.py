"""Every address of the portal, and the demo's, as while the demo switch is on."""

from django.urls import include, path

from portal import demo
from portal.urls import handler500
from portal.urls import urlpatterns as portal_urlpatterns

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    path("", include(([path("demo/", demo.demo, name="demo")], "demo_only"))),
    *portal_urlpatterns,
]
