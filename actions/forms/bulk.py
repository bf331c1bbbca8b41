"""Forms of a change of several actions: what it is and why, and which actions were chosen and looked at."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions import operations
from actions.bulk import MOST, Change, Move, Redate, Serve, Shift
from actions.models import Action, BulkChange, Plan
from foundation.forms import DayField
from foundation.ids import SafeModelChoiceField, clean_id
from foundation.text import WordsField
from foundation.tokens import OneUseToken
from partnership.calendar import today
from partnership.models import Service, User
from priorities.models import Priority

from .plans import SeenField

MOST_DAYS = 366
DAYS_WANTED = f"Enter a whole number of days, from 1 to {MOST_DAYS}."
TOO_MANY = f"Choose {MOST} actions or fewer."


class ChosenField(forms.CharField):
    """The hidden list of the chosen actions: their ids. It becomes the actions, of those the person may see."""

    widget = forms.HiddenInput
    default_error_messages = {"required": "Choose the actions again. None is chosen."}

    def __init__(self, *, user: User, **options: Any) -> None:
        super().__init__(**options)
        self.user = user

    def clean(self, value: Any) -> list[Action]:
        ids = [clean_id(part) for part in super().clean(value).split()[: MOST + 1]]
        if len(ids) > MOST:
            raise ValidationError(TOO_MANY)
        rows = Action.objects.visible_to(self.user).filter(pk__in=[found for found in ids if found])
        actions = list(
            rows.select_related("plan", "service", "priority__strategy", "priority__title").prefetch_related(
                "also_serves"
            )
        )
        if not actions or None in ids:
            raise ValidationError(self.error_messages["required"])
        return actions


class BulkForm(forms.Form):
    """What every change of several actions asks: why."""

    reason = WordsField(
        max_length=500,
        rows=2,
        label="Why?",
        help_text="Everybody in the partnership can read this reason.",
        error_messages={"required": "Say why."},
    )
    seen = SeenField()
    token = OneUseToken()
    field_order = ["plan", "how", "due", "days", "priority", "reason"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"] = ChosenField(user=user)

    def change(self) -> Change:
        """The change that was asked for, once the form is valid."""
        raise NotImplementedError

    def save(self, *, by: User) -> BulkChange | None:
        """Do it. None when the form was sent before."""
        values = {name: self.cleaned_data[name] for name in ("reason", "seen", "token")}
        return operations.change_several(by=by, change=self.change(), **values)


class PlanChoice(SafeModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.service.name}: {obj.title}"


class MoveForm(BulkForm):
    """To which service, by its plan: an action always stands in a plan of the service that answers for it."""

    plan = PlanChoice(
        queryset=Plan.objects.none(),
        label="Which plan do they move to?",
        empty_label="Choose a plan",
        help_text="The service of this plan answers for them from now on. Each action keeps its number. "
        "A service without a public plan cannot be chosen.",
        error_messages={"required": "Choose the plan."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        plans = Plan.objects.filter(
            status=Plan.Status.PUBLISHED, service__in=Service.objects.current(today())
        )
        self.fields["plan"].queryset = plans.select_related("service")

    def change(self) -> Change:
        return Move(self.cleaned_data["plan"])


class RedateForm(BulkForm):
    """One new due date for all, or as many days later or earlier for each."""

    ONE, LATER, EARLIER = "one", "later", "earlier"
    needed_sometimes = ("due", "days")

    how = forms.ChoiceField(
        choices=[
            (ONE, "One date for all"),
            (LATER, "Move each by a number of days, to a later day"),
            (EARLIER, "Move each by a number of days, to an earlier day"),
        ],
        widget=forms.RadioSelect,
        initial=ONE,
        label="How do the dates move?",
        error_messages={
            "required": "Choose how the dates move.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    due = DayField(required=False, label="One date for all: the new due date")
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        label="Or how many days does each move?",
        help_text="Two weeks are 14 days.",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), DAYS_WANTED),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Families and the board can read this reason beside the old date."

    def clean_due(self) -> Any:
        due = self.cleaned_data["due"]
        if due is not None and due < today():
            raise ValidationError("Choose today or a later day.")
        return due

    def clean(self) -> dict[str, Any]:
        """The box that belongs to the choice must be filled in, and the other one must be empty: both would be two wishes."""
        values = super().clean() or {}
        how = values.get("how")
        wanted, other = ("due", "days") if how == self.ONE else ("days", "due")
        if how and wanted not in self.errors and values.get(wanted) is None:
            missing = {"due": "Enter the day, month and year they are due.", "days": DAYS_WANTED}
            self.add_error(wanted, missing[wanted])
        if how and values.get(other) is not None:
            self.add_error(other, "Leave this empty, or choose the other way above.")
        return values

    def change(self) -> Change:
        values = self.cleaned_data
        if values["how"] == self.ONE:
            return Redate(values["due"])
        return Shift(values["days"] if values["how"] == self.LATER else -values["days"], today())


class ServeForm(BulkForm):
    """One more priority, or area of a plan, that they serve."""

    priority = SafeModelChoiceField(
        queryset=Priority.objects.none(),
        label="Which priority do they serve too?",
        empty_label="Choose a priority",
        help_text="The priority that each one serves first stays.",
        error_messages={"required": "Choose the priority."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        rows = Priority.objects.visible_to(user).for_new_actions().select_related("strategy", "title")
        self.fields["priority"].queryset = rows

    def change(self) -> Change:
        return Serve(self.cleaned_data["priority"])


FORMS: dict[str, type[BulkForm]] = {
    BulkChange.Kind.MOVE.value: MoveForm,
    BulkChange.Kind.REDATE.value: RedateForm,
    BulkChange.Kind.SERVE.value: ServeForm,
}
"""The form of each kind of change, by the word in its address."""
