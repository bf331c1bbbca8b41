"""Every field of every kind of row refuses what it cannot hold, by file, line and field; and nothing is changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import models

from partnership.models import DataFileEntry, Passage
from portal.loading.checking import check_rows
from portal.loading.reading import read_file
from portal.loading.tables import TABLES, Table

EVERY_TABLE = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
NO_TEXT = [
    ("5", "write text in quotes"),
    ("true", "write text in quotes"),
    ('"a\\u0000b"', "hidden character"),
    ('"a\\u001bb"', "hidden character"),
]
# What each kind of field cannot hold, as it stands in the file, and a part of what is told about it.
REFUSED: list[tuple[type[models.Field], list[tuple[str, str]]]] = [
    (models.BooleanField, [('"true"', "true or false, without quotes"), ("1", "true or false")]),
    (
        models.DateField,
        [
            ('"soon"', "is not a date"),
            ('"2026-02-30"', "there is no such date"),
            ("5", "not a date"),
            ("2026-01-01T10:00:00", "not a date"),
        ],
    ),
    (
        models.DecimalField,
        [
            ('"5"', "a number without quotes"),
            ("true", "a number without quotes"),
            ("nan", "must be a decimal number"),
        ],
    ),
    (
        models.IntegerField,
        [
            ('"5"', "a whole number without quotes"),
            ("1.5", "a whole number"),
            ("true", "a whole number"),
            ("99999999999999999999", "less than or equal to"),
        ],
    ),
    (
        models.ForeignKey,
        [("5", "write the name of the"), ('" "', "write the name of the"), ('"no-such"', "there is no ")],
    ),
    (
        models.ManyToManyField,
        [('"no-such"', "this is a list"), ("[5]", "this is a list"), ('["no-such"]', "there is no ")],
    ),
    (models.TimeField, [*NO_TEXT, ('"soon"', "is not a time"), ('"25:00"', "is not a time")]),
    (models.Field, NO_TEXT),
]


def refused_by(field: models.Field | None) -> Iterator[tuple[str, str]]:
    """What the field cannot hold; None stands for a name that no model keeps."""
    if field is None:
        field = models.SlugField()
    yield from next(refused for kind, refused in REFUSED if isinstance(field, kind))
    if isinstance(field, models.CharField) and field.max_length:
        yield f'"{"x" * (field.max_length + 1)}"', f"{field.max_length} is the most"
    if field.choices:
        yield '"no-such"', '"no-such" is not one of: '


def faults_of(path: Path, text: str) -> list[str]:
    path.write_text(text)
    rows, faults = read_file(path)
    return [str(fault) for fault in [*faults, *check_rows(rows)]]


def tell(found: list[str], place: str, part: str) -> bool:
    """Whether one of the faults stands at that place and says that part."""
    return any(fault.startswith(f"{place}: ") and part in fault for fault in found)


@pytest.mark.requirement("R-F4")
@EVERY_TABLE
def test_every_field_refuses_what_it_cannot_hold(table: Table, tmp_path: Path) -> None:
    fields: dict[str, models.Field | None] = dict(table.fields) | dict.fromkeys(table.virtual)
    for name, field in fields.items():
        for value, part in refused_by(field):
            found = faults_of(tmp_path / "rows.toml", f"[[{table.name}]]\n\n{name} = {value}\n")
            assert tell(found, f"rows.toml:3: {table.name}.{name}", part), (value, found)


@pytest.mark.requirement("R-F4")
@EVERY_TABLE
def test_every_kind_of_row_names_a_field_it_does_not_know_and_each_that_it_needs(
    table: Table, tmp_path: Path
) -> None:
    found = faults_of(tmp_path / "rows.toml", f"\n[[{table.name}]]\nnonsense = 1\n")
    assert tell(found, f"rows.toml:3: {table.name}.nonsense", f"a {table.words} has no such field")
    for name in table.key:
        assert tell(found, f"rows.toml:2: {table.name}.{name}", f'needs the field "{name}"'), found


@pytest.mark.requirement("R-F4")
@EVERY_TABLE
def test_every_kind_of_row_refuses_a_second_one_of_the_same_name(table: Table, tmp_path: Path) -> None:
    row = f"[[{table.name}]]\n" + "".join(f'{name} = "same"\n' for name in table.key)
    found = faults_of(tmp_path / "rows.toml", row + row)
    line = 2 * (1 + len(table.key))  # of the last field of the second
    assert tell(
        found,
        f"rows.toml:{line}: {table.name}.{table.key[-1]}",
        f"is already taken by the {table.words} at rows.toml:1; change or remove one",
    ), found


@pytest.mark.requirement("R-F4")
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "partnership.toml",
            'slug = "exampleshire"',
            'slug = "example\\u0000shire"',
            "partnership.toml:4: partnership.slug: it holds a hidden character (a control, direction or zero-width "
            "one); type it again",
        ),
        (
            "people.toml",
            '[[event]]\nref = "EX-E1"',
            f'[[role_holding]]\nperson_name = "{"n" * 120}"\nrole = "{"r" * 100}"\nsources = ["exampleshire-plan"]\n'
            '\n[[event]]\nref = "EX-E1"',
            "people.toml:33: role_holding.role: person_name and role together are 221 characters long; 200 is the most",
        ),
        (
            "plans.toml",
            "value = -20",
            f"value = {'9' * 5000}",
            "plans.toml:46: this number is far too long; write it shorter or put it in quotes",
        ),
        (
            "people.toml",
            "started = 1974-04-01",
            "started = 1974-02-30",
            "people.toml:9: this is not valid TOML (Invalid date or datetime (at line 9, column 11)); mend it or put it "
            "in quotes",
        ),
    ],
    ids=["hidden", "long together", "long number", "no such day"],
)
def test_what_a_database_or_the_reader_would_stumble_over_is_told_first(
    folder, faults, edit, file, old, new, expected
):
    edit(folder / file, old, new)
    assert expected in faults(folder)
    assert (Passage.objects.count(), DataFileEntry.objects.count()) == (0, 0)


def test_a_file_that_is_missing_or_no_file_is_told_by_what_points_into_it(folder, faults):
    (folder / "words.toml").unlink()
    (folder / "more.toml").mkdir()
    found = faults(folder)
    assert "(folder): passage: the folder holds no passage; add at least one" in found
    assert "more.toml: this file cannot be read (Is a directory); mend or remove it" in found
    assert tell(found, "plans.toml:8: strategy.vision", 'there is no passage called "EX-2"')
    assert (Passage.objects.count(), DataFileEntry.objects.count()) == (0, 0)


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path):
    found = faults_of(tmp_path / "rows.toml", '[[source]]\ntitle = "one\u2028line"\nnonsense = 1\n')
    assert tell(found, "rows.toml:3: source.nonsense", "no such field")
