"""Forms of the yearly review: one for each action, and one to finish (R-W7)."""

import datetime
from typing import Any

from django import forms

from actions import operations
from actions.models import Action, Plan, PlanReview, ReviewedAction
from foundation.forms import DayField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken
from partnership.models import User

YES_OR_NO = [("yes", "Yes"), ("no", "No")]


def _choice(label: str, choices: Any, told: str, **options: Any) -> forms.ChoiceField:
    messages = {"required": told, "invalid_choice": "Choose one from the list."}
    return forms.ChoiceField(
        choices=choices, widget=forms.RadioSelect, label=label, error_messages=messages, **options
    )


class ReviewActionForm(forms.Form):
    """The three questions that a yearly review asks of each action."""

    still_needed = _choice("Is it still needed?", YES_OR_NO, "Choose whether it is still needed.")
    right_category = _choice(
        "Is it still in the right place: must, should or could?",
        YES_OR_NO,
        "Choose whether it is in the right place.",
    )
    difference_seen = _choice(
        "Have you seen a difference for families?",
        ReviewedAction.Seen.choices,
        "Choose whether you have seen a difference.",
    )
    words = WordsField(
        max_length=2000,
        rows=4,
        required=False,
        label="What do you want to say about it?",
        help_text="For staff. Needed when it is not needed any more.",
    )
    token = OneUseToken()

    def __init__(self, *args: Any, plan: Plan, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.action = plan, action

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("still_needed") == "no" and not values.get("words") and "words" not in self.errors:
            self.add_error("words", "Say why it is not needed any more. The programme team reads this.")
        return values

    def save(self, *, by: User) -> ReviewedAction | None:
        """Add the answer. None when the form was sent before."""
        values = self.cleaned_data
        return operations.review_action(
            by=by,
            plan=self.plan,
            action=self.action,
            still_needed=values["still_needed"] == "yes",
            right_category=values["right_category"] == "yes",
            difference_seen=values["difference_seen"],
            words=values["words"],
            token=values["token"],
        )


class FinishReviewForm(forms.Form):
    """The end of a review: the plan goes on, or the next one is begun."""

    KEEP, ROLL = "keep", "roll"

    outcome = _choice(
        "What comes next?",
        [(KEEP, "This plan goes on"), (ROLL, "Begin the plan for the next period")],
        "Choose what comes next.",
    )
    next_review = DayField(
        label="Next yearly review", error_messages={"required": "Enter the day of the next review."}
    )
    title = LineField(max_length=200, required=False, label="Title of the next plan")
    starts = DayField(required=False, label="First day of the next plan")
    ends = DayField(required=False, label="Last day of the next plan")
    words = WordsField(
        max_length=2000, rows=4, required=False, label="What did the review find?", help_text="For staff."
    )
    token = OneUseToken()

    first = ("outcome", "next_review", "words")
    of_next_plan = ("title", "starts", "ends")

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        starts = plan.ends + datetime.timedelta(days=1)
        self.initial.setdefault("title", plan.title)
        self.initial.setdefault("starts", starts)
        self.initial.setdefault("ends", starts + (plan.ends - plan.starts))

    @property
    def first_fields(self) -> list[Any]:
        return [self[name] for name in self.first]

    @property
    def next_fields(self) -> list[Any]:
        return [self[name] for name in self.of_next_plan]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") != self.ROLL:
            return values
        for name, told in (
            ("title", "Say what the next plan is called."),
            ("starts", "Enter the first day of the next plan."),
            ("ends", "Enter the last day of the next plan."),
        ):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, told)
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", "The last day cannot be before the first day.")
        return values

    def save(self, *, by: User) -> PlanReview | None:
        """Finish the review. None when the form was sent before."""
        values = self.cleaned_data
        rolls = values["outcome"] == self.ROLL
        return operations.finish_review(
            by=by,
            plan=self.plan,
            words=values["words"],
            next_review=values["next_review"],
            next_period={name: values[name] for name in self.of_next_plan} if rolls else None,
            token=values["token"],
        )
