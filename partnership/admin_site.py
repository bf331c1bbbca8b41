"""Django's own admin, opened by role: administrators with two-step sign-in and nobody else."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from .permissions import has_role, has_two_step
from .roles import Role


def can_use_admin(request: HttpRequest) -> bool:
    """Administrators with two-step sign-in, whatever flags stand on the account."""
    return has_role(request.user, Role.ADMINISTRATOR) and has_two_step(request.user)


class PortalAdminSite(admin.AdminSite):
    """The admin, open by role and not by Django's own flags."""

    site_header = site_title = "Reference facts"
    index_title = "Reference facts"

    def has_permission(self, request: HttpRequest) -> bool:
        return can_use_admin(request)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in reference data alone. What a library registers by itself (accounts, secrets, groups) stays out."""
        if getattr(admin_class, "is_reference_data", False):
            super().register(model_or_iterable, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in. Somebody who is signed in and may not come here is told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
