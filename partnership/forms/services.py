"""The form of a service."""

import re
from typing import Any

from django import forms
from django.db.models import Q

from foundation.forms import DayField
from foundation.ids import SafeModelChoiceField
from foundation.text import LineField
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.dates import Precision
from partnership.models import Organisation, Sector, Service, User
from partnership.operations import services

CODE_TAKEN = "Another service has this code. Choose another one."


class ServiceForm(forms.Form):
    """Make or change a service."""

    name = LineField(
        label="Name", max_length=200, error_messages={"required": "Enter the name of the service."}
    )
    code = LineField(
        label="Code",
        max_length=8,
        help_text="2 to 8 capital letters, for example SALT. It starts the number of each of its actions.",
        error_messages={"required": "Enter a code of 2 to 8 capital letters."},
    )
    sector = SafeModelChoiceField(
        label="Sector",
        queryset=Sector.objects.all(),
        empty_label="Choose a sector",
        error_messages={"required": "Choose the sector."},
    )
    organisation = SafeModelChoiceField(
        label="Organisation it belongs to",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose the organisation."},
    )
    publishes_at_once = forms.BooleanField(
        label="Public words show at once",
        required=False,
        help_text="When ticked, what this service writes for families does not wait for a publisher.",
    )
    started = DayField(label="First day", required=False, help_text="Leave empty when it is not known.")
    ended = DayField(label="Last day", required=False, help_text="Leave empty while the service works.")
    successor = SafeModelChoiceField(
        label="Service that took over",
        queryset=Service.objects.none(),
        required=False,
        empty_label="None",
    )
    version = VersionField()

    def __init__(self, *args: Any, service: Service | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.service = service
        current = Organisation.objects.as_at(today())
        others = Service.objects.all()
        if service is not None:
            # A body that has ended stays on the list of the one service that still names it.
            current = Organisation.objects.filter(
                Q(pk__in=current.values("pk")) | Q(pk=service.organisation_id)
            )
            others = others.exclude(pk=service.pk)
        self.fields["organisation"].queryset = current
        self.fields["successor"].queryset = others

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        """What the form shows for a service that is there already."""
        names = (
            "name",
            "code",
            "sector",
            "organisation",
            "publishes_at_once",
            "started",
            "ended",
            "successor",
        )
        return {name: getattr(service, name) for name in names} | {"version": service.version}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not re.fullmatch("[A-Z]{2,8}", code):
            raise forms.ValidationError("Use 2 to 8 capital letters, with no spaces and no figures.")
        taken = Service.objects.filter(code=code).exclude(pk=self.service.pk if self.service else None)
        if taken.exists():
            raise forms.ValidationError(CODE_TAKEN)
        if self.service and self.service.last_action_number and code != self.service.code:
            raise forms.ValidationError(
                "This service has actions. Their numbers start with this code, so it stays."
            )
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        started, ended = values.get("started"), values.get("ended")
        if started and ended and ended < started:
            self.add_error("ended", "The last day must be the first day or later.")
        successor = values.get("successor")
        if successor and not ended and "ended" not in self.errors:
            self.add_error("ended", "Enter the last day of this service, because another one took over.")
        if successor and self.service and self._leads_back(successor):
            self.add_error(
                "successor", "This service took over from the one you chose. It cannot be the other way too."
            )
        return values

    def _leads_back(self, service: Service | None) -> bool:
        seen: set[int] = set()
        while service is not None and service.pk not in seen:
            if service.pk == self.service.pk:
                return True
            seen.add(service.pk)
            service = service.successor
        return False

    def save(self, *, by: User) -> Service | None:
        """Save. None, with a message in the form, when the code was taken meanwhile. May raise VersionConflict."""
        values = dict(self.cleaned_data)
        version = values.pop("version")
        for name in ("started", "ended"):
            values[f"{name}_precision"] = self._precision(name, values[name])
        try:
            if self.service is None:
                return services.create_service(by=by, **values)
            return services.edit_service(service=self.service, version=version, by=by, **values)
        except services.CodeTaken:
            self.add_error("code", CODE_TAKEN)
            return None

    def _precision(self, name: str, day: Any) -> str:
        """A day that was not touched stays as exact as it was: "May 2018" does not become 1 May."""
        if self.service is not None and getattr(self.service, name) == day:
            return getattr(self.service, f"{name}_precision")
        return Precision.DAY if day else Precision.UNKNOWN
