"""Every address of the portal starts here; each package adds its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal import demo, gallery, health, my_work, views

handler500 = "foundation.errors.server_error"

own: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("my-work/", my_work.my_work, name="my_work"),
    path("thread/<slug:kind>/<str:key>/", views.thread, name="thread"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("cookies/", views.cookies, name="cookies"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
if settings.PORTAL_DEMO:  # the views refuse on their own, too
    own += [
        path("demo/", demo.demo, name="demo"),
        path("components/", gallery.components, name="components"),
    ]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((own, "portal"))),
    path("", include("partnership.urls")),
    path("", include("priorities.urls")),
    path("", include("actions.urls")),
    path("", include("voice.urls")),
    path("", include("board.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
