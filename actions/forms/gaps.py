"""Forms of a gap: make an action of it, link one that is there, and take a link off (R-A14)."""

from typing import Any

from django import forms

from actions import guide, operations
from actions.models import Action, Finding, GapAction, Plan, StatutoryDuty
from foundation.ids import SafeModelChoiceField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken
from foundation.versions import VersionField
from partnership.models import User
from priorities.models import Priority


class GapActionForm(forms.Form):
    """A gap made into an action: most of it is known, so two or three choices are left."""

    guide = guide.GAP

    title = LineField(
        max_length=200,
        label="What is the action called?",
        help_text="One short line that families understand. Say what you will do.",
        error_messages={"required": "Say what the action is called."},
    )
    problem = WordsField(
        required=False,
        label="The problem",
        help_text="From the audit. Make it plain: families read this.",
    )
    duty = SafeModelChoiceField(
        queryset=StatutoryDuty.objects.all(),
        required=False,
        empty_label="No: a promise alone",
        label="Does it break a legal duty too?",
        help_text="Then it is a must-do. Else it is a should-do.",
    )
    priority = SafeModelChoiceField(
        queryset=Priority.objects.none(),
        label="Which priority does it serve first?",
        empty_label="Choose a priority",
        error_messages={"required": "Choose the priority it serves."},
    )
    plan = SafeModelChoiceField(
        queryset=Plan.objects.none(),
        label="In which plan?",
        empty_label="Choose a plan",
        error_messages={"required": "Choose the plan."},
    )
    token = OneUseToken()

    def __init__(self, *args: Any, user: User, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        plans = Plan.objects.editable_by(user).filter(service=finding.audit.service)
        rows = Priority.objects.visible_to(user).for_new_actions().select_related("strategy", "title")
        self.fields["plan"].queryset = plans
        self.fields["priority"].queryset = rows
        self.initial = {"title": finding.subject[:200], "problem": finding.words} | self.initial
        if len(plans) == 1:
            self.initial.setdefault("plan", plans[0].pk)
        if finding.duty_id is not None:
            del self.fields["duty"]

    def save(self, *, by: User) -> Action | None:
        """Make the action. None when the form was sent before."""
        return operations.act_on_gap(by=by, finding=self.finding, **self.cleaned_data)


class GapLinkForm(forms.Form):
    """An action that is there already answers the gap."""

    guide = guide.GAP

    action = SafeModelChoiceField(
        queryset=Action.objects.none(),
        label="Which action?",
        empty_label="Choose an action",
        error_messages={"required": "Choose the action."},
    )

    def __init__(self, *args: Any, user: User, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        rows = Action.objects.updatable_by(user).filter(plan__service=finding.audit.service)
        self.fields["action"].queryset = rows.order_by("ref")

    def save(self, *, by: User) -> GapAction:
        return operations.link_gap(by=by, finding=self.finding, action=self.cleaned_data["action"])


class GapUnlinkForm(forms.Form):
    """One button beside a linked action: what the person saw of the gap goes with the press."""

    version = VersionField()
