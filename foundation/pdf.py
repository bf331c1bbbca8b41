"""PDF files, made from a page of ours by WeasyPrint, which is an optional part (`pip install` of the extra `pdf`).

It runs as a process of its own for each file, so that its fonts and its memory are gone when the file is done, and a page
that takes too long is stopped. It reads the HTML it is given and nothing else: no file, no address.
"""

import hashlib
import subprocess
import sys
from collections import OrderedDict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 25
"""Seconds; the web server gives up a request soon after."""


_HOW: dict[str, Any] = {"capture_output": True, "timeout": LONGEST, "check": True, "cwd": ROOT}


class NoPdf(Exception):
    """No PDF can be made here: the part is not installed, or it failed. The printed page is what there is."""


def can_make_pdf() -> bool:
    """Whether WeasyPrint is installed. Whether its own libraries are there is known when it runs."""
    return find_spec("weasyprint") is not None


def make_pdf(html: str, *, style: str = "") -> bytes:
    """The page as an accessible PDF (PDF/UA-1), drawn with our own style sheet `static/pdf/<style>.css`. Raises NoPdf."""
    if not can_make_pdf():
        raise NoPdf("WeasyPrint is not installed")
    sheets = [str(ROOT / "static" / "pdf" / f"{style}.css")] if style else []
    command = [sys.executable, "-m", "foundation.pdf", *sheets]
    try:
        done = subprocess.run(command, input=html.encode(), **_HOW)  # noqa: S603 - our own module, no shell
    except (subprocess.SubprocessError, OSError) as error:
        raise NoPdf(type(error).__name__) from error
    return done.stdout


MOST_KEPT, BIGGEST_KEPT = 2, 4 * 1024 * 1024
_kept: OrderedDict[bytes, bytes] = OrderedDict()


def make_pdf_once(html: str, *, style: str = "") -> bytes:
    """As `make_pdf`, for a page that anybody may ask for: the last few are kept in memory and made again only when the page
    that they are made of says something else. Raises NoPdf."""
    key = hashlib.blake2b(f"{style}\0{html}".encode(), digest_size=16).digest()
    made = _kept.pop(key, None) or make_pdf(html, style=style)
    if len(made) <= BIGGEST_KEPT:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _write() -> None:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    html = sys.stdin.buffer.read().decode()
    page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=()))  # nothing else is read
    sheets = [CSS(string=Path(name).read_text()) for name in sys.argv[1:]]
    sys.stdout.buffer.write(page.write_pdf(stylesheets=sheets, pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    _write()
