"""The one page on which somebody tells us something: the same questions for everyone, in words for each way in (R-V1, R-V2).

Asked: what it is about, the words, whose words, what we may show; and, only if they like, an age group, a district and an
e-mail address. Never a name, a date of birth, a school or a postcode.
"""

import time
from typing import Any

from django import forms
from django.core.signing import BadSignature, TimestampSigner, b62_decode

from foundation.forms import FaceRadios, HintedRadios
from foundation.ids import SafeModelChoiceField
from foundation.text import EmailLineField, WordsField
from foundation.tokens import TOKEN_LIFE, OneUseToken, new_token
from partnership.models import District
from voice.models import AgeBand, Feeling, MayShow, Route, Topic, WhoseWords
from voice.operations import Submission, submit_comment

from .labels import LABELS

LEAST_SECONDS = 2
"""Nobody reads the page and writes in less. Programs do (R-V12)."""
PRESS_AGAIN = "We could not send this the first time. Your words are still here. Please press send again."

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
SHOW_HINTS = {
    MayShow.SUMMARY: "We write what you said in our own words.",
    MayShow.WORDS: "We take out what could tell people who you are.",
    MayShow.NOTHING: "The service still reads it, without your name.",
}


class TrapField(forms.CharField):
    """A box that people do not see: what stands in it is never kept and never wrong. That something does is what counts."""

    def clean(self, value: Any) -> str:
        return ""


class GuardedForm(forms.Form):
    """What everybody may send without an account: kept once, and told from what programs send, without a puzzle (R-V12)."""

    website = TrapField(label="Leave this empty", required=False)
    token = OneUseToken()
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["opened"].initial = opened_now
        self.fields["token"].initial = new_token
        if "text" in self.fields:
            self.fields["text"].widget.attrs["autocomplete"] = "off"
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = "Choose one from the list."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "may_show" in self.fields:
            cleaned["may_show"] = cleaned.get("may_show") or MayShow.SUMMARY
        if not self.errors and (self.data.get(self.add_prefix("website")) or not self._was_read()):
            # Perhaps a program, perhaps somebody quick. Either way the words stay and one more press sends them.
            self._start_again()
            raise forms.ValidationError(PRESS_AGAIN, code="press_again")
        return cleaned

    def ask_again(self, message: str) -> None:
        """Show the form again with everything typed and a message on top."""
        self.add_error(None, message)

    def give_fresh_token(self) -> None:
        """So that the next press is a new message, and not the same one once more."""
        self._start_again()
        self.data[self.add_prefix("token")] = new_token()

    def _was_read(self) -> bool:
        age = _age(self.data.get(self.add_prefix("opened")))
        return age is not None and age >= LEAST_SECONDS

    def _start_again(self) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("website")] = ""
        if _age(self.data.get(self.add_prefix("opened"))) is None:
            self.data[self.add_prefix("opened")] = opened_now()


class SendForm(GuardedForm):
    """What grown-ups and young people fill in."""

    topic = forms.ChoiceField(
        label="What is it about?",
        choices=Topic.choices,
        widget=HintedRadios(hints=_TOPIC_HINTS),
        error_messages={"required": "Choose what it is about."},
    )
    text = WordsField(
        label="What do you want to tell us?",
        help_text="Please leave out names, schools and addresses. We take them out before anyone else reads it.",
        max_length=5000,
        rows=8,
        error_messages={"required": "Tell us in a few words."},
    )
    whose_words = forms.ChoiceField(
        label="Whose words are these?",
        choices=WhoseWords.choices,
        widget=forms.RadioSelect,
        required=False,
        initial=WhoseWords.MINE,
    )
    may_show = forms.ChoiceField(
        label="What may we show on this website?",
        help_text="A trained person reads it first. Your name is never shown.",
        choices=MayShow.choices,
        widget=HintedRadios(hints=SHOW_HINTS),
        required=False,
        initial=MayShow.SUMMARY,
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
        help_text="Why we ask: to tell you when there is an answer. Nobody who answers sees it. You get a code as well.",
        required=False,
    )
    unsafe = forms.BooleanField(
        label="I think that someone may be unsafe",
        help_text="Then only our safeguarding team reads it. They cannot come at once: if you need help now, ring a number "
        "on this page.",
        required=False,
    )
    ASKED = ("topic", "text", "whose_words", "may_show", "unsafe", "email", "age_band", "district")
    """The questions in their order on the page."""
    FOLDED = ("age_band", "district")
    """Those of them that wait behind "More questions, if you want", so that the page is short to look at."""

    def __init__(self, *args: Any, route: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.route = route
        self.fields["district"].queryset = District.objects.all()
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        own = LABELS.get(route, {})
        for name, words in own.items():
            for attribute, value in words.items():
                setattr(self.fields[name], attribute, value)

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that people see, in order."""
        return [self[name] for name in self.ASKED]

    @property
    def first_questions(self) -> list[forms.BoundField]:
        """The questions that are open on the page."""
        return [self[name] for name in self.ASKED if name not in self.FOLDED]

    @property
    def more_questions(self) -> list[forms.BoundField]:
        """The questions that open with one press."""
        return [self[name] for name in self.ASKED if name in self.FOLDED]

    @property
    def more_is_open(self) -> bool:
        """After something was sent that needs mending, nothing that was typed may be out of sight."""
        return self.is_bound

    def save(self) -> Submission:
        """Keep it, once (R-V8)."""
        given = self.cleaned_data
        return submit_comment(
            token=given["token"],
            route=self.route,
            topic=given["topic"],
            text=given["text"],
            feeling=given.get("feeling", ""),
            whose_words=given["whose_words"],
            age_band=given["age_band"],
            district=given["district"],
            may_show=given["may_show"],
            email=given["email"],
            unsafe=given["unsafe"],
        )


class ChildSendForm(SendForm):
    """A child's page: a face, then words if they like. A face alone is enough."""

    feeling = forms.ChoiceField(
        label="How do you feel?",
        choices=Feeling.choices,
        widget=FaceRadios,
        required=False,
        help_text="Choose a face.",
    )

    ASKED = ("feeling", "text", "unsafe", "may_show", "topic", "whose_words", "age_band", "district", "email")
    FOLDED = ("topic", "whose_words", "age_band", "district", "email")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["topic"].required = False
        self.fields["topic"].widget = forms.RadioSelect(choices=_CHILD_TOPICS)
        self.fields["topic"].choices = _CHILD_TOPICS
        self.fields["text"].required = False

    def clean(self) -> dict[str, Any]:
        # A child who chose only a face told us how they feel.
        self.cleaned_data["topic"] = self.cleaned_data.get("topic") or Topic.FELT
        nothing_wrong = "text" not in self.errors and "feeling" not in self.errors
        if nothing_wrong and not self.cleaned_data.get("text") and not self.cleaned_data.get("feeling"):
            self.add_error("feeling", "Choose a face or tell us in words.")
        return super().clean()


def send_form_for(route: str) -> type[SendForm]:
    """The form for a way in."""
    return ChildSendForm if route == Route.CHILD else SendForm


def opened_now() -> str:
    """A signed note of when the page was made, to tell a person from a program."""
    return _signer().sign("opened")


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="voice.opened", sep=".")


def _age(note: Any) -> float | None:
    """Seconds since the page was made; None if the note is missing or not ours."""
    if not isinstance(note, str) or len(note) > 200:
        return None
    try:
        made = _signer().unsign(note, max_age=TOKEN_LIFE)
    except BadSignature:
        return None
    return time.time() - b62_decode(note.split(".")[1]) if made == "opened" else None
