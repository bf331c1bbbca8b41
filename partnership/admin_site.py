"""Django's own admin, opened by role: administrators with two-step sign-in and nobody else."""

from django.contrib import admin
from django.http import HttpRequest

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
