"""What moderators fill in."""

from typing import Any

from django import forms

from foundation.ids import SafeModelChoiceField
from foundation.text import WordsField
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from priorities.models import Priority
from voice.models import Comment, MayShow, RefusalReason
from voice.operations import approve_comment, refuse_comment
from voice.operations.moderation import public_words

NO_WORDS = "Write the words as the service may read them."
NO_SUMMARY = "Write the summary that everybody may read."


class ApproveForm(forms.Form):
    """Redacted words, a summary, and where it goes."""

    text = WordsField(
        label="The words without what could identify someone",
        help_text="Take out names, schools, places, dates and anything rare. The service and the board’s readers see this.",
        max_length=5000,
        rows=8,
        required=False,
    )
    summary = WordsField(
        label="A summary that everybody may read",
        help_text="One or two plain sentences in your own words. It names nobody.",
        max_length=1000,
        rows=3,
        required=False,
    )
    service = SafeModelChoiceField(
        label="Which service should read and answer it?",
        queryset=Service.objects.none(),
        empty_label="Choose a service",
        error_messages={"required": "Choose the service that should answer."},
    )
    priority = SafeModelChoiceField(
        label="Which priority is it about?",
        queryset=Priority.objects.none(),
        empty_label="None of them, or not sure",
        required=False,
    )
    version = VersionField()

    def __init__(self, *args: Any, comment: Comment, user: User, **options: Any) -> None:
        # Two forms stand on one page: their ids must not be the same.
        super().__init__(*args, auto_id="approve_%s", **options)
        self.comment = comment
        self._ask_for_what_is_needed()
        self.fields["service"].queryset = Service.objects.current(today()).select_related("sector")
        priorities = Priority.objects.for_new_actions() & Priority.objects.visible_to(user)
        self.fields["priority"].queryset = priorities.select_related("strategy", "title", "short_title")

    def _ask_for_what_is_needed(self) -> None:
        """Nothing that this comment needs is called optional, and nothing says that everybody reads what nobody may see."""
        self.fields["text"].required = self._had_words()
        self.fields["text"].error_messages["required"] = NO_WORDS
        summary = self.fields["summary"]
        summary.required = self.comment.may_show == MayShow.SUMMARY
        summary.error_messages["required"] = NO_SUMMARY
        if self.comment.may_show == MayShow.NOTHING:
            summary.label = "A summary for the service"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        text, summary = given.get("text", ""), given.get("summary", "")
        shown = self.comment.may_show != MayShow.NOTHING
        if shown and not public_words(self.comment.may_show, text, summary) and "summary" not in self.errors:
            self.add_error("summary", NO_SUMMARY)
        return given

    def _had_words(self) -> bool:
        original = getattr(self.comment, "original", None)
        return original is not None and bool(original.text)

    def save(self, *, by: User) -> Comment:
        """Approve it."""
        given = self.cleaned_data
        return approve_comment(comment=self.comment, by=by, **given)


class RefuseForm(forms.Form):
    """Why it is not published: one of the reasons the law allows."""

    reason = forms.ChoiceField(
        label="Why is it not published?",
        choices=RefusalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a reason.", "invalid_choice": "Choose a reason from the list."},
    )
    version = VersionField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="refuse_%s", **options)

    def save(self, *, comment: Comment, by: User) -> Comment:
        """Do not publish it."""
        return refuse_comment(comment=comment, by=by, **self.cleaned_data)


class VersionForm(forms.Form):
    """A button: nothing but the version its reader saw."""

    version = VersionField()
