"""On which line of a TOML file a table and each of its fields stand. The standard parser does not say."""

import re
from dataclasses import dataclass, field

HEADER = re.compile(r"^\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
FIELD = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


@dataclass
class Place:
    """Where one table begins, and the line of each field in it."""

    line: int
    fields: dict[str, int] = field(default_factory=dict)

    def line_of(self, name: str) -> int:
        """The field's line, or the table's first line where the field is missing."""
        return self.fields.get(name, self.line)


def find_places(text: str) -> dict[str, list[Place]]:
    """For each table name, the places of its tables in the order in which they stand."""
    places: dict[str, list[Place]] = {}
    current = Place(line=1)
    inside = ""  # the quotes of a text over several lines that we are in the middle of
    for number, line in enumerate(text.split("\n"), start=1):
        if not inside:
            header = HEADER.match(line)
            if header:
                current = Place(line=number)
                places.setdefault(header.group(1), []).append(current)
            elif found := FIELD.match(line):
                current.fields.setdefault(found.group(1), number)
        for quotes in ('"""', "'''"):
            if inside in ("", quotes) and line.count(quotes) % 2:
                inside = "" if inside else quotes
                break
    return places
