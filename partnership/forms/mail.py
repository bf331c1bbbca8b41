"""When a person is mailed what waits for them."""

from typing import Any

from django import forms

from partnership.models import MailPreference, User, Weekday
from partnership.operations.mail import choose_mail_day

NEVER = "never"


class MailForm(forms.Form):
    """A weekday, or no mail: one choice (R-W5)."""

    when = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[*((str(day.value), f"Each {day.label}") for day in Weekday), (NEVER, "Do not send it")],
        label="When do you want this mail?",
        help_text="If it is a bank holiday, the mail comes on the next working day.",
        error_messages={
            "required": "Choose a day, or no mail.",
            "invalid_choice": "Choose one from the list.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = MailPreference.objects.filter(person=user).first()
        day = str(kept.weekday if kept else Weekday.MONDAY.value)
        self.initial.setdefault("when", NEVER if kept and not kept.is_wanted else day)

    def save(self, *, by: User) -> MailPreference:
        when = self.cleaned_data["when"]
        return choose_mail_day(by=by, weekday=None if when == NEVER else int(when))
