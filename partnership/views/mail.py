"""The page where a person chooses when they are mailed what waits for them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from foundation.pages import form_page
from partnership.forms.mail import MailForm
from partnership.permissions import is_staff


@form_page
def mail_choice(request: HttpRequest) -> HttpResponse:
    """Choose the weekday of the mail, or stop it: one press either way. A family's account gets no such mail (R-W5)."""
    if not is_staff(request.user):
        raise PermissionDenied  # nothing is typed here: there is one choice
    form = MailForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "partnership/mail.html", {"form": form}, status=422 if form.errors else 200)
    kept = form.save(by=request.user)
    done = f"Your mail comes each {kept.get_weekday_display()} when something waits."
    messages.success(request, done if kept.is_wanted else "We no longer send you this mail.")
    return redirect("portal:my_work")
