"""What somebody of staff writes down of words that did not come through this website (R-V11, R-E3)."""

from typing import Any

from django import forms

from foundation.forms import HintedRadios
from foundation.text import WordsField
from foundation.tokens import OneUseToken, new_token
from voice.models import MayShow, Route, Topic
from voice.models.choices import SAID_BY


class WrittenDownForm(forms.Form):
    """One thing that somebody said, written down for them, once."""

    route = forms.ChoiceField(
        label="Who said it?",
        choices=[(route.value, SAID_BY[route]) for route in Route],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who said it.", "invalid_choice": "Choose one from the list."},
    )
    topic = forms.ChoiceField(
        label="What is it about?",
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what it is about.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    text = WordsField(
        label="What did they say?",
        help_text="In their own words, as far as you can. One thing at a time. Please leave out names.",
        max_length=5000,
        error_messages={"required": "Write down what they said."},
    )
    may_show = forms.ChoiceField(
        label="What may we show?",
        help_text="Choose what the person agreed to. If nobody asked them, choose the first one.",
        choices=[
            (MayShow.NOTHING, "Nothing to anyone outside"),
            (MayShow.SUMMARY, "Only a summary, not their words"),
            (MayShow.WORDS, "Their words, without a name"),
        ],
        widget=HintedRadios(hints={MayShow.NOTHING.value: "The service still reads it, without a name."}),
        error_messages={
            "required": "Choose what we may show.",
            "invalid_choice": "Choose one from the list.",
        },
    )
    unsafe = forms.BooleanField(
        label="Someone may be unsafe",
        help_text="Then only the safeguarding team reads it. If somebody is in danger now, ring first.",
        required=False,
    )
    token = OneUseToken()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["token"].initial = new_token
        self.fields["text"].widget.attrs["autocomplete"] = "off"

    def say_sent_before(self) -> None:
        """Other words than the page was sent with before: one more press sends these too."""
        self.add_error(None, "This page was sent before with other words. Press the button to add these too.")
        self.data = self.data.copy()
        self.data[self.add_prefix("token")] = new_token()
