"""Evidence files are taken for what they hold, and refused with a reason."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation import uploads
from foundation.file_field import EvidenceFileField
from foundation.uploads import UploadRefused, check_upload, safe_name

OFFICE = "application/vnd.openxmlformats-officedocument."


def png(width=2, height=2, tail=b"") -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0" * 6))
        + part(b"IEND", b"")
        + tail
    )


def jpeg(width=2, height=2, tail=b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    parts = b"\xff\xe0\x00\x04ok" + b"\xff\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
    return b"\xff\xd8" + parts + b"\xff\xda\x00\x02picture\xff\xd9" + tail


def pdf(inside=b"<< /Type /Catalog >>") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + inside + b"\nendobj\ntrailer\n%%EOF\n"


def packed(parts: dict[str, bytes | str], *, compression=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, words in parts.items():
            archive.writestr(name, words)
    return file.getvalue()


def types(main: str) -> str:
    return f'<Types><Override PartName="/x.xml" ContentType="{OFFICE}{main}.main+xml"/></Types>'


def docx(more: dict[str, bytes | str] | None = None, **options) -> bytes:
    word = {"[Content_Types].xml": types("wordprocessingml.document"), "word/document.xml": "<document/>"}
    return packed({**word, **(more or {})}, **options)


def opendocument(mime: str, more: dict[str, bytes | str] | None = None) -> bytes:
    return packed({"mimetype": mime, "content.xml": "<office/>", **(more or {})})


def check(content: bytes, name: str) -> str:
    """The kind of the file by its ending, or the reason why it is refused."""
    file = io.BytesIO(content)
    try:
        kind = check_upload(file, name, size=len(content))
    except UploadRefused as reason:
        return str(reason)
    finally:
        assert file.tell() == 0 or not content
    return kind.extension


@pytest.mark.requirement("R-W8")
@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (pdf(), "Report.PDF", "pdf"),
        (png(), "graph.png", "png"),
        (jpeg(), "photo.jpg", "jpg"),
        (jpeg(tail=b"written by a phone"), "photo.JPEG", "jpg"),
        (docx(), "plan.docx", "docx"),
        (packed({"[Content_Types].xml": types("spreadsheetml.sheet")}), "data.xlsx", "xlsx"),
        (packed({"[Content_Types].xml": types("presentationml.presentation")}), "slides.pptx", "pptx"),
        (opendocument("application/vnd.oasis.opendocument.text"), "plan.odt", "odt"),
        (opendocument("application/vnd.oasis.opendocument.spreadsheet"), "data.ods", "ods"),
    ],
)
def test_a_good_file_is_taken(content, name, extension):
    assert check(content, name) == extension


@pytest.mark.requirement("R-W8")
@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"<html><script>alert(1)</script></html>", "page.html", uploads.WRONG_KIND),
        (b"<html>", "report.pdf", uploads.WRONG_KIND),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.svg", uploads.WRONG_KIND),
        (b"MZ\x90\x00", "photo.png", uploads.WRONG_KIND),
        (b"GIF89a", "moving.gif", uploads.WRONG_KIND),
        (b"x", "notes.txt", uploads.WRONG_KIND),
        (packed({"anything.txt": "x"}), "files.zip", uploads.WRONG_KIND),
        (packed({"mimetype": "application/epub+zip"}), "book.odt", uploads.WRONG_KIND),
        (pdf(), "plan.docx", "This is a PDF, but its name does not end in .pdf. Change its name."),
        (docx(), "plan.xlsx", "This is a Word document, but its name does not end in .docx. Change its name."),
        (png(), "photo.png.html", "This is a PNG picture, but its name does not end in .png. Change its name."),
        (pdf()[:-8], "cut.pdf", uploads.BROKEN),
        (pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), "acts.pdf", uploads.HAS_PROGRAM),
        (pdf(b"<< /S /J#61vaScript >>"), "hides.pdf", uploads.HAS_PROGRAM),
        (pdf(b"x" * (uploads.CHUNK - 22) + b" /JavaScript "), "split.pdf", uploads.HAS_PROGRAM),
        (pdf(b"<< /EmbeddedFiles 3 0 R >>"), "carries.pdf", uploads.HAS_PROGRAM),
        (pdf(b"<< /Encrypt 3 0 R >>"), "locked.pdf", uploads.LOCKED),
        (png(tail=b"<script>"), "two.png", uploads.BROKEN),
        (png()[:-4], "cut.png", uploads.BROKEN),
        (png(50_001, 1_000), "huge.png", uploads.TOO_MANY_PIXELS),
        (png(0, 1), "none.png", uploads.BROKEN),
        (jpeg(10_000, 5_001), "huge.jpg", uploads.TOO_MANY_PIXELS),
        (jpeg()[:12], "cut.jpg", uploads.BROKEN),
        (jpeg()[:-2], "cut.jpg", uploads.BROKEN),
        (b"\xff\xd8\xff\xda\x00\x02\xff\xd9", "no-size.jpg", uploads.BROKEN),
        (docx({"word/vbaProject.bin": b"x"}), "macro.docx", uploads.HAS_MACROS),
        (docx({"word/activeX/activeX1.xml": "<x/>"}), "control.docx", uploads.HAS_MACROS),
        (docx({"word/embeddings/oleObject1.bin": b"x"}), "object.docx", uploads.HAS_MACROS),
        (
            packed({"[Content_Types].xml": types("wordprocessingml.document") + "application/vnd.ms-word.document.macroEnabled.main+xml"}),
            "macro.docx",
            uploads.HAS_MACROS,
        ),
        (opendocument("application/vnd.oasis.opendocument.text", {"Basic/Standard/one.xml": "<x/>"}), "m.odt", uploads.HAS_MACROS),
        (docx()[:-30], "cut.docx", uploads.BROKEN),
        (docx({"../../etc/passwd": "x"}), "climbs.docx", uploads.BROKEN),
        (docx({"word/bomb.xml": b" " * (uploads.MOST_UNPACKED + 1)}), "bomb.docx", uploads.TOO_BIG_INSIDE),
        (docx({f"word/{n}.xml": "" for n in range(uploads.MOST_PARTS)}), "parts.docx", uploads.TOO_BIG_INSIDE),
        (docx({"word/x.xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'}), "entity.docx", uploads.BROKEN),
        (docx({"word/x.xml": "<!doctype x>".encode("utf-16")}), "entity16.docx", uploads.BROKEN),
        (
            docx({"word/_rels/settings.xml.rels": '<R Type="x/attachedTemplate" Target="http://example.org/x" TargetMode="External"/>'}),
            "fetches.docx",
            "This file fetches a part of itself from somewhere else. Save it as a PDF.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "old.doc",
            "This is an old kind of Office file, or it has a password. Save it as .docx, .xlsx, .pptx or PDF.",
        ),
        (b"", "empty.pdf", "This file is empty."),
        (b"%PDF-" + b"x" * uploads.MOST_BYTES, "big.pdf", "Choose a file smaller than 10 MB."),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason(content, name, reason):
    assert check(content, name) == reason


def test_a_link_to_a_web_page_inside_a_document_is_no_reason_to_refuse():
    links = '<R Type="x/hyperlink" Target="https://example.org/" TargetMode="External"/>'
    assert check(docx({"word/_rels/document.xml.rels": links}), "links.docx") == "docx"


def test_a_part_that_is_longer_than_it_says_is_refused():
    content = docx({"word/lies.xml": b"a" * 5000}, compression=zipfile.ZIP_STORED)
    lying = content.replace(struct.pack("<II", 5000, 5000), struct.pack("<II", 5000, 10))
    assert lying != content
    assert check(lying, "lies.docx") == uploads.BROKEN


def test_a_locked_part_is_refused():
    content = bytearray(docx())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert check(bytes(content), "locked.docx") == uploads.LOCKED


def test_a_growing_file_is_looked_at_in_small_pieces():
    content = docx({"word/big.xml": b" " * (uploads.MOST_UNPACKED - 10_000)})
    tracemalloc.start()
    assert check(content, "big.docx") == "docx"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * uploads.MEGABYTE


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("C:\\work\\report.pdf", "report.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\u202efdp.exe\x00.pdf", "afdp.exe.pdf"),
        ('a"b;c<d>.pdf', "a_b_c_d_.pdf"),
        ("line\r\nbreak.pdf", "line break.pdf"),
        ("x" * 300 + ".pdf", "x" * 89 + ".pdf"),
        ("...", "file"),
        (".pdf", "file.pdf"),
    ],
)
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe
    assert len(safe) <= 100


class Form(forms.Form):
    file = EvidenceFileField()


def test_the_field_tells_the_kind_and_the_safe_name():
    form = Form({}, {"file": SimpleUploadedFile("re;port.pdf", pdf(), content_type="text/html")})
    assert form.is_valid()
    file = form.cleaned_data["file"]
    assert (file.name, file.kind.content_type, file.read()) == ("re_port.pdf", "application/pdf", pdf())


def test_the_field_tells_the_reason():
    form = Form({}, {"file": SimpleUploadedFile("page.pdf", b"<html>", content_type="application/pdf")})
    assert form.errors == {"file": [uploads.WRONG_KIND]}
    assert list(Form({}, {}).errors) == ["file"]
