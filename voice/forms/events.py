"""What the programme team fills in about an event (R-E1), and what was said there (R-E3)."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from actions.forms.evidence import LinkField
from foundation.forms import DayField, TimeOfDayField
from foundation.ids import SafeModelChoiceField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken, new_token
from foundation.versions import VersionField
from partnership.models import District, User
from voice.models import Audience, Event
from voice.operations import Submission, add_said, cancel_event, create_event, edit_event

from .written_down import WrittenDownForm

NO_PLACE = "Enter a place, or a link if it is online."
NO_SUCH_TIME = "There is no such time on that day: the clocks go forward then."
TOO_LATE = "Booking must close before it starts."
MOST_PLACES = 5000
MOVED = ("day", "starts", "last_day", "ends", "closes_day", "closes_time")
"""What the form asks for in parts and the row keeps as moments."""


class EventForm(forms.Form):
    """Make or change an event."""

    title = LineField(
        label="What is it called?", max_length=150, error_messages={"required": "Enter what it is called."}
    )
    about = WordsField(
        label="What is it about?",
        help_text="A few short sentences. Say what people will do, and if they can bring somebody.",
        max_length=3000,
        error_messages={"required": "Say what it is about."},
    )
    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who it is for.", "invalid_choice": "Choose one from the list."},
    )
    day = DayField(label="Which day?")
    starts = TimeOfDayField(
        label="When does it start?",
        help_text="For example 2:30pm or 14:30.",
        error_messages={"required": "Enter when it starts."},
    )
    ends = TimeOfDayField(label="When does it end?", error_messages={"required": "Enter when it ends."})
    last_day = DayField(
        label="Does it end on another day?",
        help_text="Leave this empty if it is over on one day.",
        required=False,
    )
    place = LineField(
        label="Where is it?",
        help_text="The building, the street and the postcode. Leave this empty if it is only online.",
        max_length=300,
        required=False,
    )
    online_link = LinkField(
        label="The link to join online",
        help_text="Only people who have a place see it.",
        required=False,
    )
    district = SafeModelChoiceField(
        label="Which part of the area is it in?",
        queryset=District.objects.none(),
        empty_label="It is not in one part",
        required=False,
    )
    step_free = forms.BooleanField(label="Step-free: no stairs on the way in", required=False)
    has_bsl = forms.BooleanField(label="There is British Sign Language (BSL)", required=False)
    quiet_room = forms.BooleanField(label="There is a quiet room", required=False)
    access_notes = WordsField(
        label="What else should people know about access?",
        help_text="For example parking, toilets, lights, noise, hearing loops or help on the day.",
        max_length=2000,
        rows=4,
        required=False,
    )
    capacity = forms.IntegerField(
        label="How many people can come?",
        help_text="Leave this empty if there is no limit. Then there is no waiting list.",
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages={
            "invalid": "Enter a whole number.",
            "min_value": "Enter 1 or more.",
            "max_value": "Enter 5,000 or fewer. Leave it empty if there is no limit.",
        },
    )
    closes_day = DayField(
        label="Until which day can people book?",
        help_text="Leave this empty if they can book until it starts.",
        required=False,
    )
    closes_time = TimeOfDayField(
        label="Until what time on that day?",
        help_text="Leave this empty for the end of the day.",
        required=False,
    )
    version = VersionField()
    token = OneUseToken()
    needed_sometimes = ("place", "online_link")

    def __init__(self, *args: Any, event: Event | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.event = event
        self.fields["district"].queryset = District.objects.all()
        # A new one counts once; one that is there already has a version instead.
        del self.fields["version" if event is None else "token"]
        if event is None:
            self.fields["token"].initial = new_token

    @staticmethod
    def initial_of(event: Event) -> dict[str, Any]:
        """What the form shows for an event that is there already."""
        names = [*EventForm.base_fields]
        return {name: getattr(event, name) for name in names if name != "token"}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (
            not given.get("place")
            and not given.get("online_link")
            and not {"place", "online_link"} & {*self.errors}
        ):
            self.add_error("place", NO_PLACE)
        self._clean_times(given)
        return given

    def _clean_times(self, given: dict[str, Any]) -> None:
        start = self._moment(given.get("day"), given.get("starts"), field="starts")
        end = self._moment(given.get("last_day") or given.get("day"), given.get("ends"), field="ends")
        if start and end and end <= start:
            self.add_error("last_day" if given.get("last_day") else "ends", "It must end after it starts.")
        closes_time = given.get("closes_time")
        if closes_time and not given.get("closes_day") and "closes_day" not in self.errors:
            self.add_error("closes_day", "Enter the day as well.")
        closes = self._moment(
            given.get("closes_day"), closes_time or datetime.time(23, 59), field="closes_time"
        )
        if start and closes and closes > start:
            if timezone.localdate(closes) > timezone.localdate(start):
                self.add_error("closes_day", TOO_LATE)
            elif closes_time:
                self.add_error("closes_time", TOO_LATE)
            closes = start  # the end of the day it begins on is when it begins
        given |= {"starts_at": start, "ends_at": end, "booking_closes_at": closes}

    def _moment(
        self, day: datetime.date | None, time: datetime.time | None, *, field: str
    ) -> datetime.datetime | None:
        """That time of that day in London. An hour that the clocks leap over is no time."""
        if day is None or time is None:
            return None
        found = timezone.make_aware(datetime.datetime.combine(day, time))
        back = timezone.localtime(found.astimezone(datetime.UTC))
        if back.time() != time:
            self.add_error(field, NO_SUCH_TIME)
            return None
        return found

    def save(self, *, by: User) -> Event | None:
        """Save. None for a second click on a new one. May raise VersionConflict or CannotDo."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in MOVED}
        if self.event is None:
            return create_event(by=by, **values)
        return edit_event(event=self.event, by=by, **values)


class CancelEventForm(forms.Form):
    """Why it does not take place, in words for everybody."""

    reason = WordsField(
        label="Why is it cancelled?",
        help_text="Everybody can read this. It also goes to the people who booked. Do not name anyone.",
        max_length=500,
        rows=3,
        error_messages={"required": "Say why it is cancelled."},
    )
    version = VersionField()

    def save(self, *, event: Event, by: User) -> Event:
        """Call it off."""
        return cancel_event(event=event, by=by, **self.cleaned_data)


class SaidForm(WrittenDownForm):
    """One thing that somebody said at the event."""

    def save(self, *, event: Event, by: User) -> Submission:
        """Send it to the moderators, once."""
        return add_said(event=event, by=by, **self.cleaned_data)
