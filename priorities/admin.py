"""Reference data that an administrator may put right. Published words and reported figures are not among it (R-C2)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from partnership.admin import ReferenceAdmin

from .models import Measure


@admin.register(Measure)
class MeasureAdmin(ReferenceAdmin):
    """What a measure means, who owns it, how often it is read and whether it is shown. Its figures stay as reported."""

    list_display = ["name", "unit", "direction", "owner", "frequency_months", "is_published"]
    exclude = ["slug"]
    filter_horizontal = ["priorities"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
