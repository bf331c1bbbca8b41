"""Follow what you sent: the code is typed, posted, and never stands in an address (R-V8)."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.models import Action
from foundation.pages import form_page, public_form
from voice import limits
from voice.following import shown_where, standing
from voice.forms.following import CodeForm
from voice.help_numbers import safety_numbers
from voice.models import Comment, Response, Route, Stage
from voice.operations import withdraw_comment

NOT_FOUND = "We do not know this code. Check it and type it again."
TOO_MANY = "Too many codes were tried just now. Please wait a quarter of an hour and try again."


@public_form
@form_page
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with it, show where things stand; and take it back if the sender wants that."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    if not limits.may_try_code(request):
        form.add_error("code", TOO_MANY)
        return _ask(request, form, status=429)
    comment = form.find()
    if comment is None:
        limits.note_wrong_code(request)
        form.add_error("code", NOT_FOUND)
        return _ask(request, form)
    step = request.POST.get("step", "")
    if step == "ask" and comment.stage != Stage.WITHDRAWN:
        return _page(request, "voice/take_back.html", comment, form)
    if step == "take-back":
        return _take_back(request, comment, form)
    return _page(request, "voice/standing.html", comment, form)


def _ask(request: HttpRequest, form: CodeForm, *, status: int = 0) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    context = {"form": form, "numbers": safety_numbers()}
    return render(request, "voice/follow.html", context, status=status)


def _take_back(request: HttpRequest, comment: Comment, form: CodeForm) -> HttpResponse:
    done = withdraw_comment(comment=comment)
    comment = Comment.objects.select_related("service").get(pk=comment.pk)
    return _page(request, "voice/taken_back.html", comment, form, done=done)


def _page(
    request: HttpRequest, template: str, comment: Comment, form: CodeForm, **more: object
) -> HttpResponse:
    context = {
        "comment": comment,
        "code": form.cleaned_data["code"],
        "standing": standing(comment),
        "shown_where": shown_where(comment),
        "answers": _answers(comment),
        "is_child": comment.route == Route.CHILD,
        "is_withdrawn": comment.stage == Stage.WITHDRAWN,
        "numbers": safety_numbers(),
    }
    return render(request, template, context | more)


def _answers(comment: Comment) -> list[dict[str, object]]:
    """Published answers to this comment, shown to its sender even where the public does not see them, and the actions
    that everybody may read."""
    if comment.is_flagged or comment.stage != Stage.ANSWERED:
        return []
    answers = comment.responses.filter(status=Response.Status.PUBLISHED).newest().prefetch_related("actions")
    everybody = AnonymousUser()
    shown = {action.pk: action for action in Action.objects.visible_to(everybody).filter(answers__in=answers)}
    return [
        {
            "answer": answer,
            "actions": [shown[action.pk] for action in answer.actions.all() if action.pk in shown],
        }
        for answer in answers
    ]
