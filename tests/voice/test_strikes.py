"""Striking words out of an original: the places, the words that are left, and what may not come back (R-V6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.models import StrikeReason
from voice.strikes import (
    INSTEAD,
    Span,
    come_back,
    counts_in,
    decoded,
    joined,
    pieces,
    places_of,
    struck_out,
    suggestions,
    words_digest,
)

TEXT = "Sam goes to Mill Lane School.\nMs O’Neil said Sam may not. Same as before."


def span(words: str, reason: str = "name", text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), reason)


@pytest.mark.requirement("R-V6")
def test_the_words_that_are_left_say_what_stood_there() -> None:
    spans = [span("Mill Lane School", "school"), span("Sam"), span("Ms O’Neil", "staff")]
    assert struck_out(TEXT, spans) == (
        "[name] goes to [school].\n[member of staff] said Sam may not. Same as before."
    )
    assert "".join(piece.words for piece in pieces(TEXT, spans)) == TEXT
    assert [piece.reason for piece in pieces(TEXT, spans) if piece.reason] == ["name", "school", "staff"]
    assert set(INSTEAD) == set(StrikeReason.values)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Sam", ["Sam", "Sam"]),
        ("sam", ["Sam", "Sam"]),
        ("school. ms o'neil", ["School.\nMs O’Neil"]),
        ("am", ["am", "am", "am"]),
        ("Tom", []),
        (" ", []),
        ("(", []),
    ],
)
def test_words_are_found_whatever_capitals_spaces_and_apostrophes(words: str, found: list[str]) -> None:
    assert [TEXT[start:end] for start, end in places_of(words, TEXT)] == found


def test_two_that_overlap_become_one_with_the_reason_of_the_longer() -> None:
    assert joined([Span(5, 9, "name", True), Span(0, 7, "place"), Span(9, 12, "other")]) == [
        Span(0, 9, "place"),
        Span(9, 12, "other"),
    ]


def test_what_a_form_sends_is_a_place_or_nothing() -> None:
    assert decoded("3-7-name-s") == Span(3, 7, "name", suggested=True)
    assert decoded(Span(3, 7, "name").coded()) == Span(3, 7, "name")
    assert [decoded(word) for word in ("", "3-7", "３-7-name", "3-7-name-x", "<b>", "-3-7-name", None)] == [
        None
    ] * 7
    assert not any(one.fits("abc") for one in (Span(1, 4, "name"), Span(2, 2, "name"), Span(0, 1, "nothing")))


@pytest.mark.requirement("R-V6")
def test_a_struck_word_that_comes_back_is_noticed() -> None:
    only_first = [span("Sam")]
    left = struck_out(TEXT, only_first)
    assert come_back(TEXT, only_first, left, meant=left) == []
    assert come_back(TEXT, only_first, "Sam and Sam", meant=left) == ["Sam"]
    assert come_back(TEXT, only_first, "Sam is sad.") == ["Sam"]
    assert come_back(TEXT, only_first, "The same, sam.") == []


def test_names_and_numbers_are_suggested_with_their_reasons() -> None:
    text = "My son Jack is at Oakfield Academy. Ring 07700 900123 or me@example.org. Born on 3 March 2015, ZE1 9ZZ."
    assert struck_out(text, suggestions(text)) == (
        "My son [name] is at [school]. Ring [contact] or [contact]. Born on [left out], [place]."
    )
    assert all(one.suggested for one in suggestions(text))


def test_a_hash_tells_whether_it_is_the_same_text() -> None:
    digest = words_digest(TEXT)
    assert counts_in(digest, TEXT)
    assert not counts_in(digest, TEXT + " ")
    assert not counts_in("", TEXT)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_whatever_is_struck_out_the_rest_stays_whole(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(start, end, "other") for start, end in places if 0 <= start < end <= len(text)]
    kept = [sign for at, sign in enumerate(text) if not any(one.start <= at < one.end for one in spans)]
    parts = pieces(text, spans)
    assert "".join(part.words for part in parts) == text
    assert [sign for part in parts if not part.reason for sign in part.words] == kept
    assert all(
        before.end <= after.start for before, after in zip(joined(spans), joined(spans)[1:], strict=False)
    )
