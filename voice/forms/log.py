"""What narrows the log of decisions."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from foundation.ids import SafeModelChoiceField
from partnership.models import User
from voice.models import Decision


class LogFilters(forms.Form):
    """By what was done, and by whom. A choice that is not on the list narrows nothing."""

    kind = forms.ChoiceField(
        label="What was done",
        choices=[
            ("", "Everything"),
            *((value, label) for value, label in Decision.Kind.choices if value not in Decision.OF_SAFETY),
        ],
        required=False,
    )
    by = SafeModelChoiceField(
        label="Who", queryset=User.objects.none(), empty_label="Everybody", required=False
    )

    def __init__(self, *args: Any, user: object, **options: Any) -> None:
        super().__init__(*args, **options)
        decided = Decision.objects.for_log_of(user).filter(by=OuterRef("pk")).order_by()
        self.fields["by"].queryset = User.objects.filter(Exists(decided)).order_by("name", "pk")

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and is on the list."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
