"""Streets and schools."""

from collections.abc import Iterator

from .tokens import Kind, Noticed, Token
from .words import (
    BEFORE_A_SCHOOL,
    BEFORE_A_STREET,
    GENERIC_SCHOOL_WORDS,
    NO_STREET_NAME,
    SAINTS,
    SCHOOL_LEVELS,
    SCHOOL_TYPES,
    STREETS,
    STREETS_IN_SMALL_LETTERS,
    STREETS_WITHOUT_NUMBER,
)

_MOST_WORDS_BEFORE = 6


def addresses(tokens: list[Token], known: frozenset[str]) -> Iterator[Noticed]:
    """ "12 Oak Road", "flat 3, 12 oak road", and "Oak Road" with capitals."""
    for index, token in enumerate(tokens):
        if token.plain not in STREETS or index == 0:
            continue
        first = _street_begins(tokens, index, known)
        if first is not None:
            yield Noticed(Kind.ADDRESS, tokens[first].start, token.end)


def _street_begins(tokens: list[Token], last: int, known: frozenset[str]) -> int | None:
    street = tokens[last]
    first = last
    while first > max(last - 3, 0) and tokens[first].follows_closely and tokens[first - 1].is_capitalised:
        first -= 1
    named = first < last and street.is_capitalised
    if named and tokens[first].plain in BEFORE_A_STREET:
        first += 1  # "On Oak Road" at the beginning of a sentence
        named = first < last
    before = tokens[first - 1] if first else None
    if named and before is not None and _is_house_number(before) and tokens[first].follows_closely:
        return first - 1
    if named:
        own = all(one.plain in known for one in tokens[first : last + 1])
        return first if street.plain in STREETS_WITHOUT_NUMBER and not own else None
    if last < 2 or street.plain not in STREETS_IN_SMALL_LETTERS:
        return None
    name, number = tokens[last - 1], tokens[last - 2]
    fits = street.follows_closely and name.follows_closely and not name.has_digit
    return last - 2 if fits and _is_house_number(number) and name.plain not in NO_STREET_NAME else None


def _is_house_number(token: Token) -> bool:
    digits = token.text.rstrip("abcdefABCDEF")
    return digits.isdecimal() and len(digits) <= 4


def schools(tokens: list[Token], known: frozenset[str]) -> Iterator[Noticed]:
    """ "St Mary's Primary School", "Oakfield Academy", "Moor Park Primary", "at oakfield primary school"."""
    for index, token in enumerate(tokens):
        if not index or not (token.plain in SCHOOL_TYPES or _is_level_alone(tokens, index)):
            continue
        first = None if _names_a_street(tokens, index) else _school_begins(tokens, index)
        if first is not None and not all(one.plain in known for one in tokens[first : index + 1]):
            yield Noticed(Kind.SCHOOL, tokens[first].start, token.name_end)


def _names_a_street(tokens: list[Token], index: int) -> bool:
    """Whether a street is called after it: "Old College Road"."""
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is None or not after.follows_closely or not after.is_capitalised:
        return False
    # Of the others `addresses` knows none without its number: then it is a school.
    return after.plain in STREETS_WITHOUT_NUMBER


def _is_level_alone(tokens: list[Token], index: int) -> bool:
    """Whether this is the last word of "St Mary's Primary": nothing capitalised and no kind of school comes after."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    of_a_saint = any(one.plain in SAINTS for one in tokens[max(index - 3, 0) : max(index - 1, 0)])
    if token.plain not in SCHOOL_LEVELS or not (token.is_capitalised or of_a_saint):
        return False
    return after is None or not (
        after.follows_closely and (after.is_capitalised or after.plain in SCHOOL_TYPES | SCHOOL_LEVELS)
    )


def _school_begins(tokens: list[Token], last: int) -> int | None:
    if not tokens[last].follows_closely:
        return None
    lowest = max(last - _MOST_WORDS_BEFORE, 0)
    first = last
    while first > lowest:
        before = tokens[first - 1]
        if not (tokens[first].follows_closely or (before.plain == "st" and tokens[first].follows_short_form)):
            break
        inside = (
            before.is_capitalised or before.plain in SCHOOL_LEVELS or before.text in ("C", "E", "CE", "RC")
        )
        joins = (
            before.plain in ("of", "and", "the") and first - 1 > lowest and tokens[first - 2].is_capitalised
        )
        if not (inside or joins):
            break
        first -= 1
    while first < last and (tokens[first].plain in GENERIC_SCHOOL_WORDS or not tokens[first].is_capitalised):
        first += 1
    if first < last:
        return first
    return _in_small_letters(tokens, last)


def _in_small_letters(tokens: list[Token], last: int) -> int | None:
    """ "st mary's school" and "at oakfield primary school", as people write on a phone."""
    name = last - 1
    while name > max(last - 3, 0) and tokens[name].plain in SCHOOL_LEVELS:
        name -= 1
    if tokens[name].has_digit or not all(one.follows_closely for one in tokens[name + 1 : last + 1]):
        return None
    if name and tokens[name - 1].plain in SAINTS and tokens[name].plain not in GENERIC_SCHOOL_WORDS:
        return name - 1
    fits = name > 0 and tokens[name - 1].plain in BEFORE_A_SCHOOL and tokens[name].follows_closely
    word = tokens[name].plain
    return name if fits and len(word) > 3 and word not in GENERIC_SCHOOL_WORDS | SCHOOL_TYPES else None
