"""Files that people send as spreadsheets: read as words, or refused with a sentence; never run, never without bounds (F23)."""

import contextlib
import io
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from foundation.spreadsheet_reading import read_table
from foundation.uploads import UploadRefused

HEAD = ["Action", "Due"]
ROWS = [["Meet families", "31/12/2026"], ["Train schools", "Café"]]
CSV = "\n".join(",".join(cells) for cells in [HEAD, *ROWS])


def book(*cells: list, merged: str = "", change=None, sheets: int = 1) -> bytes:
    made = Workbook()
    for row in cells:
        made.active.append(row)
    if merged:
        made.active.merge_cells(merged)
    for number in range(1, sheets):
        made.create_sheet(f"Other {number}")
    if change:
        change(made.active)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts put in another's place; `__` stands for a slash, `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in named:
                new.writestr(part.filename, old.read(part))
        for name, body in named.items():
            new.writestr(name, body)
    return file.getvalue()


def sheet(rows: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows + b"</sheetData></worksheet>"
    )  # fmt: skip


def inline(place: str, words: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'.encode()


PLAIN = book(HEAD, *ROWS)
TWO_ROWS = (
    b"<row>"
    + inline("A1", "Action")
    + inline("B1", "Due")
    + b"</row><row>"
    + inline("A2", "Meet")
    + b"</row>"
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
)


def read(data: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    table = read_table(io.BytesIO(data), name, size=len(data))
    rows = [(row.number, row.cells) for row in table.rows]
    return table.header.cells, rows, table.notes


WHOLE = [(2, ROWS[0]), (3, ROWS[1])]
WINDOWS = "This file was not saved as UTF-8. We read it as Windows text. Please look at the accents."
READ = {
    "xlsx": (PLAIN, "a.xlsx", WHOLE, []),
    "csv": (CSV.encode(), "a.csv", WHOLE, []),
    "csv with a mark": (CSV.encode("utf-8-sig"), "a.csv", WHOLE, []),
    "windows text": (CSV.encode("cp1252"), "a.csv", WHOLE, [WINDOWS]),
    "utf-16 with a mark": (CSV.encode("utf-16"), "a.csv", WHOLE, []),
    "utf-16 without a mark": (CSV.encode("utf-16-le"), "a.csv", WHOLE, []),
    "utf-16 big end first": (CSV.encode("utf-16-be"), "a.csv", WHOLE, []),
    "semicolons": (CSV.replace(",", ";").encode(), "a.csv", WHOLE, []),
    "tabs": (CSV.replace(",", "\t").encode(), "a.csv", WHOLE, []),
    "windows line ends": (CSV.replace("\n", "\r\n").encode(), "a.csv", WHOLE, []),
    "empty rows between": (
        book(HEAD, [], ROWS[0], [None, ""], ROWS[1]), "a.xlsx", [(3, ROWS[0]), (5, ROWS[1])], [],
    ),
    "a title above": (
        book(["Our plan of 2026"], [], HEAD, *ROWS), "a.xlsx", [(4, ROWS[0]), (5, ROWS[1])],
        ["We took row 3 as the headings. What stands above it is left out."],
    ),
    "merged headings": (
        book(["What", None], HEAD, *ROWS, merged="A1:B1"), "a.xlsx", [(3, ROWS[0]), (4, ROWS[1])],
        ["We took row 2 as the headings. What stands above it is left out."],
    ),
    "several sheets": (
        book(HEAD, *ROWS, sheets=3), "a.xlsx", WHOLE, ["This workbook has 3 sheets. We read the first, “Sheet”."],
    ),
    "a formula without its words": (
        book(HEAD, ["=HYPERLINK(\"http://example.org\")", "=1+1"]), "a.xlsx",
        [(2, ['=HYPERLINK("http://example.org")', "=1+1"])],
        ["2 cells are formulas. We read the words that it shows and work nothing out. Please look at them."],
    ),
    "a formula with its words": (
        repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(
            TWO_ROWS + b'<row><c r="A3" t="str"><f>CONCAT("a","b")</f><v>ab</v></c></row>')),
        "a.xlsx", [(2, ["Meet"]), (3, ["ab"])],
        ["1 cell is a formula. We read the words that it shows and work nothing out. Please look at them."],
    ),
    "a million empty rows": (
        repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(TWO_ROWS + b"<row></row>" * 1_000_000)), "a.xlsx", [(2, ["Meet"])], [],
    ),
    "a row after a great gap": (
        repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(TWO_ROWS + b'<row r="1048576">' + inline("A1048576", "Last") + b"</row>")),
        "a.xlsx", [(2, ["Meet"]), (1048576, ["Last"])], [],
    ),
    "a size that lies": (
        repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(TWO_ROWS).replace(
            b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')), "a.xlsx", [(2, ["Meet"])], [],
    ),
    "numbers, days and yes": (
        book(HEAD, [5.0, 46387], [True, __import__("datetime").datetime(2026, 12, 31)]), "a.xlsx",
        [(2, ["5", "46387"]), (3, ["Yes", "2026-12-31"])], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_as_words(name):
    data, file_name, rows, notes = READ[name]
    assert read(data, file_name) == (HEAD, rows, notes)


MACROS = "This file has macros (small programs) in it. Save it without macros, as .xlsx or .csv."
BROKEN = "This file is damaged or not complete. Open it, save it again and choose the new one."
TOO_BIG = "This file becomes too big when it is opened. Save the rows of the plan alone, without pictures."
NOT_XLSX = "The name of this file ends in .xlsx, but it is not an Excel workbook. Open it and save it as .xlsx or .csv."
NOT_WORDS = "This file holds signs that no text has. Open it, and save it as .xlsx or as CSV UTF-8."
NOT_CSV = "This file is not a plain table. Open it and save it as .xlsx, or as CSV UTF-8."
PACKED = (
    "This is not a plain table but a packed file. If it is a workbook, give it a name that ends in .xlsx."
)
MANY_COLUMNS = "This table has more than 100 columns. Take out those that are not of the plan."
NO_HEADINGS = "There is no row of headings in this file. The first row of the table names its columns."


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in files.items():
            made.writestr(name, body)
    return file.getvalue()


def types(data: bytes, kind: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return found.read("[Content_Types].xml").replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", kind
        )


MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
REFUSED = {
    "nothing": (b"", "a.csv", "This file is empty."),
    "white space": (b"\n\n \n", "a.csv", "This file is empty."),
    "headings alone": (b"Action,Due\n", "a.csv", "There are headings in this file and no row below them."),
    "headings alone in a workbook": (book(HEAD), "a.xlsx", "There are headings in this file and no row below them."),
    "one column": (b"Action\nMeet\n", "a.csv", NO_HEADINGS),
    "an empty workbook": (book(), "a.xlsx", "This file is empty."),
    "a password": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xlsx",
                   "This file has a password, or it is an old kind of Excel file. Save it without a password, as .xlsx or .csv."),
    "a name with macros": (PLAIN, "a.xlsm", MACROS),
    "macros inside": (repacked(PLAIN, xl__vbaProject_dot_bin=b"x"), "a.xlsx", MACROS),
    "a type with macros": (repacked(PLAIN, **{"[Content_Types]_dot_xml": types(PLAIN, MACRO_TYPE)}), "a.xlsx", MACROS),
    "entities in a sheet": (repacked(PLAIN, xl__worksheets__sheet1_dot_xml=LAUGHS), "a.xlsx", BROKEN),
    "an entity from outside": (repacked(PLAIN, xl__sharedStrings_dot_xml=OUTSIDE), "a.xlsx", BROKEN),
    "a zip bomb": (repacked(PLAIN, xl__media__image1_dot_png=b"0" * 90_000_000), "a.xlsx", TOO_BIG),
    "a sheet that is a bomb": (repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(b" " * 45_000_000)), "a.xlsx", TOO_BIG),
    "words that are a bomb": (repacked(PLAIN, xl__sharedStrings_dot_xml=b"<sst>" + b"<si><t/></si>" * 2_000_000 + b"</sst>"),
                              "a.xlsx", TOO_BIG),
    "styles that are a bomb": (repacked(PLAIN, xl__styles_dot_xml=b"<styleSheet>" + b"<x/>" * 600_000 + b"</styleSheet>"),
                               "a.xlsx", TOO_BIG),
    "a hundred thousand columns": ((",".join(["a"] * 100_000) + "\n" + ",".join(["b"] * 100_000)).encode(), "a.csv", MANY_COLUMNS),
    "as many in a workbook": (repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(
        b"<row>" + b"<c><v>1</v></c>" * 100_000 + b"</row>" + TWO_ROWS)), "a.xlsx", MANY_COLUMNS),
    "too many rows": (b"Action,Due\n" + b"Meet,2026-01-01\n" * 5021, "a.csv",
                      "This table has more than 5,000 rows. Cut it into several files."),
    "a table called a workbook": (CSV.encode(), "a.xlsx", NOT_XLSX),
    "a web page called a workbook": (b"<html><table><tr><td>Action</td></tr></table></html>", "a.xlsx", NOT_XLSX),
    "a zip called a workbook": (zipped(a=b"x"), "a.xlsx", NOT_XLSX),
    "a web page called a table": (b"  <!doctype html><table>", "a.csv", NOT_CSV),
    "a workbook called a table": (PLAIN, "a.csv", PACKED),
    "nul bytes": (b"Action,Due\nMe\x00et,2026\n", "a.csv", NOT_WORDS),
    "no text at all": (bytes(range(256)) * 8, "a.csv", NOT_WORDS),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 600, "a.csv", NOT_CSV),
    "a picture by its name": (b"\x89PNG\r\n\x1a\n" + b"0" * 600, "a.png", "Choose an Excel workbook (.xlsx) or a table (.csv)."),
    "a cell without an end": (b'Action,Due\n"' + b"x" * 200_000, "a.csv",
                              "One cell of this table holds more than 20,000 characters, or a quotation mark is not closed."),
    "a huge cell": (book(HEAD, ["x" * 30_000, ""]), "a.xlsx", "One cell of this table holds more than 20,000 characters."),
    "half a workbook": (PLAIN[: len(PLAIN) // 2], "a.xlsx", BROKEN),
    "a place that is none": (repacked(PLAIN, xl__worksheets__sheet1_dot_xml=sheet(b"<row>" + inline("ZZZZ1", "x") + b"</row>")),
                             "a.xlsx", BROKEN),
    "no sheet": (repacked(PLAIN, xl__worksheets__sheet1_dot_xml=b"not xml"), "a.xlsx", BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_a_sentence(name):
    data, file_name, reason = REFUSED[name]
    with pytest.raises(UploadRefused) as refused:
        read(data, file_name)
    assert str(refused.value) == reason


HEAVY = ["a size that lies"]
HEAVY_REFUSED = [
    "a zip bomb",
    "words that are a bomb",
    "styles that are a bomb",
    "a hundred thousand columns",
    "as many in a workbook",
]


@pytest.mark.parametrize("name", [*HEAVY, *HEAVY_REFUSED])
def test_no_file_takes_more_memory_than_is_allowed(name):
    data, file_name, *_ = {**READ, **REFUSED}[name]
    tracemalloc.start()
    try:
        with contextlib.suppress(UploadRefused):
            read(data, file_name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60 * 1024 * 1024  # what bringing in a spreadsheet may take (S6)
