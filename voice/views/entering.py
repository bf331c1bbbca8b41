"""A moderator writes down what came on paper, by phone or through a group, and hands on the code (R-V11)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from foundation.pages import form_page
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from voice.forms.entering import EnterForm
from voice.permissions import can_enter_comment


@form_page
def inbox_new(request: HttpRequest) -> HttpResponse:
    """One thing somebody said. Sending shows the code on the answer to the same post, so it never stands in an address."""
    form = EnterForm(request.POST if request.method == "POST" else None)
    if not can_enter_comment(request.user):
        url = reverse("portal:my_work")
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")
    if request.method == "POST" and form.is_valid():
        sent = form.save(by=request.user)
        if sent.is_new or sent.same_words:
            context = {"code": sent.code, "is_new": sent.is_new, "unsafe": form.cleaned_data["unsafe"]}
            return render(request, "voice/inbox_entered.html", context)
        form.say_sent_before()
    context = {"form": form, "heading": "Write down what somebody said"}
    return render(request, "voice/inbox_new.html", context, status=422 if form.errors else 200)
