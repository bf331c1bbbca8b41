"""Reading a folder of data files: TOML in, rows with their places out."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .faults import Fault
from .lines import Place, find_places
from .tables import BY_NAME, Table


@dataclass
class Row:
    """One row of a data file: what it says and where it stands."""

    table: Table
    file: str
    place: Place
    said: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)  # checked, ready to be written
    links: dict[str, str] = field(default_factory=dict)  # field -> key of the row it points at
    many: dict[str, list[str]] = field(default_factory=dict)  # field -> keys of the rows it points at

    @property
    def key(self) -> str:
        """The row's name among those of its table, for example "send-strategy/3"."""
        return "/".join(str(self.said.get(name, "")).strip() for name in self.table.key)

    def fault(self, name: str, message: str) -> Fault:
        """A fault in this row, at the field's line."""
        line_name = name
        if self.table.spread and name == self.table.spread[1] and name not in self.place.fields:
            line_name = self.table.spread[0]
        return Fault(self.file, self.place.line_of(line_name), f"{self.table.name}.{name}", message)


def read_folder(folder: Path) -> tuple[list[Row], list[Fault]]:
    """Every row of every data file of `folder`, file by file in the order of their names, and what cannot be read."""
    rows: list[Row] = []
    faults: list[Fault] = []
    files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    if not files:
        faults.append(
            Fault(str(folder), 0, "", "there are no .toml files here; give a folder that holds some")
        )
    for path in files:
        found, wrong = read_file(path)
        rows += found
        faults += wrong
    return rows, faults


def read_file(path: Path) -> tuple[list[Row], list[Fault]]:
    """The rows of one data file, or what keeps it from being read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return [], [
            Fault(path.name, 0, "", f"this file cannot be read ({error.strerror}); mend or remove it")
        ]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [], [Fault(path.name, line, "", "this is not UTF-8 text; save the file as UTF-8")]
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r"at line (\d+)", message)
        line = int(place.group(1)) if place else text.count("\n") + 1
        return [], [
            Fault(path.name, line, "", f"this is not valid TOML ({message}); mend it or put it in quotes")
        ]
    except ValueError:  # Python reads no number of more than 4300 digits, and does not say where it stands
        line = next((n for n, each in enumerate(text.split("\n"), 1) if re.search(r"\d{4301}", each)), 1)
        return [], [
            Fault(path.name, line, "", "this number is far too long; write it shorter or put it in quotes")
        ]
    return _rows_of(path.name, data, find_places(text))


def _rows_of(
    file: str, data: dict[str, Any], places: dict[str, list[Place]]
) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    for name, content in data.items():
        where = places.get(name, [Place(line=1)])
        table = BY_NAME.get(name)
        if table is None:
            known = ", ".join(sorted(BY_NAME))
            message = f'there is no table called "{name}"; the tables are: {known}'
            faults.append(Fault(file, where[0].line, name, message))
            continue
        tables = [content] if table.single and isinstance(content, dict) else content
        if not isinstance(tables, list) or not all(isinstance(entry, dict) for entry in tables):
            faults.append(Fault(file, where[0].line, name, f"write each one under a line [[{name}]]"))
            continue
        for number, said in enumerate(tables):
            place = where[number] if number < len(where) else where[-1]
            rows += _spread(Row(table, file, place, said))
    return rows, faults


def _spread(row: Row) -> list[Row]:
    """The row itself, or one row for each entry of the list that its table spreads."""
    if row.table.spread is None:
        return [row]
    list_name, name = row.table.spread
    entries = row.said.get(list_name)
    rest = {key: value for key, value in row.said.items() if key != list_name}
    if not isinstance(entries, list) or not entries:
        return [row]
    return [Row(row.table, row.file, row.place, {**rest, name: entry}) for entry in entries]
