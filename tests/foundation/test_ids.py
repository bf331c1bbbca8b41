"""Ids from outside are a page that does not exist or a message, never an error of ours."""

import pytest
from django import forms
from django.urls import Resolver404, path
from django.urls.resolvers import RegexPattern, URLResolver

from foundation.ids import (
    IdField,
    SafeModelChoiceField,
    SafeModelMultipleChoiceField,
    clean_id,
)

from .notes import Tag

GARBAGE = [
    "9" * 25,
    "9" * 5000,
    "0",
    "-1",
    "1.0",
    "1e3",
    "abc",
    "\x00",
    "١٢",
    "1\n",
    " 1",
    "None",
    "\ud800",
    "' OR 1=1 --",
]


@pytest.fixture
def resolve():
    resolver = URLResolver(RegexPattern(r"^/"), [path("things/<positive:id>/", lambda request, id: None)])
    return lambda address: resolver.resolve(address).kwargs


def test_up_to_eighteen_digits_are_an_address(resolve):
    assert resolve("/things/12/") == {"id": 12}
    assert resolve(f"/things/{'9' * 18}/") == {"id": 10**18 - 1}


@pytest.mark.parametrize("garbage", ["9" * 19, "9" * 25, "-1", "abc", "١٢", "1.0", "\x00"])
def test_anything_else_is_no_page(resolve, garbage):
    with pytest.raises(Resolver404):
        resolve(f"/things/{garbage}/")


@pytest.mark.parametrize(
    ("typed", "found"), [("12", 12), (12, 12), (None, None), ("", None), *((g, None) for g in GARBAGE)]
)
def test_an_id_in_a_query_string(typed, found):
    assert clean_id(typed) == found


def the_form(key="pk"):
    class Choose(forms.Form):
        one = SafeModelChoiceField(
            Tag.objects.filter(word__startswith="mine"), to_field_name=None if key == "pk" else key
        )
        some = SafeModelMultipleChoiceField(Tag.objects.filter(word__startswith="mine"), required=False)

    return Choose


@pytest.mark.usefixtures("notes")
class TestChoices:
    def test_a_row_on_the_list_is_taken(self):
        mine = Tag.objects.create(word="mine")
        form = the_form()({"one": mine.pk, "some": [mine.pk]})
        assert form.is_valid()
        assert (form.cleaned_data["one"], list(form.cleaned_data["some"])) == (mine, [mine])

    def test_a_row_that_is_not_on_the_list_is_refused_beside_the_field(self):
        mine, theirs = Tag.objects.create(word="mine"), Tag.objects.create(word="theirs")
        form = the_form()({"one": theirs.pk, "some": [mine.pk, theirs.pk]})
        assert form.errors == {"one": ["Choose one from the list."], "some": ["Choose from the list."]}

    @pytest.mark.parametrize("garbage", GARBAGE)
    def test_garbage_is_refused_beside_the_field(self, garbage):
        form = the_form()({"one": garbage, "some": [garbage]})
        assert form.errors == {"one": ["Choose one from the list."], "some": ["Choose from the list."]}
        if "\ud800" not in garbage:
            str(form)  # the form can be shown again

    @pytest.mark.parametrize("garbage", [*GARBAGE, "x" * 300])
    def test_garbage_is_refused_where_rows_are_named_by_a_word(self, garbage):
        Tag.objects.create(word="mine")
        form = the_form("word")({"one": garbage, "some": []})
        assert form.errors == {"one": ["Choose one from the list."]}

    def test_a_row_named_by_a_word_is_taken(self):
        mine = Tag.objects.create(word="mine too")
        form = the_form("word")({"one": "mine too", "some": []})
        assert form.is_valid()
        assert form.cleaned_data["one"] == mine


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_typed_id_that_is_garbage_is_a_message(garbage):
    class Typed(forms.Form):
        number = IdField()

    assert Typed({"number": garbage}).errors == {"number": ["Choose one from the list."]}
    assert Typed({"number": "7"}).is_valid()
