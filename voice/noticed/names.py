"""Names of people, cautiously: where something beside a capital says that it is one."""

from collections.abc import Iterator

from .tokens import Kind, Noticed, Token
from .words import (
    AFTER_A_NAME,
    FIELD_WORDS,
    NAMING,
    NO_NAME,
    NO_NAME_BEFORE_A_VERB,
    OF_SOMEBODY,
    OWN,
    RELATIONS,
    TITLES,
    TITLES_IN_SMALL_LETTERS,
)


def names(tokens: list[Token], known: frozenset[str]) -> Iterator[Noticed]:
    """ "Mrs Smith", "my son Jack", "called Amy", "my name is jack", and two capitals in a row inside a sentence."""
    for index in range(len(tokens)):
        for length, skipped in (
            _with_title(tokens, index),
            _of_a_relation(tokens, index),
            _told(tokens, index),
        ):
            if length:
                yield _noticed(tokens, index + skipped, length)
    yield from _capitals_in_a_row(tokens, known)


def _noticed(tokens: list[Token], first: int, length: int) -> Noticed:
    return Noticed(Kind.NAME, tokens[first].start, tokens[first + length - 1].name_end)


def _with_title(tokens: list[Token], index: int) -> tuple[int, int]:
    """ "Mrs Smith", "Dr. Ann Smith", "mr smith"."""
    title = tokens[index]
    if title.plain not in TITLES or index + 1 >= len(tokens):
        return 0, 0
    following = tokens[index + 1]
    if not following.follows_short_form or following.plain in NO_NAME or following.has_digit:
        return 0, 0
    if title.is_capitalised:
        run = _run(tokens, index + 1)
        return (1 + run, 0) if run else (0, 0)
    return (2, 0) if title.plain in TITLES_IN_SMALL_LETTERS else (0, 0)


def _of_a_relation(tokens: list[Token], index: int) -> tuple[int, int]:
    """ "my son Jack", "her friend, Amy Lee", "my daughter lily is sad": only the name."""
    fits = (
        index > 0
        and tokens[index].plain in RELATIONS
        and tokens[index - 1].plain in (OF_SOMEBODY | {"social", "key"})
    )
    if (
        not fits
        or index + 1 >= len(tokens)
        or tokens[index + 1].gap.strip(" \u00a0") not in ("", ",", "(", "-", "–")
    ):
        return 0, 0
    run = _run(tokens, index + 1)
    return (1, 1) if not run and _in_small_letters(tokens, index) else (run, 1)


def _in_small_letters(tokens: list[Token], relation: int) -> bool:
    """Whether a name in small letters stands after the relation and before its verb, as people write on a phone."""
    if tokens[relation - 1].plain not in OWN or relation + 2 >= len(tokens):
        return False
    name, verb = tokens[relation + 1], tokens[relation + 2]
    together = name.gap == verb.gap == " " and verb.plain in AFTER_A_NAME
    none = NO_NAME | NO_NAME_BEFORE_A_VERB | FIELD_WORDS | AFTER_A_NAME
    is_verb = name.plain.endswith(("ed", "ing"))
    return together and name.text.isalpha() and len(name.text) > 1 and name.plain not in none and not is_verb


def _told(tokens: list[Token], index: int) -> tuple[int, int]:
    """ "called Amy", "my name is amy", "I'm Amy": only the name."""
    word = tokens[index].plain
    if word in NAMING:
        return _run(tokens, index + 1), 1
    says_name = word == "name's" or (word == "is" and index > 0 and tokens[index - 1].plain == "name")
    if not says_name and not (word == "name" and tokens[index].text.endswith("s")):
        return 0, 0
    if index + 1 >= len(tokens) or not tokens[index + 1].follows_closely:
        return 0, 0
    following = tokens[index + 1]
    run = _run(tokens, index + 1)
    if run or following.has_digit or following.plain in NO_NAME or len(following.text) < 2:
        return run, 1
    return 1, 1


def _run(tokens: list[Token], index: int) -> int:
    """How many capitalised words in a row from here could be a name; three at most."""
    length = 0
    while index + length < len(tokens) and length < 3:
        token = tokens[index + length]
        fits = token.is_capitalised and token.plain not in FIELD_WORDS and token.plain not in NO_NAME
        if not fits or (length and token.gap != " "):
            break
        length += 1
        if token.name_end != token.end:
            break  # "Jack's School": the name is Jack
    return length


def _capitals_in_a_row(tokens: list[Token], known: frozenset[str]) -> Iterator[Noticed]:
    """ "we saw Amy Lee there". Where a sentence begins, the first capital says nothing and is left out."""
    first = 0
    while first < len(tokens):
        if not _could_be_name(tokens[first]) or tokens[first].begins_sentence:
            first += 1
            continue
        last = first + 1
        while last < len(tokens) and tokens[last].gap == " " and _could_be_name(tokens[last]):
            last += 1
        row = tokens[first:last]
        if len(row) > 1 and not all(token.plain in known for token in row):
            yield _noticed(tokens, first, len(row))
        first = last


def _could_be_name(token: Token) -> bool:
    return token.is_capitalised and token.plain not in FIELD_WORDS
