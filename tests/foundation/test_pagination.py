"""Whatever stands in the address, there is a page to show."""

import pytest
from django.test import RequestFactory

from foundation.pagination import paginate


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1), ("?page=", 1), ("?page=2", 2), ("?page=3", 3), ("?page=4", 3), ("?page=0", 3), ("?page=-1", 3), ("?page=abc", 1),
        ("?page=1.5", 1), ("?page=" + "9" * 19, 3), ("?page=" + "9" * 5000, 1), ("?page=%00", 1), ("?page=1&page=2", 2),
    ],
)  # fmt: skip
def test_there_is_always_a_page(query, number):
    page = paginate(RequestFactory().get(f"/list/{query}"), range(5), per_page=2)
    assert (page.number, list(page)) == (number, list(range(5))[(number - 1) * 2 : number * 2])


def test_an_empty_list_has_one_empty_page():
    page = paginate(RequestFactory().get("/list/?page=7"), [])
    assert (page.number, list(page), page.has_other_pages()) == (1, [], False)


def test_fifty_stand_on_a_page():
    assert len(paginate(RequestFactory().get("/"), range(51))) == 50
