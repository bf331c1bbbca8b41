"""Choosing the day as at which the partnership is shown."""

from django import forms

from foundation.forms import DayField


class AsAtForm(forms.Form):
    """A day in the address, as `?as_at=2021-06-01` or in three boxes (R-C5)."""

    as_at = DayField(label="Show how it was on", required=False, help_text="For example 1 6 2021.")
