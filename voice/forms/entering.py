"""What a moderator writes down of words that came on paper, by phone, at an event or through a group (R-V11)."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from foundation.forms import DayField
from foundation.ids import SafeModelChoiceField
from partnership.calendar import today
from partnership.models import User
from voice.models import Channel, Event, MayShow, WhoseWords
from voice.operations import Submission, enter_comment
from voice.operations.entering import ENTERED_CHANNELS

from .written_down import WrittenDownForm

EVENTS_SHOWN = 100
OLDEST = datetime.timedelta(days=2 * 366)


class EnterForm(WrittenDownForm):
    """How it came and when, beside what was said."""

    field_order = (
        "channel",
        "event",
        "route",
        "whose_words",
        "topic",
        "text",
        "said_on",
        "may_show",
        "unsafe",
        "token",
    )
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
    said_on = DayField(
        label="When did they say it, or when did it reach us?",
        help_text="Its time to wait begins on this day.",
        error_messages={"required": "Write the day."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["may_show"].initial = MayShow.NOTHING
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

    def save(self, *, by: User) -> Submission:
        """Write it down, once."""
        return enter_comment(by=by, **self.cleaned_data)
