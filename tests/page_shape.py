"""What axe looks at in a page, so that it need not read a second page of the same make (`axe` in `tests/conftest.py`)."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser

FREE = {"href", "action", "src", "datetime", "content", "title"}
"""Attributes of which axe asks whether something stands in them, not what."""


def shape_of(html: str, size: object) -> str:
    """Name the make of a page: its elements, their attributes, and where words stand, at one size of the window.

    Which words and numbers stand there does not count. A page that differs in one element, one class, one label that is
    missing or one id that fits nothing has another name.
    """
    parser = _Shape()
    parser.feed(html)
    return hashlib.sha256(f"{size}\n{parser.found()}".encode()).hexdigest()


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []

    def found(self) -> str:
        return "\n".join(self._parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        for name in FREE & told.keys() | ({"value"} & told.keys()):
            told[name] = "something" if (told[name] or "").strip() else ""
        known = (f"{name}={re.sub(r'[0-9]+', '0', value or '')}" for name, value in sorted(told.items()))
        self._parts.append(" ".join([tag, *known]))

    def handle_endtag(self, tag: str) -> None:
        self._parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip() and self._parts[-1:] != ["words"]:
            self._parts.append("words")
