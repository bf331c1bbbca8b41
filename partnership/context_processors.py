"""What every page's frame needs: the partnership's name, the way around by role, and whether this is the demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from .current import the_partnership
from .permissions import can_manage_people, can_view_people, has_role, is_person, is_staff
from .roles import BOARD_ROLES, SERVICE_ROLES, Role

_PARTS = (
    (("/partnership/invitations/", "/partnership/memberships/"), "partnership:people"),
    (("/plans/", "/audits/", "/guide/"), "actions:actions"),
    (("/events/",), "voice:home"),
)
"""Addresses that belong to a page of the menu without beginning as it does."""
VISITOR = (
    ("What we are doing", "priorities:current"),
    ("Action plans", "actions:actions"),
    ("Have your say", "voice:home"),
    ("You said, we did", "voice:you_said_we_did"),
    ("Measures", "priorities:measures"),
    ("Help", "partnership:help"),
)
STAFF = (
    ("Strategy", "priorities:current"),
    *(page for page in VISITOR[1:] if page[1] not in ("voice:home", "partnership:help")),
)
"""What staff see of the public pages, in short words: the menu stays one row. Help stands at the foot of every page."""
FOOTER = (
    (
        "Get help",
        (
            ("Who to contact", "partnership:help"),
            ("Someone may be unsafe", "partnership:help_safe"),
            ("My own child’s case", "partnership:help_my_child"),
        ),
    ),
    (
        "About us",
        (
            ("Who we are", "partnership:about"),
            ("Events", "voice:events"),
            ("What families told us, year by year", "voice:reports"),
            ("Who we have not heard from", "voice:reach"),
            ("What happened when", "partnership:timeline"),
            ("Where our words come from", "partnership:sources"),
            ("Where the documents differ", "partnership:source_notes"),
            ("Hard words explained", "partnership:glossary"),
            ("Guide to action plans", "actions:guide"),
        ),
    ),
    (
        "This website",
        (
            ("Accessibility", "portal:accessibility"),
            ("Privacy", "portal:privacy"),
            ("Cookies", "portal:cookies"),
        ),
    ),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    """The partnership is read once and kept; roles come from the one query of the person's memberships, none for a visitor."""
    user = getattr(request, "user", None)
    return {
        "partnership": the_partnership(),
        "navigation": _mark_current(request, _items(_pages_of(user))),
        "account_navigation": _account(request, user),
        "footer_navigation": [{"label": label, "items_list": _items(pages)} for label, pages in FOOTER],
        "demo": settings.PORTAL_DEMO,
    }


def _pages_of(user: object) -> tuple[tuple[str, str], ...]:
    """The pages of the main menu, in order."""
    if not is_staff(user):
        return VISITOR
    pages: list[tuple[str, str]] = [("My work", "portal:my_work")]
    if has_role(user, Role.MODERATOR):
        pages.append(("Inbox", "voice:inbox"))
    if has_role(user, Role.SAFEGUARDING):
        pages.append(("Safeguarding", "voice:safeguarding"))
    if has_role(user, *SERVICE_ROLES):
        pages.append(("Answers", "voice:answers"))
    if has_role(user, *BOARD_ROLES):
        pages.append(("Board", "board:overview"))
    if can_view_people(user):
        pages.append(("People", "partnership:people"))
    if can_manage_people(user):
        pages.append(("Services", "partnership:services"))
    return (*pages, *STAFF)


def _items(pages: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    items = []
    for label, name in pages:
        try:
            items.append({"label": label, "url": reverse(name)})
        except NoReverseMatch:
            continue  # a page that this installation does not have is not offered
    return items


def _mark_current(request: HttpRequest, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the page itself, or the section it lies in: the longest address that the page's own begins with."""
    path = request.path
    for parts, name in _PARTS:
        if path.startswith(parts):
            path = reverse(name)
    inside = [item for item in items if path.startswith(item["url"])]
    if inside:
        max(inside, key=lambda item: len(item["url"]))["current"] = True
    return items


def _account(request: HttpRequest, user: object) -> list[dict[str, Any]]:
    if not is_person(user):
        return _mark_current(request, _items((("Sign in", "account_login"),)))
    items = _mark_current(request, _items((("Your account", "mfa_index"),)))
    return [*items, {"label": "Sign out", "url": reverse("account_logout"), "post": True}]
