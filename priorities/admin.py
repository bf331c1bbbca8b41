"""Reference data that an administrator may put right. Published words and reported figures are not among it (R-C2)."""

from django.contrib import admin

from .models import CategoryDefinition, Measure


@admin.register(Measure)
class MeasureAdmin(admin.ModelAdmin):
    """What a measure means, who owns it, how often it is read and whether it is shown. Its readings stay as reported."""

    list_display = ("name", "unit", "direction", "owner", "frequency_months", "is_published")
    fields = (
        "name",
        "plain",
        "numerator",
        "denominator",
        "denominator_stated",
        "unit",
        "direction",
        "owner",
        "frequency_months",
        "is_published",
        "priorities",
        "note",
        "position",
    )
    filter_horizontal = ("priorities",)


@admin.register(CategoryDefinition)
class CategoryDefinitionAdmin(admin.ModelAdmin):
    """The label beside the official words; the words themselves are a passage and cannot be changed here."""

    list_display = ("label", "category")
    fields = ("label", "category", "passage")
    readonly_fields = ("category", "passage")

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
