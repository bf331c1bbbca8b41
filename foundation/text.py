"""Cleaning of words that people type, so that what is stored is what is shown and what reads back.

People paste from anywhere: word processors, phones, e-mails. Some characters cannot be stored (NUL on PostgreSQL, half a
character), some hide what a line says (right-to-left overrides), some show nothing at all. They are taken out here, once,
for every form. Scripts and emoji of every language stay whole.
"""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Characters that never belong in stored words:
# controls other than tab and newline; halves of a character (surrogates); code points that are not characters.
_NEVER = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + "".join(
    chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
# Direction overrides, embeddings and isolates can make a line read as something else than it says.
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
# Characters that show nothing. The joiners U+200C and U+200D stay: Persian, Indic scripts and family emoji need them.
_UNSEEN = "\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
_TAKEN_OUT = re.compile(f"[{_NEVER}{_DIRECTION}{_UNSEEN}]")
# Tag characters are only real inside a flag emoji (a black flag, then tags, then the end tag).
_FLAG_OR_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,10}\U000e007f)|[\U000e0000-\U000e007f]+")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Blank to the eye though Unicode calls them letters or symbols (Hangul fillers, the empty Braille cell).
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
# Marks piled on one letter. Living languages need four at most; a longer pile hides the lines around it,
# and putting thousands of them in order takes Unicode normalisation a very long time.
MARKS_ON_ONE_LETTER = 8


def clean_line(value: str | None) -> str:
    """Words that stand on one line: every run of white space, line breaks too, becomes one space."""
    return " ".join(_without_hidden(value).split()) if value else ""


def clean_text(value: str | None) -> str:
    """Words over several lines. Line breaks are kept and stored as LF, whatever the browser sent."""
    return _without_hidden(value).strip() if value else ""


def visible_length(value: str | None) -> int:
    """How many characters of the text can be seen: spaces, joiners and marks on their own do not count."""
    return sum(1 for character in value or "" if _can_be_seen(character))


def _can_be_seen(character: str) -> bool:
    return (
        character not in _BLANK_LETTERS
        and not character.isspace()
        and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Mn", "Me"}
    )


def _without_hidden(value: str) -> str:
    text = _NEWLINES.sub("\n", value)
    text = _TAKEN_OUT.sub("", text)
    if not text.isascii():
        text = _FLAG_OR_TAGS.sub(lambda found: found.group(1) or "", text)
        # Before, because normalising a long pile is slow; after, because one mark can become two.
        text = _fewer_marks(unicodedata.normalize("NFC", _fewer_marks(text)))
    return text if any(map(_can_be_seen, text)) else ""


def _fewer_marks(text: str) -> str:
    kept, pile = [], 0
    for character in text:
        pile = pile + 1 if unicodedata.combining(character) else 0
        if pile <= MARKS_ON_ONE_LETTER:
            kept.append(character)
    return "".join(kept)


class _CleanedField(forms.CharField):
    """A text field whose length is counted after cleaning, and that says how long the text was.

    The browser gets no ``maxlength``: it would cut pasted words without a word. The person is told instead, and keeps
    everything they typed.
    """

    clean_words = staticmethod(clean_line)

    def __init__(self, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.strip = False  # clean_words does it

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return self.empty_value
        text = str(value)
        # Far too long: say so before spending time on cleaning. The margin leaves room for what cleaning takes out.
        if self.max_length is not None and len(text) > 4 * self.max_length + 10_000:
            raise ValidationError(self._too_long_message(len(text)), code="max_length")
        cleaned = self.clean_words(text)
        if self.max_length is not None and len(cleaned) > self.max_length:
            raise ValidationError(self._too_long_message(len(cleaned)), code="max_length")
        return cleaned or self.empty_value

    def _too_long_message(self, length: int) -> str:
        return f"Use {self.max_length:,} characters or fewer. You used {length:,}."

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class LineField(_CleanedField):
    """A form field for words on one line. ``max_length`` is counted in characters after cleaning; 200 if not given."""


class WordsField(_CleanedField):
    """A form field for words over several lines. ``max_length`` is counted after cleaning; 5,000 if not given."""

    widget = forms.Textarea
    clean_words = staticmethod(clean_text)

    def __init__(self, *, max_length: int = 5000, rows: int = 5, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        if str(self.widget.attrs.get("rows", "10")) == "10":  # what Django gives when nobody said anything
            self.widget.attrs["rows"] = rows
        self.widget.attrs.pop("cols", None)  # width is the style sheet's work


class EmailLineField(_CleanedField, forms.EmailField):
    """A form field for one e-mail address, cleaned as a line first. At most 254 characters (RFC 5321)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 254)
        options.setdefault("error_messages", {}).setdefault(
            "invalid", "Enter an e-mail address in the right form, like name@example.com."
        )
        super().__init__(**options)
