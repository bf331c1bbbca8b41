"""Forms of an action: its words and dates, and its measures."""

from typing import Any

from django import forms

from actions import guide, operations
from actions.models import (
    Action,
    ActionMeasure,
    Category,
    ImpactQuestion,
    Plan,
    StatutoryDuty,
)
from foundation.forms import DayField, HintedRadios
from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from priorities.models import CategoryDefinition, Commitment, Measure, Priority

NOT_SURE = ("", "Not chosen yet")


class ActionForm(forms.Form):
    """An action. Title, category and priority are enough to save; publishing asks for more (R-A2, R-A3)."""

    guide = guide.ACTION

    title = LineField(
        max_length=200,
        label="What is the action called?",
        help_text="One short line that families understand.",
        error_messages={"required": "Say what the action is called."},
    )
    category = forms.TypedChoiceField(
        coerce=int,
        choices=Category.choices,
        label="Must, should or could?",
        error_messages={
            "required": "Choose must, should or could.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    duty = SafeModelChoiceField(
        queryset=StatutoryDuty.objects.all(),
        required=False,
        empty_label="Choose the duty",
        label="Which legal duty does it meet?",
        help_text="A must-do needs this before it can be published. Leave it empty for a should or a could.",
    )
    priority = SafeModelChoiceField(
        queryset=Priority.objects.none(),
        label="Which priority does it serve first?",
        empty_label="Choose a priority",
        error_messages={"required": "Choose the priority it serves."},
    )
    problem = WordsField(
        required=False,
        label="The problem",
        help_text="What is wrong now, and for whom. Plain words: families read this.",
    )
    doing = WordsField(required=False, label="What we will do", help_text="The work itself, in plain words.")
    difference = WordsField(
        required=False,
        label="The difference it will make",
        help_text="What children, young people and families will notice when it works.",
    )
    lead_role = LineField(
        max_length=120, required=False, label="Role that leads it", help_text="A role, never a name."
    )
    accountable_role = LineField(
        max_length=120, required=False, label="Role that answers for it", help_text="A role, never a name."
    )
    planned_start = DayField(required=False, label="Planned start")
    due = DayField(required=False, label="Due date")
    due_reason = WordsField(
        max_length=500,
        rows=2,
        required=False,
        label="If the due date moves: why?",
        help_text="Everybody can read this reason. The first date stays on the page.",
    )
    impact_question = forms.ChoiceField(
        required=False,
        choices=[NOT_SURE, *ImpactQuestion.choices],
        label="Which of the inspectors’ questions does it answer?",
    )
    resources = WordsField(max_length=1000, rows=2, required=False, label="Money, people and time it needs")
    also_serves = SafeModelMultipleChoiceField(
        queryset=Priority.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Does it serve other priorities too?",
    )
    commitments = SafeModelMultipleChoiceField(
        queryset=Commitment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which promises does it keep?",
    )
    partners = SafeModelMultipleChoiceField(
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which other services help?",
    )

    main = ("title", "category", "duty", "priority", "problem", "doing", "difference")
    who_and_when = ("lead_role", "accountable_role", "planned_start", "due", "due_reason")
    links = ("impact_question", "resources", "also_serves", "commitments", "partners")

    def __init__(
        self, *args: Any, user: User, plan: Plan, action: Action | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.action = plan, action
        if action is None:
            self.fields["token"] = OneUseToken()
        else:
            self.fields["version"] = VersionField()
            self.initial = _action_values(action) | self.initial
        if action is None or action.published_at is None:
            del self.fields["due_reason"]
        self._set_choices(user)

    def _set_choices(self, user: User) -> None:
        """Only what this person may use today; what the action has already stays on the list (R-C4)."""
        action = self.action
        priorities = Priority.objects.visible_to(user)
        usable = priorities.for_new_actions()
        commitments = Commitment.objects.filter(strategy__in=usable.values("strategy"))
        if action is not None:
            usable = (
                usable | priorities.filter(pk=action.priority_id) | priorities.filter(also_served_by=action)
            )
            commitments = commitments | Commitment.objects.filter(actions=action)
        rows = usable.distinct().select_related("strategy", "title")
        others = Service.objects.current(today()).exclude(pk=self.plan.service_id)
        for name, choices in (
            ("priority", rows),
            ("also_serves", rows),
            ("commitments", commitments.distinct().select_related("title")),
            ("partners", others),
        ):
            self.fields[name].queryset = choices
        official = CategoryDefinition.objects.select_related("passage")
        by_slug = {definition.category: definition.passage.text for definition in official}
        hints = {str(category.value): by_slug.get(category.slug, "") for category in Category}
        field = self.fields["category"]
        field.widget = HintedRadios(hints=hints, choices=Category.choices)

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.main]

    @property
    def when_fields(self) -> list[Any]:
        return [self[name] for name in self.who_and_when if name in self.fields]

    @property
    def link_fields(self) -> list[Any]:
        return [self[name] for name in self.links]

    @property
    def opens_links(self) -> bool:
        """Whether something is chosen or wrong among what else it belongs to, so that it is not hidden away."""
        return any(field.errors or field.value() for field in self.link_fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, due = values.get("planned_start"), values.get("due")
        if start and due and due < start:
            self.add_error("due", "The due date cannot be before the planned start.")
        if values.get("category") not in (None, Category.MUST) and values.get("duty"):
            self.add_error("duty", "Only a must-do meets a legal duty. Choose must, or leave this empty.")
        if self.action is not None and self.action.published_at is not None:
            moved = "due" in values and values["due"] != self.action.due
            if moved and not values.get("due_reason"):
                self.add_error(
                    "due_reason", "Say why the due date moves. Families and the board see the reason."
                )
        return values

    def save(self, *, by: User) -> Action | None:
        """Add the action to the plan, or change it where there is one."""
        values = dict(self.cleaned_data)
        if self.action is None:
            return operations.add_action(by=by, plan=self.plan, **values)
        return operations.edit_action(by=by, action=self.action, **values)


def _action_values(action: Action) -> dict[str, Any]:
    plain = (*ActionForm.main, *ActionForm.who_and_when, "impact_question", "resources", "version")
    plain = tuple(name for name in plain if name not in ("duty", "priority", "due_reason"))
    values = {name: getattr(action, name) for name in plain}
    values |= {"duty": action.duty_id, "priority": action.priority_id}
    return values | {
        name: list(getattr(action, name).all()) for name in ("also_serves", "commitments", "partners")
    }


class MeasureLinkForm(forms.Form):
    """Which measure shows that an action worked, and what success would look like."""

    guide = guide.MEASURE

    measure = SafeModelChoiceField(
        queryset=Measure.objects.none(),
        label="Which measure shows that it works?",
        empty_label="Choose a measure",
        error_messages={"required": "Choose a measure."},
    )
    success_looks_like = LineField(
        max_length=300,
        required=False,
        label="What would success look like?",
        help_text="Plain words: families read this.",
    )

    def __init__(self, *args: Any, user: User, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["measure"].queryset = Measure.objects.visible_to(user)

    def save(self, *, by: User) -> ActionMeasure:
        return operations.link_measure(by=by, action=self.action, **self.cleaned_data)
