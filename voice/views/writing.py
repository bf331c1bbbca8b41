"""Writing to us: one question a page, a last look, and the code (R-V1 to R-V5, R-V8, R-X9). Nothing needs JavaScript."""

import contextlib
from typing import Any

from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation.pages import form_page, public_form
from voice import drafting, limits
from voice.forms.questions import QUESTIONS, Question, after, before, place_of, question_of
from voice.forms.sending import SendForm
from voice.forms.writing import AllAnswers, QuestionForm
from voice.help_numbers import safety_numbers
from voice.models import CommentContact, Route
from voice.noticed import notice, own_names
from voice.operations import Submission, Written, keep_answers, read_draft, send_draft, sent_with
from voice.permissions import can_keep_words

MANY_AT_ONCE = "Many people are sending just now. Your words are still here. Please wait a few minutes and press send again."
CHANGED = (
    "Your answers have changed since this page was made. Please look at them again before you send them."
)
LOST = (
    "We do not have your earlier answers any more. They were sent, deleted, or left for more than 24 hours. "
    "What you have just written is kept."
)
SOMEWHERE_ELSE = "https://www.bbc.co.uk/weather"
"""Where exit this page leads: a plain page that many people look at."""


@public_form
@form_page
def question(request: HttpRequest, route: str, question: str) -> HttpResponse:
    """One question. What was answered before stands in it; a press keeps the answer and goes on, back, or to the check."""
    asked = question_of(route, question)
    if asked is None:
        raise Http404
    draft = read_draft(drafting.key_of(request, route), route=route)
    if request.method == "POST":
        return _answered(request, route, asked, draft)
    form = QuestionForm(route=route, question=asked, earlier=draft.answers if draft else {})
    return _question_page(request, form, draft)


def _answered(request: HttpRequest, route: str, asked: Question, draft: Written | None) -> HttpResponse:
    earlier, pressed = draft.answers if draft else {}, request.POST.get("go", "")
    is_back = pressed == "back"
    form = QuestionForm(request.POST, route=route, question=asked, earlier=earlier, going_back=is_back)
    if pressed == "skip" and form.may_be_skipped:
        answers = {}
    elif form.is_valid():
        answers = form.kept
    else:
        return _question_page(request, form, draft)
    # What a warning is about: told once, and never in the way of somebody who goes back or keeps it as it is.
    told = _noticed(answers.get("text", "")) if not is_back else {}
    new = [words for words in told if not draft or words not in draft.noticed]
    if draft or any(answers.values()):
        # Not before there is something to keep: until then there is no session either.
        # Who goes back from an empty page will come to it again.
        seen = asked.slug if not is_back or any(answers.values()) else ""
        draft = _keep(request, route, seen, draft, answers, told)
    if new and pressed != "keep":
        return _question_page(request, form, draft, noticed=told)
    following = before(route, asked) if is_back else after(route, asked, draft.seen if draft else ())
    if following is not None:
        return redirect("voice:question", route, following.slug)
    return redirect("voice:new" if is_back else "voice:check", route)


def _keep(
    request: HttpRequest,
    route: str,
    seen: str,
    draft: Written | None,
    answers: dict[str, str],
    told: dict[str, str],
) -> Written:
    if draft is None and drafting.lost_one(request, route):
        messages.warning(request, LOST)
    key, kept = keep_answers(
        key=drafting.key_of(request, route),
        route=route,
        seen=seen,
        answers=answers,
        noticed=told,
    )
    drafting.remember(request, route, key)
    return kept


def _noticed(text: str) -> dict[str, str]:
    """What could tell who somebody is: the words, and what they look like."""
    found = notice(text, known=own_names()) if text else []
    return {one.words_of(text): str(one.kind.label) for one in found}


def _question_page(
    request: HttpRequest, form: QuestionForm, draft: Written | None, *, noticed: dict[str, str] | None = None
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {
        "form": form,
        "question": form.question,
        "step": place_of(form.route, form.question),
        "steps": len(QUESTIONS[form.route]),
        "is_changing": draft is not None and form.question.slug in draft.seen,
        "noticed": noticed,
    }
    return render(request, "voice/question.html", context | _for_every_page(form.route), status=status)


def _for_every_page(route: str) -> dict[str, Any]:
    return {
        "route": Route(route),
        "is_child": route == Route.CHILD,
        "numbers": safety_numbers(),
    }


@public_form
@form_page
def check(request: HttpRequest, route: str) -> HttpResponse:
    """Check your answers, then send them: the code is on the answer to that press, so it never stands in an address."""
    if route not in Route.values:
        raise Http404
    key = drafting.key_of(request, route)
    draft = read_draft(key, route=route)
    if request.method == "POST" and request.POST.get("step") == "delete":
        drafting.drop(request, route)
        return render(request, "voice/deleted.html", _for_every_page(route))
    if request.method == "POST":
        return _send(request, route, key, draft)
    if draft is None:
        return _nothing_here(request, route)
    form = SendForm(initial={"seen": draft.mark}, may_keep=can_keep_words(request.user))
    return _check_page(request, route, draft, form)


def _send(request: HttpRequest, route: str, key: str | None, draft: Written | None) -> HttpResponse:
    form = SendForm(request.POST, began=draft.began if draft else 0.0, may_keep=can_keep_words(request.user))
    ready = form.is_valid()
    earlier = sent_with(form.cleaned_data.get("token", "")) if "token" in form.cleaned_data else None
    if earlier is not None and draft is None:
        return _code_page(request, route, earlier)
    if draft is None or key is None:
        return _nothing_here(request, route, status=409)
    if earlier is not None:
        # The page was sent before, and something else was begun since: the code of the first, and the new words.
        form.show_afresh(draft.mark)
        return _check_page(request, route, draft, form, first_code=earlier.code)
    if not ready:
        form.stand_for(draft.mark)
        return _check_page(request, route, draft, form)
    if form.cleaned_data["seen"] != draft.mark:
        form.show_afresh(draft.mark, CHANGED)
        return _check_page(request, route, draft, form, status=409)
    answers = AllAnswers(draft.answers, route=route)
    if not answers.is_valid():
        return _to_first_gap(route, answers)
    if not limits.may_send(request, route):
        form.add_error(None, MANY_AT_ONCE)
        return _check_page(request, route, draft, form, status=429)
    return _sent(request, route, key, form, answers)


def _sent(request: HttpRequest, route: str, key: str, form: SendForm, answers: AllAnswers) -> HttpResponse:
    given = form.cleaned_data
    family = request.user if given.get("keep") and can_keep_words(request.user) else None
    sent = send_draft(
        key=key, mark=given["seen"], token=given["token"], route=route, family=family, **answers.to_send
    )
    if sent is None:
        draft = read_draft(key, route=route)
        if draft is None:
            return _nothing_here(request, route, status=409)
        form.show_afresh(draft.mark, CHANGED)
        return _check_page(request, route, draft, form, status=409)
    if sent.is_new:
        limits.note_sent(request, route)
    drafting.forget(request, route)
    return _code_page(request, route, sent)


def _to_first_gap(route: str, answers: AllAnswers) -> HttpResponse:
    """To the first page on which something is missing."""
    gap = next(one for one in QUESTIONS[route] if any(name in answers.errors for name in one.fields))
    return redirect("voice:question", route, gap.slug)


def _check_page(
    request: HttpRequest, route: str, draft: Written, form: SendForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    answers = AllAnswers(draft.answers, route=route)
    if not answers.is_valid():
        return _to_first_gap(route, answers)
    status = status or (422 if form.errors else 200)
    rows = _rows(route, answers)
    if route == Route.CHILD:
        # Short for a child: of what nobody needs to answer, only what was.
        rows = [row for row in rows if row["page"] != "more" or draft.answers.get(row["name"])]
    context = {"form": form, "rows": rows} | _for_every_page(route) | more
    return render(request, "voice/check.html", context, status=status)


def _rows(route: str, answers: AllAnswers) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "key": answers.fields[name].label,
            "value": answers.shown(name),
            "lines": name == "text" and bool(answers.cleaned_data.get("text")),
            "page": one.slug,
        }
        for one in QUESTIONS[route]
        for name in one.fields
    ]


def _nothing_here(request: HttpRequest, route: str, *, status: int = 200) -> HttpResponse:
    """There is nothing to send: it was sent, deleted or left for too long."""
    if drafting.key_of(request, route):
        drafting.forget(request, route)
    return render(request, "voice/nothing_here.html", _for_every_page(route), status=status)


def _code_page(request: HttpRequest, route: str, sent: Submission) -> HttpResponse:
    context = {
        "code": sent.code,
        "left_email": CommentContact.objects.filter(comment=sent.comment).exists(),
    }
    return render(request, "voice/sent.html", context | _for_every_page(route))


# No form token: leaving must never be refused. Another site cannot send this writer's session along (SameSite=Lax), so all
# it could do is make a window of its own leave.
@csrf_exempt
@public_form
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Exit this page (R-S6): delete everything this writer has begun, and go. Whatever goes wrong, they leave."""
    with contextlib.suppress(DatabaseError), transaction.atomic():
        drafting.drop_all(request)
    response = render(request, "voice/leaving.html", {"address": SOMEWHERE_ELSE})
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
