"""Small numbers of people, hidden so that nobody can work them out from what stands beside them (R-K6).

A table is told as parts that flow: every number runs from one point to another, and at each point what comes in is what goes
out, so that a total is a part like any other. A cell of two rows and a column runs from its row to its column; the row's own
total runs from the start to the row, the column's from the column to the end, and the whole from the end back to the start.

Everything from 1 to below the least number is hidden. Then more is hidden, the smallest numbers first, until every hidden
number could as well be one more with all that is shown still right. Nothing is told apart: a number hidden because it is
small looks like one hidden beside it. Nought is shown, for it is about nobody: a hidden number is 1 or more.

Some numbers anybody can count, because what is counted stands on the same page (`countable`). Small ones are hidden too, for
what stands there may go later; but they cover nothing, as they can be counted. Where nothing else is left to cover a number,
the whole table is hidden, with its noughts.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from itertools import count
from typing import NamedTuple

START, END = "start", "end"
"""The two ends of every table; the total of all runs from END back to START."""


class Part(NamedTuple):
    """One number of a table, with the two points between which it runs."""

    name: Hashable
    tail: Hashable
    head: Hashable
    number: int
    countable: bool = False


def hidden(
    *tables: Sequence[Part], below: int, shared: Collection[Hashable] = ()
) -> list[frozenset[Hashable]]:
    """The names of the parts to hide in each table, which may have parts in common (`shared`, by their name).

    What is shared is hidden in all of the tables or in none: one of them would otherwise tell it.
    """
    common = frozenset(shared)
    also: frozenset[Hashable] = frozenset()
    while True:
        found = [_hidden(table, below=below, also=also, only_up=common) for table in tables]
        more = common.intersection(*[frozenset().union(*found)])
        if more <= also:
            return found
        also |= more


def one_row(
    numbers: Iterable[tuple[Hashable, int]],
    total: Hashable,
    *,
    countable: bool = False,
    countable_total: bool = False,
) -> list[Part]:
    """A table of one row: each number, and their sum under the name `total`."""
    parts = [Part(name, START, END, number, countable) for name, number in numbers]
    return [*parts, Part(total, END, START, sum(part.number for part in parts), countable_total)]


def rows_and_columns(numbers: Iterable[tuple[tuple[Hashable, Hashable], int]], total: Hashable) -> list[Part]:
    """A table of rows and columns with all its sums: cells by (row, column), sums by (row, None), (None, column), `total`."""
    cells = list(numbers)
    rows: dict[Hashable, int] = defaultdict(int)
    columns: dict[Hashable, int] = defaultdict(int)
    parts = []
    for (row, column), number in cells:
        rows[row] += number
        columns[column] += number
        parts.append(Part((row, column), ("row", row), ("column", column), number))
    parts += [Part((row, None), START, ("row", row), number) for row, number in rows.items()]
    parts += [Part((None, column), ("column", column), END, number) for column, number in columns.items()]
    return [*parts, Part(total, END, START, sum(rows.values()))]


def _hidden(
    table: Sequence[Part], *, below: int, also: Collection[Hashable], only_up: Collection[Hashable]
) -> frozenset[Hashable]:
    out = {part.name for part in table if 0 < part.number < below or (part.number and part.name in also)}
    unseen = [part for part in table if part.name in out]
    while unseen:
        # One more of it must run on from its head and come back to its tail. What lies on that way is hidden too.
        part = unseen.pop()
        way = _cheapest_way(table, part, out=out, only_up=only_up)
        if way is None:
            return frozenset(out | {part.name for part in table if not part.countable})
        if part.countable:  # the way may run over what can be counted, and that is no way for the others
            unseen += [other for other in table if other.name in way - out and not other.countable]
        out |= way
    return frozenset(out)


def _cheapest_way(
    table: Sequence[Part], part: Part, *, out: Collection[Hashable], only_up: Collection[Hashable]
) -> set[Hashable] | None:
    """The parts on the way from this part's head to its tail that hides the least of what is still shown; None if no way.

    A part on the way becomes one more, or one less where it runs against the way. It stays 1 or more; a shared one may only
    grow, because then it can grow in every table at once.
    """
    steps: dict[Hashable, list[tuple[Hashable, Part]]] = defaultdict(list)
    for other in table:
        if other.name == part.name or other.number == 0 or (other.countable and not part.countable):
            continue
        steps[other.tail].append((other.head, other))
        if other.number > 1 and other.name not in only_up:
            steps[other.head].append((other.tail, other))
    order = count()  # points are never compared
    waiting: list[tuple[int, int, Hashable, tuple[Hashable, ...]]] = [(0, next(order), part.head, ())]
    reached: set[Hashable] = set()
    while waiting:
        cost, _, point, way = heapq.heappop(waiting)
        if point == part.tail:
            return set(way)
        if point in reached:
            continue
        reached.add(point)
        for there, other in steps[point]:
            price = 0 if other.name in out else other.number
            heapq.heappush(waiting, (cost + price, next(order), there, (*way, other.name)))
    return None
