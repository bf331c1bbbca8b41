"""What in somebody's words could tell who they are: to warn the writer before sending and to help whoever redacts.

It notices patterns and never blocks. It errs to both sides: a name it misses is found by the person who reads, and what it
takes for a name without need is kept with one press. `notice` is a pure function that takes time in proportion to the text,
whatever is in it. What stands in the partnership's own data (`own_names`) is nobody's name.
"""

from collections.abc import Iterable

from foundation.kept import kept
from partnership.models import District, Organisation, Partnership, Sector, Service

from . import names, numbers, places
from .tokens import Kind, Noticed, tokens_of

__all__ = ["Kind", "Noticed", "notice", "own_names"]


def notice(text: str, *, known: Iterable[str] = ()) -> list[Noticed]:
    """What was noticed, in the order of the text and without overlaps. `known` are names that are no person's and no
    school's: give `own_names()`."""
    tokens = tokens_of(text)
    known_words = frozenset(word for name in known for word in _words(name))
    found: list[Noticed] = []
    taken = bytearray(len(text))
    # The surest first: what an earlier one took, a later one leaves alone.
    for one in (
        *numbers.emails(text),
        *numbers.dates_of_birth(tokens),
        *numbers.postcodes(tokens),
        *numbers.long_numbers(text),
        *places.schools(tokens, known_words),
        *places.addresses(tokens, known_words),
        *names.names(tokens, known_words),
    ):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            found.append(one)
    return sorted(found, key=lambda one: one.start)


@kept(most=1)
def own_names() -> tuple[str, ...]:
    """The names of the partnership, its services, sectors, organisations and districts, as they stand in its data."""
    of_partnership = [Partnership.objects.values_list(field) for field in ("name", "short_name", "area_name")]
    named = Sector.objects.order_by().values_list("name")
    rest = (model.objects.order_by().values_list("name") for model in (Service, District, Organisation))
    return tuple(sorted({name for (name,) in named.union(*rest, *of_partnership) if name}))


def _words(name: str) -> list[str]:
    return [token.plain for token in tokens_of(name)]
