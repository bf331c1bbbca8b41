"""How every form field in the portal is drawn.

`PortalRenderer` is the project's FORM_RENDERER. It gives each field the same markup (label, hint, error, control) from
`templates/django/forms/field.html`, so that a form is written once and looks and sounds the same everywhere (R-X1, R-X2).
`DayField` asks for a day in three boxes, `HintedRadios` explains each choice, and `FaceRadios` shows a face beside each.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

FACES = ("happy", "ok", "sad", "cross", "worried")

# Order matters: the first kind that fits a widget names its class.
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.widgets.Input, "govuk-input"),
)
_NO_ERROR_CLASS = ("govuk-checkboxes__input", "govuk-radios__input")


def control_class(widget: forms.Widget, *, wrong: bool) -> str:
    """The class a control carries, with its error twin when what was typed is wrong; empty for hidden ones."""
    if widget.is_hidden:
        return ""
    for kind, name in _CLASSES:
        if isinstance(widget, kind):
            return f"{name} {name}--error" if wrong and name not in _NO_ERROR_CLASS else name
    return ""


class PortalBoundField(BoundField):
    """A field of a form that knows its class and the id an error link should lead to."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        own = control_class(widget, wrong=bool(self.errors) if not widget.is_hidden else False)
        if own:
            given = attrs.get("class") or widget.attrs.get("class") or ""
            attrs["class"] = f"{own} {given}".strip()
        return attrs

    @property
    def first_control_id(self) -> str:
        """The id of the first control a reader can type in, so that the error summary can lead there (R-X2)."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
            # Where there is nothing to choose from there is no first box, only the empty group.
            return f"{self.auto_id}_0" if self.subwidgets else self.auto_id
        return self.id_for_label or self.auto_id

    @property
    def guide(self) -> Any:
        """Where this field is explained: what the form's own `guide` has under its name, with a `url` and its `words`."""
        return getattr(self.form, "guide", {}).get(self.name)

    @property
    def shows_optional(self) -> bool:
        """Whether the label should say "(optional)". A lone tick box never does: leaving it empty is an answer. Nor does a
        field that is needed in some cases (`form.needed_sometimes` names it): one of several, or asked for by a choice."""
        if self.field.required or self.field.disabled or isinstance(self.field.widget, forms.CheckboxInput):
            return False
        if self.name in getattr(self.form, "needed_sometimes", ()):
            return False
        return "optional" not in str(self.label).lower()


class PortalRenderer(TemplatesSetting):
    """Draws forms with the project's own templates."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = PortalBoundField


class HintedRadios(forms.RadioSelect):
    """Radio buttons, each with a line of help under its label. `hints` maps a choice's value to the line."""

    def __init__(self, *args: Any, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        hint = self.hints.get(str(value), "")
        if hint:
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', name)}_hint"
        return option


class FaceRadios(forms.RadioSelect):
    """Radio buttons drawn as faces. `faces` maps a choice's value to one of FACES; by default the value is the face."""

    template_name = "django/forms/widgets/faces.html"

    def __init__(self, *args: Any, faces: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faces = faces or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        face = self.faces.get(str(value), str(value))
        option["face"] = face if face in FACES else ""
        return option


class DayBoxes(forms.Widget):
    """Three boxes for a day, a month and a year. What was typed comes back as typed when it is not a real day."""

    template_name = "django/forms/widgets/day_boxes.html"
    use_fieldset = True
    parts = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        typed = [str(data.get(f"{name}_{part}") or "").strip() for part, _label, _width in self.parts]
        if not any(typed):
            # A link or a script may send the whole day at once.
            return data.get(name) or None
        return "/".join(typed)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part, _label, _width in self.parts)

    def format_value(self, value: Any) -> list[str]:
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), f"{value.year:04d}"]
        typed = str(value or "").split("/")
        if len(typed) == 3:
            return typed
        found = _whole_day(str(value or ""))
        return self.format_value(found) if found else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        values = context["widget"]["value"]
        id_ = context["widget"]["attrs"].get("id") or name
        context["widget"]["wrong"] = "aria-invalid" in context["widget"]["attrs"]
        context["widget"]["boxes"] = [
            {"name": f"{name}_{part}", "id": f"{id_}_{part}", "label": label, "width": width, "value": typed}
            for (part, label, width), typed in zip(self.parts, values, strict=True)
        ]
        return context


class DayField(forms.Field):
    """A day, asked for in three boxes. Years run from 1900 to 2199; the result is a `datetime.date`."""

    widget = DayBoxes
    default_error_messages = {
        "required": "Enter the day, month and year.",
        "invalid": "Enter a real day, for example 31 3 2026.",
        "part": "Enter the day, the month and the year.",
        "year": "Enter the year in four numbers, for example 2026.",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        found = _whole_day(str(value))
        if found:
            return found
        typed = str(value).split("/")
        if len(typed) != 3:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not all(typed):
            raise ValidationError(self.error_messages["part"], code="part")
        # isascii as well as isdigit: other scripts' digits would pass int() and puzzle whoever reads them back.
        if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day, month, year = (int(part) for part in typed)
        if not 1900 <= year <= 2199:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _whole_day(text: str) -> datetime.date | None:
    """The day in `2026-03-31`, or None. Only the ten-character form is read, so that nothing is guessed."""
    if len(text) != 10:
        return None
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


class TimeOfDayField(forms.TimeField):
    """A time of day, typed as people write it: 14:30, 14.30, 2pm, 2:30 pm."""

    widget = forms.TextInput
    default_error_messages = {"invalid": "Enter a time, for example 2:30pm or 14:30."}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I.%M%p", "%I%p"], **options)
        self.widget.attrs |= {"class": "govuk-input--width-5", "autocomplete": "off"}

    def to_python(self, value: Any) -> datetime.time | None:
        if isinstance(value, str):
            value = "".join(value.split()).lower()
            if len(value) > 20 or not value.isascii():
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value
