"""No hidden number can be worked out from what is shown (R-K6): asked of many tables, by a solver that knows nothing of how
the hiding is done."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.small_numbers import END, START, Part, hidden, one_row, rows_and_columns

BELOW = 5


def worked_out(tables: list[list[Part]], out: list[frozenset[Any]]) -> set[Any]:
    """Hidden parts for which no other number fits. Others are looked for among those one up or down, all tables at once.

    Only cells are tried; sums follow. A sum that is shown must stay, one that is hidden must stay 1 or more.
    """
    numbers = {part.name: part.number for table in tables for part in table}
    covered = frozenset().union(*out)
    cells = [[part for part in table if is_cell(part)] for table in tables]
    could: set[Any] = set()
    whole: list[list[dict[Any, int]]] = []
    for table, own in zip(tables, cells, strict=True):
        free = [part for part in own if part.name in covered]
        fits = []
        for change in product((0, 1, -1), repeat=len(free)):
            moved = dict(zip((part.name for part in free), change, strict=True))
            sums = sums_of(table, moved)
            every = moved | sums
            if all(by == 0 or (name in covered and numbers[name] + by >= 1) for name, by in every.items()):
                fits.append(every)
        whole.append(fits)
    for fits in whole:
        for one in fits:
            # The tables share their total, which moves alike in all of them.
            if all(any(other["all"] == one["all"] for other in others) for others in whole):
                could |= {name for name, by in one.items() if by}
    return covered - could


def is_cell(part: Part) -> bool:
    return not (isinstance(part.name, tuple) and None in part.name) and part.name != "all"


def sums_of(table: list[Part], moved: dict[Any, int]) -> dict[Any, int]:
    """By how much each sum moves with its cells."""
    found = {"all": sum(moved.values())}
    for part in table:
        if isinstance(part.name, tuple) and None in part.name:
            place = 0 if part.name[1] is None else 1
            found[part.name] = sum(by for name, by in moved.items() if name[place] == part.name[place])
    return found


NUMBERS = st.one_of(st.integers(0, 4), st.integers(0, 12))
ROW = st.lists(NUMBERS, min_size=1, max_size=6)
TABLE = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(NUMBERS, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def row_of(numbers: list[int], letter: str = "") -> list[Part]:
    return one_row([(f"{letter}{place}", number) for place, number in enumerate(numbers)], "all")


def table_of(numbers: list[list[int]]) -> list[Part]:
    cells = [((r, c), number) for r, row in enumerate(numbers) for c, number in enumerate(row)]
    return rows_and_columns(cells, "all")


@pytest.mark.requirement("R-K6")
@given(ROW)
def test_no_hidden_number_of_a_row_can_be_worked_out(numbers: list[int]) -> None:
    table = row_of(numbers)
    [out] = hidden(table, below=BELOW)
    assert {part.name for part in table if 0 < part.number < BELOW} <= out
    assert not {part.name for part in table if part.number == 0} & out
    assert worked_out([table], [out]) == set()


@pytest.mark.requirement("R-K6")
@pytest.mark.requirement("R-Z7")
@given(TABLE)
def test_no_hidden_number_of_rows_and_columns_can_be_worked_out(numbers: list[list[int]]) -> None:
    table = table_of(numbers)
    [out] = hidden(table, below=BELOW)
    assert {part.name for part in table if 0 < part.number < BELOW} <= out
    assert not {part.name for part in table if part.number == 0} & out
    assert worked_out([table], [out]) == set()


@pytest.mark.requirement("R-K6")
@given(st.integers(1, 12).flatmap(lambda n: st.tuples(split(n), split(n), split(n))))
def test_tables_of_the_same_people_do_not_tell_on_one_another(several: tuple[list[int], ...]) -> None:
    tables = [row_of(numbers, letter) for numbers, letter in zip(several, "abc", strict=True)]
    out = hidden(*tables, below=BELOW, shared=["all"])
    assert len({"all" in names for names in out}) == 1
    assert worked_out(tables, out) == set()


def split(whole: int) -> st.SearchStrategy[list[int]]:
    """The same number of people in up to four groups."""
    cuts = st.lists(st.integers(0, whole), max_size=3).map(sorted)
    return cuts.map(lambda at: [b - a for a, b in zip([0, *at], [*at, whole], strict=True)])


@pytest.mark.parametrize(
    ("numbers", "out"),
    [
        ([7, 9], set()),  # nothing is small
        ([3, 8, 20], {"0", "1"}),  # the next smallest goes with it
        ([0, 3, 8, 20], {"1", "2"}),  # nobody is shown as nobody
        ([3, 4, 20], {"0", "1"}),  # two small ones cover each other
        ([1, 1, 20], {"0", "1", "2"}),  # not where their sum of 2 tells both
        ([3, 0, 0], {"0", "all"}),  # a total as small as its only part
        ([1, 1, 1, 1, 1], {"0", "1", "2", "3", "4", "all"}),  # five people of five kinds
        ([0, 0], set()),
    ],
)  # fmt: skip
def test_what_is_hidden_in_a_row(numbers: list[int], out: set[str]) -> None:
    assert hidden(row_of(numbers), below=BELOW) == [out]


def test_what_is_hidden_in_rows_and_columns() -> None:
    table = table_of([[3, 10, 9], [8, 20, 6], [9, 9, 9]])
    assert hidden(table, below=BELOW) == [{(0, 0), (0, 2), (1, 2), (1, 0)}]


def test_parts_of_parts_are_covered_too() -> None:
    """Read = published + not published, and each of these is a sum itself."""
    table = [
        Part("read", END, START, 33),
        Part("published", START, END, 30),
        Part("not published", START, "not", 3),
        Part("asked not", "not", END, 3),
    ]
    assert hidden(table, below=BELOW) == [{"not published", "asked not", "published"}]


@pytest.mark.requirement("R-K6")
@given(ROW)
def test_what_can_be_counted_on_the_page_covers_nothing(numbers: list[int]) -> None:
    table = one_row(list(enumerate(numbers)), "all", countable_total=True)
    [out] = hidden(table, below=BELOW)
    if out >= set(range(len(numbers))):
        return  # no number and no nought of it is shown
    assert {place for place, number in enumerate(numbers) if 0 < number < BELOW} <= out
    assert worked_out([table], [out - {"all"}]) == set()


def test_where_nothing_covers_a_number_the_table_is_hidden_with_its_noughts() -> None:
    alone = one_row([("here", 6), ("there", 0)], "all", countable_total=True)
    assert hidden(alone, below=BELOW) == [set()]
    few = one_row([("here", 3), ("there", 0)], "all", countable_total=True)
    assert hidden(few, below=BELOW) == [{"here", "there", "all"}]
    own = one_row([("here", 3), ("there", 9)], "all", countable=True, countable_total=True)
    assert hidden(own, below=BELOW) == [{"here", "there"}]


def test_the_solver_finds_what_is_badly_hidden() -> None:
    table = row_of([3, 8, 20])
    assert worked_out([table], [frozenset({"0"})]) == {"0"}
    table = row_of([1, 1, 20])
    assert worked_out([table], [frozenset({"0", "1"})]) == {"0", "1"}
    square = table_of([[3, 10], [8, 20]])
    assert worked_out([square], [frozenset({(0, 0), (0, 1)})]) == {(0, 0), (0, 1)}


def test_where_nothing_is_small_enough_nothing_is_hidden() -> None:
    assert hidden(row_of([1, 1]), below=0) == [set()]
