"""What happens to every request and answer: the access log, the caching rule for private pages, the headers."""

import codecs
import logging
import time
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

access_log = logging.getLogger("foundation.access")

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


class AccessLogMiddleware:
    """One line for each request: method, route, status, milliseconds, and the number of the person signed in.

    The route is the pattern (``invitations/<token>/``), never the address itself: addresses can hold secrets. No query
    string, no form, no code, no network address.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start = time.perf_counter()
        response = self.get_response(request)
        if access_log.isEnabledFor(logging.INFO):
            access_log.info(
                "request",
                extra={
                    "method": request.method if request.method in _METHODS else "other",
                    "route": route_of(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - start) * 1000, 1),
                    "user_id": getattr(_known_user(request), "pk", None),
                },
            )
        return response


def route_of(request: HttpRequest) -> str:
    """The pattern of the page asked for, or "(no page)" where none matched or none was looked up."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None else "(no page)"


def _known_user(request: HttpRequest) -> object | None:
    """The person, if the request has looked them up already. A log line must not ask the database."""
    return getattr(request, "_cached_user", None)


class PrivateResponsesMiddleware:
    """An answer is private unless it says that it is public: no browser and no proxy keeps a copy.

    What a signed-in person sees is never kept, whatever the view said, so that the Back button after signing out shows
    nothing (R-P5).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        signed_in = getattr(_known_user(request), "is_authenticated", False)
        if signed_in or not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
            if response.has_header("ETag"):
                del response.headers["ETag"]
        return response


class SecurityHeadersMiddleware:
    """Headers that Django does not set itself, on every answer. A view may set its own value first.

    Permissions-Policy: the portal asks a browser for none of these. CORP: no other site may embed our answers.
    """

    headers = (
        (
            "Permissions-Policy",
            "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), "
            "display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), "
            "local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
            "screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
        ),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in self.headers:
            response.headers.setdefault(name, value)
        return response


class RefuseBrokenRequestsMiddleware:
    """Refuse (400) what no browser sends and what would break further in: NUL in an address, a form in an odd encoding."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        if request.method == "POST" and not _is_utf8(request.content_params.get("charset", "utf-8")):
            raise BadRequest("The form is not in UTF-8")
        return self.get_response(request)


def _is_utf8(charset: str) -> bool:
    """Other encodings can smuggle in half characters, which no page can show again."""
    try:
        return codecs.lookup(charset).name in ("utf-8", "ascii")
    except (LookupError, ValueError):
        return False
