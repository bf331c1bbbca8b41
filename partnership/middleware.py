"""Who is asked to sign in before a page comes, and for whom one step is not enough (R-P5)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from foundation.refusals import refused, words_sent

from .permissions import has_two_step, is_staff

SIGNED_OUT = "You are not signed in now."

# What somebody on the way to two-step sign-in may open: its pages, proving who they are, signing out, and the colours.
_OPEN = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "account_email_verification_sent",
        "account_confirm_email",
        "healthz",
        "readyz",
    }
)
_OPEN_IN_PARTNERSHIP = frozenset({"brand"})


class SignInMiddleware(LoginRequiredMiddleware):
    """A page is private unless it says that it is public: who is not signed in is asked to.

    Somebody may have been signed out while they wrote, in another window or because a day has passed. What they send then
    comes back to them to copy; on the way through the sign-in page it would be lost (R-X2).
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        to_sign_in = super().process_view(request, view, args, kwargs)
        if to_sign_in is None or request.method != "POST":
            return to_sign_in
        typed = words_sent(request.POST)
        if not typed:
            return to_sign_in
        way = to_sign_in.headers["Location"]
        return refused(request, why=SIGNED_OUT, typed=typed, url=way, link_text="Sign in, then send it again")


class TwoStepMiddleware:
    """Send a signed-in person with a staff role but no second step to the page where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """None lets the page come; otherwise the way to the two-step page."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None  # nobody is signed in; do not ask the database
        user = request.user
        if not is_staff(user) or has_two_step(user) or _is_open(request):
            return None
        if request.method == "GET":
            messages.info(request, "Your role needs two-step sign-in. Set it up here, then you can go on.")
        return redirect("mfa_index")


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    name = match.url_name or ""
    if match.app_names == ["partnership"]:
        return name in _OPEN_IN_PARTNERSHIP
    return name in _OPEN or (not match.app_names and name.startswith("mfa_"))
