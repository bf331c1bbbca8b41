"""Long lists in pages. Whatever stands in the address, there is a page to show."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def paginate(
    request: HttpRequest, queryset: Any, per_page: int = 50, *, name: str = "page", count: int | None = None
) -> Page:
    """The page that ``?page=`` asks for: the first if it is no page number, the last if there are fewer.

    Give it to ``components/pagination.html``. An empty list has one page with nothing on it. Give ``count`` where the
    number of rows is known already, and the database is not asked for it.
    """
    asked = request.GET.get(name, "")
    # Twenty figures are more pages than there can be; longer ones are not worth reading.
    paginator = Paginator(queryset, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(asked if len(asked) <= 20 else 1)
