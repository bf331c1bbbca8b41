"""Forms of what happens to an action: updates and milestones (R-W2)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions import guide, operations, progress
from actions.definitions import status_key
from actions.models import Action, ActionUpdate, Milestone, Status
from foundation.file_field import EvidenceFileField
from foundation.forms import DayField, HintedRadios
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken
from partnership.calendar import today
from partnership.models import User

from .evidence import FILE_HINT, WithEvidence, ask_for_file_again


class UpdateForm(WithEvidence):
    """One short form: how it stands, what changed, what families may read, what comes next; evidence if there is some."""

    guide = guide.UPDATE

    status = forms.ChoiceField(
        label="How does it stand?",
        error_messages={"required": "Choose how it stands.", "invalid_choice": "Choose one from the list."},
    )
    reason = WordsField(
        max_length=2000,
        rows=2,
        required=False,
        label="Why?",
        help_text="Needed when it is worse than before. For amber, say how you will catch up.",
    )
    narrative = WordsField(
        max_length=4000,
        rows=4,
        label="What has changed?",
        help_text="For your partners and the board.",
        error_messages={"required": "Say what has changed."},
    )
    public_words = WordsField(
        max_length=2000,
        rows=3,
        required=False,
        label="The same for families",
        help_text="Plain words. No names. A publisher reads this before families do.",
    )
    next_step = WordsField(max_length=1000, rows=2, required=False, label="What is the next step?")
    barriers = WordsField(max_length=1000, rows=2, required=False, label="What stands in the way?")
    help_wanted = WordsField(
        max_length=1000, rows=2, required=False, label="What help do you ask of the board?"
    )
    evidence_file = EvidenceFileField(required=False, label="Or send a file", help_text=FILE_HINT)
    token = OneUseToken()

    first = ("status", "reason", "narrative", "public_words", "next_step")
    more = ("barriers", "help_wanted")
    proof = (*WithEvidence.proof, "evidence_file")
    field_order = (*first, *more, *proof)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        choices = [(status.value, status.label) for status in progress.OWNER_STATUSES]
        self.fields["status"].widget = self.status_widget()
        self.fields["status"].choices = choices
        shown = progress.shown_status(status=action.status, due=action.due, today=today())
        self.initial.setdefault("status", shown)

    def status_widget(self) -> forms.RadioSelect:
        """The statuses, each with what it means here."""
        return HintedRadios(hints={row.status: row.meaning for row in status_key()})

    @property
    def first_fields(self) -> list[Any]:
        return [self[name] for name in self.first]

    @property
    def more_fields(self) -> list[Any]:
        return [self[name] for name in self.more]

    @property
    def opens_more(self) -> bool:
        """Whether something is typed or wrong there, so that it is not hidden away."""
        return any(field.errors or field.value() for field in self.more_fields)

    @property
    def opens_proof(self) -> bool:
        """As `opens_more`, for the evidence."""
        return any(field.errors or field.value() for field in self.proof_fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("status"):
            self._check_status(values)
        ask_for_file_again(self, "evidence_file")
        return values

    def _check_status(self, values: dict[str, Any]) -> None:
        action = self.action
        given = bool(values.get("evidence_statement")) or "evidence_statement" in self.errors
        faults = progress.status_faults(
            old=action.status,
            new=values["status"],
            due=action.due,
            planned_start=action.planned_start,
            today=today(),
            has_evidence=given or (values["status"] == Status.DELIVERED and action.evidence.exists()),
            reason=values.get("reason") or "",
        )
        for fault in faults:
            self.add_error("reason" if fault.startswith("Say ") else "status", fault)

    def save(self, *, by: User) -> ActionUpdate | None:
        """Add the update with its evidence. None when the form was sent before."""
        names = (
            "status",
            "reason",
            "narrative",
            "public_words",
            "next_step",
            "barriers",
            "help_wanted",
            "token",
        )
        values = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return operations.add_update(by=by, action=self.action, evidence=self.evidence, **values)


class NothingChangedForm(forms.Form):
    """One honest click: we looked, and nothing has changed (R-W2)."""

    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        # It stands on one page with the form of an update: their ids must not be the same.
        super().__init__(*args, auto_id="unchanged_%s", **kwargs)
        self.action = action

    def save(self, *, by: User) -> ActionUpdate | None:
        return operations.add_update(
            by=by, action=self.action, nothing_changed=True, token=self.cleaned_data["token"]
        )


class MilestoneForm(forms.Form):
    """A step on the way. On what families read already, a contributor says when it was done; a publisher changes the rest."""

    guide = guide.STEP

    title = LineField(
        max_length=200, label="What is the step?", error_messages={"required": "Say what the step is."}
    )
    due = DayField(required=False, label="Due date")
    done_on = DayField(required=False, label="Done on")

    def __init__(
        self,
        *args: Any,
        action: Action,
        milestone: Milestone | None = None,
        words_too: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.milestone = action, milestone
        if milestone is None:
            self.fields["token"] = OneUseToken()
        else:
            self.initial = {
                name: getattr(milestone, name) for name in ("title", "due", "done_on")
            } | self.initial
        if not words_too:
            del self.fields["title"], self.fields["due"]

    def clean_done_on(self) -> Any:
        done = self.cleaned_data["done_on"]
        if done is not None and done > today():
            raise ValidationError("A step cannot be done on a day that has not come yet.")
        return done

    def save(self, *, by: User) -> Milestone | None:
        """Add the step, or change it where there is one."""
        if self.milestone is None:
            return operations.add_milestone(by=by, action=self.action, **self.cleaned_data)
        kept = {"title": self.milestone.title, "due": self.milestone.due}
        return operations.edit_milestone(by=by, milestone=self.milestone, **(kept | self.cleaned_data))
