"""Reference facts in Django's own admin, for administrators with two-step sign-in. Words of families and of documents,
people and roles are never here: they have their own pages, with their own history."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField

from .admin_site import can_use_admin
from .models import BankHoliday, Contact, District, GlossaryTerm


class ReferenceAdmin(admin.ModelAdmin):
    """May be seen and changed by whoever may use the admin at all."""

    is_reference_data = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_use_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_use_admin(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A huge id is "not on the list" on either database, as in every form of the portal."""
        return super().formfield_for_foreignkey(db_field, request, form_class=SafeModelChoiceField, **options)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, form_class=SafeModelMultipleChoiceField, **options
        )

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission


@admin.register(District)
class DistrictAdmin(ReferenceAdmin):
    list_display = ["name", "checked_on"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(BankHoliday)
class BankHolidayAdmin(ReferenceAdmin):
    list_display = ["date", "name", "checked_on"]


@admin.register(Contact)
class ContactAdmin(ReferenceAdmin):
    """Whoever checks a contact sets its status and the day it was checked (R-C8, R-S5)."""

    list_display = ["label", "kind", "status", "last_checked"]
    list_filter = ["status", "purpose"]
    exclude = ["passages"]


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(ReferenceAdmin):
    list_display = ["term", "stands_for"]
    exclude = ["passages"]
