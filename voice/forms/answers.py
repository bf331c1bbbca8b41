"""What a service answers."""

from typing import Any

from django import forms
from django.db.models import Case, Q, Value, When
from django.utils.text import Truncator

from actions.models import Action, Milestone, Status
from foundation.forms import DayField, HintedRadios
from foundation.ids import SafeModelMultipleChoiceField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken, new_token
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from voice.easy_words import MOST_WORDS, long_sentence
from voice.models import Comment, Response, Stage
from voice.operations import draft_answer, edit_answer
from voice.operations.answers import DAY_PASSED, NO_DAY, NO_PROGRESS, UNTOLD, may_stand_behind_answer

LABEL_CHARACTERS = 120
"""What a tick box says of a comment. The whole words of the chosen ones stand above the form."""
MORE_SHOWN = 50
"""So many tick boxes stand below the chosen ones, oldest first. The list of what waits has pages for the rest."""
BESIDE = {NO_DAY: "do_by", DAY_PASSED: "do_by", NO_PROGRESS: "progress"}
"""Beside which field an operation's refusal is told; all others stand beside the actions."""


class CommentChoices(SafeModelMultipleChoiceField):
    """Comments by their redacted words: all that a service reads of them (R-V6)."""

    def label_from_instance(self, comment: Comment) -> str:
        words = comment.redacted_words or comment.published_text or "A face, no words"
        begins = Truncator(words).chars(LABEL_CHARACTERS)
        return f"{comment.said_by}, {comment.get_topic_display().lower()}: {begins}"


class ActionChoices(SafeModelMultipleChoiceField):
    """Actions by their title, and whether the work is done: "we did" may well speak of one that is."""

    def label_from_instance(self, action: Action) -> str:
        return f"{action} (completed)" if action.public_status == Status.BLUE else str(action)


class MilestoneChoices(SafeModelMultipleChoiceField):
    """Steps of actions, each with the action it belongs to."""

    def label_from_instance(self, milestone: Milestone) -> str:
        return f"{milestone.action.ref}: {milestone.title}"


class AnswerForm(forms.Form):
    """You said, we did, the difference it made; or we cannot, because (R-V7)."""

    needed_sometimes = ("progress", "do_by", "actions", "no_action_reason", "easy_said", "easy_did")

    comments = CommentChoices(
        label="Which comments does it answer?",
        queryset=Comment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one comment.",
            "invalid_choice": "A comment you chose cannot be answered any more. Choose from these.",
            "invalid_pk_value": "A comment you chose cannot be answered any more. Choose from these.",
        },
    )
    kind = forms.ChoiceField(
        label="What is your answer?",
        choices=Response.Kind.choices,
        widget=HintedRadios(hints={Response.Kind.WE_CANNOT: "A clear no with its reason is a good answer."}),
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one from the list."},
    )
    you_said = WordsField(
        label="You said",
        help_text="What people told you, in plain words. Name nobody and use nothing that could tell who it was.",
        max_length=2000,
        rows=4,
        error_messages={"required": "Say what people told you."},
    )
    we_did = WordsField(
        label="We did, or we cannot because",
        help_text="What you did or will do, and by when. Or why you cannot.",
        max_length=3000,
        rows=5,
        error_messages={"required": "Say what you did, or why you cannot."},
    )
    progress = forms.ChoiceField(
        label="How far has it come?",
        help_text="Leave this out if you cannot do it.",
        choices=Response.Progress.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one from the list."},
    )
    do_by = DayField(
        label="By which day will you do it?",
        help_text="Only if you will do it. Families see the day, and see when it has passed.",
        required=False,
    )
    difference = WordsField(
        label="The difference it made, or will make", max_length=2000, rows=3, required=False
    )
    actions = ActionChoices(
        label="Which actions in your plans do this?",
        help_text="Families see these beside your answer. Only public actions are listed: completed ones too, but none that is closed.",
        queryset=Action.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    milestones = MilestoneChoices(
        label="Which steps of these actions?",
        help_text="Only if one step says it better than the whole action. Its action is linked too, ticked above or not.",
        queryset=Milestone.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    no_action_reason = LineField(
        label="If no action does this, say why",
        help_text="For example: it is already done, and needs no place in a plan.",
        max_length=300,
        required=False,
    )
    easy_said = WordsField(
        label="You said, in Easy Read",
        help_text="One idea, in short sentences and easy words. For example: You wait a long time for speech therapy.",
        max_length=300,
        rows=2,
        required=False,
    )
    easy_did = WordsField(
        label="We did or we cannot, in Easy Read",
        help_text="For example: We pay for two more people. They start in May.",
        max_length=300,
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, service: Service, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.service, self.user = service, user
        self.offered: list[Comment] = []
        if "comments" in self.fields:
            self._offer_comments(self.fields["comments"])
        self.fields["actions"].queryset = self._actions().order_by("category", "ref")
        steps = Milestone.objects.filter(action__in=self._actions().order_by().values("pk"))
        self._offer_steps(
            self.fields["milestones"], steps.select_related("action").order_by("action__ref", "due", "pk")
        )

    def _actions(self) -> Any:
        """Only what anybody can look up may stand behind an answer, and nothing that will not be done."""
        return may_stand_behind_answer(self.service)

    def _offer_steps(self, field: Any, steps: Any) -> None:
        """Read once, whether the page leaves the question out, where there is no step, or lists them all."""
        field.queryset = steps
        field.widget.choices = [(step.pk, field.label_from_instance(step)) for step in steps]

    def _offer_comments(self, field: Any) -> None:
        """What was chosen stands at the top, so that it is not lost among all that waits; of the rest only the oldest have a
        tick box, however many wait. Anything that waits may be sent, from whichever page it was ticked on."""
        field.queryset = self._comments().order_by("received_at", "pk")
        chosen = self.initial.get("comments") or []
        first = Case(When(pk__in=chosen, then=Value(0)), default=Value(1))
        shown = field.queryset.order_by(first, "received_at", "pk")[: len(chosen) + MORE_SHOWN]
        self.offered = list(shown)
        field.widget.choices = [(row.pk, field.label_from_instance(row)) for row in self.offered]

    def _comments(self) -> Any:
        return (
            Comment.objects.answerable_by(self.user)
            .awaiting_answer()
            .filter(service=self.service)
            .with_redacted()
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("kind") == Response.Kind.WE_DID:
            self._hold_claim(given)
        self._check_easy(given)
        return given

    def _check_easy(self, given: dict[str, Any]) -> None:
        """Both parts in Easy Read or neither, and no sentence too long for it."""
        for name, other in (("easy_said", "easy_did"), ("easy_did", "easy_said")):
            words = given.get(name) or ""
            if given.get(other) and not words and name not in self.errors:
                self.add_error(name, "Say this part in Easy Read too, or leave both empty.")
            if too_long := long_sentence(words):
                begins = Truncator(too_long).words(4)
                self.add_error(name, f"Make this sentence shorter, {MOST_WORDS} words at most: “{begins}”")

    def _hold_claim(self, given: dict[str, Any]) -> None:
        """A claim of change must be followed by an action that anyone can check, or a reason why there is none; and it says
        how far it has come."""
        behind = ("actions", "milestones", "no_action_reason")
        if not any(given.get(name) for name in behind) and not {*behind} & self.errors.keys():
            self.add_error("actions", UNTOLD)
        progress, day = given.get("progress"), given.get("do_by")
        if not progress and "progress" not in self.errors:
            self.add_error("progress", NO_PROGRESS)
        if progress != Response.Progress.WILL_DO or "do_by" in self.errors:
            return
        if day is None:
            self.add_error("do_by", NO_DAY)
        elif day < today() and day != self.initial.get("do_by"):
            self.add_error("do_by", DAY_PASSED)

    def refuse(self, why: str) -> None:
        """Tell what an operation refused, beside the field it is about."""
        self.add_error(BESIDE.get(why, "actions"), why)


class NewAnswerForm(AnswerForm):
    """A first draft."""

    token = OneUseToken()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["token"].initial = new_token

    def save(self, *, by: User) -> Response | None:
        """Keep the draft, once."""
        return draft_answer(service=self.service, by=by, **self.cleaned_data)


class EditAnswerForm(AnswerForm):
    """A change to a draft, or a publisher's mending of a published answer, whose comments then stay as they are."""

    easy_is_right = forms.BooleanField(
        label="I have read the words in Easy Read again. They still say the same as the answer.",
        required=False,
    )
    version = VersionField()

    def __init__(self, *args: Any, answer: Response, **options: Any) -> None:
        self.answer = answer
        super().__init__(*args, **options)
        if answer.is_published:
            del self.fields["comments"]
        if not answer.easy_is_behind:
            del self.fields["easy_is_right"]

    @property
    def heard(self) -> list[Comment]:
        """What it answers, as far as this person may read it, with the redacted words; the oldest first."""
        chosen = self.initial["comments"]
        return [row for row in self.offered if row.pk in chosen]

    def _actions(self) -> Any:
        """Those that stand behind it already too, so that saving drops none of them."""
        public = super()._actions().values("pk")
        return Action.objects.filter(Q(pk__in=public) | Q(answers=self.answer)).distinct()

    def _comments(self) -> Any:
        rows = Comment.objects.answerable_by(self.user).filter(service=self.service)
        return (
            rows.filter(Q(stage=Stage.APPROVED) | Q(answers__response=self.answer)).distinct().with_redacted()
        )

    def save(self, *, by: User) -> Response:
        """Keep the change. Raises VersionConflict."""
        return edit_answer(answer=self.answer, by=by, **self.cleaned_data)
