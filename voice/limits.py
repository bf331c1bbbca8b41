"""How much may be sent and tried in a quarter of an hour, counted in the cache and never beside what was said (R-V12).

A school sends from one address, so the limit for one address lets a whole year group through at once. What is counted is a
keyed hash of the address together with the quarter hour: it cannot be turned back and means nothing in the next one.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WINDOW = 15 * 60  # seconds
SENDING = {"address": 200, "route": 1500, "all": 4000}
TRYING = {"address": 30, "all": 3000}
"""Wrong codes only. A code has 82 random bits, so the limits are there to spare the server, not the code."""


def _limits(name: str, default: dict[str, int]) -> dict[str, int]:
    return default | getattr(settings, "VOICE_LIMITS", {}).get(name, {})


def may_send(request: HttpRequest, route: str) -> bool:
    """Whether this address, this route and the portal as a whole are under their limits now."""
    return _is_under(_sending_keys(request, route), _limits("sending", SENDING))


def note_sent(request: HttpRequest, route: str) -> None:
    """Count one that was kept."""
    _count(_sending_keys(request, route))


def may_try_code(request: HttpRequest) -> bool:
    """Whether another code may be tried from here now."""
    return _is_under(_trying_keys(request), _limits("trying", TRYING))


def note_wrong_code(request: HttpRequest) -> None:
    """Count one that nobody has. Typing slips are told apart before and do not count."""
    _count(_trying_keys(request))


def address_of(request: HttpRequest) -> str:
    """The network address of the person, past as many of our own proxies as there are."""
    proxies = getattr(settings, "PORTAL_PROXIES", 0)
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    # The last entries are our proxies' own; anything before them could be made up by the sender.
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def _sending_keys(request: HttpRequest, route: str) -> dict[str, str]:
    return {"address": _address_key("send", request), "route": _key(f"send:{route}"), "all": _key("send:all")}


def _trying_keys(request: HttpRequest) -> dict[str, str]:
    return {"address": _address_key("try", request), "all": _key("try:all")}


def _quarter() -> int:
    return int(time.time() // WINDOW)


def _key(name: str) -> str:
    return f"voice:{name}:{_quarter()}"


def _address_key(purpose: str, request: HttpRequest) -> str:
    told = f"{purpose}:{_quarter()}:{address_of(request)}"
    return f"voice:{purpose}:{salted_hmac('voice.limits', told, algorithm='sha256').hexdigest()}"


def _is_under(keys: dict[str, str], limits: dict[str, int]) -> bool:
    counts = cache.get_many(keys.values())
    return all(counts.get(key, 0) < limits[name] for name, key in keys.items())


def _count(keys: dict[str, str]) -> None:
    for key in keys.values():
        # Two at the same moment may count as one: a limit that is a little late costs nobody their words.
        if not cache.add(key, 1, timeout=WINDOW):
            try:
                cache.incr(key)
            except ValueError:
                cache.add(key, 1, timeout=WINDOW)
