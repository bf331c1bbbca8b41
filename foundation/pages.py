"""Pages that anyone may read, and how they are kept ready.

A public page is the same for every signed-out visitor, so each worker keeps it whole, compressed too, and hands it out again
until something changes. What changes a page is its key: the address, the host, the reading preferences, the date in London
(overdue turns at midnight) and the content version, which every public change raises. So each change shows to the very next
visitor. Nothing that belongs to one person is ever kept: no session, no message, no form token, no cookie.
"""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from . import content_version

LONDON = ZoneInfo("Europe/London")
MOST_PAGES = 500
MOST_BYTES = 12 * 1024 * 1024  # a worker has 110 MB in all
BIGGEST_PAGE = 512 * 1024
LONGEST_ADDRESS = 300  # longer query strings are made by machines; they are answered, not kept
LIFETIME = 60.0  # seconds; covers a content version that could not be raised
WORTH_COMPRESSING = 500  # bytes
# Ask the server each time, so that a change shows at once; it answers 304 while nothing has changed.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
VARY = "Accept-Encoding, Cookie, HX-Request"
_COMPRESSIBLE = re.compile(r"text/|application/(json|atom\+xml|xml|javascript)|image/svg\+xml")


class Page(NamedTuple):
    """One page as it is kept."""

    plain: bytes
    zipped: bytes | None
    etag: str
    headers: tuple[tuple[str, str], ...]
    good_until: float

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.zipped or b"")


class PageStore:
    """The pages a worker keeps: the ones asked for lately, bounded in number and in bytes. Safe with threads."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self.most_pages, self.most_bytes = most_pages, most_bytes
        self.bytes = 0
        self._pages: OrderedDict[tuple, Page] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: tuple) -> Page | None:
        page = self._pages.get(key)
        if page is None:
            return None
        with self._lock:
            if page.good_until < time.monotonic():
                self._drop(key)
                return None
            if key in self._pages:
                self._pages.move_to_end(key)
        return page

    def put(self, key: tuple, page: Page) -> None:
        if page.size > BIGGEST_PAGE:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.bytes += page.size
            while len(self._pages) > self.most_pages or self.bytes > self.most_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.bytes = 0

    def _drop(self, key: tuple) -> None:
        gone = self._pages.pop(key, None)
        if gone is not None:
            self.bytes -= gone.size


store = PageStore()


class _WatchedMeta(dict):
    """The request's META, noting whether the page asked for the form token (it then belongs to one person)."""

    token_read = False

    def __getitem__(self, name: str) -> Any:
        if name == "CSRF_COOKIE":
            self.token_read = True
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name == "CSRF_COOKIE":
            self.token_read = True
        super().__setitem__(name, value)

    def update(self, *args: Any, **values: Any) -> None:
        for name, value in dict(*args, **values).items():
            self[name] = value


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare a view public and the same for every signed-out visitor. Its answers are kept and carry an ETag.

    A signed-in person gets the page made afresh. Use ``public_form`` for a page with a form that posts.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _same_for_everyone(request):
            return view(request, *args, **kwargs)
        key = _key(request)
        if key is not None:
            page = store.get(key)
            if page is not None:
                return _response(request, page)
        return _make(request, key, view, args, kwargs)

    answer.portal_access = "public"
    return login_not_required(answer)


def public_form(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare a view public that holds a form: no sign-in needed, and no copy is kept anywhere, the Back button's included."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    answer.portal_access = "form"
    return login_not_required(answer)


def public_file(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Declare a download public. What is in it depends on who asks, so no copy is kept anywhere."""
    return public_form(view)


form_page = require_http_methods(["GET", "HEAD", "POST"])
"""Declare the methods of a page with a form: it is read and it is sent. Anything else is answered with 405."""


def _same_for_everyone(request: HttpRequest) -> bool:
    """Whether the answer depends on nothing but the address and the reading preferences."""
    cookies = request.COOKIES
    return (
        request.method in ("GET", "HEAD")
        and settings.SESSION_COOKIE_NAME
        not in cookies  # signed in, or with something of their own on the server
        and "messages" not in cookies
        and "HTTP_AUTHORIZATION" not in request.META
        and "HTTP_HX_REQUEST" not in request.META  # htmx asks for a piece of the page
    )


def _key(request: HttpRequest) -> tuple | None:
    """What the page depends on, or None if it is not to be kept."""
    if not getattr(settings, "PORTAL_PAGE_CACHE", True):
        return None
    query = request.META.get("QUERY_STRING", "")
    preferences = request.COOKIES.get(getattr(settings, "PORTAL_PREFERENCES_COOKIE", "preferences"), "")
    if len(query) > LONGEST_ADDRESS or len(preferences) > LONGEST_ADDRESS:
        return None
    if query:
        # Order between different names means nothing; order between the same name may.
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
    today = datetime.now(LONDON).toordinal()
    return (
        request.path,
        query,
        preferences,
        request.get_host(),
        request.scheme,
        today,
        content_version.read(),
    )


def _make(
    request: HttpRequest, key: tuple | None, view: Callable, args: tuple, kwargs: dict
) -> HttpResponseBase:
    """Let the view make the page, and keep it where it may be kept. The version in the key was read before: if somebody
    saves meanwhile, the page is kept under a number that nobody asks for any more."""
    meta = request.META = _WatchedMeta(request.META)
    response = view(request, *args, **kwargs)
    if hasattr(response, "render") and not response.is_rendered:
        response = response.render()
    if (
        not isinstance(response, HttpResponse)
        or response.status_code != 200
        or response.has_header("Cache-Control")
    ):
        return response
    if meta.token_read or response.cookies or _left_something(request):
        response.headers["Cache-Control"] = "no-store, private"
        return response
    page = _page(response, zipped=key is not None or _reads_gzip(request))
    if key is not None:
        store.put(key, page)
    return _response(request, page)


def _left_something(request: HttpRequest) -> bool:
    """Whether making the page put something into the visitor's own session, or a message on the page."""
    session, messages = getattr(request, "session", None), getattr(request, "_messages", None)
    return bool(getattr(session, "modified", False) or getattr(messages, "added_new", False))


def _reads_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def _page(response: HttpResponse, *, zipped: bool) -> Page:
    body = response.content
    etag = f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    can_shrink = (
        zipped
        and len(body) >= WORTH_COMPRESSING
        and not response.has_header("Content-Encoding")
        and _COMPRESSIBLE.match(response.headers.get("Content-Type", ""))
    )
    # No secret stands in such a page, so compressing it gives nothing away (BREACH). mtime=0: same page, same bytes.
    shrunk = gzip.compress(body, 6, mtime=0) if can_shrink else None
    patch_vary_headers(response, VARY.split(", "))
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["ETag"] = etag
    return Page(body, shrunk, etag, tuple(response.headers.items()), time.monotonic() + LIFETIME)


def _response(request: HttpRequest, page: Page) -> HttpResponse:
    """The answer from a kept page: not changed (304), compressed, or plain."""
    response: HttpResponse
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked is not None and page.etag[2:] in asked:
        response = HttpResponseNotModified()
        response.headers["ETag"] = page.etag
        response.headers["Cache-Control"] = CACHE_CONTROL
        response.headers["Vary"] = VARY
        return response
    zipped = page.zipped if _reads_gzip(request) else None
    response = HttpResponse(page.plain if zipped is None else zipped)
    for name, value in page.headers:
        response.headers[name] = value
    if zipped is not None:
        response.headers["Content-Encoding"] = "gzip"
    return response
