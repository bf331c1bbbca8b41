"""Did you notice this difference? Two short questions, and words for who wants to add some (R-Z5)."""

from typing import Any

from django import forms

from actions.models import Action
from foundation.forms import HintedRadios
from foundation.text import WordsField
from voice.models import MayShow, Noticed, Teller
from voice.operations import Answered, answer_difference

from .sending import SHOW_HINTS, GuardedForm

HINTS = {
    Noticed.YES.value: "It is better now.",
    Noticed.A_LITTLE.value: "Something is better. Not all of it.",
    Noticed.NO.value: "It is as before, or worse.",
}


class DifferenceForm(GuardedForm):
    """What it was like, and who says so. Nobody is asked who they are."""

    answer = forms.ChoiceField(
        label="Did you notice this difference?",
        choices=Noticed.choices,
        widget=HintedRadios(hints=HINTS),
        error_messages={"required": "Choose yes, a little or no."},
    )
    who = forms.ChoiceField(
        label="Who are you?",
        help_text="We only keep what you choose here.",
        choices=Teller.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the line that fits you best."},
    )
    text = WordsField(
        label="Do you want to say more?",
        help_text="You do not have to. Please leave out names, schools and addresses. Trained people read it first.",
        max_length=5000,
        rows=5,
        required=False,
    )
    may_show = forms.ChoiceField(
        label="What may we show of your words?",
        choices=MayShow.choices,
        widget=HintedRadios(hints=SHOW_HINTS),
        required=False,
        initial=MayShow.SUMMARY,
    )
    unsafe = forms.BooleanField(
        label="I think that someone may be unsafe",
        help_text="Then only our safeguarding team reads your words. They cannot come at once: if you need help now, ring a "
        "number on this page.",
        required=False,
    )

    ASKED = ("answer", "who", "text", "may_show", "unsafe")

    def __init__(self, *args: Any, action: Action, **options: Any) -> None:
        super().__init__(*args, **options)
        self.action = action

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people see, in order."""
        return [self[name] for name in self.ASKED]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("unsafe") and not given.get("text") and "text" not in self.errors:
            self.add_error("text", "Tell us in a few words what worries you.")
        return super().clean()

    def save(self) -> Answered:
        """Count it, once, and send the words on, if there are any."""
        given = self.cleaned_data
        names = ("token", "answer", "who", "text", "may_show", "unsafe")
        return answer_difference(action=self.action, **{name: given[name] for name in names})
