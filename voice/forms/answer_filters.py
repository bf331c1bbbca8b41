"""What narrows the public list of answers."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from foundation.ids import SafeModelChoiceField, clean_id
from foundation.text import LineField
from partnership.models import Service
from priorities.models import Priority
from voice.models import Comment, Response, Theme, Topic

WAITING = "waiting"
"""What the list calls a comment that no service has answered."""


class ThemeChoice(SafeModelChoiceField):
    """A theme. The key of one that was merged chooses the one it leads to, so that kept addresses stay good."""

    def to_python(self, value: Any) -> Any:
        key = clean_id(value)
        old = Theme.objects.filter(pk=key, merged_into__isnull=False).first() if key else None
        return super().to_python(old.merged_into_id if old else value)


class AnswerFilters(forms.Form):
    """Narrow the public list by words, service, topic, priority, theme or how it stands."""

    words = LineField(label="Words in the answer", max_length=80, required=False)
    status = forms.ChoiceField(
        label="How it stands",
        choices=[
            ("", "Everything"),
            (Response.Kind.WE_DID.value, "We do something about it"),
            (Response.Kind.WE_CANNOT.value, "We cannot do it"),
            (WAITING, "Waiting for an answer"),
        ],
        required=False,
    )
    service = SafeModelChoiceField(
        label="Service",
        queryset=Service.objects.none(),
        to_field_name="slug",
        empty_label="All services",
        required=False,
    )
    topic = forms.ChoiceField(label="Topic", choices=[("", "All topics"), *Topic.choices], required=False)
    priority = SafeModelChoiceField(
        label="Priority", queryset=Priority.objects.none(), empty_label="All priorities", required=False
    )
    theme = ThemeChoice(
        label="Theme", queryset=Theme.objects.none(), empty_label="All themes", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Asked of each service and priority, which are few: the first row found is enough.
        shown = Response.objects.public().filter(service=OuterRef("pk")).order_by()
        self.fields["service"].queryset = Service.objects.filter(Exists(shown))
        published = Comment.objects.published().filter(priority=OuterRef("pk")).order_by()
        priorities = Priority.objects.visible_to(AnonymousUser()).filter(Exists(published))
        self.fields["theme"].queryset = Theme.objects.shown()
        self.fields["priority"].queryset = priorities.select_related("strategy", "title", "short_title")

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list. A choice that is not on the list narrows nothing."""
        return any(self.chosen.values())

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and is on the list."""
        self.is_valid()
        return dict(getattr(self, "cleaned_data", {}))
