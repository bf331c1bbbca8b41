"""A workbook that is sent while it is made: the first bytes before the first row is read, and no row stays in memory (R-A12, S6).

The library makes a whole small workbook: the heading, the styles, the widths. Its parts are sent as they are, but the sheet
comes last and stays open: the rows are written into it one after the other. A row is plain XML, which a library for
every kind of cell takes ten times as long to build.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, cast
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

SHEET = "xl/worksheets/sheet1.xml"
LONGEST = 32_767  # characters; a longer cell makes the whole file unreadable to a spreadsheet
PIECE = 32 * 1024  # bytes sent at once
EARLIEST = date(1900, 3, 1)  # spreadsheets believe in 29 February 1900, so earlier days are words


class _Out(io.RawIOBase):
    """What was written and not sent yet. It cannot go back, and so the archive tells sizes after each part."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written.append(bytes(data))
        self.size += len(data)
        return len(data)

    def take(self) -> bytes:
        taken, self._written, self.size = b"".join(self._written), [], 0
        return taken


class _Blank:
    """The workbook without its rows, made whole by the library: its parts, and its sheet before and after the rows."""

    def __init__(self, header: Sequence[str], widths: Sequence[int], title: str) -> None:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "C2"  # reference and title stay in sight
        for number, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        words, day, heading = (WriteOnlyCell(sheet) for _ in range(3))
        words.alignment = day.alignment = Alignment(wrap_text=True, vertical="top")
        day.number_format = "dd/mm/yyyy"
        heading.alignment = Alignment(wrap_text=True, vertical="center")
        heading.font = Font(bold=True)
        self.words, self.day = words.style_id, day.style_id
        sheet.append(_with_value(heading, text) for text in header)
        file = io.BytesIO()
        book.save(file)
        with zipfile.ZipFile(file) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist() if name != SHEET}
            self.before, end, after = archive.read(SHEET).partition(b"</sheetData>")
            self.after = end + after


def _with_value(cell: Any, value: str) -> Any:
    """One cell object is used again and again: the row takes each in before it asks for the next."""
    cell.value = value
    return cell


class _Rows:
    """Rows as XML: words that wrap, numbers, and days that a spreadsheet can sort."""

    def __init__(self, columns: int, *, words: int, day: int) -> None:
        self._letters = [get_column_letter(number) for number in range(1, columns + 1)]
        self._words, self._day = words, day

    def row(self, number: int, values: Sequence[Any]) -> bytes:
        cells = (self._cell(f"{at}{number}", value) for at, value in zip(self._letters, values, strict=True))
        return f'<row r="{number}">{"".join(cells)}</row>'.encode()

    def _cell(self, at: str, value: Any) -> str:
        if isinstance(value, str):
            if not value:
                return f'<c r="{at}" s="{self._words}"/>'
            text = f'<is><t xml:space="preserve">{escape(value[:LONGEST])}</t></is>'
            return f'<c r="{at}" s="{self._words}" t="inlineStr">{text}</c>'
        if isinstance(value, date):
            return f'<c r="{at}" s="{self._day}"><v>{to_excel(value)}</v></c>'
        return f'<c r="{at}" s="{self._words}"><v>{value}</v></c>'


def is_day(value: Any) -> bool:
    """Whether a spreadsheet can hold this as a day."""
    return isinstance(value, date) and not isinstance(value, datetime) and value >= EARLIEST


def workbook_pieces(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = (), title: str
) -> Iterator[bytes]:
    """The bytes of a workbook with one sheet, piece by piece. Each value is words, a number or a day (`is_day`)."""
    blank = _Blank(header, widths, title)
    write = _Rows(len(header), words=blank.words, day=blank.day)
    out = _Out()
    with zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in blank.parts.items():
            archive.writestr(name, content)
        yield out.take()
        with archive.open(SHEET, "w") as sheet:
            sheet.write(blank.before)
            for number, row in enumerate(rows, 2):
                sheet.write(write.row(number, row))
                if out.size >= PIECE:
                    yield out.take()
            sheet.write(blank.after)
    yield out.take()
