"""The first sheet of an Excel workbook, row by row, as words. No formula is worked out, no link is followed (F23)."""

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook

from .uploads import BROKEN, MEGABYTE, UploadRefused

TOO_BIG = "This file becomes too big when it is opened. Save the rows of the plan alone, without pictures."

BIGGEST_PART = 2 * MEGABYTE
"""Unpacked, of any part that is kept in memory whole: styles, names, the list of sheets."""

MOST_STRINGS = 24 * MEGABYTE
"""Unpacked, of the list of words that the sheets share."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_KEPT_WHOLE = re.compile(r"\.rels$|\[Content_Types\]|^xl/(styles|workbook|metadata)\.xml$|^docProps/")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def read_workbook(file: BinaryIO, notes: list[str], *, most_unpacked: int) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet that is not hidden: its number and its cells. Raises UploadRefused.

    A formula is read as the words it showed when the file was saved; where none were kept, as the formula itself.
    """
    with zipfile.ZipFile(file) as archive:
        _check_sizes(archive, most_unpacked)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise UploadRefused("There is no sheet with a table in this workbook.")
            if len(sheets) > 1:
                notes.append(
                    f"This workbook has {len(sheets)} sheets. We read the first, “{sheets[0].title}”."
                )
            sheet = sheets[0]
            formulas = _formulas(file, sheet._worksheet_path, notes)
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                words = [words_of(value) for value in cells]
                for place in formulas.get(number, ()):
                    if place <= len(words) and not words[place - 1]:
                        words[place - 1] = formulas[number][place]
                yield number, words
    except UploadRefused:
        raise
    except GeneratorExit:
        raise
    except Exception as error:  # whatever a damaged file makes the library raise, the person gets a sentence
        raise UploadRefused(BROKEN) from error


def _check_sizes(archive: zipfile.ZipFile, most_unpacked: int) -> None:
    parts = archive.infolist()
    if sum(part.file_size for part in parts if part.filename.endswith(".xml")) > most_unpacked:
        raise UploadRefused(TOO_BIG)
    for part in parts:
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_STRINGS:
            raise UploadRefused(TOO_BIG)
        if _KEPT_WHOLE.search(part.filename) and part.file_size > BIGGEST_PART:
            raise UploadRefused(TOO_BIG)


def _formulas(file: BinaryIO, path: str, notes: list[str]) -> dict[int, dict[int, str]]:
    """By row and column, the formulas that have no words kept beside them. The person is told if there is any at all."""
    with zipfile.ZipFile(file) as archive:
        with archive.open(path) as part:
            if not _has_formula(part):
                return {}
        count, bare = 0, {}
        with archive.open(path) as part:
            for _, node in iterparse(part):
                tag = node.tag.rpartition("}")[2]
                if tag == "c":
                    texts = {child.tag.rpartition("}")[2]: child.text for child in node}
                    if "f" in texts:
                        count += 1
                        place = _place(node.get("r") or "")
                        if place and not texts.get("v"):
                            bare.setdefault(place[0], {})[place[1]] = f"={texts['f'] or ''}"
                if tag in ("c", "row"):
                    node.clear()
    cells = "1 cell is a formula" if count == 1 else f"{count:,} cells are formulas"
    notes.append(f"{cells}. We read the words that it shows and work nothing out. Please look at them.")
    return bare


def _has_formula(part: Any) -> bool:
    carried = b""
    while piece := part.read(64 * 1024):
        if _FORMULA.search(carried + piece):
            return True
        carried = piece[-32:]
    return False


_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _place(name: str) -> tuple[int, int] | None:
    """Row and column of `B7`, or None."""
    found = _PLACE.fullmatch(name)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def words_of(value: Any) -> str:
    """What a cell of a workbook says, as words: days as 2026-03-31, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.strftime("%Y-%m-%d") if midnight else value.strftime("%Y-%m-%d %H:%M")
    return str(value)
