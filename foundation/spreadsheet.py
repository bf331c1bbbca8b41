"""Spreadsheets to download, whose cells open as words and never as formulas (R-A12, F15).

A cell that starts with = + - or @ is a formula to a spreadsheet, even in a CSV file, and a formula can send the sheet's
contents away. Such words get an apostrophe in front, which the spreadsheet takes as "this is text".
"""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Spaces and characters that show nothing may stand before the sign. The wide signs are what a Japanese keyboard types.
_FORMULA = re.compile("[\t\r\n]|[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")


def safe_cell(value: Any) -> Any:
    """A value for one cell. Numbers stay numbers, dates become ISO 8601, nothing becomes an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if _FORMULA.match(text) or text.startswith("'") else text


def plain_cell(text: str) -> str:
    """The words of a cell that ``safe_cell`` wrote, for reading a file back in."""
    return text[1:] if text.startswith("'") else text


class _Echo:
    """A file that gives back what is written to it, for the csv writer."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The lines of a CSV file, one at a time, so that a long export needs no memory."""
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf"  # tells Excel that the file is UTF-8
    yield writer.writerow([safe_cell(cell) for cell in header]).encode()
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row]).encode()


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A CSV file to download, streamed row by row. ``filename`` is our own: plain letters, digits and dashes."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


# In a workbook `_x0041_` stands for a character, so words that happen to look like that are marked as words.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EARLIEST = date(
    1900, 3, 1
)  # spreadsheets believe that there was a 29 February 1900, so earlier days are words


def xlsx_file(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[int] = (),
    title: str = "Actions",
) -> IO[bytes]:
    """A workbook with one sheet, written row by row to a file on disk that goes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "C2"  # reference and title stay in sight
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    # One cell object of each kind is used again and again: each row is written before the next is made.
    cells = [_Cells(sheet) for _ in header]
    sheet.append([cell.heading(words) for cell, words in zip(cells, header, strict=True)])
    for row in rows:
        sheet.append([cell.of(value) for cell, value in zip(cells, row, strict=True)])
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # the response closes it
    book.save(file)
    file.seek(0)
    return file


class _Cells:
    """The cells of one column: its heading, words that wrap, and days that a spreadsheet can sort."""

    def __init__(self, sheet: Any) -> None:
        self._words, self._day, self._heading = (WriteOnlyCell(sheet) for _ in range(3))
        self._words.alignment = self._day.alignment = Alignment(wrap_text=True, vertical="top")
        self._heading.alignment = Alignment(wrap_text=True, vertical="center")
        self._heading.font = Font(bold=True)
        self._day.number_format = "dd/mm/yyyy"

    def heading(self, words: str) -> Any:
        self._heading.value = workbook_cell(words)
        return self._heading

    def of(self, value: Any) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime) and value >= _EARLIEST:
            self._day.value = value
            return self._day
        self._words.value = workbook_cell(value)
        return self._words


def workbook_cell(value: Any) -> Any:
    """As ``safe_cell``, without the characters that a workbook cannot hold."""
    cell = safe_cell(value)
    if not isinstance(cell, str):
        return cell
    return _LOOKS_ESCAPED.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", cell))


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> FileResponse:
    """A workbook to download. It is made on disk and sent in pieces, so that a long one needs no memory."""
    file = xlsx_file(header, rows, widths=widths)
    response = FileResponse(file, as_attachment=True, filename=filename)
    response.headers["Content-Type"] = XLSX_TYPE
    return response
