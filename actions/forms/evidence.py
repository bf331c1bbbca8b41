"""The form of evidence: what it shows, its kind, and a link or a file (R-W8)."""

from typing import Any

from django import forms
from django.core.validators import URLValidator

from actions import guide, operations
from actions.models import Action, Evidence
from foundation.file_field import EvidenceFileField
from foundation.forms import HintedRadios
from foundation.text import LineField
from foundation.tokens import OneUseToken
from partnership.models import User

KIND_HINTS = {
    Evidence.Kind.DATA.value: "Figures.",
    Evidence.Kind.AUDIT.value: "Somebody checked a sample.",
    Evidence.Kind.LIVED_EXPERIENCE.value: "What children, young people or families said.",
    Evidence.Kind.DOCUMENT.value: "A report, a letter, minutes.",
}


class LinkField(LineField):
    """A web address. Only http and https, so that no address can run anything."""

    def __init__(self, **options: Any) -> None:
        says = "Enter a whole web address, like https://www.example.org/report."
        super().__init__(
            max_length=500, validators=[URLValidator(schemes=["http", "https"], message=says)], **options
        )


FILE_HINT = (
    "PDF, picture (PNG, JPEG), Word, Excel, PowerPoint or OpenDocument. 10 MB at most. "
    "No names of children: the board and advisers can open it."
)


def ask_for_file_again(form: forms.Form, name: str) -> None:
    """A browser never sends a chosen file back. So where something else needs mending, say that it is to be chosen again."""
    if form.errors and form.cleaned_data.get(name) and name not in form.errors:
        form.add_error(
            name, "Choose the file again. It could not be kept while something else needs mending."
        )


class EvidenceForm(forms.Form):
    """Evidence: what it shows, its kind, and where it is."""

    guide = guide.EVIDENCE

    statement = LineField(
        max_length=300,
        label="What does it show?",
        help_text="One line.",
        error_messages={"required": "Say in one line what it shows."},
    )
    kind = forms.ChoiceField(
        choices=Evidence.Kind.choices,
        widget=HintedRadios(hints=KIND_HINTS),
        label="What kind of evidence is it?",
        error_messages={
            "required": "Choose what kind of evidence it is.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    link = LinkField(required=False, label="Where is it?", help_text="A web address, if it has one.")
    file = EvidenceFileField(required=False, label="Or send a file", help_text=FILE_HINT)
    token = OneUseToken()

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        ask_for_file_again(self, "file")
        return values

    def save(self, *, by: User) -> Evidence | None:
        return operations.add_evidence(by=by, action=self.action, **self.cleaned_data)


class WithEvidence(forms.Form):
    """Evidence that may be given along with something else: all of it empty, or what it shows and its kind."""

    evidence_statement = LineField(
        max_length=300,
        required=False,
        label="Evidence: what does it show?",
        help_text="One line. Leave it empty if there is none.",
    )
    evidence_kind = forms.ChoiceField(
        required=False,
        choices=[("", "Choose a kind"), *Evidence.Kind.choices],
        label="What kind of evidence is it?",
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    evidence_link = LinkField(required=False, label="Where is it?", help_text="A web address, if it has one.")

    proof: tuple[str, ...] = ("evidence_statement", "evidence_kind", "evidence_link")

    @property
    def proof_fields(self) -> list[Any]:
        return [self[name] for name in self.proof]

    @property
    def evidence(self) -> dict[str, Any] | None:
        """The evidence given with it, for the operation; None where there is none."""
        given = {name.removeprefix("evidence_"): self.cleaned_data.get(name) or "" for name in self.proof}
        return given if given["statement"] else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = values.get("evidence_statement")
        sent = any(
            values.get(name) for name in self.proof if name not in ("evidence_statement", "evidence_kind")
        )
        if sent and not given and "evidence_statement" not in self.errors:
            self.add_error("evidence_statement", "Say in one line what the evidence shows.")
        if given and not values.get("evidence_kind") and "evidence_kind" not in self.errors:
            self.add_error("evidence_kind", "Choose what kind of evidence it is.")
        return values
