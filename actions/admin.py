"""Reference data of actions, for administrators: the legal duties, and what each status means (R-A3, R-A4)."""

from django.contrib import admin

from partnership.admin import ReferenceAdmin

from .models import StatusDefinition, StatutoryDuty


@admin.register(StatutoryDuty)
class StatutoryDutyAdmin(ReferenceAdmin):
    list_display = ("title", "law", "checked_on", "position")
    search_fields = ("title", "law")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(StatusDefinition)
class StatusDefinitionAdmin(ReferenceAdmin):
    list_display = ("status", "meaning")
