"""Forms about people and their roles."""

import datetime
from typing import Any

from django import forms

from foundation.forms import DayField
from foundation.ids import SafeModelChoiceField
from foundation.text import LineField
from foundation.versions import VersionField
from partnership.dates import describe_date
from partnership.models import Membership, Service, User
from partnership.operations import people
from partnership.roles import STAFF_ROLES

from .roles import RoleForm


class PeopleFilter(forms.Form):
    """Narrow the list of people. A filter that makes no sense is passed over."""

    q = LineField(label="Name or e-mail", required=False, max_length=100)
    role = forms.ChoiceField(
        label="Role",
        required=False,
        choices=[("", "Any role"), *((role.value, role.label) for role in STAFF_ROLES)],
        error_messages={"invalid_choice": "Choose a role from the list."},
    )
    service = SafeModelChoiceField(
        label="Service", queryset=Service.objects.all(), required=False, empty_label="Any service"
    )


class PersonForm(forms.Form):
    """Change a person's name and job title."""

    name = LineField(label="Name", max_length=120, error_messages={"required": "Enter the person’s name."})
    job_title = LineField(label="Job title", max_length=120, required=False)
    version = VersionField()

    def save(self, *, person: User, by: User) -> User:
        """Save the change. Raises VersionConflict when somebody else saved first."""
        values = self.cleaned_data
        return people.edit_person(
            person=person,
            version=values["version"],
            name=values["name"],
            job_title=values["job_title"],
            by=by,
        )


class MembershipForm(RoleForm):
    """Give a person one more role."""

    starts = DayField(
        label="First day",
        help_text="For example 31 3 2026.",
        error_messages={"required": "Enter the first day of the role."},
    )
    ends = DayField(label="Last day", required=False, help_text="Leave empty when no end is planned.")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day must be the first day or later.")
        return values

    def save(self, *, person: User, by: User) -> Membership | None:
        """Give the role. None, with a message in the form, when the person has it already."""
        values = self.cleaned_data
        try:
            return people.grant_membership(
                person=person, **self.scope(), starts=values["starts"], ends=values["ends"], by=by
            )
        except people.AlreadyHeld as error:
            since = describe_date(error.membership.starts, "day")
            self.add_error(
                "role", f"{person} has this role already, since {since}. End it first, or change the days."
            )
            return None


class EndMembershipForm(forms.Form):
    """End a role: at once, or after a day to come."""

    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label="When does the role end?",
        choices=[(NOW, "Now. The next page they open no longer has it"), (LATER, "After a last day")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose when the role ends.",
            "invalid_choice": "Choose when the role ends.",
        },
    )
    last_day = DayField(
        label="Last day", required=False, help_text="Today or later. Only for “After a last day”."
    )

    def __init__(self, *args: Any, today: datetime.date, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.membership = today, membership

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("when") != self.LATER or "last_day" in self.errors:
            return values
        last_day = values.get("last_day")
        if last_day is None:
            self.add_error("last_day", "Enter the last day of the role.")
        elif last_day < max(self.today, self.membership.starts):
            self.add_error("last_day", "The last day must be today or later, and not before the first day.")
        return values

    def save(self, *, by: User) -> Membership | None:
        """End the role. None, with a message in the form, when nobody would be left to look after accounts."""
        last_day = self.cleaned_data["last_day"] if self.cleaned_data["when"] == self.LATER else None
        try:
            return people.end_membership(
                membership=self.membership, last_day=last_day, by=by, today=self.today
            )
        except people.LastAdministrator:
            self.add_error("when", LAST_ADMINISTRATOR)
            return None


LAST_ADMINISTRATOR = (
    "Nobody else would be left to look after accounts. Give somebody else this role first, with no last day."
)
