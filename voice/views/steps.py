"""What a sender may do with what they sent, step by step, with the code or from their account (R-V8).

Each step is a page with one question; each press is a POST, so that the code stands in no address. The answer to a press is
the page of where it stands, with one line on what has happened: nothing is kept in a session.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.models import Action, Milestone
from partnership.calendar import today
from voice import limits
from voice.following import refused_because, shown_where, standing
from voice.forms.following import AddForm, HelpedForm, ShowForm, StepForm
from voice.help_numbers import safety_numbers
from voice.models import (
    Comment,
    MayShow,
    MoreWords,
    RefusalReason,
    Response,
    Route,
    SenderStep,
    ShowChange,
    Stage,
)
from voice.models.comments import MODERATED_STAGES
from voice.operations import stop_telling, withdraw_comment
from voice.operations.errors import CannotDo
from voice.permissions import can_keep_words

COUNTED_AS = "follow"
"""What the limits call this way in."""
MANY_AT_ONCE = "Many people are sending just now. Your words are still here. Please wait a few minutes and press send again."


@dataclass(frozen=True, slots=True)
class Holder:
    """How the sender shows that it is theirs: the code, sent with each press, or their account."""

    url: str
    code: str = ""


def answer_step(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
    """The page for one press. A step that is not one, or does not fit any more, shows where it stands."""
    step = STEPS.get(request.POST.get("step", ""))
    if step is None or comment.stage == Stage.WITHDRAWN:
        return standing_page(request, comment, holder)
    return step(request, comment, holder)


def standing_page(request: HttpRequest, comment: Comment, holder: Holder, *, said: str = "") -> HttpResponse:
    """Where it stands, and what the sender may do now."""
    comment = Comment.objects.select_related("service", "flag", "contact", "help_answer").get(pk=comment.pk)
    answers = answers_to(comment)
    more = list(comment.more_words.select_related("added__service"))
    change = comment.show_changes.last()
    context = {
        "standing": standing(comment),
        "days": comment.days_waiting(today()),
        "shown_where": shown_where(comment),
        "answers": answers,
        "may_say_helped": bool(answers),
        "help_answer": getattr(comment, "help_answer", None),
        "added": [{"link": row, "standing": standing(row.added)} for row in more],
        "may_add": not any(row.kind == MoreWords.Kind.ADDED for row in more),
        "may_choose": _may_choose(comment),
        "change": change,
        "change_waits": change is not None and change.state in ("waiting", "first"),
        "change_refused": change is not None
        and change.state == ShowChange.State.REFUSED
        and comment.stage in MODERATED_STAGES,
        "is_told": _is_told(comment),
        "may_keep": bool(holder.code) and can_keep_words(request.user),
        "is_withdrawn": comment.stage == Stage.WITHDRAWN,
        "said": said,
    }
    return _page(request, "voice/standing.html", comment, holder, **context)


def _may_choose(comment: Comment) -> bool:
    """Whether another choice of what may be shown could change anything. Less always can: what was refused may be read again
    and approved. More cannot, unless it was refused because the sender wanted nothing shown."""
    if comment.stage != Stage.NOT_PUBLISHED or comment.may_show != MayShow.NOTHING:
        return True
    return refused_because(comment) == RefusalReason.ASKED_NOT


def answers_to(comment: Comment) -> list[dict[str, object]]:
    """Published answers to this comment, shown to its sender even where the public does not see them, and the actions
    that everybody may read."""
    if comment.is_flagged or comment.stage != Stage.ANSWERED:
        return []
    published = comment.responses.filter(status=Response.Status.PUBLISHED).newest()
    shown = Action.objects.visible_to(AnonymousUser())
    steps = Milestone.objects.filter(action__in=shown.order_by().values("pk"))
    rows = published.prefetch_related(
        Prefetch("actions", queryset=shown, to_attr="shown_actions"),
        Prefetch("milestones", queryset=steps, to_attr="shown_milestones"),
    )
    return [
        {"answer": answer, "actions": answer.shown_actions, "milestones": answer.shown_milestones}
        for answer in rows
    ]


def _is_told(comment: Comment) -> bool:
    """Whether we write to the sender about it."""
    if getattr(comment, "contact", None) is None or comment.is_flagged:
        return False
    return not comment.sender_steps.filter(kind=SenderStep.Kind.STOPPED).exists()


def _page(
    request: HttpRequest,
    template: str,
    comment: Comment,
    holder: Holder,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {
        "comment": comment,
        "holder": holder,
        "code": holder.code,
        "is_child": comment.route == Route.CHILD,
        "numbers": safety_numbers(),
    }
    return render(request, template, context | more, status=status)


def _form_page(
    request: HttpRequest, name: str, comment: Comment, holder: Holder, form: StepForm, *, status: int = 0
) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    template = f"voice/step_{name}.html"
    return _page(request, template, comment, holder, form=form, status=status)


def _open(name: str, form_class: type[StepForm]) -> Callable[[HttpRequest, Comment, Holder], HttpResponse]:
    """The page that asks: nothing has been typed yet."""

    def opened(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
        return _form_page(request, name, comment, holder, form_class(comment=comment))

    return opened


def _send(
    name: str, form_class: type[StepForm], said: str, to_child: str
) -> Callable[[HttpRequest, Comment, Holder], HttpResponse]:
    """What was typed is kept, and the sender reads what happens next; or reads beside the field what to mend."""

    def sent(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
        form = form_class(request.POST, comment=comment)
        if not form.is_valid():
            return _form_page(request, name, comment, holder, form)
        if not limits.may_send(request, COUNTED_AS):
            form.add_error(None, MANY_AT_ONCE)
            return _form_page(request, name, comment, holder, form, status=429)
        try:
            with transaction.atomic():
                form.save()  # type: ignore[attr-defined]
        except CannotDo as why:
            form.add_error(None, str(why))
            return _form_page(request, name, comment, holder, form)
        limits.note_sent(request, COUNTED_AS)
        return standing_page(request, comment, holder, said=to_child if comment.from_child else said)

    return sent


def _ask_stop(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
    return _page(request, "voice/step_stop.html", comment, holder)


def _stop(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
    stop_telling(comment=comment)
    return standing_page(request, comment, holder, said="We do not write to you any more.")


def _ask_take_back(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
    return _page(request, "voice/take_back.html", comment, holder)


def _take_back(request: HttpRequest, comment: Comment, holder: Holder) -> HttpResponse:
    done = withdraw_comment(comment=comment)
    return _page(request, "voice/taken_back.html", comment, holder, done=done)


STEPS: dict[str, Callable[[HttpRequest, Comment, Holder], HttpResponse]] = {
    "add": _open("add", AddForm),
    "add-send": _send(
        "add",
        AddForm,
        "We have what you added. A trained person reads it first.",
        "We have it. Two people read it first.",
    ),
    "show": _open("show", ShowForm),
    "show-send": _send("show", ShowForm, "We have kept what you chose.", "We have kept what you chose."),
    "helped": _open("helped", HelpedForm),
    "helped-send": _send(
        "helped", HelpedForm, "Thank you. We have your answer.", "Thank you for telling us."
    ),
    "stop": _ask_stop,
    "stop-send": _stop,
    "ask": _ask_take_back,
    "take-back": _take_back,
}
"""The word that a button sends, and the page it leads to."""
