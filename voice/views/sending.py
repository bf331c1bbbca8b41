"""Have your say: choose a way in, write, and get the code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pages import form_page, public_form, public_page
from voice import limits
from voice.forms.sending import SendForm, send_form_for
from voice.help_numbers import own_case_contacts, safety_numbers
from voice.models import Response, Route
from voice.operations import Submission

MANY_AT_ONCE = "Many people are sending just now. Your words are still here. Please wait a few minutes and press send again."


@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Have your say: the ways in, and what this is not for (R-V10)."""
    context = {
        "routes": Route,
        "numbers": safety_numbers(),
        "own_case": own_case_contacts(),
        "answers": Response.objects.public().newest()[:3],
    }
    return render(request, "voice/home.html", context)


@public_form
@form_page
def new(request: HttpRequest, route: str) -> HttpResponse:
    """One page for one way in. Sending shows the code on the answer to the same post, so it never stands in an address."""
    if route not in Route.values:
        raise Http404
    form = send_form_for(route)(request.POST or None, route=route)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form)
    if not limits.may_send(request, route):
        form.ask_again(MANY_AT_ONCE)
        return _form_page(request, form, status=429)
    sent = form.save()
    if sent.is_new:
        limits.note_sent(request, route)
    elif not sent.same_words:
        return _sent_before_page(request, form, sent)
    return _code_page(request, form, sent)


def _form_page(request: HttpRequest, form: SendForm, *, status: int = 0, **more: object) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    context = {"form": form, "route": Route(form.route), "is_child": form.route == Route.CHILD}
    return render(request, "voice/new.html", context | {"numbers": safety_numbers()} | more, status=status)


def _sent_before_page(request: HttpRequest, form: SendForm, sent: Submission) -> HttpResponse:
    """The same page was sent before with other words: the code of the first, and the new words ready to send too."""
    form.give_fresh_token()
    return _form_page(request, form, first_code=sent.code)


def _code_page(request: HttpRequest, form: SendForm, sent: Submission) -> HttpResponse:
    context = {
        "code": sent.code,
        "is_child": form.route == Route.CHILD,
        "left_email": bool(form.cleaned_data["email"]),
        "numbers": safety_numbers(),
    }
    return render(request, "voice/sent.html", context)
