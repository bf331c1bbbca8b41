"""Who we have heard from, and who we have not (R-V13, R-Z7): counted at the end of a month, so that nothing can be learned of
one comment by looking before and after it.

Counted is what came in twelve whole months and had been read by the end of the last of them. Whatever happens to it later
changes nothing until then, but that somebody may be unsafe: then it is out of every count at once (R-S2).
"""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Value, When

from foundation.kept import kept
from foundation.small_numbers import hidden, one_row, rows_and_columns
from partnership.models import District

from .models import AgeBand, Channel, Comment, Decision, Route
from .models.reports import months_between
from .yearly import NOT_SAID, hide_below, moments

MONTHS = 12
QUARTERS = 4
READ = (Decision.Kind.ROUTED, Decision.Kind.NOT_PUBLISHED)
"""The steps with which a comment has been read to the end."""
ALL = "all"
TOLD_BY = {
    Route.CHILD: "Children",
    Route.YOUNG_PERSON: "Young people",
    Route.PARENT_CARER: "Parents and carers",
    Route.PRACTITIONER: "People who work with them",
    Route.SOMEONE_ELSE: "Someone else",
}
NOBODY_BY = {
    Route.CHILD: "No child told us anything",
    Route.YOUNG_PERSON: "No young person told us anything",
    Route.PARENT_CARER: "No parent or carer told us anything",
    Route.PRACTITIONER: "Nobody who works with children and young people told us anything",
    Route.SOMEONE_ELSE: "No friend, neighbour or other person told us anything",
}
NOTHING_BY = {
    Channel.ONLINE: "Nothing came through this website",
    Channel.PAPER: "Nothing came on paper",
    Channel.PHONE: "Nothing came by phone",
    Channel.EVENT: "Nothing was said at an event",
    Channel.FORUM: "Nothing came through a parent carer forum",
    Channel.GROUP: "Nothing came through a group of young people",
}


Kind = tuple[str, str, dict[Any, str], Counter[Any]]
"""A table of one row before anything is hidden: its title, what its rows are, their labels, their numbers."""


class Group(NamedTuple):
    """One row of a table. None where the number is not shown; `share` is the length of its bar, in hundredths."""

    label: str
    number: int | None
    share: int = 0


class Row(NamedTuple):
    """One district of the big table: a number for each way in, and their sum."""

    label: str
    numbers: list[int | None]


@dataclass(frozen=True)
class Reach:
    """What the page shows: the total, one table of rows and columns, three of one row each, and who was not heard from."""

    period: str
    total: int | None
    columns: list[str]
    rows: list[Row]
    tables: list[tuple[str, str, list[Group]]]
    """Title of each, what its rows are, and its rows."""
    silent: list[tuple[str, list[str]]]
    """What nobody told us, by kind of group."""
    some_hidden: bool

    def lines(self) -> Iterable[tuple[str, str, str, str | int]]:
        """Every number as a line of a spreadsheet: table, group, way in, number."""
        for row in self.rows:
            for label, number in zip(self.columns, row.numbers, strict=True):
                yield "Where they live", row.label, label, written(number)
        for title, _, groups in self.tables:
            for group in groups:
                yield title, group.label, "", written(group.number)


def written(number: int | None) -> str | int:
    """A number as a spreadsheet has it."""
    return "not shown" if number is None else number


def twelve_months(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The twelve whole months before this one: first and last day."""
    this = today.replace(day=1)
    return this.replace(year=this.year - 1), this - datetime.timedelta(days=1)


def quarters(starts: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    """The four times of three months of a year that begins on this first of a month."""
    firsts = [_months_later(starts, 3 * place) for place in range(QUARTERS + 1)]
    return [(first, after - datetime.timedelta(days=1)) for first, after in pairwise(firsts)]


def _months_later(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, 1)


@kept(most=2)
def counted(today: datetime.date) -> Counter[tuple[str, str, str, str, int]]:
    """How many came, by way in, district, age band, channel and quarter: one question, however many there are."""
    starts, ends = twelve_months(today)
    since, until = moments(starts, ends)
    read = Decision.objects.filter(comment=OuterRef("pk"), kind__in=READ, at__lt=until)
    parts = [moments(*quarter)[1] for quarter in quarters(starts)]
    quarter = Case(
        *(When(received_at__lt=end, then=Value(place)) for place, end in enumerate(parts)),
        output_field=IntegerField(),
    )
    rows = (
        Comment.objects.unflagged()
        .filter(Exists(read), received_at__gte=since, received_at__lt=until)
        .order_by()
        .annotate(quarter=quarter)
        .values_list("route", "district__slug", "age_band", "channel", "quarter")
        .annotate(number=Count("pk"))
    )
    found: Counter[tuple[str, str, str, str, int]] = Counter()
    for route, district, age, channel, place, number in rows:
        found[(route, district or NOT_SAID, age or NOT_SAID, channel, place)] += number
    return found


def reach(*, today: datetime.date, exact: bool = False) -> Reach:
    """Who told us something in the last twelve whole months; small numbers hidden, unless for those who may see them all."""
    numbers = counted(today)
    starts, ends = twelve_months(today)
    districts = {row.slug: row.name for row in District.objects.all()} | {NOT_SAID: "Not said"}
    ages = dict(AgeBand.choices) | {NOT_SAID: "Not said"}
    months = dict(enumerate(months_between(*quarter) for quarter in quarters(starts)))
    by_place = Counter[tuple[str, str]]()
    for (route, district, *_), number in numbers.items():
        by_place[district, route] += number
    square = rows_and_columns(
        [((district, route), by_place[district, route]) for district in districts for route in TOLD_BY], ALL
    )
    kinds: list[Kind] = [
        ("How old the child or young person is", "Age", ages, _by(numbers, 2)),
        ("How it came to us", "Way", dict(Channel.choices), _by(numbers, 3)),
        ("When it came", "Months", months, _by(numbers, 4)),
    ]
    flat = [one_row([(key, number[key]) for key in labels], ALL) for _, _, labels, number in kinds]
    below = 0 if exact else hide_below()
    out = hidden(square, *flat, below=below, shared=[ALL])
    shown = {part.name: None if part.name in out[0] else part.number for part in square}
    return Reach(
        period=months_between(starts, ends),
        total=shown[ALL],
        columns=[*TOLD_BY.values(), "All"],
        rows=[
            *(
                Row(name, [shown[key, route] for route in (*TOLD_BY, None)])
                for key, name in districts.items()
            ),
            Row("All", [*(shown[None, route] for route in TOLD_BY), shown[ALL]]),
        ],
        tables=[
            (title, what, _bars(labels, number, names))
            for (title, what, labels, number), names in zip(kinds, out[1:], strict=True)
        ],
        silent=_silent(by_place, districts, kinds, months) if numbers else [],
        some_hidden=any(out),
    )


def _by(numbers: Counter[tuple[str, str, str, str, int]], place: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for key, number in numbers.items():
        found[key[place]] += number
    return found


def _bars(labels: dict[Any, str], number: Counter[Any], out: Iterable[Hashable]) -> list[Group]:
    """The rows of a table with bars as long as their numbers; what is hidden has no bar."""
    names = set(out)
    most = max((number[key] for key in labels if key not in names), default=0)
    return [
        Group(label, None) if key in names else Group(label, number[key], 100 * number[key] // (most or 1))
        for key, label in labels.items()
    ]


def _silent(
    by_place: Counter[tuple[str, str]],
    districts: dict[str, str],
    kinds: list[Kind],
    months: dict[int, str],
) -> list[tuple[str, list[str]]]:
    """Every group from whom there was nothing, in a sentence, and districts by name. Nobody is nobody: there is no one to
    recognise."""
    (_, _, ages, by_age), (_, _, _, by_channel), (_, _, _, by_quarter) = kinds
    heard_in = {district for (district, _), number in by_place.items() if number}
    heard_by = {route for (_, route), number in by_place.items() if number}
    found = [
        ("By who they are", [words for route, words in NOBODY_BY.items() if route not in heard_by]),
        (
            "By age",
            [
                f"Nobody told us about anyone aged {label[0].lower()}{label[1:]}"
                for age, label in ages.items()
                if age != NOT_SAID and not by_age[age]
            ],
        ),
        (
            "Nobody in these districts",
            [name for key, name in districts.items() if key != NOT_SAID and key not in heard_in],
        ),
        ("By how it came", [words for way, words in NOTHING_BY.items() if not by_channel[way]]),
        (
            "By time",
            [f"Nothing came from {words}" for place, words in months.items() if not by_quarter[place]],
        ),
    ]
    return [(title, lines) for title, lines in found if lines]
