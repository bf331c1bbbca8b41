"""The inbox: what narrows it, and what can be done to many at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.ids import SafeModelChoiceField, clean_id
from foundation.text import LineField
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from voice.models import Comment, RerouteReason, Route, Theme, Topic
from voice.models.choices import SAID_BY
from voice.operations import claim_many, release_many, reroute_comment, reroute_many, tag_many
from voice.operations.routing import Many
from voice.operations.themes import Tags

from .themes import NAME_HELP

MOST_AT_ONCE = 50
"""As many as one page of the inbox shows."""


class InboxFilters(forms.Form):
    """Narrow the inbox. A choice that is not on the list narrows nothing."""

    topic = forms.ChoiceField(label="Topic", choices=[("", "All topics"), *Topic.choices], required=False)
    route = forms.ChoiceField(
        label="From",
        choices=[("", "Everybody"), *((route.value, SAID_BY[route]) for route in Route)],
        required=False,
    )
    service = SafeModelChoiceField(
        label="Service", queryset=Service.objects.all(), empty_label="All services", required=False
    )
    theme = SafeModelChoiceField(
        label="Theme", queryset=Theme.objects.current(), empty_label="All themes", required=False
    )
    held = forms.ChoiceField(
        label="Who has it",
        choices=[("", "Anybody"), ("me", "You"), ("nobody", "Nobody")],
        required=False,
    )
    show = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and is on the list."""
        self.is_valid()
        given = dict(getattr(self, "cleaned_data", {}))
        given.pop("show", None)
        return {name: value for name, value in given.items() if value}


class KeysField(forms.Field):
    """The ticked rows. Whether each is still here is asked when it is its turn."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        if not value:
            raise ValidationError("Tick at least one comment.", code="required")
        keys = [clean_id(one) for one in value]
        if len(keys) > MOST_AT_ONCE or any(key is None for key in keys):
            raise ValidationError("Choose from the list.", code="invalid_choice")
        return [key for key in keys if key is not None]


class RerouteFields(forms.Form):
    """Another service, and why."""

    service = SafeModelChoiceField(
        label="Which service should answer?",
        queryset=Service.objects.none(),
        empty_label="Choose a service",
        error_messages={"required": "Choose the service that should answer."},
    )
    reason = forms.ChoiceField(
        label="Why is it sent on?",
        choices=[("", "Choose a reason"), *RerouteReason.choices],
        error_messages={"required": "Choose why.", "invalid_choice": "Choose a reason from the list."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].queryset = Service.objects.current(today()).select_related("sector")


class RerouteForm(RerouteFields):
    """Send one comment on to another service."""

    version = VersionField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="reroute_%s", **options)

    def save(self, *, comment: Comment, by: User) -> Comment:
        """Send it on."""
        return reroute_comment(comment=comment, by=by, **self.cleaned_data)


class BulkForm(RerouteFields):
    """One safe thing for all that are ticked. Approving and publishing are never among them (R-V6)."""

    chosen = KeysField(label="Comments")
    do = forms.ChoiceField(
        label="What should be done with those that you ticked?",
        choices=[
            ("claim", "Take them to read"),
            ("release", "Put them back for somebody else"),
            ("tag", "Give them a theme"),
            ("reroute", "Send them on to another service"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do.", "invalid_choice": "Choose one from the list."},
    )
    theme = SafeModelChoiceField(
        label="Which theme?", queryset=Theme.objects.current(), empty_label="Choose a theme", required=False
    )
    new_theme = LineField(label="Or another theme", help_text=NAME_HELP, max_length=60, required=False)

    field_order = ("chosen", "do", "theme", "new_theme", "service", "reason")
    needed_sometimes = ("theme", "new_theme", "service", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="bulk_%s", **options)
        self.fields["service"].required = self.fields["reason"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        wanted = given.get("do")
        if wanted == "tag" and not (given.get("theme") or given.get("new_theme")):
            self._ask("theme", "Choose a theme, or write another one.", unless="new_theme")
        if wanted == "reroute":
            for name in ("service", "reason"):
                if not given.get(name):
                    self._ask(name, str(self.fields[name].error_messages["required"]))
        return given

    def _ask(self, name: str, message: str, *, unless: str = "") -> None:
        if name not in self.errors and unless not in self.errors:
            self.add_error(name, message)

    def save(self, *, by: User) -> Many:
        """Do it, row by row."""
        given = self.cleaned_data
        keys, wanted = given["chosen"], given["do"]
        if wanted == "claim":
            return claim_many(keys=keys, by=by)
        if wanted == "release":
            return release_many(keys=keys, by=by)
        if wanted == "tag":
            themes = [given["theme"]] if given["theme"] else []
            return tag_many(keys=keys, tags=Tags(add=themes, new=given["new_theme"]), by=by)
        return reroute_many(keys=keys, service=given["service"], reason=given["reason"], by=by)
