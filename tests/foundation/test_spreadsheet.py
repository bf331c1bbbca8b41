"""No cell is a formula, and what was written reads back."""

import csv
import datetime
import hashlib
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from foundation.spreadsheet import csv_response, plain_cell, safe_cell, xlsx_pieces, xlsx_response

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


HEADINGS = ["@Name", "Words", "Number", "Day", "Nothing"]


def sheet_of(rows):
    return load_workbook(io.BytesIO(b"".join(xlsx_pieces(HEADINGS, rows, widths=[10, 40]))))["Actions"]


@pytest.mark.requirement("R-A12")
def test_a_workbook_begins_before_its_first_row_is_asked_for_and_no_row_waits_for_the_last():
    asked = []

    def rows():
        for number in range(3000):
            asked.append(number)
            yield ["=1", hashlib.sha512(str(number).encode()).hexdigest(), number, None, ""]

    response = xlsx_response("actions.xlsx", HEADINGS, rows())
    pieces = iter(response.streaming_content)
    first = next(pieces)
    assert (first[:2], asked) == (b"PK", [])
    second = next(pieces)
    assert 0 < len(asked) < 3000
    assert response.headers["Content-Disposition"] == 'attachment; filename="actions.xlsx"'
    book = load_workbook(io.BytesIO(b"".join([first, second, *pieces])))
    assert book["Actions"].max_row == 3001


@pytest.mark.requirement("R-A12")
def test_a_workbook_holds_words_numbers_and_days_and_keeps_its_heading_in_sight():
    day = datetime.date(2026, 3, 1)
    sheet = sheet_of(
        [["=1", " <b>&amp;</b>\nnext ", Decimal("-1.50"), day, None], ["#N/A", "01", -5, "", True]]
    )
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["'@Name", "Words", "Number", "Day", "Nothing"],
        ["'=1", " <b>&amp;</b>\nnext ", -1.5, datetime.datetime(2026, 3, 1), None],
        ["#N/A", "01", -5, None, "Yes"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert (sheet.freeze_panes, sheet.column_dimensions["B"].width) == ("C2", 40)
    assert (sheet["A1"].font.b, sheet["B2"].alignment.wrap_text, sheet["E3"].alignment.wrap_text) == (
        True,
    ) * 3
    assert sheet["D2"].number_format == "dd/mm/yyyy"


def test_days_that_a_spreadsheet_counts_wrongly_are_words_and_too_long_words_end():
    row = next(sheet_of([["x" * 40_000, "", 1, datetime.date(1900, 2, 28), ""]]).iter_rows(min_row=2))
    assert (len(row[0].value), row[3].value) == (32_767, "1900-02-28")


@given(st.text(st.characters(), max_size=40))
def test_any_words_make_a_workbook_that_opens(words):
    (value,) = next(
        load_workbook(io.BytesIO(b"".join(xlsx_pieces(["H"], [[words]])))).active.iter_rows(
            min_row=2, values_only=True
        )
    )
    assert value is None or isinstance(value, str)
