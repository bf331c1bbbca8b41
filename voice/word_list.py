"""Finding words of the safety list in what somebody sends (R-S1). It raises a mark and does nothing else.

Whole words and their simple endings, whatever the case and the accents. Each place of the text is looked at a fixed number
of times, so that the time grows as the text does and no faster.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

MOST_WORDS = 5
"""An entry of the list has so many words at most."""
SHORTEST_WITH_ENDING = 3
"""Shorter words have no endings here: "me" is not looked for as "mes"."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = frozenset("'’‘ʼ＇`´")
_VOWELS = frozenset("aeiou")
_NOT_DOUBLED = frozenset("wxy")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: small letters, no accents, "don't" as "dont"."""
    if text.isascii():
        return _WORD.findall(text.lower().replace("'", "").replace("`", ""))
    # Letter by letter: putting a long pile of marks in order would take ever longer.
    plain = "".join(map(_plain_letter, text))
    return _WORD.findall(plain)


def folded(text: str) -> str:
    """An entry of the list as it is compared."""
    return " ".join(words_of(text))


def _plain_letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return ""
    kept = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(part for part in kept if unicodedata.category(part) not in ("Mn", "Mc", "Me", "Cf"))


def forms_of(word: str) -> Iterator[str]:
    """A word and its simple endings: abuse, abuses, abused, abusing; hit, hits, hitting; worry, worries, worried."""
    yield word
    if len(word) < SHORTEST_WITH_ENDING:
        return
    yield from (f"{word}{ending}" for ending in ("s", "es", "ed", "ing"))
    if word.endswith("e"):
        yield from (f"{word}d", f"{word[:-1]}ing")
    elif word.endswith("y"):
        yield from (f"{word[:-1]}ies", f"{word[:-1]}ied")
    elif _doubles(word):
        yield from (f"{word}{word[-1]}ed", f"{word}{word[-1]}ing")


def _doubles(word: str) -> bool:
    """Whether its last letter is written twice before an ending: hit, but not hear or cry."""
    before, vowel, last = tuple(word[-3:])
    return (
        vowel in _VOWELS
        and before not in _VOWELS
        and last.isalpha()
        and last not in _VOWELS
        and last not in _NOT_DOUBLED
    )


class WordList:
    """The list made ready: every form leads to its words, and the words to entries."""

    def __init__(self, entries: Iterable[tuple[int, str]]) -> None:
        self._forms: dict[str, set[str]] = {}
        self._first: _Step = _Step()
        for key, entry in entries:
            self._add(key, words_of(entry)[:MOST_WORDS])

    def _add(self, key: int, words: list[str]) -> None:
        step = self._first
        for word in words:
            for form in forms_of(word):
                self._forms.setdefault(form, set()).add(word)
            step = step.then.setdefault(word, _Step())
        if words:
            step.keys.add(key)

    def find(self, text: str) -> set[int]:
        """The keys of the entries that stand in the text."""
        # Each place is None, or the words of the list that it may be a form of.
        meant = [self._forms.get(word) for word in words_of(text)]
        return {key for place in range(len(meant)) if meant[place] for key in self._begins_at(meant, place)}

    def _begins_at(self, meant: list[set[str] | None], place: int) -> Iterator[int]:
        steps = [self._first]
        for words in meant[place : place + MOST_WORDS]:
            steps = [step.then[word] for step in steps for word in words or () if word in step.then]
            for step in steps:
                yield from step.keys
            if not steps:
                return


class _Step:
    """One word of an entry: the entries that end with it, and the words that may come next."""

    __slots__ = ("keys", "then")

    def __init__(self) -> None:
        self.keys: set[int] = set()
        self.then: dict[str, _Step] = {}
