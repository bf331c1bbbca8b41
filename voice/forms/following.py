"""Typing the code to see what became of it, and what a sender may do then: one short form for each step (R-V8)."""

from typing import Any

from django import forms

from foundation.codes import SenderCodeField, code_digests
from foundation.forms import HintedRadios
from foundation.text import WordsField
from foundation.tokens import OneUseToken, new_token
from voice.models import Comment, Helped, MayShow, MoreWords, ShowChange
from voice.operations import Submission, add_words, answer_helped, change_may_show
from voice.operations.more_words import HELPED_TOPIC, words_of_helping

from .labels import LABELS
from .sending import SHOW_HINTS

SAID_ABOVE = "govuk-visually-hidden"
"""For a question that is the heading of its page: read out with its choices, and not shown twice."""


class CodeForm(forms.Form):
    """One box for the code. Small letters, spaces and dashes do not matter."""

    code = SenderCodeField(
        label="Your code",
        # Hyphens that do not break: the example stays on one line.
        help_text="It has six groups of three letters and numbers, for example 2BC‑3DF‑4GH‑5JK‑6MN‑7PQ.",
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
        error_messages={"max_length": "A code has 18 letters and numbers. This is much longer."},
    )

    def find(self) -> Comment | None:
        """The comment with this code, or None."""
        digests = code_digests(self.cleaned_data["code"])
        return Comment.objects.select_related("service").filter(code_digest__in=digests).first()


class StepForm(forms.Form):
    """One step with a comment that the sender holds. A child reads easier words."""

    CHILD: dict[str, dict[str, Any]] = {}
    """What a child reads in place of the words of a field."""

    def __init__(self, *args: Any, comment: Comment, **options: Any) -> None:
        super().__init__(*args, **options)
        self.comment = comment
        if "token" in self.fields:
            self.fields["token"].initial = new_token
        if "text" in self.fields:
            self.fields["text"].widget.attrs["autocomplete"] = "off"
        if comment.from_child:
            for name, words in self.CHILD.items():
                for attribute, value in words.items():
                    setattr(self.fields[name], attribute, value)


class AddForm(StepForm):
    """One more thing. It is read by moderators like the first one."""

    text = WordsField(
        label="What do you want to add?",
        help_text="Please leave out names, schools and addresses. You can add one thing, once.",
        max_length=5000,
        rows=6,
        error_messages={"required": "Write what you want to add."},
    )
    unsafe = forms.BooleanField(
        label="I think that someone may be unsafe",
        help_text="Then only our safeguarding team reads it. They cannot come at once: if you need help now, ring a number "
        "on this page.",
        required=False,
    )
    token = OneUseToken()

    CHILD = {
        "text": {
            "label": "What else do you want to say?",
            "help_text": "Please do not write names. You can do this one time.",
        },
        "unsafe": LABELS["child"]["unsafe"],
    }

    def save(self) -> Submission:
        """Keep it, once. Raises CannotDo the second time."""
        given = self.cleaned_data
        return add_words(
            token=given["token"], comment=self.comment, text=given["text"], unsafe=given["unsafe"]
        )


class ShowForm(StepForm):
    """What may be shown from now on."""

    may_show = forms.ChoiceField(
        label="What may we show on this website?",
        help_text="If you choose less than now, it is hidden at once. If you choose more, a trained person reads it again "
        "first.",
        choices=MayShow.choices,
        widget=HintedRadios(hints=SHOW_HINTS),
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
    )

    CHILD = {
        "may_show": {
            "label": "Who can read it?",
            "help_text": "If you choose less, we hide it now. If you choose more, two people read it first.",
            "choices": LABELS["child"]["may_show"]["choices"],
        }
    }

    def __init__(self, *args: Any, comment: Comment, **options: Any) -> None:
        super().__init__(*args, comment=comment, initial={"may_show": comment.may_show}, **options)
        if comment.from_child:
            self.fields["may_show"].label_class = SAID_ABOVE

    def save(self) -> ShowChange | None:
        """Choose anew. Raises CannotDo where it was taken back."""
        return change_may_show(comment=self.comment, may_show=self.cleaned_data["may_show"])


class HelpedForm(StepForm):
    """Did it help? The words are asked for once."""

    answer = forms.ChoiceField(
        label="Did it help?",
        choices=Helped.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
    )
    text = WordsField(
        label="Do you want to say more?",
        help_text="You do not have to. Please leave out names, schools and addresses. Trained people read it first.",
        max_length=5000,
        rows=5,
        required=False,
    )
    unsafe = forms.BooleanField(
        label="I think that someone may be unsafe",
        help_text="Then only our safeguarding team reads your words. They cannot come at once: if you need help now, ring a "
        "number on this page.",
        required=False,
    )
    token = OneUseToken()

    CHILD = {
        "answer": {
            "label": "Is it better now?",
            "choices": [
                (Helped.YES, "Yes"),
                (Helped.PARTLY, "A bit"),
                (Helped.NO, "No"),
                (Helped.TOO_EARLY, "I do not know yet"),
            ],
        },
        "text": {"label": "Tell us more, if you like", "help_text": "Please do not write names."},
        "unsafe": LABELS["child"]["unsafe"],
    }

    def __init__(self, *args: Any, comment: Comment, **options: Any) -> None:
        before = getattr(comment, "help_answer", None)
        first = {"answer": before.answer} if before is not None else {}
        super().__init__(*args, comment=comment, initial=first, **options)
        self.fields["answer"].label_class = SAID_ABOVE
        if words_of_helping(comment):
            del self.fields["text"], self.fields["unsafe"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("unsafe") and not given.get("text") and "text" not in self.errors:
            self.add_error("text", "Tell us in a few words what worries you.")
        return given

    def save(self) -> None:
        """Keep the answer, and send the words on, if there are any. Raises CannotDo without an answer to speak of."""
        given = self.cleaned_data
        kept = answer_helped(comment=self.comment, answer=given["answer"])
        if given.get("text"):
            add_words(
                token=given["token"],
                comment=self.comment,
                text=given["text"],
                unsafe=given["unsafe"],
                kind=MoreWords.Kind.HELPED,
                topic=HELPED_TOPIC,
                about=kept.response.actions.public().order_by("pk").first(),
            )
