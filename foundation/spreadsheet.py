"""Spreadsheets to download, whose cells open as words and never as formulas (R-A12, F15).

A cell that starts with = + - or @ is a formula to a spreadsheet, even in a CSV file, and a formula can send the sheet's
contents away. Such words get an apostrophe in front, which the spreadsheet takes as "this is text".
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .workbook_writing import is_day, workbook_pieces

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


_NO_XML = re.compile(f"{ILLEGAL_CHARACTERS_RE.pattern}|[\ud800-\udfff\ufffe\uffff]")
# In a workbook `_x0041_` stands for a character, so words that happen to look like that are marked as words.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def xlsx_pieces(
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    widths: Sequence[int] = (),
    title: str = "Actions",
) -> Iterator[bytes]:
    """A workbook with one sheet, piece by piece, so that a long one needs no memory and begins at once."""
    cells = ([value if is_day(value) else workbook_cell(value) for value in row] for row in rows)
    return workbook_pieces([workbook_cell(words) for words in header], cells, widths=widths, title=title)


def workbook_cell(value: Any) -> Any:
    """As ``safe_cell``, without the characters that a workbook cannot hold."""
    cell = safe_cell(value)
    if not isinstance(cell, str):
        return cell
    return _LOOKS_ESCAPED.sub("_x005F_", _NO_XML.sub("", cell))


def xlsx_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> StreamingHttpResponse:
    """A workbook to download, sent row by row. ``filename`` is our own, as for ``csv_response``."""
    response = StreamingHttpResponse(xlsx_pieces(header, rows, widths=widths), content_type=XLSX_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
