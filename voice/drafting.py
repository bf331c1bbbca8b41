"""The keys of somebody's drafts, in their web session: one for each way in, so that two windows never mix up words.

Only a random key is there, and the session is made only when somebody has written something. What it opens is in
`voice.operations.drafts`.
"""

from django.conf import settings
from django.http import HttpRequest

from foundation.sessions import LASTS
from voice.models.drafts import DRAFT_LIVES
from voice.operations import drop_drafts

_KEYS = "drafts"


def key_of(request: HttpRequest, route: str) -> str | None:
    """The key of the draft for this way in, if there is one."""
    return request.session.get(_KEYS, {}).get(route)


def remember(request: HttpRequest, route: str, key: str) -> None:
    """Keep the key, and the session for as long as the draft."""
    request.session[_KEYS] = request.session.get(_KEYS, {}) | {route: key}
    request.session[LASTS] = int(DRAFT_LIVES.total_seconds())


def forget(request: HttpRequest, route: str) -> None:
    """Take the key out of the session; the session goes too where nothing else is in it."""
    keys = {name: key for name, key in request.session.get(_KEYS, {}).items() if name != route}
    if keys:
        request.session[_KEYS] = keys
    else:
        _forget_all(request)


def drop(request: HttpRequest, route: str) -> None:
    """Delete what was written on this way in."""
    key = key_of(request, route)
    if key:
        drop_drafts([key])
        forget(request, route)


def drop_all(request: HttpRequest) -> None:
    """Delete everything that this writer has begun, on every way in (R-S6)."""
    keys = request.session.get(_KEYS, {})
    if keys:
        drop_drafts(keys.values())
        _forget_all(request)


def lost_one(request: HttpRequest, route: str) -> bool:
    """Whether something was begun that is not there any more: the key opens nothing, or the session itself has ended."""
    if key_of(request, route):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.session.keys()


def _forget_all(request: HttpRequest) -> None:
    for name in (_KEYS, LASTS):
        request.session.pop(name, None)
    if not request.session.keys():
        request.session.flush()
