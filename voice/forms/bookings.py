"""Booking a place without an account (R-E2). Asked: a name or initials, a way to reach them, how many, and what they need."""

import re
from typing import Any

from django import forms

from foundation.text import EmailLineField, LineField, WordsField
from voice.models import Event
from voice.models.bookings import MOST_PEOPLE
from voice.operations import Booked, book_event
from voice.operations.bookings import too_many

from .sending import GuardedForm

NO_WAY_TO_REACH = "Enter an e-mail address or a phone number, so that we can tell you if something changes."
NUMBER = f"Enter a number from 1 to {MOST_PEOPLE}."


class PhoneField(LineField):
    """A phone number as people write it: 7 to 15 figures, and what stands between them."""

    def to_python(self, value: Any) -> str:
        found = super().to_python(value)
        if found and not (
            re.fullmatch(r"\+?[0-9 ()./-]+", found) and 7 <= len(re.sub(r"\D", "", found)) <= 15
        ):
            raise forms.ValidationError("Enter a phone number, like 01632 960 001.", code="invalid")
        return found


class BookingForm(GuardedForm):
    """Who comes. Nothing else is asked."""

    name = LineField(
        label="Your name or initials",
        help_text="So that we know you when you come. A first name is enough.",
        max_length=100,
        error_messages={"required": "Enter a name or initials."},
    )
    people = forms.IntegerField(
        label="How many people come?",
        help_text=f"You and everybody with you, up to {MOST_PEOPLE}.",
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2"}),
        error_messages={"required": NUMBER, "invalid": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
    )
    email = EmailLineField(
        label="Your e-mail address",
        help_text="We need this or a phone number. We use it for this event and nothing else.",
        required=False,
    )
    phone = PhoneField(
        label="Your phone number",
        help_text="We ring you if something changes and you left no e-mail address.",
        max_length=30,
        required=False,
    )
    access_needs = WordsField(
        label="What do you need, so that you can take part?",
        help_text="For example a ramp, large print or a seat near the door. Only the team that runs the event reads this.",
        max_length=1000,
        rows=4,
        required=False,
    )

    ASKED = ("name", "people", "email", "phone", "access_needs")
    needed_sometimes = ("email", "phone")

    def __init__(self, *args: Any, event: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self.event = event
        for name, filled in (("name", "name"), ("email", "email"), ("phone", "tel"), ("access_needs", "off")):
            self.fields[name].widget.attrs["autocomplete"] = filled

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people see, in order."""
        return [self[name] for name in self.ASKED]

    def clean_people(self) -> int:
        people = self.cleaned_data["people"]
        if self.event.capacity is not None and people > self.event.capacity:
            raise forms.ValidationError(too_many(self.event))
        return people

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("email") and not given.get("phone") and not {"email", "phone"} & {*self.errors}:
            self.add_error("email", NO_WAY_TO_REACH)
        return super().clean()

    def save(self) -> Booked:
        """Book it, once. May raise CannotDo where booking has closed meanwhile."""
        given = self.cleaned_data
        return book_event(event=self.event, **{name: given[name] for name in ("token", *self.ASKED)})
