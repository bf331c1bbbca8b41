"""Quotations: neighbours of one origin are joined, repeats are left out, notes stay beside their words."""

import pytest

from partnership.models import SourceNote
from priorities.quotations import quotations
from tests.factories import make_passage, make_source

pytestmark = pytest.mark.django_db


def refs(passages: list) -> list[list[str]]:
    return [[line.passage.ref for line in quotation.lines] for quotation in quotations(passages)]


def note(number: int, *passages: object) -> SourceNote:
    made = SourceNote.objects.create(
        number=number, title=f"Note {number}", contradiction="This and that.", treatment="Both."
    )
    made.passages.set(passages)
    return made


def test_neighbours_of_the_same_source_and_speaker_are_one_quotation():
    source, other = make_source(), make_source()
    a, b = make_passage(source=source), make_passage(source=source)
    c, d = make_passage(source=other), make_passage(source=other, speaker="The chair")
    assert refs([a, b, c, d]) == [[a.ref, b.ref], [c.ref], [d.ref]]


def test_words_that_another_passage_holds_are_left_out_and_their_notes_kept():
    source = make_source()
    whole = make_passage("We met. We agreed on one thing. We left.", source=source)
    part = make_passage("We agreed on one thing.", source=source)
    note(5, part)
    made = quotations([whole, part])
    assert [(line.passage.ref, [row.number for row in line.notes]) for line in made[0].lines] == [
        (whole.ref, [5])
    ]


def test_the_same_words_of_another_document_stay():
    a = make_passage("We agreed.", source=make_source())
    b = make_passage("We agreed. We left.", source=make_source())
    assert refs([a, b]) == [[a.ref], [b.ref]]


def test_of_two_equal_passages_the_first_stands():
    source = make_source()
    a = make_passage("We agreed.", source=source, position=2)
    b = make_passage("We agreed.", source=source, position=1)
    assert refs([a, b]) == [[b.ref]]


@pytest.mark.requirement("R-C7")
def test_each_line_keeps_its_own_notes_and_a_repeated_remark_is_said_once_after_the_last():
    source = make_source()
    a, b = (make_passage(source=source, editor_note="From the article.") for _ in range(2))
    c = make_passage(source=source)
    first = note(3, c)
    lines = quotations([a, b, c])[0].lines
    assert [line.says_note for line in lines] == [False, True, True]
    assert [line.notes for line in lines] == [[], [], [first]]


def test_nothing_gives_nothing():
    assert quotations([]) == []
