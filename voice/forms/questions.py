"""The pages on which somebody tells us something: which questions each way in has, and in what order (R-V1, R-V2).

One question a page, but for the last page: what nobody needs to answer shares it, so that the journey is short for somebody
who is tired (`docs/decisions/018-one-question-a-page-in-a-sealed-draft.md`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from voice.models import Route


@dataclass(frozen=True, slots=True)
class Question:
    """One page: its word in the address and the fields on it."""

    slug: str
    fields: tuple[str, ...]
    title: str = ""
    """Empty where the page is named by its one field."""
    is_needed: bool = False


WORDS = Question("words", ("text",), is_needed=True)
TOPIC = Question("topic", ("topic",), is_needed=True)
WHOSE = Question("whose-words", ("whose_words",))
SHOW = Question("show", ("may_show",))
SAFE = Question("safe", ("unsafe",), "Is someone unsafe?")
MORE = "A few more questions, if you want"

_FIRST = (WORDS, TOPIC, WHOSE, SHOW, SAFE)
QUESTIONS: dict[str, tuple[Question, ...]] = {
    Route.CHILD: (
        Question("face", ("feeling",)),
        Question("words", ("text",)),
        SHOW,
        Question("safe", ("unsafe",), "Are you safe?"),
        Question(
            "more", ("whose_words", "topic", "age_band", "district", "email"), "More questions, if you want"
        ),
    ),
    Route.YOUNG_PERSON: (*_FIRST, Question("more", ("age_band", "district", "email"), MORE)),
    Route.PARENT_CARER: (*_FIRST, Question("more", ("age_band", "district", "email"), MORE)),
    # Nothing about a child: who works with many would tell of one.
    Route.PRACTITIONER: (*_FIRST, Question("more", ("work", "district", "email"), MORE)),
    Route.SOMEONE_ELSE: (*_FIRST, Question("more", ("relation", "age_band", "district", "email"), MORE)),
}


def question_of(route: str, slug: str) -> Question | None:
    """The page with this word in its address, if this way in has one."""
    return next((one for one in QUESTIONS.get(route, ()) if one.slug == slug), None)


def fields_of(route: str) -> list[str]:
    """Everything that is asked on this way in, in order."""
    return [name for question in QUESTIONS[route] for name in question.fields]


def place_of(route: str, question: Question) -> int:
    """1 for the first page."""
    return QUESTIONS[route].index(question) + 1


def before(route: str, question: Question) -> Question | None:
    """The page before, None on the first."""
    place = place_of(route, question)
    return QUESTIONS[route][place - 2] if place > 1 else None


def after(route: str, question: Question, seen: Iterable[str]) -> Question | None:
    """The next page that was not seen yet. None when only the check is left: so a change comes straight back to it."""
    return next((one for one in QUESTIONS[route][place_of(route, question) :] if one.slug not in seen), None)
