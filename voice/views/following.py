"""Follow what you sent: the code is typed, posted, and never stands in an address (R-V8)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from foundation.pages import form_page, public_form
from voice import limits
from voice.forms.following import CodeForm
from voice.help_numbers import safety_numbers
from voice.models import Comment

from .steps import Holder, answer_step

NOT_FOUND = "We do not know this code. Check it and type it again."
TOO_MANY = "Too many codes were tried just now. Please wait a quarter of an hour and try again."


@public_form
@form_page
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code; with it, show where things stand, and what the sender may do."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form)
    comment, status = find_by_code(request, form)
    if comment is None:
        return _ask(request, form, status=status)
    holder = Holder(url=reverse("voice:follow"), code=form.cleaned_data["code"])
    return answer_step(request, comment, holder)


def find_by_code(request: HttpRequest, form: CodeForm) -> tuple[Comment | None, int]:
    """The comment with the code of a form that is filled in well; or none, and how the page that says why is answered.

    Wherever a code is tried, it is counted: nobody gets more tries by going to another page.
    """
    if not limits.may_try_code(request):
        form.add_error("code", TOO_MANY)
        return None, 429
    comment = form.find()
    if comment is None:
        limits.note_wrong_code(request)
        form.add_error("code", NOT_FOUND)
    return comment, 422


def _ask(request: HttpRequest, form: CodeForm, *, status: int = 0) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    context = {"form": form, "numbers": safety_numbers()}
    return render(request, "voice/follow.html", context, status=status)
