"""Striking words out: from somebody's own words and the places to leave out, to words that others may read (R-V6).

Pure functions over one text. A place is counted in signs of the original as it is stored, which is never changed but by its
sender; `words_digest` tells whether it still is the text that was counted in.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from voice.models import StrikeReason
from voice.noticed import notice

MOST_STRIKES = 200
"""More places than anybody strikes out of one text."""

INSTEAD: dict[str, str] = {
    StrikeReason.NAME: "[name]",
    StrikeReason.SCHOOL: "[school]",
    StrikeReason.PLACE: "[place]",
    StrikeReason.CONTACT: "[contact]",
    StrikeReason.HEALTH: "[health detail]",
    StrikeReason.STAFF: "[member of staff]",
    StrikeReason.OTHER: "[left out]",
}
"""What stands where words were."""

NOTICED: dict[str, str] = {
    "name": StrikeReason.NAME,
    "school": StrikeReason.SCHOOL,
    "postcode": StrikeReason.PLACE,
    "address": StrikeReason.PLACE,
    "phone": StrikeReason.CONTACT,
    "email": StrikeReason.CONTACT,
    "link": StrikeReason.CONTACT,
}
"""The reason that each kind of what the portal notices suggests; any other kind is something else that tells who it is."""

_QUOTES = "'‘’ʼ′`´"
_CODED = re.compile(r"(\d{1,7})-(\d{1,7})-([a-z]{1,8})(-s)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One place of a text to leave out: from a sign to the first that stays, and why."""

    start: int
    end: int
    reason: str
    suggested: bool = False

    def coded(self) -> str:
        """As one word for a form: it holds no word of the text."""
        return f"{self.start}-{self.end}-{self.reason}{'-s' if self.suggested else ''}"

    def fits(self, text: str) -> bool:
        """Whether it is a place of this text, with a reason from the list."""
        return 0 <= self.start < self.end <= len(text) and self.reason in StrikeReason.values


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: the words, and why they are struck out, or nothing."""

    words: str
    reason: str = ""


def decoded(word: object) -> Span | None:
    """The span that `Span.coded` wrote, or None for anything else."""
    found = _CODED.fullmatch(str(word))
    return Span(int(found[1]), int(found[2]), found[3], bool(found[4])) if found else None


def suggestions(text: str, *, known: Iterable[str] = ()) -> list[Span]:
    """What the portal notices in it; `known` names are no person's. A moderator decides about each."""
    found = [
        Span(one.start, one.end, NOTICED.get(str(one.kind), StrikeReason.OTHER), suggested=True)
        for one in notice(text, known=known)
    ]
    return joined(span for span in found if span.fits(text))[:MOST_STRIKES]


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order and apart from one another: two that overlap become one, with the reason of the longer."""
    found: list[Span] = []
    for span in sorted(spans):
        last = found[-1] if found else None
        if last is None or span.start >= last.end:
            found.append(span)
            continue
        longer = span if span.end - span.start > last.end - last.start else last
        agreed = last.suggested and span.suggested
        found[-1] = Span(last.start, max(last.end, span.end), longer.reason, agreed)
    return found


def struck_out(text: str, spans: Iterable[Span]) -> str:
    """The text without those places, each with a word in brackets for what stood there."""
    return "".join(INSTEAD[piece.reason] if piece.reason else piece.words for piece in pieces(text, spans))


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The whole text in stretches, those that are struck out with their reason."""
    found, here = [], 0
    for span in joined(spans):
        if span.start > here:
            found.append(Piece(text[here : span.start]))
        found.append(Piece(text[span.start : span.end], span.reason))
        here = span.end
    if here < len(text):
        found.append(Piece(text[here:]))
    return found


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Where these words stand, whatever capitals, spaces and apostrophes they are written with.

    As whole words; inside longer ones only where they never stand alone, for languages that put no space between words.
    """
    tokens = words.split()
    if not tokens:
        return []
    inner = r"\s+".join(_loose(token) for token in tokens)
    for pattern in (rf"(?<!\w){inner}(?!\w)", inner):
        found = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
        if found:
            return found
    return []


def _loose(token: str) -> str:
    return "".join(f"[{_QUOTES}]" if sign in _QUOTES else re.escape(sign) for sign in token)


def come_back(text: str, spans: Iterable[Span], others: str, *, meant: str = "") -> list[str]:
    """The struck words that stand in `others` after all, as whole words with the same capitals.

    `meant` is what the strikes themselves left of the text: words of which only one of two places was struck out stand there
    too, as the moderator wanted.
    """
    struck = {text[span.start : span.end].strip() for span in spans}
    allowed = Counter({words: _times(words, meant) for words in struck})
    return sorted(words for words in struck if words and _times(words, others) > allowed[words])


def _times(words: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(words)}(?!\w)", text)) if words else 0


def words_digest(text: str) -> str:
    """A keyed hash by which a redaction knows the text that its strikes count in. No word can be read from it."""
    return _digest(text, settings.SECRET_KEY)


def counts_in(digest: str, text: str) -> bool:
    """Whether strikes with this hash count in this text: its sender may have changed the words meanwhile."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return bool(digest) and digest in {_digest(text, key) for key in keys}


def _digest(text: str, key: str | bytes) -> str:
    return salted_hmac("voice.strikes", text, secret=key, algorithm="sha256").hexdigest()
