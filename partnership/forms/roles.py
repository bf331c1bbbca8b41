"""Choosing a role and for whom: the same questions when a role is given and when somebody is invited."""

from typing import Any

from django import forms

from foundation.forms import HintedRadios
from foundation.ids import SafeModelChoiceField
from partnership.calendar import today
from partnership.models import Sector, Service, User
from partnership.permissions import can_grant_role
from partnership.roles import ROLE_DESCRIPTIONS, SERVICE_ROLES, STAFF_ROLES, Role

LIST_ERROR = "Choose one from the list."


class RoleForm(forms.Form):
    """Which role, for which service or sector. Only roles that `by` may give are on the list."""

    role = forms.ChoiceField(
        label="Role",
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role from the list."},
    )
    service = SafeModelChoiceField(
        label="For which service",
        queryset=Service.objects.none(),
        required=False,
        empty_label="No single service",
        help_text="Only for a service contributor or publisher.",
    )
    sector = SafeModelChoiceField(
        label="Or for a whole sector",
        queryset=Sector.objects.none(),
        required=False,
        empty_label="No sector",
        help_text="Only for a service contributor or publisher. A publisher of a sector is its lead.",
    )
    is_deputy = forms.BooleanField(
        label="Deputy", required=False, help_text="Only for safeguarding: a deputy, not the lead."
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        roles = [role for role in STAFF_ROLES if can_grant_role(by, role)]
        role_field = self.fields["role"]
        role_field.widget = HintedRadios(hints={str(role): ROLE_DESCRIPTIONS[role] for role in roles})
        role_field.choices = [(role.value, role.label) for role in roles]
        self.fields["service"].queryset = Service.objects.current(today()).select_related("sector")
        self.fields["sector"].queryset = Sector.objects.all()
        if Role.SAFEGUARDING not in roles:
            del self.fields["is_deputy"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        role, service, sector = values.get("role"), values.get("service"), values.get("sector")
        if role in SERVICE_ROLES:
            if service and sector:
                self.add_error("sector", "Choose a service or a sector, not both.")
            elif not service and not sector and "service" not in self.errors and "sector" not in self.errors:
                self.add_error("service", "Choose the service, or the whole sector, this role is for.")
        elif role:
            for name, value in (("service", service), ("sector", sector)):
                if value:
                    self.add_error(name, "This role is for the whole partnership. Leave this empty.")
        if values.get("is_deputy") and role and role != Role.SAFEGUARDING:
            self.add_error("is_deputy", "Only safeguarding has a deputy.")
        return values

    def scope(self) -> dict[str, Any]:
        """Role, service, sector and deputy, as the operations take them."""
        values = self.cleaned_data
        return {
            "role": values["role"],
            "service": values.get("service"),
            "sector": values.get("sector"),
            "is_deputy": values.get("is_deputy", False),
        }
