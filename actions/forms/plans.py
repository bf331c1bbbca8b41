"""Forms of plans: begin, change, publish, and publish what waits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions import guide, operations
from actions.models import Action, ActionUpdate, Plan
from foundation.forms import DayField
from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField
from foundation.text import LineField
from foundation.tokens import OneUseToken
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from partnership.permissions import services_covered
from partnership.roles import SERVICE_ROLES
from priorities.models import Strategy


class PlanForm(forms.Form):
    """A plan of one of the person's own services, for a period."""

    guide = guide.PLAN

    service = SafeModelChoiceField(
        queryset=Service.objects.none(),
        label="Service",
        empty_label="Choose a service",
        error_messages={"required": "Choose the service."},
    )
    title = LineField(
        max_length=200, label="Title of the plan", error_messages={"required": "Say what the plan is called."}
    )
    strategy = SafeModelChoiceField(
        queryset=Strategy.objects.none(),
        label="Strategy or plan it serves",
        empty_label="Choose one",
        error_messages={"required": "Choose what the plan serves."},
    )
    starts = DayField(label="First day of the period")
    ends = DayField(label="Last day of the period")
    next_review = DayField(
        label="Next yearly review",
        required=False,
        help_text="The day by which the service looks at its plan anew.",
    )

    def __init__(self, *args: Any, user: User, plan: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        strategies = Strategy.objects.visible_to(user)
        current = strategies.current()
        if plan is not None:
            del self.fields["service"]
            self.fields["version"] = VersionField()
            self.initial = _plan_values(plan) | self.initial
            current = current | strategies.filter(pk=plan.strategy_id)
        else:
            self.fields["token"] = OneUseToken()
            own = Service.objects.current(today()).filter(services_covered(user, SERVICE_ROLES))
            self.fields["service"].queryset = own
            if len(own) == 1:
                self.initial.setdefault("service", own[0].pk)
        self.fields["strategy"].queryset = current

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day cannot be before the first day.")
        return values

    def save(self, *, by: User) -> Plan | None:
        """Begin the plan, or change it where there is one."""
        values = dict(self.cleaned_data)
        if self.plan is None:
            return operations.create_plan(by=by, **values)
        return operations.edit_plan(by=by, plan=self.plan, **values)


def _plan_values(plan: Plan) -> dict[str, Any]:
    names = ("title", "starts", "ends", "next_review", "version")
    return {name: getattr(plan, name) for name in names} | {"strategy": plan.strategy_id}


class ArchiveForm(forms.Form):
    """One button: the version says which plan the person looked at."""

    version = VersionField()


class SeenField(forms.CharField):
    """The hidden note of what the page showed (`operations.note_of`). Missing or garbage, it says that nothing was seen."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> str:
        return str(value or "")


class PublishForm(forms.Form):
    """One button: what is published is what the person saw, so a note of it goes with the press."""

    seen = SeenField()


class WaitingForm(forms.Form):
    """Several new actions and updates of one plan, ticked and published together."""

    actions = SafeModelMultipleChoiceField(queryset=Action.objects.none(), required=False)
    updates = SafeModelMultipleChoiceField(queryset=ActionUpdate.objects.none(), required=False)
    seen = SeenField()

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        # All of the plan's, not only what still waits: a second click on an old page is no fault of the person's.
        self.fields["actions"].queryset = plan.actions.all()
        self.fields["updates"].queryset = ActionUpdate.objects.filter(action__plan=plan)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("actions") and not values.get("updates"):
            raise ValidationError("Tick at least one to publish.")
        return values

    def save(self, *, by: User) -> int:
        """Publish what is ticked; returns how many became public."""
        return operations.publish_waiting(by=by, plan=self.plan, **self.cleaned_data)
