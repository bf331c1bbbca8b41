"""Did you notice this difference? Anybody answers, without an account and without telling who they are (R-Z5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from actions.models import Action
from foundation.pages import form_page, public_form
from foundation.refusals import refused, typed_in
from voice import limits
from voice.forms.difference import DifferenceForm
from voice.help_numbers import safety_numbers
from voice.operations import Answered
from voice.operations.difference import NOT_ASKED
from voice.operations.errors import CannotDo

from .writing import MANY_AT_ONCE

COUNTED_AS = "difference"
"""What the limits call this way in."""


@public_form
@form_page
def difference(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask about a public action that is done. The code for somebody's words stands on the answer to the same post."""
    action = get_object_or_404(Action.objects.public().select_related("service", "plan"), ref=ref)
    form = DifferenceForm(request.POST or None, action=action)
    if not action.is_done_in_public:
        return _not_asked(request, form)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form)
    if not limits.may_send(request, COUNTED_AS):
        form.ask_again(MANY_AT_ONCE)
        return _form_page(request, form, status=429)
    try:
        sent = form.save()
    except CannotDo:
        return _not_asked(request, form)
    if sent.is_new:
        limits.note_sent(request, COUNTED_AS)
    if sent.words is not None and not sent.words.same_words:
        # The same page was sent before with other words: the code of the first. The answer is not counted twice.
        return _form_page(request, form, first_code=sent.words.code)
    return _thanks(request, form, sent)


def _not_asked(request: HttpRequest, form: DifferenceForm) -> HttpResponse:
    """Nobody is asked of an action that is not done: its own page says how it stands. Where it went back to work while
    somebody wrote, they read so, and get their words back."""
    typed = typed_in(form)
    if not typed:
        return redirect(form.action)
    url = form.action.get_absolute_url()
    return refused(request, why=NOT_ASKED, typed=typed, url=url, link_text="See how it stands now")


def _form_page(
    request: HttpRequest, form: DifferenceForm, *, status: int = 0, **more: object
) -> HttpResponse:
    context = {"form": form, "action": form.action, "numbers": safety_numbers()} | more
    return render(request, "voice/difference.html", context, status=status or (422 if form.errors else 200))


def _thanks(request: HttpRequest, form: DifferenceForm, sent: Answered) -> HttpResponse:
    code = sent.words.code if sent.words is not None else ""
    context = {"action": form.action, "code": code, "numbers": safety_numbers()}
    return render(request, "voice/difference_sent.html", context)
