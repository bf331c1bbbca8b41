"""Long lists in pages. Whatever stands in the address, there is a page to show."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def paginate(request: HttpRequest, queryset: Any, per_page: int = 50, *, name: str = "page") -> Page:
    """The page that ``?page=`` asks for: the first if it is no page number, the last if there are fewer.

    Give it to ``components/pagination.html``. An empty list has one page with nothing on it.
    """
    asked = request.GET.get(name, "")
    # Twenty figures are more pages than there can be; longer ones are not worth reading.
    return Paginator(queryset, per_page).get_page(asked if len(asked) <= 20 else 1)
