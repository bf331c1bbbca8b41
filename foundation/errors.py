"""The page people get when something of ours is broken.

Use ``handler500 = "foundation.errors.server_error"`` in the root urls. When the reason is that the database does not answer,
the page says so and when to try again (503), not that something went wrong. These pages ask nothing of the database.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

RETRY_AFTER = "30"  # seconds
_LAST_RESORT = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><main><h1>{title}</h1><p>{words}</p></main></body></html>"
)


def is_database_away(error: BaseException | None) -> bool:
    """Whether the error means that the database does not answer now, but may soon: away, starting, locked or too slow."""
    if isinstance(error, InterfaceError):
        return True
    # SQLite calls a missing table "operational" as well: that is our fault and no matter of waiting.
    return isinstance(error, OperationalError) and not str(error).startswith("no such ")


def server_error(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """The answer to any error nobody caught: 503 when the database is away, else 500."""
    if is_database_away(sys.exc_info()[1]):
        return unavailable(request)
    return _page("500.html", 500, "Sorry, something went wrong", "Please try again later.")


def unavailable(request: HttpRequest) -> HttpResponse:
    """Status 503: the portal cannot reach its database just now."""
    response = _page(
        "503.html", 503, "Sorry, the portal is not working just now", "Please try again in a minute."
    )
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _page(template: str, status: int, title: str, words: str) -> HttpResponse:
    try:
        html: str = render_to_string(template)  # without the request: who is signed in stands in the database
    except Exception:
        logger.exception("The page %s could not be made", template)
        html = _LAST_RESORT.format(title=title, words=words)
    response = HttpResponse(html, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
