"""E-mail addresses, dates of birth, postcodes, NHS numbers and phone numbers."""

import re
from collections.abc import Iterator

from .tokens import Kind, Noticed, Token
from .words import BIRTH_WORDS, MONTHS, POSTCODE_AREAS

_IN_MAILBOX = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-'")
_IN_DOMAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")


def emails(text: str) -> Iterator[Noticed]:
    """name@example.org. Each side is read once, from the sign outwards, and no further than an address may be long."""
    at = text.find("@")
    while at != -1:
        start = at
        while start > max(at - 64, 0) and text[start - 1] in _IN_MAILBOX:
            start -= 1
        end = at + 1
        while end < min(at + 255, len(text)) and text[end] in _IN_DOMAIN:
            end += 1
        while start < at and text[start] in ".'-":
            start += 1
        domain = text[at + 1 : end].rstrip(".-")
        if start < at and "." in domain and len(domain.rpartition(".")[2]) >= 2:
            yield Noticed(Kind.EMAIL, start, at + 1 + len(domain))
        at = text.find("@", at + 1)


def dates_of_birth(tokens: list[Token]) -> Iterator[Noticed]:
    """A date near a word of birth: "born on 3 March 2015", "dob 03/03/15". Other dates are nobody's secret."""
    births = [index for index, token in enumerate(tokens) if token.plain in BIRTH_WORDS]
    births += [
        index
        for index, token in enumerate(tokens[:-2])
        if [one.plain for one in tokens[index : index + 3]] == ["d", "o", "b"]
    ]
    for birth in births:
        first, last = max(birth - 7, 0), min(birth + 9, len(tokens))
        index = first
        while index < last:
            length = _date_at(tokens, index)
            if length:
                yield Noticed(Kind.DATE_OF_BIRTH, tokens[index].start, tokens[index + length - 1].end)
            index += length or 1


def _date_at(tokens: list[Token], index: int) -> int:
    """How many words from here are a date; 0 if none."""
    words = [token.plain for token in tokens[index : index + 4]]
    gaps = [token.gap.strip(" ,") for token in tokens[index + 1 : index + 4]]
    if re.fullmatch(r"\d{1,4}-\d{1,2}-\d{1,4}", words[0]):
        return 1
    if len(words) > 2 and gaps[0] in ("/", ".") and gaps[1] == gaps[0] and all(map(_is_short, words[:3])):
        return 3
    if gaps[:1] != [""]:
        return 0
    rest = words
    day = 0
    if re.fullmatch(r"\d{1,2}(st|nd|rd|th)?", words[0]):
        rest = words[2:] if words[1:2] == ["of"] else words[1:]
        day = len(words) - len(rest)
    if not rest or rest[0] not in MONTHS:
        return 0
    after = rest[1:3]
    if not day and after and re.fullmatch(r"\d{1,2}(st|nd|rd|th)?", after[0]):
        return 3 if len(after) > 1 and re.fullmatch(r"\d{4}", after[1]) else 2
    if after and re.fullmatch(r"\d{4}|\d{2}", after[0]):
        return day + 2
    return day + 1 if day else 0


def _is_short(word: str) -> bool:
    return word.isdecimal() and len(word) <= 4


_WHOLE_POSTCODE = re.compile(r"([a-z]{1,2})[0-9][0-9a-z]?([0-9][abd-hjlnp-uw-z]{2})")
_ORDINALS = ("1st", "2nd", "3rd")


def postcodes(tokens: list[Token]) -> Iterator[Noticed]:
    """A whole postcode, in large or small letters, in one word or in two."""
    for index, token in enumerate(tokens):
        if _is_postcode(token.plain.replace("-", "")):
            yield Noticed(Kind.POSTCODE, token.start, token.end)
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or len(following.text) != 3 or following.gap.strip(" \u00a0") != "":
            continue
        if following.plain not in _ORDINALS and _is_postcode(token.plain + following.plain):
            yield Noticed(Kind.POSTCODE, token.start, following.end)


def _is_postcode(word: str) -> bool:
    match = _WHOLE_POSTCODE.fullmatch(word) if 5 <= len(word) <= 7 else None
    return match is not None and match[1] in POSTCODE_AREAS


# Groups of digits with at most two marks between: "07700 900 123", "(01632) 960-001", "+44 (0)7700 900123".
_DIGITS = re.compile(r"[0-9]++")
_BETWEEN = frozenset(["", " ", "\u00a0", "-", ".", "  ", ") ", ")", " (", "(", " - ", "–"])
_MOST_GROUPS = 8


def long_numbers(text: str) -> Iterator[Noticed]:
    """NHS numbers, known by their check digit, and phone numbers as they are usually spelt."""
    groups = [match for match in _DIGITS.finditer(text) if not _is_in_word(text, match.start(), match.end())]
    index = 0
    while index < len(groups):
        kind, used = _number_at(text, groups[index : index + _MOST_GROUPS])
        if kind is not None:
            yield Noticed(kind, _with_plus(text, groups[index].start()), groups[index + used - 1].end())
        index += used or 1


def _number_at(text: str, groups: list[re.Match[str]]) -> tuple[Kind | None, int]:
    """The longest number that begins with the first group, and how many groups it has."""
    digits, kind, used = "", None, 0
    plus = _with_plus(text, groups[0].start()) < groups[0].start()
    for count, group in enumerate(groups, start=1):
        if count > 1 and text[groups[count - 2].end() : group.start()] not in _BETWEEN:
            break
        digits += group[0]
        if len(digits) > 15:
            break
        if is_nhs_number(digits) and _reads_3_3_4(groups[:count]):
            kind, used = Kind.NHS_NUMBER, count
        elif _is_phone(digits, plus=plus):
            kind, used = Kind.PHONE, count
    return kind, used


def _is_phone(digits: str, *, plus: bool) -> bool:
    """A whole British number: 10 or 11 digits from a nought, or the same with 44 before it; or a mobile number whose
    nought was left out."""
    if plus or digits.startswith("0044"):
        abroad = digits.removeprefix("00")
        if not abroad.startswith("44"):
            return plus and 10 <= len(digits) <= 15
        digits = "0" + abroad[2:].removeprefix("0")
    if len(digits) == 10 and digits[0] == "7" and digits[1] in "345789":
        return True
    if len(digits) < 10 or digits[0] != "0" or digits[1] not in "1235789":
        return False
    return len(digits) == 11 or (len(digits) == 10 and digits[1] in "18")


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last is right for the others (modulus 11)."""
    if len(digits) != 10 or digits[0] == "0" or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = 11 - total % 11
    return (0 if check == 11 else check) == int(digits[9])


def _reads_3_3_4(groups: list[re.Match[str]]) -> bool:
    return [len(group[0]) for group in groups] in ([10], [3, 3, 4])


def _with_plus(text: str, start: int) -> int:
    """Where the number begins with its plus or bracket."""
    while start > 0 and text[start - 1] in "+(":
        start -= 1
        if text[start] == "+":
            break
    return start


def _is_in_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isalpha() or after.isalpha()
