"""Pages for the tests of foundation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from foundation.pages import public_form, public_page

from .notes import Note

made: list[str] = []  # one entry for each time a view really ran


@public_page
def notes(request):
    made.append(request.get_full_path())
    lines = [note.title for note in Note.objects.order_by("pk")]
    who = "signed in" if request.user.is_authenticated else "visitor"
    return HttpResponse(
        f"<p>{who} {request.GET.get('q', '')} {'; '.join(lines)}</p>" + "<p>quiet words</p>" * 60
    )


@public_page
def odd(request, kind):
    made.append(kind)
    if kind == "token":
        return HttpResponse(f"<input value={get_token(request)}>")
    if kind == "template-token":
        template = engines["django"].from_string("<form>{% csrf_token %}</form>")
        return TemplateResponse(request, template)
    if kind == "template":
        return TemplateResponse(request, engines["django"].from_string("<p>plain</p>"))
    if kind == "cookie":
        response = HttpResponse("x")
        response.set_cookie("seen", "1")
        return response
    if kind == "session":
        request.session["mine"] = 1
        return HttpResponse("x")
    if kind == "message":
        messages.info(request, "for one person")
        return HttpResponse("x")
    if kind == "stream":
        return StreamingHttpResponse(iter([b"x"]))
    if kind == "own-rule":
        response = HttpResponse("x")
        response["Cache-Control"] = "no-store"
        return response
    return HttpResponse("x", status={"missing": 404, "moved": 302}.get(kind, 200))


@public_form
def form(request, secret=None):
    return HttpResponse("a form")


def private(request):
    return HttpResponse("private")


@login_not_required
def broken(request, kind):
    if kind == "database":
        raise OperationalError("server closed the connection; SELECT secret")
    if kind == "interface":
        raise InterfaceError("connection already closed")
    if kind == "table":
        raise OperationalError("no such table: note")
    if kind == "bad":
        raise BadRequest("words")
    raise ZeroDivisionError


urlpatterns = [
    path("notes/", notes),
    path("odd/<slug:kind>/", odd),
    path("form/", form),
    path("private/", private),
    path("broken/<slug:kind>/", broken),
    path("invitations/<slug:secret>/", form),
]
handler500 = "foundation.errors.server_error"
