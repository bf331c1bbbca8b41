"""The safety list as safeguarding keeps it: words put on and taken off, each with who and when (R-S1)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.models import User
from voice.models import SafetyWord
from voice.word_list import MOST_WORDS, folded, words_of

from .errors import CannotDo

LONGEST = SafetyWord._meta.get_field("folded").max_length or 0
ON_ALREADY = "This is on the list already."


def add_safety_word(*, word: str, by: User, at: datetime | None = None) -> SafetyWord:
    """Put a word on the list. Raises CannotDo where it has no letters, is too long, or is on the list in any spelling."""
    number, plain = len(words_of(word)), folded(word)
    if not number:
        raise CannotDo("Write a word with letters or numbers.")
    if number > MOST_WORDS:
        raise CannotDo(f"Write at most {MOST_WORDS} words.")
    if len(plain) > LONGEST:  # some signs stand for a whole phrase
        raise CannotDo("Write a shorter word.")
    if SafetyWord.objects.in_use().filter(folded=plain).exists():
        raise CannotDo(ON_ALREADY)
    try:
        with transaction.atomic():
            return SafetyWord.objects.create(word=word, added_by=by, added_at=at or timezone.now())
    except IntegrityError:  # somebody was quicker by a moment
        raise CannotDo(ON_ALREADY) from None


@transaction.atomic
def take_off_safety_word(*, word: SafetyWord, by: User, at: datetime | None = None) -> bool:
    """Take a word off the list; the row stays as its history. False where somebody did so before."""
    word = SafetyWord.objects.select_for_update().get(pk=word.pk)
    if word.taken_off_at is not None:
        return False
    word.taken_off_by, word.taken_off_at = by, at or timezone.now()
    word.save()
    return True
