"""Small helpers for templates: dates as people write them, counts with their word, groups of a code. `{% load ui %}`."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _local_day(value: Any) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value if isinstance(value, datetime.date) else None


@register.filter
def day(value: Any) -> str:
    """A day as people write it, for example 4 September 2025. Empty for anything that is not a date."""
    found = _local_day(value)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}" if found else ""


@register.filter
def moment(value: Any) -> str:
    """A day and a time of day in London, for example 4 September 2025, 2:05pm."""
    if not isinstance(value, datetime.datetime):
        return day(value)
    return f"{day(value)}, {clock(value)}"


def clock(value: datetime.datetime) -> str:
    """A time of day in London, for example 2:05pm."""
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{here.hour % 12 or 12}:{here.minute:02d}{'am' if here.hour < 12 else 'pm'}"


@register.filter
def iso(value: Any) -> str:
    """The same day for machines, `2025-09-04`, for the datetime attribute of a time element."""
    found = _local_day(value)
    return found.isoformat() if found else ""


@register.filter
def groups(value: Any) -> list[str]:
    """The groups of a code that is written with spaces or dashes between them, so that each can be read alone."""
    return [group for group in re.split(r"[\s-]+", str(value or "")) if group]


@register.filter
def drawing(value: Any) -> str:
    """An SVG made by a library, ready to stand inside a page: no XML line before it, no inline style in it.

    Only for drawings that the server itself made; anything with a script or an event in it is left out.
    """
    text = str(value or "")
    start = text.find("<svg")
    if start < 0 or re.search(r"<script|\son\w+\s*=|javascript:", text, re.IGNORECASE):
        return ""
    return mark_safe(re.sub(r"\sstyle=(\"[^\"]*\"|'[^']*')", "", text[start:]))  # noqa: S308


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, number: int) -> str:
    """The query string of another page of the same list, keeping every filter that is set: `?status=red&page=2`."""
    # An include with `only` has no `request` among its values, but the context still knows the request itself.
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return f"?page={number}"
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def form_token(context: template.Context) -> str:
    """The hidden field that proves a form came from our own page. As `csrf_token`, but also inside an include with `only`."""
    request = getattr(context, "request", None) or context.get("request")
    token = get_token(request) if request is not None else context.get("csrf_token", "")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


DRAWN_ONCE = frozenset({"status", "category", "impact", "tag", "example"})
"""Components of a few fixed words, which a list draws fifty times over. None of them ever holds anybody's own words."""


@register.simple_tag
def component(name: str, **values: Any) -> SafeString:
    """A small component, drawn once for each set of values: `{% component "status" status=action.shown_status %}`.

    The same as including `components/<name>.html` with `only`, for those in DRAWN_ONCE. ValueError for any other.
    """
    if name not in DRAWN_ONCE:
        raise ValueError(f"{name} is not a component that is drawn once: include it.")
    draw = _draw.__wrapped__ if settings.DEBUG else _draw  # while templates are being written, draw them anew
    # The kind of each value is part of the key: a text that may not be trusted never meets one that may.
    return draw(name, tuple((key, type(value), value) for key, value in values.items()))


@lru_cache(maxsize=500)
def _draw(name: str, values: tuple[tuple[str, type, Any], ...]) -> SafeString:
    return render_to_string(f"components/{name}.html", {key: value for key, _kind, value in values})


@register.filter
def page_numbers(page: Page) -> list[int | str]:
    """The page numbers to print, with an ellipsis where some are left out: 1, 2, …, 9."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.filter
def before_error(label: Any) -> str:
    """A field's label as it stands before its error in the summary: `Title: ` or, after a question, `What is it? `."""
    text = str(label or "").strip()
    if not text:
        return ""
    return f"{text} " if text[-1] in "?:.!" else f"{text}: "


@register.filter
def plural(count: Any, words: str) -> str:
    """The count with the right word: `3|plural:"action,actions"` gives `3 actions`, with commas in thousands."""
    one, many = words.split(",")
    return f"{count:,} {one if count == 1 else many}"
