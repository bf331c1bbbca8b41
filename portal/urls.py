"""Every address of the portal starts here; each package adds its own."""

from contextlib import suppress
from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import import_string

from portal import health, views

handler500 = "foundation.errors.server_error"

own: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("cookies/", views.cookies, name="cookies"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
# Pages that a helper module brings: (module, view, address, only in the demo).
for module, view, address, demo_only in [
    ("portal.my_work", "my_work", "my-work/", False),
    ("portal.gallery", "components", "components/", True),
    ("portal.demo", "demo", "demo/", True),
]:
    if (settings.PORTAL_DEMO or not demo_only) and find_spec(module):
        with suppress(ModuleNotFoundError):
            own.append(path(address, import_string(f"{module}.{view}"), name=view))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own, "portal"))),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(
        path("", include(f"{app}.urls"))
        for app in ("partnership", "priorities", "actions", "voice", "board")
        if find_spec(f"{app}.urls")
    ),
]
