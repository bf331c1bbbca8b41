"""Reference data of actions, for administrators: the legal duties, and what each status means (R-A3, R-A4)."""

from django.contrib import admin

from .models import StatusDefinition, StatutoryDuty


@admin.register(StatutoryDuty)
class StatutoryDutyAdmin(admin.ModelAdmin):
    list_display = ("title", "law", "checked_on", "position")
    search_fields = ("title", "law")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(StatusDefinition)
class StatusDefinitionAdmin(admin.ModelAdmin):
    list_display = ("status", "meaning")
