"""No cell is a formula, and what was written reads back."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.spreadsheet import csv_response, plain_cell, safe_cell

FORMULAS = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠A1",
    '=HYPERLINK("http://example.org","x")', "\u200b=1",
]  # fmt: skip


@pytest.mark.requirement("R-A12")
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_words(formula):
    assert safe_cell(formula) == "'" + formula
    assert plain_cell(safe_cell(formula)) == formula


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Meet families", "Meet families"),
        ("", ""),
        (None, ""),
        (-5, -5),
        (Decimal("-1.50"), Decimal("-1.50")),
        (True, "Yes"),
        (datetime.date(2026, 3, 1), "2026-03-01"),
        (datetime.datetime(2026, 7, 1, 11, 30, tzinfo=datetime.UTC), "2026-07-01 12:30"),
        ("nul\x00", "nul"),
        ("'quoted", "''quoted"),
    ],
)
def test_other_values_stay_what_they_are(value, cell):
    assert safe_cell(value) == cell


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_words_read_back(words):
    assert plain_cell(safe_cell(words)) == words


@pytest.mark.requirement("R-A12")
def test_a_file_has_safe_cells_and_is_written_row_by_row():
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield ["=1", "two\r\nlines", number]

    response = csv_response("actions.csv", ["@Name", "Words", "Number"], rows())
    parts = iter(response.streaming_content)
    next(parts), next(parts)
    assert asked == []
    next(parts)
    assert asked == [0]
    assert response.headers["Content-Disposition"] == 'attachment; filename="actions.csv"'
    whole = b"".join(csv_response("a.csv", ["@Name", "Words", "Number"], rows()).streaming_content).decode(
        "utf-8-sig"
    )
    assert list(csv.reader(io.StringIO(whole, newline=""))) == [
        ["'@Name", "Words", "Number"],
        ["'=1", "two\r\nlines", "0"],
        ["'=1", "two\r\nlines", "1"],
        ["'=1", "two\r\nlines", "2"],
    ]
