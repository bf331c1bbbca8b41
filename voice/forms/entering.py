"""What a moderator writes down of words that came on paper, by phone, at an event or through a group (R-V11)."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from foundation.forms import DayField, HintedRadios
from foundation.ids import SafeModelChoiceField
from foundation.text import WordsField
from foundation.tokens import OneUseToken, new_token
from partnership.calendar import today
from partnership.models import User
from voice.models import Channel, Event, MayShow, Route, Topic, WhoseWords
from voice.models.choices import SAID_BY
from voice.operations import Submission, enter_comment
from voice.operations.entering import ENTERED_CHANNELS

EVENTS_SHOWN = 100
OLDEST = datetime.timedelta(days=2 * 366)


class EnterForm(forms.Form):
    """One thing that somebody said, written down for them."""

    channel = forms.ChoiceField(
        label="How did it come?",
        choices=[(channel.value, channel.label) for channel in Channel if channel in ENTERED_CHANNELS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it came.", "invalid_choice": "Choose one from the list."},
    )
    event = SafeModelChoiceField(
        label="At which event?",
        help_text="Only if it was said at one.",
        queryset=Event.objects.none(),
        empty_label="None of these",
        required=False,
    )
    route = forms.ChoiceField(
        label="Who said it?",
        choices=[(route.value, SAID_BY[route]) for route in Route],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who said it.", "invalid_choice": "Choose one from the list."},
    )
    whose_words = forms.ChoiceField(
        label="Whose words are these?",
        choices=[
            ("", "We do not know"),
            (WhoseWords.MINE, "Their own words"),
            (WhoseWords.MINE_WITH_HELP, "Their own words, with help from someone"),
            (WhoseWords.FOR_SOMEONE, "They spoke for someone else"),
        ],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
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
    said_on = DayField(
        label="When did they say it, or when did it reach us?",
        help_text="Its time to wait begins on this day.",
        error_messages={"required": "Write the day."},
    )
    may_show = forms.ChoiceField(
        label="What may we show?",
        help_text="Choose what the person agreed to. If nobody asked them, choose the first one.",
        choices=[
            (MayShow.NOTHING, "Nothing to anyone outside"),
            (MayShow.SUMMARY, "Only a summary, not their words"),
            (MayShow.WORDS, "Their words, without a name"),
        ],
        initial=MayShow.NOTHING,
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
        begun = Event.objects.filter(status=Event.Status.PUBLISHED, starts_at__lte=timezone.now())
        newest = begun.order_by("-starts_at").values_list("pk", flat=True)[:EVENTS_SHOWN]
        self.fields["event"].queryset = Event.objects.filter(pk__in=list(newest)).order_by("-starts_at", "pk")

    def clean_said_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["said_on"]
        if day > today():
            raise forms.ValidationError("This day is still to come.")
        if day < today() - OLDEST:
            raise forms.ValidationError("This is more than two years ago. Look at the year again.")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("event") and given.get("channel") and given["channel"] != Channel.EVENT:
            self.add_error("event", "You chose that it did not come at an event. Choose “None of these”.")
        return given

    def say_sent_before(self) -> None:
        """Other words than the page was sent with before: one more press sends these too."""
        self.add_error(None, "This page was sent before with other words. Press the button to add these too.")
        self.data = self.data.copy()
        self.data[self.add_prefix("token")] = new_token()

    def save(self, *, by: User) -> Submission:
        """Write it down, once."""
        return enter_comment(by=by, **self.cleaned_data)
