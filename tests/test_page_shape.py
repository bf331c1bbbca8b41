"""Pages of one make are told from pages that axe must read anew."""

import pytest

from tests.page_shape import shape_of

PAGE = (
    '<main><label for="id_a">One</label><input id="id_a" value="3"><a href="/x/1/" class="link">Go</a></main>'
)
SAME = {
    "other words": PAGE.replace("Go", "Go there at once"),
    "another number": PAGE.replace("/x/1/", "/x/24/"),
    "another value": PAGE.replace('"3"', '"something else"'),
}
OTHER = {
    "no words in a link": PAGE.replace("Go", ""),
    "no value": PAGE.replace('"3"', '""'),
    "a label for nothing": PAGE.replace('for="id_a"', 'for="id_b"'),
    "another class": PAGE.replace('"link"', '"button"'),
    "one element more": PAGE.replace("</main>", "<p></p></main>"),
    "an attribute less": PAGE.replace(' class="link"', ""),
    "a link that leads nowhere": PAGE.replace("/x/1/", ""),
}
WIDE = (1280, 900)


@pytest.mark.parametrize("name", SAME)
def test_pages_of_one_make_have_one_name(name):
    assert shape_of(SAME[name], WIDE) == shape_of(PAGE, WIDE)


@pytest.mark.parametrize("name", OTHER)
def test_a_page_of_another_make_has_another_name(name):
    assert shape_of(OTHER[name], WIDE) != shape_of(PAGE, WIDE)


def test_a_page_on_a_phone_is_another_page():
    assert shape_of(PAGE, (320, 640)) != shape_of(PAGE, WIDE)
