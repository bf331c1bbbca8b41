"""The form that asks for a day of the past."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from foundation.forms import DayField
from partnership.calendar import today


class AsAtForm(forms.Form):
    """See an action as it stood on a day. It stands in the address, so that a past page can be kept and sent."""

    as_at = DayField(label="Day", error_messages={"required": "Enter the day that you want to look back on."})

    def clean_as_at(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["as_at"]
        if day > today():
            raise ValidationError("This day has not come yet.")
        return day
