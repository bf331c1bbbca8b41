"""How easy words are to read: sentences of a page that are the portal's own, their length, and their grade (R-X6).

The grade is Flesch and Kincaid's: 0.39 x words in a sentence + 11.8 x syllables in a word - 15.59. Syllables are counted by
the vowels, as every such count does, so a grade is a guide. Only whole sentences count: a heading, a label or a cell of a table
that ends without a stop would make a page look easier than it is. Published words and where they come from are left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

QUOTED = {
    "blockquote",
    "q",
    "cite",
    "code",
    "figcaption",
    "script",
    "style",
    "svg",
    "title",
    "option",
    "textarea",
}
BLOCKS = {
    *["p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "legend", "label", "summary", "caption", "div", "section"],
    *["ul", "ol", "dl", "main", "table", "tr", "form", "fieldset", "details", "article", "nav", "header", "footer", "br"],
}  # fmt: skip
VOID = {"br", "img", "input", "meta", "link", "hr", "path", "rect", "circle"}


@dataclass(frozen=True)
class Words:
    """The sentences of one page."""

    sentences: list[str]

    @property
    def words(self) -> list[str]:
        return [word for sentence in self.sentences for word in words_of(sentence)]

    @property
    def average(self) -> float:
        """Words in a sentence."""
        return len(self.words) / max(len(self.sentences), 1)

    @property
    def grade(self) -> float:
        """The school grade of Flesch and Kincaid."""
        if not self.words:
            return 0.0
        syllables = sum(map(syllables_in, self.words))
        return 0.39 * self.average + 11.8 * syllables / len(self.words) - 15.59


def words_of(sentence: str) -> list[str]:
    """The words of a sentence; a number, an address or a sign on its own is none."""
    return re.findall(r"[A-Za-z][A-Za-z’'-]*", re.sub(r"\S*[/@]\S*", " ", sentence))


def syllables_in(word: str) -> int:
    """Groups of vowels, less an e that is not spoken; a word of capitals is read letter by letter."""
    word = word.strip("’'-")
    if word.isupper() and len(word) > 1:
        return len(word)
    return sum(_syllables_in_part(part) for part in re.sub(r"[’']", "", word.lower()).split("-") if part)


def _syllables_in_part(word: str) -> int:
    count = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouy](e|es|ed)$", word)
    # Spoken after all: little, wanted, voices.
    spoken = re.search(r"([^aeiouy]les?|[td]ed|([sxzcg]|ch|sh)es)$", word)
    return max(count - bool(silent and not spoken), 1)


def sentences_of(text: str) -> list[str]:
    """The whole sentences of one block of words; what is left without a stop is none."""
    text = " ".join(text.split())
    return [
        found.strip()
        for found in re.findall(r"[^.!?]+(?:[.!?](?=[^\s”)]\S*)[^.!?]*)*[.!?]+[”)]*", text)
        if len(found.split()) > 1
    ]


def _is_a_document(tag: str, given: dict[str, str | None]) -> bool:
    """The title of a published document, which is a name and not a sentence of ours."""
    return tag == "a" and (given.get("href") or "").startswith("/sources/")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = [""]
        self.quoted: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self.inside = True
        if tag in BLOCKS:
            self.blocks.append("")
        if tag not in VOID and (self.quoted or tag in QUOTED or _is_a_document(tag, given)):
            self.quoted.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.inside = False
        if tag in BLOCKS:
            self.blocks.append("")
        if self.quoted and tag not in VOID:
            self.quoted.pop()

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1] += "" if self.quoted else data


def own_words(page: str, *, names: Sequence[str] = ()) -> Words:
    """The portal's own sentences in the main part of a page. Each of `names` is read as "It"."""
    reader = _Reader()
    reader.feed(page)
    found: list[str] = []
    for block in reader.blocks:
        plain = " ".join(re.sub(r"“[^”]*”", "“…”", block).split())  # quoted in passing
        for name in names:
            plain = plain.replace(" ".join(name.split()), "It")
        found += [sentence for sentence in sentences_of(plain) if len(words_of(sentence)) > 1]
    return Words(found)
