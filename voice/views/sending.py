"""Have your say: the ways in, and the page before the first question of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from voice.forms.questions import QUESTIONS
from voice.help_numbers import own_case_contacts, safety_numbers
from voice.models import Response, Route


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


@public_page
@require_safe
def new(request: HttpRequest, route: str) -> HttpResponse:
    """Before the first question of one way in: what this is for and what not, who reads it, and when (R-V10)."""
    if route not in Route.values:
        raise Http404
    context = {
        "route": Route(route),
        "is_child": route == Route.CHILD,
        "first": QUESTIONS[route][0].slug,
        "steps": len(QUESTIONS[route]),
        "numbers": safety_numbers(),
        "own_case": own_case_contacts(),
    }
    return render(request, "voice/new.html", context)
