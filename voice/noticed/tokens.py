"""A text as words with the places where they stand."""

import re
from dataclasses import dataclass

from django.db import models


class Kind(models.TextChoices):
    """What was noticed, in plain words that fit after "It looks like there is"."""

    NAME = "name", "a name"
    PHONE = "phone", "a phone number"
    POSTCODE = "postcode", "a postcode"
    SCHOOL = "school", "the name of a school"
    NHS_NUMBER = "nhs_number", "an NHS number"
    EMAIL = "email", "an e-mail address"
    DATE_OF_BIRTH = "date_of_birth", "a date of birth"
    ADDRESS = "address", "an address"


@dataclass(frozen=True, slots=True)
class Noticed:
    """One place in a text: `text[start:end]`."""

    kind: Kind
    start: int
    end: int

    def words_of(self, text: str) -> str:
        """The words themselves, on one line."""
        return " ".join(text[self.start : self.end].split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number. `gap` is what stood between it and the one before."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def plain(self) -> str:
        """In small letters, with a straight apostrophe and without the s of "Jack's"."""
        return self.text.lower().replace("’", "'").removesuffix("'s")

    @property
    def name_end(self) -> int:
        """Where the name ends in "Jack's"."""
        return self.end - 2 if self.text[-2:] in ("'s", "’s") else self.end

    @property
    def is_capitalised(self) -> bool:
        """Written as names are: a capital, then at least one small letter. ADHD is not."""
        return self.text[0].isupper() and any(map(str.islower, self.text[1:])) and not self.has_digit

    @property
    def has_digit(self) -> bool:
        return any(map(str.isdigit, self.text))

    @property
    def follows_closely(self) -> bool:
        """Whether nothing but a blank stands before it."""
        return self.gap in (" ", "\u00a0", "  ")

    @property
    def follows_short_form(self) -> bool:
        """The same, or after the full stop of "Mr." and "St."."""
        return self.follows_closely or self.gap in (". ", ".")

    @property
    def begins_sentence(self) -> bool:
        """Whether a capital here says nothing: the first word of all, of a line, of a sentence, or in quotes."""
        return self.gap.strip(" \u00a0,") != "" or self.gap == ""


LONGEST = 60

# Possessive (++ and *+): what was read once is never tried again, so a long text takes as long as it is long.
_WORD = re.compile(r"\w++(?:['’-]\w++)*+")


def tokens_of(text: str) -> list[Token]:
    """Every word and number of the text. Very long ones are no word of anybody's and are left out."""
    found, end = [], 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        if end - match.start() <= LONGEST:
            found.append(Token(match[0], match.start(), end, gap))
    return found
