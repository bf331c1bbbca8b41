"""Long lists in pages. Whatever stands in the address, there is a page to show."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def paginate(request: HttpRequest, queryset: Any, per_page: int = 50, *, name: str = "page") -> Page:
    """The page that ``?page=`` asks for: the first if it is no number, the last if there are fewer.

    The page also carries what its links need, with the other parts of the query string kept:
    ``previous_url``, ``next_url`` (empty at the ends) and ``links``, a list of ``{"number", "url", "current"}``
    where ``number`` is None for a gap.
    """
    paginator = Paginator(queryset, per_page)
    asked = request.GET.get(name, "1")
    page = paginator.get_page(asked if len(asked) < 20 else 1)
    others = request.GET.copy()
    others.pop(name, None)

    def url(number: int) -> str:
        parts = others.copy()
        if number > 1:
            parts[name] = str(number)
        return f"{request.path}?{parts.urlencode()}" if parts else request.path

    page.previous_url = url(page.number - 1) if page.has_previous() else ""  # type: ignore[attr-defined]
    page.next_url = url(page.number + 1) if page.has_next() else ""  # type: ignore[attr-defined]
    page.links = [  # type: ignore[attr-defined]
        {"number": number, "url": url(number), "current": number == page.number}
        if isinstance(number, int)
        else {"number": None, "url": "", "current": False}
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return page
