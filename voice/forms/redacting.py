"""Making words safe to read: strike out, look at what is left, mend it by hand, approve (R-V6)."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.ids import SafeModelChoiceField
from foundation.text import LineField, WordsField
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from priorities.models import Priority
from voice.models import Comment, MayShow, Redaction, StrikeReason, Wording
from voice.noticed import own_names
from voice.operations import approve_comment
from voice.operations.moderation import public_words
from voice.strikes import (
    MOST_STRIKES,
    Span,
    come_back,
    counts_in,
    decoded,
    joined,
    places_of,
    struck_out,
    suggestions,
    words_digest,
)

from .themes import ThemeFields

NO_WORDS = "Write the words as the service may read them."
NO_SUMMARY = "Write the summary that everybody may read."
ROWS = (1, 2, 3)
"""How many words can be struck out in one go. Each press of the button gives as many empty lines again."""
ROW_FIELDS = ("words", "place", "reason")
NOT_THERE = "These words do not stand in what they sent. Copy them from there."
LOOK_AGAIN = (
    "You changed what is struck out. Press “Strike out and show what is left” and read the words first."
)
COME_BACK = "This is struck out, but it stands here again: {}."
WHICH = [
    ("", "Everywhere"),
    ("1", "Only the first"),
    ("2", "Only the second"),
    ("3", "Only the third"),
    ("4", "Only the fourth"),
    ("5", "Only the fifth"),
]


class StrikesField(forms.MultipleChoiceField):
    """The places that are struck out, each a tick box. A place is written as two numbers and a reason, never as words."""

    widget = forms.CheckboxSelectMultiple
    original = ""

    def clean(self, value: Any) -> list[Span]:
        spans = [decoded(one) for one in value or []]
        if len(spans) > MOST_STRIKES or any(one is None or not one.fits(self.original) for one in spans):
            raise ValidationError("Choose from the list.", code="invalid_choice")
        return joined(span for span in spans if span is not None)


def _row_fields() -> Iterator[tuple[str, forms.Field]]:
    for row in ROWS:
        yield f"words_{row}", LineField(label="Words to strike out", max_length=300, required=False)
        yield f"place_{row}", forms.ChoiceField(label="Where they stand", choices=WHICH, required=False)
        reasons = [("", "Choose a reason"), *StrikeReason.choices]
        yield f"reason_{row}", forms.ChoiceField(label="Why", choices=reasons, required=False)


class ApproveForm(ThemeFields):
    """What is struck out, the words that are left, a summary, and where it goes."""

    strikes = StrikesField(label="Struck out", required=False)
    text = WordsField(
        label="The words without what could identify someone",
        help_text="Take out names, schools, places, dates and anything rare. The service and the board’s readers see this.",
        max_length=6000,
        rows=8,
        required=False,
    )
    wording = SafeModelChoiceField(
        label="A wording that you keep", queryset=Wording.objects.all(), required=False
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
    made_of = forms.CharField(widget=forms.HiddenInput, required=False)
    needed_sometimes = ("strikes", *(f"{name}_{row}" for row in ROWS for name in ROW_FIELDS))
    version = VersionField()

    def __init__(self, *args: Any, comment: Comment, user: User, **options: Any) -> None:
        # Two forms stand on one page: their ids must not be the same.
        super().__init__(*args, auto_id="approve_%s", **options)
        self.comment = comment
        self.fields.update(_row_fields())
        original = getattr(comment, "original", None)
        self.original: str = original.text if original is not None else ""
        self.suggested = suggestions(self.original, known=own_names())
        self.spans: list[Span] = []
        self.strikes_are_wrong = False
        """Whether what was ticked or typed to be struck out has a mistake."""
        wordings = list(Wording.objects.values_list("pk", "name"))
        self.has_wordings = bool(wordings)
        self.fields["wording"].choices = [("", "None"), *wordings]
        self._ask_for_what_is_needed()
        self._offer_strikes()
        self.fields["service"].queryset = Service.objects.current(today()).select_related("sector")
        priorities = Priority.objects.for_new_actions() & Priority.objects.visible_to(user)
        self.fields["priority"].queryset = priorities.select_related("strategy", "title", "short_title")

    @staticmethod
    def first(comment: Comment, original: str, latest: Redaction | None) -> dict[str, Any]:
        """How the form begins: with what was made of the words last, or with everything struck out that is noticed."""
        if latest is None:
            spans = suggestions(original, known=own_names())
            text, summary = struck_out(original, spans), ""
        else:
            spans = strikes_of(latest, original)
            text, summary = latest.text, latest.summary
        coded = [span.coded() for span in spans]
        return {"strikes": coded, "made_of": made_of(original, coded), "text": text, "summary": summary}

    def _ask_for_what_is_needed(self) -> None:
        """Nothing that this comment needs is called optional, and nothing says that everybody reads what nobody may see."""
        self.fields["text"].required = bool(self.original)
        self.fields["text"].error_messages["required"] = NO_WORDS
        summary = self.fields["summary"]
        summary.required = self.comment.may_show == MayShow.SUMMARY
        summary.error_messages["required"] = NO_SUMMARY
        if self.comment.may_show == MayShow.NOTHING:
            summary.label = "A summary for the service"

    def _offer_strikes(self) -> None:
        """A tick box for each place that is struck out now, and for what the portal noticed and nobody agreed to."""
        field = self.fields["strikes"]
        field.original = self.original
        if self.is_bound:
            sent = self.data.getlist(self.add_prefix("strikes"))
        else:
            sent = self.initial.get("strikes", [])
        ticked = joined(
            span for word in sent[:MOST_STRIKES] if (span := decoded(word)) and span.fits(self.original)
        )
        self.ticked = ticked
        more = [one for one in self.suggested if not any(_overlap(one, other) for other in ticked)]
        reasons = dict(StrikeReason.choices)
        field.choices = [
            (span.coded(), f"“{self.original[span.start : span.end]}”: {reasons[span.reason].lower()}")
            for span in sorted([*ticked, *more])
        ]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The empty lines for more words, for the page."""
        return [{name: self[f"{name}_{row}"] for name in ROW_FIELDS} for row in ROWS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        text, summary = given.get("text", ""), given.get("summary", "")
        shown = self.comment.may_show != MayShow.NOTHING
        if shown and not public_words(self.comment.may_show, text, summary) and "summary" not in self.errors:
            self.add_error("summary", NO_SUMMARY)
        self.ticked = given.get("strikes", self.ticked)
        self.spans = joined([*self.ticked, *self._spans_of_rows(given)])
        names = ("strikes", "words_", "place_", "reason_")
        self.strikes_are_wrong = any(name.startswith(names) for name in self.errors)
        if self.strikes_are_wrong:
            return given
        if self.is_changed:
            self.add_error("strikes", LOOK_AGAIN)
        else:
            self._refuse_what_comes_back(given)
        return given

    def _spans_of_rows(self, given: dict[str, Any]) -> Iterator[Span]:
        for row in ROWS:
            words, reason = given.get(f"words_{row}", ""), given.get(f"reason_{row}", "")
            if not words:
                continue
            found = places_of(words, self.original)[:MOST_STRIKES]
            place = given.get(f"place_{row}") or ""
            if not found:
                self.add_error(f"words_{row}", NOT_THERE)
            elif place and int(place) > len(found):
                times = "once" if len(found) == 1 else f"{len(found)} times"
                self.add_error(f"place_{row}", f"They stand there only {times}.")
            elif not reason and f"reason_{row}" not in self.errors:
                self.add_error(f"reason_{row}", "Choose why.")
            elif reason:
                chosen = [found[int(place) - 1]] if place else found
                yield from (Span(start, end, reason) for start, end in chosen)

    def _refuse_what_comes_back(self, given: dict[str, Any]) -> None:
        """Mending by hand, or the summary, must not bring back what is struck out."""
        left = struck_out(self.original, self.spans)
        for name, meant in (("text", left), ("summary", "")):
            again = come_back(self.original, self.spans, given.get(name, ""), meant=meant)
            if again and name not in self.errors:
                self.add_error(name, COME_BACK.format(", ".join(f"“{words}”" for words in again)))

    @property
    def is_changed(self) -> bool:
        """Whether other places are struck out than the words on the page were made of, or the original is another one."""
        if not self.original:
            return False
        spans = [span.coded() for span in self.spans]
        sent = self.cleaned_data.get("made_of", "")
        return sent != made_of(self.original, spans) and bool(sent or spans)

    def remade(self) -> tuple[dict[str, Any], str]:
        """The form begun again with the words that are left, and what was mended by hand and is not in them any more."""
        given = self.cleaned_data
        coded = [span.coded() for span in self.spans]
        typed = str(self.data.get("text", ""))
        names = ("service", "priority", "new_theme", "had_themes", "version")
        again = {name: self.data.get(name, "") for name in names}
        again |= {
            "themes": self.data.getlist("themes"),
            "strikes": coded,
            "made_of": made_of(self.original, coded),
        }
        again |= {"text": typed, "summary": self._with_wording()}
        if not self.is_changed:
            return again, ""
        before = [
            span for word in given.get("made_of", "").partition(":")[2].split(",") if (span := decoded(word))
        ]
        by_hand = typed.split() != struck_out(self.original, joined(before)).split()
        again["text"] = struck_out(self.original, self.spans)
        return again, typed if by_hand else ""

    def _with_wording(self) -> str:
        typed, wording = str(self.data.get("summary", "")).rstrip(), self.cleaned_data.get("wording")
        return " ".join(part for part in (typed, wording.text if wording else "") if part)

    def save(self, *, by: User) -> Comment:
        """Approve it."""
        given = self.cleaned_data
        names = ("version", "text", "summary", "service", "priority")
        words = {name: given[name] for name in names}
        return approve_comment(comment=self.comment, by=by, strikes=self.spans, tags=self.tags, **words)


def made_of(original: str, coded: list[str]) -> str:
    """What the words on the page were made of: which original, and which places of it."""
    return f"{words_digest(original)[:16]}:{','.join(coded)}"


def strikes_of(redaction: Redaction, original: str) -> list[Span]:
    """The strikes of a redaction, if they count in this text: its sender may have changed it since."""
    if not counts_in(redaction.made_of, original):
        return []
    rows = redaction.strikes.all()
    return joined(Span(row.start, row.end, row.reason, row.suggested) for row in rows)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
