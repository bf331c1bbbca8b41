"""Forms of spreadsheets that are brought in: the file, its columns, what its words mean (R-W3, R-W4)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import conditional_escape

from actions.models import Category, Plan, PlanImport
from actions.operations import RuleBroken, import_saving, imports
from actions.sheets import mapping
from actions.sheets.comparing import JOINED
from foundation.ids import SafeModelChoiceField
from foundation.spreadsheet_reading import MOST_ROWS
from foundation.tokens import OneUseToken
from foundation.uploads import UploadRefused
from partnership.models import User
from priorities.models import Priority

NOT_BROUGHT_IN = ("", "Leave it out")


class ImportForm(forms.Form):
    """Which plan, and which file."""

    plan = SafeModelChoiceField(
        queryset=Plan.objects.none(),
        to_field_name="slug",
        label="Which plan does it go into?",
        empty_label="Choose a plan",
        error_messages={"required": "Choose a plan."},
    )
    file = forms.FileField(
        label="The spreadsheet",
        help_text=f"An Excel workbook (.xlsx) or a table (.csv), with at most {MOST_ROWS:,} rows.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,
        error_messages={"required": "Choose a file.", "invalid": "Choose a file."},
    )
    token = OneUseToken()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Plan.objects.editable_by(user).select_related("service")
        self.fields["plan"].queryset = rows

    def save(self, *, by: User) -> PlanImport | None:
        """Read the file. None when the form was sent before. Raises RuleBroken, with a sentence beside the file."""
        values = self.cleaned_data
        file = values["file"]
        try:
            return imports.begin_import(
                by=by, plan=values["plan"], file=file, name=file.name, size=file.size, token=values["token"]
            )
        except UploadRefused as reason:
            raise RuleBroken([str(reason)], beside={str(reason): "file"}) from reason


class ColumnsForm(forms.Form):
    """One question for each column of the table, and what holds for rows that do not say it (R-W4)."""

    def __init__(self, *args: Any, user: User, plan_import: PlanImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan_import = plan_import
        found = mapping.samples(plan_import)
        choices = [NOT_BROUGHT_IN, *((column.field, column.heading) for column in mapping.MAPPABLE)]
        self.columns = list(plan_import.columns.all())
        for column in self.columns:
            self.fields[f"column_{column.position}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=column.field,
                label=f"“{column.heading}” goes into",
                help_text=_sample(found.get(column.position, [])),
                error_messages={"invalid_choice": "Choose one from the list."},
            )
        self.fields["default_category"] = forms.TypedChoiceField(
            choices=[("", "The table says it in every row"), *Category.choices],
            coerce=int,
            empty_value=None,
            required=False,
            initial=plan_import.default_category or "",
            label="Where a row does not say: must, should or could?",
            error_messages={"invalid_choice": "Choose one from the list."},
        )
        self.fields["default_priority"] = SafeModelChoiceField(
            queryset=Priority.objects.visible_to(user).for_new_actions().with_names(),
            required=False,
            empty_label="The table says it in every row",
            initial=plan_import.default_priority_id,
            label="Where a row does not say: which priority does it serve first?",
        )

    def chosen(self) -> dict[int, str]:
        """The field chosen for each column, by its place."""
        return {
            column.position: self.cleaned_data.get(f"column_{column.position}", "") for column in self.columns
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = list(self.chosen().values())
        for column in self.columns:
            name = f"column_{column.position}"
            field = values.get(name, "")
            if field and field not in JOINED and chosen.count(field) > 1:
                self.add_error(name, "Only one column can go in here. Only the long texts take several.")
        if not self.errors:
            self._need(chosen, values)
        return values

    def _need(self, chosen: list[str], values: dict[str, Any]) -> None:
        if not {"title", "doing", "problem"} & set(chosen):
            raise ValidationError(
                "Say which column holds the title, or what you will do. An action needs a name."
            )
        if "category" not in chosen and not values.get("default_category"):
            self.add_error("default_category", "No column says it, so choose one for all rows.")
        if "priority" not in chosen and not values.get("default_priority"):
            self.add_error("default_priority", "No column says it, so choose one for all rows.")

    def save(self, *, by: User) -> PlanImport:
        """Keep the choices. Which words still need a meaning is asked next."""
        return imports.choose_columns(
            by=by,
            plan_import=self.plan_import,
            fields=self.chosen(),
            default_category=self.cleaned_data["default_category"],
            default_priority=self.cleaned_data["default_priority"],
        )


def _sample(texts: list[str]) -> str:
    short = [
        text if len(text) <= 60 else f"{text[:59]}…" for text in (" ".join(one.split()) for one in texts)
    ]
    # The field's template shows a hint as it is, so what stands in the file is made harmless here.
    return conditional_escape("For example: " + "; ".join(short)) if short else "This column is empty."


class WordsForm(forms.Form):
    """What words of the table mean, where the portal does not know them: that "High" is a must (R-W4)."""

    def __init__(self, *args: Any, user: User, plan_import: PlanImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan_import = plan_import
        self.asked = imports.unknown_words(by=user, plan_import=plan_import)
        known = {(word.field, word.text): word.means for word in plan_import.words.all()}
        priorities = Priority.objects.visible_to(user).for_new_actions().with_names()
        choices = {
            "category": [("", "Choose one"), *((str(value), label) for value, label in Category.choices)],
            "priority": [("", "Choose one"), *((str(row.pk), str(row)) for row in priorities)],
        }
        for number, (field, text) in enumerate(self.asked):
            self.fields[f"word_{number}"] = forms.ChoiceField(
                choices=choices[field],
                initial=known.get((field, text), ""),
                label=f"What does “{text}” mean?",
                error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
            )

    def save(self, *, by: User) -> PlanImport:
        """Keep the meanings, and begin to check."""
        means = [
            (field, text, self.cleaned_data[f"word_{number}"])
            for number, (field, text) in enumerate(self.asked)
        ]
        return imports.choose_words(by=by, plan_import=self.plan_import, words=means)


class ConfirmForm(forms.Form):
    """One button: what the preview showed is saved once."""

    token = OneUseToken()

    def __init__(self, *args: Any, plan_import: PlanImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan_import = plan_import

    def save(self, *, by: User) -> PlanImport | None:
        return import_saving.confirm_import(
            by=by, plan_import=self.plan_import, token=self.cleaned_data["token"]
        )
