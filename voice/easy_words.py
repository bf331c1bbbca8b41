"""An answer in Easy Read: two or three short sentences that its service writes beside the whole answer (R-Z8, R-X7)."""

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice.models import Response

MOST_WORDS = 15
"""Words in one sentence of Easy Read."""
_SAYS = ("kind", "you_said", "we_did", "difference", "progress", "do_by")


def long_sentence(text: str) -> str:
    """The first sentence that has more words than Easy Read allows; empty where none has."""
    sentences = (sentence.strip() for sentence in re.split(r"[.!?][”’\"')]*\s+", text))
    return next((sentence for sentence in sentences if len(sentence.split()) > MOST_WORDS), "")


def mark_of(answer: "Response") -> str:
    """What tells whether the whole answer still says what it said when its easy words were written."""
    said = repr([str(getattr(answer, name) or "") for name in _SAYS])
    return hashlib.sha256(said.encode()).hexdigest()
