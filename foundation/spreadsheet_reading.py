"""Spreadsheets that people send: read row by row, as words alone, or refused with a sentence that says what to do (F23).

Nothing in a file is run, worked out or fetched. What a file is, its content decides and not its name. Every reading is
bounded: in bytes, in unpacked bytes, in rows, in columns and in the length of a cell.
"""

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from .spreadsheet import plain_cell
from .uploads import HAS_MACROS, MEGABYTE, TOO_BIG_INSIDE, WRONG_KIND, XLSX, UploadRefused, check_upload
from .workbook_reading import TOO_BIG, read_workbook

MOST_BYTES = 8 * MEGABYTE
MOST_UNPACKED = 40 * MEGABYTE
MOST_ROWS = 5000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
"""Characters; the longest words that a form of the portal takes are 5,000."""

CHOOSE = "Choose an Excel workbook (.xlsx) or a table (.csv)."
LOCKED = "This file has a password, or it is an old kind of Excel file. Save it without a password, as .xlsx or .csv."
NOT_XLSX = "The name of this file ends in .xlsx, but it is not an Excel workbook. Open it and save it as .xlsx or .csv."
NOT_CSV = "This file is not a plain table. Open it and save it as .xlsx, or as CSV UTF-8."
NOT_WORDS = "This file holds signs that no text has. Open it, and save it as .xlsx or as CSV UTF-8."
EMPTY = "This file is empty."
NO_HEADINGS = "There is no row of headings in this file. The first row of the table names its columns."
ONLY_HEADINGS = "There are headings in this file and no row below them."
OLD_WINDOWS = "This file was not saved as UTF-8. We read it as Windows text. Please look at the accents."
MACROS = "This file has macros (small programs) in it. Save it without macros, as .xlsx or .csv."
IN_OUR_WORDS = {WRONG_KIND: NOT_XLSX, HAS_MACROS: MACROS, TOO_BIG_INSIDE: TOO_BIG}


class Row(NamedTuple):
    """One row: its number in the file, counted from 1 as the spreadsheet does, and the words of its cells."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A file as it is read. `rows` can be gone through once. `notes` is filled while that is done."""

    kind: str
    header: Row
    rows: Iterator[Row]
    notes: list[str]


def read_table(file: BinaryIO, name: str, *, size: int, most_rows: int = MOST_ROWS) -> Table:
    """The table in a file. Raises UploadRefused, also while its rows are gone through. `size` in bytes."""
    if size == 0:
        raise UploadRefused(EMPTY)
    if size > MOST_BYTES:
        raise UploadRefused(f"Choose a file smaller than {MOST_BYTES // MEGABYTE} MB.")
    file.seek(0)
    start = file.read(512)
    file.seek(0)
    ending = PurePosixPath(name.lower()).suffix
    notes: list[str] = []
    if start.startswith(b"PK"):
        kind, found = "xlsx", _workbook(file, size, notes, ending)
    else:
        _refuse_other_kinds(start, ending)
        kind, found = "csv", _csv(file, start, notes)
    return _table(kind, _bounded(found, most_rows), notes)


def _refuse_other_kinds(start: bytes, ending: str) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UploadRefused(LOCKED)
    if ending in (".xlsm", ".xltm", ".xlsb"):
        raise UploadRefused(MACROS)
    if ending == ".xlsx":
        raise UploadRefused(NOT_XLSX)
    if ending not in (".csv", ".tsv", ".txt"):
        raise UploadRefused(CHOOSE)
    begins = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begins.startswith((b"<", b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff")):
        raise UploadRefused(NOT_CSV)


def _workbook(file: BinaryIO, size: int, notes: list[str], ending: str) -> Iterator[Row]:
    if ending in (".xlsm", ".xltm", ".xlsb"):
        raise UploadRefused(MACROS)
    if ending in (".csv", ".tsv", ".txt"):
        raise UploadRefused(
            "This is not a plain table but a packed file. If it is a workbook, give it a name that ends in .xlsx."
        )
    try:
        kind = check_upload(file, name="table.xlsx", size=size, most_bytes=MOST_BYTES)
    except UploadRefused as reason:
        # What is said of evidence files names other kinds too, which are no tables.
        said = str(reason)
        raise UploadRefused(
            NOT_XLSX if "its name does not end" in said else IN_OUR_WORDS.get(said, said)
        ) from reason
    if kind != XLSX:
        raise UploadRefused(CHOOSE)
    return (Row(number, cells) for number, cells in read_workbook(file, notes, most_unpacked=MOST_UNPACKED))


# --- Plain tables -------------------------------------------------------------------------------------------------------

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def _csv(file: BinaryIO, start: bytes, notes: list[str]) -> Iterator[Row]:
    encoding = _encoding(file, start, notes)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        sign = _separator(text)
        text.seek(0)
        yield from _records(text, sign)
    finally:
        # The file belongs to the one who sent it, who may have closed it while rows were left to read.
        with contextlib.suppress(ValueError):
            text.detach()


def _records(text: io.TextIOWrapper, sign: str) -> Iterator[Row]:
    try:
        for number, cells in enumerate(csv.reader(_without_nul(text), delimiter=sign), 1):
            yield Row(number, cells)
    except csv.Error:
        raise UploadRefused(
            f"One cell of this table holds more than {LONGEST_CELL:,} characters, or a quotation mark is not closed."
        ) from None
    except UnicodeError:
        raise UploadRefused(NOT_WORDS) from None


def _without_nul(text: io.TextIOWrapper) -> Iterator[str]:
    for line in text:
        if "\x00" in line:
            raise UploadRefused(NOT_WORDS)
        yield line


def _encoding(file: BinaryIO, start: bytes, notes: list[str]) -> str:
    """What the bytes are written in. The whole file is gone through, a piece at a time, before any of it is believed."""
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    zeros = [start[0::2].count(0), start[1::2].count(0)]
    if max(zeros) > len(start) // 5 and min(zeros) == 0:
        return "utf-16-le" if zeros[1] else "utf-16-be"
    for name in ("utf-8", "cp1252"):
        if _decodes(file, name):
            if name == "cp1252":
                notes.append(OLD_WINDOWS)
            return name
    raise UploadRefused(NOT_WORDS)


def _decodes(file: BinaryIO, name: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while piece := file.read(64 * 1024):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: io.TextIOWrapper) -> str:
    """Comma, semicolon or tab: the one that cuts the first lines into the most columns that several lines share."""
    sample = text.read(20_000)
    if "\x00" in sample:
        raise UploadRefused(NOT_WORDS)

    def columns(sign: str) -> int:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=sign)][
                :20
            ]
        except csv.Error:
            return 0
        return max((width for width in widths if len(widths) == 1 or widths.count(width) > 1), default=0)

    return max(",;\t", key=columns)


# --- What both have in common -------------------------------------------------------------------------------------------

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def _cell(words: str) -> str:
    if len(words) > LONGEST_CELL:
        raise UploadRefused(f"One cell of this table holds more than {LONGEST_CELL:,} characters.")
    return plain_cell(_UNSAFE.sub("", words).replace("\r\n", "\n").replace("\r", "\n").strip())


def _bounded(rows: Iterator[Row], most_rows: int) -> Iterator[Row]:
    """The rows that say something, each without empty cells at its end."""
    count = 0
    for number, words in rows:
        cells = [_cell(one) for one in words]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise UploadRefused(
                f"This table has more than {MOST_COLUMNS} columns. Take out those that are not of the plan."
            )
        count += 1
        if count > most_rows + HEADINGS_WITHIN:
            raise UploadRefused(f"This table has more than {most_rows:,} rows. Cut it into several files.")
        yield Row(number, cells)


HEADINGS_WITHIN = 20
"""Headings stand in one of the first rows; above them may be a title, a date, a logo's row."""


def _table(kind: str, rows: Iterator[Row], notes: list[str]) -> Table:
    first: list[Row] = []
    for row in rows:
        first.append(row)
        if len(first) == HEADINGS_WITHIN:
            break
    if not first:
        raise UploadRefused(EMPTY)
    place = _headings(first)
    header = first[place]
    if header.number > 1:
        notes.append(f"We took row {header.number} as the headings. What stands above it is left out.")
    if len(first) == place + 1:
        raise UploadRefused(ONLY_HEADINGS)

    def after() -> Iterator[Row]:
        yield from first[place + 1 :]
        yield from rows

    return Table(kind, header, after(), notes)


def _headings(first: list[Row]) -> int:
    """Which of the first rows names the columns: the first that fills most of the columns the table has."""
    widths = [sum(1 for cell in row.cells if cell) for row in first]
    widest = max(widths)
    if widest < 2:
        raise UploadRefused(NO_HEADINGS)
    return next(place for place, width in enumerate(widths) if width >= 2 and width * 3 >= widest * 2)
