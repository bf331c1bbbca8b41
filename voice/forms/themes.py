"""What a comment speaks of, and the moderators' own lists: themes and wordings."""

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField, clean_id
from foundation.text import LineField, WordsField
from foundation.versions import VersionField
from partnership.models import User
from voice.models import Comment, CommentTheme, Theme, Wording
from voice.operations import make_theme, merge_theme, rename_theme, save_wording, set_themes
from voice.operations.themes import Tags

NAME_HELP = "Two or three plain words, such as “Not knowing when”. It names nobody."
MOST_AT_ONCE = 500


class SeenThemes(forms.CharField):
    """The keys of the themes that were ticked when the page was made. Garbage is nothing."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> set[int]:
        words = str(value or "").split(",")[:MOST_AT_ONCE]
        return {key for word in words if (key := clean_id(word))}


class ThemeFields(forms.Form):
    """Themes to tick, and one to add. What was ticked when the page was made goes along, so that others' tags stay."""

    themes = SafeModelMultipleChoiceField(
        label="What does it speak of?",
        queryset=Theme.objects.all(),  # one that was merged meanwhile gives the one it leads to
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    new_theme = LineField(label="Another theme", help_text=NAME_HELP, max_length=60, required=False)
    had_themes = SeenThemes(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["themes"].choices = Theme.objects.current().values_list("pk", "name")

    @property
    def tags(self) -> Tags:
        """What this person changed."""
        given = self.cleaned_data
        had = given["had_themes"]
        ticked = {theme.pk: theme for theme in given["themes"]}
        removed = Theme.objects.filter(pk__in=had - set(ticked)) if had - set(ticked) else ()
        added = [theme for key, theme in ticked.items() if key not in had]
        return Tags(add=added, remove=list(removed), new=given["new_theme"])


def first_themes(rows: Iterable[CommentTheme]) -> dict[str, Any]:
    """How these fields begin on a comment with these tags."""
    keys = [row.theme_id for row in rows]
    return {"themes": keys, "had_themes": ",".join(map(str, keys))}


class ThemesForm(ThemeFields):
    """The same, on a comment that was approved before."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="themes_%s", **options)

    def save(self, *, comment: Comment, by: User) -> None:
        """Write what was changed."""
        set_themes(comment=comment, tags=self.tags, by=by)


class ThemeForm(forms.Form):
    """The name of a theme, new or changed."""

    name = LineField(
        label="Name of the theme",
        help_text=NAME_HELP,
        max_length=60,
        error_messages={"required": "Write the name of the theme."},
    )

    def save(self, *, by: User) -> Theme:
        """Add it."""
        return make_theme(name=self.cleaned_data["name"], by=by)


class RenameForm(ThemeForm):
    """Another name for a theme."""

    version = VersionField()

    def save_to(self, theme: Theme, *, by: User) -> Theme:
        """Rename it."""
        return rename_theme(theme=theme, by=by, **self.cleaned_data)


class MergeForm(forms.Form):
    """The theme that this one goes into."""

    into = SafeModelChoiceField(
        label="Which theme should it go into?",
        queryset=Theme.objects.none(),
        empty_label="Choose a theme",
        error_messages={"required": "Choose the theme that it goes into."},
    )
    version = VersionField()

    def __init__(self, *args: Any, theme: Theme, **options: Any) -> None:
        super().__init__(*args, auto_id="merge_%s", **options)
        self.theme = theme
        self.fields["into"].queryset = Theme.objects.current().exclude(pk=theme.pk)

    def save(self, *, by: User) -> Theme:
        """Merge the two."""
        return merge_theme(theme=self.theme, by=by, **self.cleaned_data)


class WordingForm(forms.Form):
    """A sentence to use again, and what it is called in the list."""

    name = LineField(
        label="What it is called",
        help_text="How you find it in the list.",
        max_length=60,
        error_messages={"required": "Write what it is called."},
    )
    text = WordsField(
        label="The wording",
        help_text="A sentence for summaries. It fits many comments and tells of nobody.",
        max_length=500,
        rows=3,
        error_messages={"required": "Write the wording."},
    )
    version = VersionField()

    def save(self, *, wording: Wording | None, by: User) -> Wording:
        """Keep it."""
        return save_wording(wording=wording, by=by, **self.cleaned_data)
