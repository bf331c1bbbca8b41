"""Evidence files: what a file is, judged by its content and not by its name (R-W8, F23).

PDF, PNG, JPEG, Word, Excel, PowerPoint and the OpenDocument text and sheet are taken. Files that can run something, hide
something, or grow huge when opened are refused, with a reason that tells the person what to do. Only Python's own library
is used, and no file is read into memory as a whole.
"""

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple

from .text import clean_line

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_UNPACKED = 60 * MEGABYTE  # an office file of 10 MB is mostly pictures, which do not grow
MOST_PARTS = 2000
MOST_PIXELS = 50_000_000  # a phone's largest photograph; more is a picture made to fill memory
CHUNK = 64 * 1024


class FileKind(NamedTuple):
    """A kind of file that is taken."""

    extension: str
    content_type: str
    label: str


PDF = FileKind("pdf", "application/pdf", "PDF")
PNG = FileKind("png", "image/png", "PNG picture")
JPEG = FileKind("jpg", "image/jpeg", "JPEG picture")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileKind("docx", _OFFICE + "wordprocessingml.document", "Word document")
XLSX = FileKind("xlsx", _OFFICE + "spreadsheetml.sheet", "Excel spreadsheet")
PPTX = FileKind("pptx", _OFFICE + "presentationml.presentation", "PowerPoint slides")
ODT = FileKind("odt", "application/vnd.oasis.opendocument.text", "OpenDocument text")
ODS = FileKind("ods", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet")
KINDS = (PDF, PNG, JPEG, DOCX, XLSX, PPTX, ODT, ODS)
_SAME_AS = {"jpeg": "jpg"}

WRONG_KIND = "Choose a PDF, a PNG or JPEG picture, or a Word, Excel, PowerPoint or OpenDocument file."
HAS_MACROS = "This file has macros (small programs) in it. Save it without macros, or as a PDF."
HAS_PROGRAM = "This PDF has a program or another file inside it. Print it to a new PDF and choose that one."
BROKEN = "This file is damaged or not complete. Open it, save it again and choose the new one."
LOCKED = "This file is locked with a password. Save it without the password."
TOO_BIG_INSIDE = "This file becomes too big when it is opened. Save a smaller one, or a PDF."
TOO_MANY_PIXELS = "This picture is too big. Choose one with fewer than 50 million pixels."


class UploadRefused(ValueError):
    """The file is not taken. ``str()`` is the reason, in words for the person who chose it."""


def check_upload(file: BinaryIO, name: str, *, size: int, most_bytes: int = MOST_BYTES) -> FileKind:
    """The kind of the file, or UploadRefused with the reason. ``size`` in bytes. The file is left at its start.

    The ending of the name must fit the content, so that what people download opens as what it is.
    """
    if size > most_bytes:
        raise UploadRefused(f"Choose a file smaller than {most_bytes // MEGABYTE} MB.")
    if size == 0:
        raise UploadRefused("This file is empty.")
    try:
        kind = _kind_of(file, size)
    finally:
        file.seek(0)
    extension = PurePosixPath(name.lower()).suffix.lstrip(".")
    if _SAME_AS.get(extension, extension) != kind.extension:
        raise UploadRefused(
            f"This is a {kind.label}, but its name does not end in .{kind.extension}. Change its name."
        )
    return kind


def safe_name(name: str) -> str:
    """A file name to show and to offer for download: one line, no folders, at most 100 characters, the ending kept."""
    line = clean_line(name).replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = re.sub(r'[<>:"|?*;%]', "_", line).rstrip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    # At most 100 in all: the stem, the dot and an ending of up to ten.
    return f"{stem.strip('. ')[:89] or 'file'}{dot}{ending[:10]}"


def _kind_of(file: BinaryIO, size: int) -> FileKind:
    file.seek(0)
    start = file.read(16)
    if start.startswith(b"%PDF-"):
        return _check_pdf(file, size)
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return _check_png(file, size)
    if start.startswith(b"\xff\xd8\xff"):
        return _check_jpeg(file, size)
    if start.startswith(b"PK\x03\x04"):
        return _check_zip(file)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # old Office, and new Office with a password
        raise UploadRefused(
            "This is an old kind of Office file, or it has a password. Save it as .docx, .xlsx, .pptx or PDF."
        )
    raise UploadRefused(WRONG_KIND)


# Names that make a reader act by itself. "#" hides letters in PDF names, so those are undone first.
_PDF_ACTS = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR)(?![A-Za-z])"
)
_PDF_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z])")
_PDF_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def _check_pdf(file: BinaryIO, size: int) -> FileKind:
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise UploadRefused(BROKEN)
    file.seek(0)
    carried = b""
    while chunk := file.read(CHUNK):
        window = _PDF_HEX.sub(lambda found: bytes([int(found.group(1), 16)]), carried + chunk)
        if _PDF_ACTS.search(window):
            raise UploadRefused(HAS_PROGRAM)
        if _PDF_LOCKED.search(window):
            raise UploadRefused(LOCKED)
        carried = chunk[-64:]
    return PDF


def _check_png(file: BinaryIO, size: int) -> FileKind:
    """Walk the parts of a PNG: the header first, the end last and nothing behind it."""
    place, first = 8, True
    while True:
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            raise UploadRefused(BROKEN)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        if first:
            if name != b"IHDR" or length != 13:
                raise UploadRefused(BROKEN)
            _check_pixels(int.from_bytes(file.read(4), "big"), int.from_bytes(file.read(4), "big"))
            first = False
        place += 12 + length
        if place > size:
            raise UploadRefused(BROKEN)
        if name == b"IEND":
            if place != size:
                raise UploadRefused(BROKEN)  # another file hidden behind the picture
            return PNG


_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _check_jpeg(file: BinaryIO, size: int) -> FileKind:
    """Walk the parts of a JPEG up to the picture itself; its size must have been told by then."""
    place, told = 2, False
    while True:
        file.seek(place)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            raise UploadRefused(BROKEN)
        marker = head[1]
        if marker == 0xFF:  # a filling byte
            place += 1
            continue
        length = int.from_bytes(head[2:], "big")
        if length < 2 or place + 2 + length > size:
            raise UploadRefused(BROKEN)
        if marker in _JPEG_SIZES:
            frame = file.read(5)
            _check_pixels(int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big"))
            told = True
        if marker == 0xDA:
            break
        place += 2 + length
    file.seek(max(0, size - CHUNK))  # phones write a little of their own behind the end
    if not told or b"\xff\xd9" not in file.read():
        raise UploadRefused(BROKEN)
    return JPEG


def _check_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise UploadRefused(BROKEN)
    if width * height > MOST_PIXELS:
        raise UploadRefused(TOO_MANY_PIXELS)


_MACRO_PART = re.compile(
    r"vbaproject|vbadata|macrosheets/|dialogsheets/|/activex/|oleobject|/embeddings/.*\.bin$|\.(exe|dll|js|vbs|bat|cmd|ps1|jar|com|scr|hta)$"
    r"|^basic/|^scripts/|^object \d+/.*\.bin$",
    re.IGNORECASE,
)
_MACRO_TYPE = re.compile(rb"macroEnabled|vnd\.ms-office\.(vbaProject|activeX)|macrosheet", re.IGNORECASE)
_OUTSIDE_TEMPLATE = re.compile(rb"attachedTemplate|/oleObject|/frame\"", re.IGNORECASE)
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MAIN_TYPES = (
    (DOCX, b"wordprocessingml.document.main+xml"),
    (XLSX, b"spreadsheetml.sheet.main+xml"),
    (PPTX, b"presentationml.presentation.main+xml"),
)


def _check_zip(file: BinaryIO) -> FileKind:
    """Office files are zip files. Look at every part, unpacking no more than 60 MB and keeping none of it."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            kind = _office_kind(archive, {part.filename for part in parts})
            for part in parts:
                _read_part(archive, part)
    except UploadRefused:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise UploadRefused(BROKEN) from error
    return kind


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UploadRefused(TOO_BIG_INSIDE)
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise UploadRefused(BROKEN)  # two parts of one name: programs differ in which they open
    for part in parts:
        if part.flag_bits & 0x1:
            raise UploadRefused(LOCKED)
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise UploadRefused(BROKEN)
        if _MACRO_PART.search(part.filename):
            raise UploadRefused(HAS_MACROS)


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "[Content_Types].xml" in names:
        types = _beginning(archive, "[Content_Types].xml")
        if _MACRO_TYPE.search(types):
            raise UploadRefused(HAS_MACROS)
        for kind, main_type in _MAIN_TYPES:
            if main_type in types:
                return kind
    elif "mimetype" in names:
        mime = _beginning(archive, "mimetype").strip()
        for kind in (ODT, ODS):
            if mime == kind.content_type.encode():
                return kind
    raise UploadRefused(WRONG_KIND)


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MEGABYTE)


def _read_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack one part, a piece at a time: its checksum must fit, and its XML must not reach for anything outside."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".rdf", ".vml"))
    is_link_list = part.filename.lower().endswith(".rels")
    carried, real_size = b"", 0
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK):
            real_size += len(chunk)
            if real_size > part.file_size:
                raise UploadRefused(TOO_BIG_INSIDE)
            if is_xml:
                # Without the zero bytes, so that the same words in UTF-16 are seen too.
                window = (carried + chunk).replace(b"\x00", b"")
                if _ENTITY.search(window):
                    raise UploadRefused(BROKEN)
                if is_link_list and _OUTSIDE_TEMPLATE.search(window) and b'TargetMode="External"' in window:
                    raise UploadRefused(
                        "This file fetches a part of itself from somewhere else. Save it as a PDF."
                    )
                carried = chunk[-256:]
    if real_size != part.file_size:
        raise UploadRefused(BROKEN)
