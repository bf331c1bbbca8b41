"""The answers of the journey: the same fields for everyone, in words for each way in (R-V1 to R-V5).

Asked: what it is about, the words, whose words, what we may show; and, only if they like, an age group, a district, what they
do or are, and an e-mail address. Never a name, a date of birth, a school or a postcode.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model

from foundation.forms import FaceRadios, HintedRadios
from foundation.ids import SafeModelChoiceField
from foundation.text import EmailLineField, WordsField
from partnership.models import District
from voice.models import AgeBand, Feeling, MayShow, Relation, Route, Topic, WhoseWords, Work

from .labels import LABELS
from .questions import Question, fields_of
from .sending import SHOW_HINTS

FACE_OR_WORDS = "Write something, or go back and choose a face."
_NOT_SAID = [("", "I would rather not say")]
_CHILD_TOPICS = [
    (Topic.FELT, "How I feel"),
    (Topic.WENT_WELL, "Something good"),
    (Topic.QUALITY, "The help I get"),
    (Topic.MISSING, "Something I need"),
    (Topic.INVOLVED, "If people listen to me"),
    (Topic.INFORMATION, "Finding things out"),
]
_TOPIC_HINTS = {
    Topic.QUALITY: "For example a school, a therapy or a short break.",
    Topic.MISSING: "Something that you looked for and is not there.",
    Topic.INFORMATION: "Something that was hard to find, to read or to use.",
    Topic.INVOLVED: "How people asked you, listened to you or told you.",
    Topic.FELT: "What it was like for you.",
    Topic.WENT_WELL: "Something that we should do more of.",
}


class AnswerFields(forms.Form):
    """Every field of the journey; a page or a check takes those it needs."""

    feeling = forms.ChoiceField(
        label="How do you feel?",
        help_text="Choose a face.",
        choices=Feeling.choices,
        widget=FaceRadios,
        required=False,
    )
    text = WordsField(
        label="What do you want to tell us?",
        help_text="Please leave out names, schools and addresses. We take them out before anyone else reads it.",
        max_length=5000,
        rows=8,
        error_messages={"required": "Tell us in a few words."},
    )
    topic = forms.ChoiceField(
        label="What is it about?",
        choices=Topic.choices,
        widget=HintedRadios(hints=_TOPIC_HINTS),
        error_messages={"required": "Choose what it is about."},
    )
    whose_words = forms.ChoiceField(
        label="Whose words are these?",
        choices=WhoseWords.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    may_show = forms.ChoiceField(
        label="What may we show on this website?",
        help_text="A trained person reads it first. Your name is never shown.",
        choices=MayShow.choices,
        widget=HintedRadios(hints=SHOW_HINTS),
        required=False,
        initial=MayShow.SUMMARY,
    )
    unsafe = forms.BooleanField(
        label="I think that someone may be unsafe",
        help_text="Then only our safeguarding team reads it. They cannot come at once: if you need help now, ring a number "
        "on this page.",
        required=False,
    )
    work = forms.ChoiceField(
        label="What kind of work do you do?",
        help_text="Why we ask: to see whose voices are missing. Leave it if you like.",
        choices=_NOT_SAID + list(Work.choices),
        required=False,
    )
    relation = forms.ChoiceField(
        label="Who are you to children and young people?",
        help_text="Why we ask: to see whose voices are missing. Leave it if you like.",
        choices=_NOT_SAID + list(Relation.choices),
        required=False,
    )
    age_band = forms.ChoiceField(
        label="How old is the child or young person?",
        help_text="Why we ask: to see whose voices are missing. Leave it if you like.",
        choices=_NOT_SAID + list(AgeBand.choices),
        required=False,
    )
    district = SafeModelChoiceField(
        label="Which part of the area do you live in?",
        help_text="Why we ask: to see where help is good and where it is not. Leave it if you like.",
        queryset=District.objects.none(),
        empty_label="I would rather not say",
        required=False,
    )
    email = EmailLineField(
        label="Your e-mail address",
        help_text="Why we ask: to tell you when somebody has read it, and when there is an answer. Nobody who answers sees it. "
        "You get a code as well.",
        required=False,
    )

    def __init__(self, *args: Any, route: str, names: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.route = route
        self.fields["district"].queryset = District.objects.all()
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["text"].widget.attrs["autocomplete"] = "off"
        if route == Route.CHILD:
            self._for_a_child()
        for name, words in LABELS.get(route, {}).items():
            for attribute, value in words.items():
                setattr(self.fields[name], attribute, value)
        self.fields = {name: self.fields[name] for name in names}
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = "Choose one from the list."

    def _for_a_child(self) -> None:
        self.fields["topic"].required = self.fields["text"].required = False
        self.fields["topic"].widget = forms.RadioSelect(choices=_CHILD_TOPICS)
        self.fields["topic"].choices = _CHILD_TOPICS


class QuestionForm(AnswerFields):
    """One page of the journey. `earlier` holds the answers so far; `going_back` asks for nothing."""

    def __init__(
        self,
        *args: Any,
        route: str,
        question: Question,
        earlier: Mapping[str, str],
        going_back: bool = False,
        **options: Any,
    ) -> None:
        options.setdefault("initial", {name: value for name, value in earlier.items() if value != ""})
        super().__init__(*args, route=route, names=question.fields, **options)
        self.question, self.earlier, self.going_back = question, earlier, going_back
        for field in self.fields.values():
            field.required = field.required and not going_back
            if not question.title:
                field.label_class = "govuk-visually-hidden"  # the heading of the page says it

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.needs_face_or_words and not self.going_back and not cleaned.get("text") and not self.errors:
            self.add_error("text", FACE_OR_WORDS)
        return cleaned

    @property
    def needs_face_or_words(self) -> bool:
        """A face alone is enough for a child, and so are words alone."""
        return self.route == Route.CHILD and "text" in self.fields and not self.earlier.get("feeling")

    @property
    def may_be_skipped(self) -> bool:
        return not self.question.is_needed and not self.needs_face_or_words

    @property
    def title(self) -> str:
        """The heading of the page."""
        return self.question.title or str(self.fields[self.question.fields[0]].label)

    @property
    def kept(self) -> dict[str, str]:
        """The answers as they stand in the draft."""
        return {name: _as_typed(value) for name, value in self.cleaned_data.items()}


class AllAnswers(AnswerFields):
    """Everything in a draft, looked at once more before it is shown to be checked and before it is sent."""

    def __init__(self, answers: Mapping[str, str], *, route: str) -> None:
        super().__init__(dict(answers), route=route, names=fields_of(route))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["may_show"] = cleaned.get("may_show") or MayShow.SUMMARY
        if self.route == Route.CHILD:
            # A child who chose only a face told us how they feel.
            cleaned["topic"] = cleaned.get("topic") or Topic.FELT
            if not cleaned.get("text") and not cleaned.get("feeling"):
                self.add_error("feeling", FACE_OR_WORDS)
        return cleaned

    @property
    def to_send(self) -> dict[str, Any]:
        """The answers as `send_draft` takes them."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def shown(self, name: str) -> str:
        """An answer in the words that stood beside it on its page; empty where there is none."""
        value = self.cleaned_data.get(name)
        if name == "unsafe":
            return "Yes" if value else ""
        if isinstance(self.fields[name], forms.ModelChoiceField) or not isinstance(
            self.fields[name], forms.ChoiceField
        ):
            return str(value or "")
        words = {str(key): label for key, label in self.fields[name].choices}
        return str(words.get(str(value or ""), "")) if value else ""


def _as_typed(value: Any) -> str:
    if isinstance(value, Model):
        return str(value.pk)
    return ("on" if value else "") if isinstance(value, bool) else str(value or "")
