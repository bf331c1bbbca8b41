"""Writing checked rows to the database: add what is new, change what the file changed, leave the rest alone.

The portal remembers what each value in the files was when it was last loaded. A value that has not changed in the
file is left as it is in the database, so what staff have changed in the browser stays. Published words are the
exception: they are always put back to what the file says (R-C2). Nothing is ever deleted (R-C9).
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models
from django.utils import timezone

from partnership.models import DataFileEntry, PlainSummary

from .faults import FaultsFound
from .reading import Row
from .tables import BY_MODEL, TABLES, Table

# What to say where the database refuses a row because of one that staff made in the browser.
CLASH = "a row that somebody made in the portal is in the way; change that one first"
REFUSED = {
    "service": ("code", "a service that somebody made in the portal already has this code; choose another"),
    "strategy": (
        "status",
        "the portal already holds another current strategy; mark that one as replaced first",
    ),
}


@dataclass
class Report:
    """What loading did, for the person who ran it."""

    name: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def write_rows(rows: list[Row]) -> Report:
    """Write all rows, in the caller's transaction. Raises FaultsFound where the database refuses one."""
    writer = _Writer()
    for table in TABLES:
        of_table = [row for row in rows if row.table is table]
        if table.name == "strategy":  # the one that stops being current goes before the one that becomes it
            of_table.sort(key=lambda row: row.values.get("status") == "current")
        for row in of_table:
            try:
                writer.write(row)
            except IntegrityError as error:
                raise FaultsFound([row.fault(*REFUSED.get(table.name, (table.key[-1], CLASH)))]) from error
    for row in rows:
        writer.write_links(row)
    writer.finish()
    return writer.report


class _Writer:
    """One loading: the rows written so far, and what the files said last time."""

    def __init__(self) -> None:
        self.report = Report()
        self.objects: dict[tuple[str, str], models.Model] = {}
        self.new: set[tuple[str, str]] = set()
        self.said_before: dict[tuple[str, str], dict[str, str]] = {}
        for entry in DataFileEntry.objects.all():
            self.said_before.setdefault((entry.table, entry.key), {})[entry.field] = entry.digest
        self.to_remember: list[DataFileEntry] = []
        self.forgotten: list[tuple[str, str, str]] = []
        self.plain = _newest_plain()

    def write(self, row: Row) -> None:
        """Add or change the row, all but its links to its own table and its lists."""
        self.report.counts[row.table.name] += 1
        if row.table.name == "plain":
            self._write_plain(row)
            return
        place = (row.table.name, row.key)
        values = row.values | {
            name: self._linked(row, name) for name in row.links if not _own_table(row.table, name)
        }
        found = self._find(row, values)
        if found is None:
            found = row.table.model(pk=1) if row.table.single else row.table.model()
            self.new.add(place)
            self.report.added[row.table.name] += 1
        self.objects[place] = found
        digests = _digests(row)
        changes = self._changes(row, found, values, digests)
        if changes or place in self.new:
            self._store(found, changes, is_new=place in self.new)
        self._tell(row, changes)
        self._remember(place, digests)

    @staticmethod
    def _store(found: models.Model, changes: dict[str, Any], *, is_new: bool) -> None:
        """Save the changes. A form that somebody has open on the row is told of them by its version."""
        for name, value in changes.items():
            setattr(found, name, value)
        if not is_new and hasattr(found, "version"):
            found.version += 1
        found.save()

    def _find(self, row: Row, values: dict[str, Any]) -> models.Model | None:
        manager = row.table.model._default_manager
        if row.table.single:
            return manager.filter(pk=1).first()
        return manager.filter(**{name: values[name] for name in row.table.key}).first()

    def _changes(
        self, row: Row, found: models.Model, values: dict, digests: dict[str, str]
    ) -> dict[str, Any]:
        """What to set on the row: everything when new, else what the file says anew and the database lacks."""
        if (row.table.name, row.key) in self.new:
            return values
        before = self.said_before.get((row.table.name, row.key), {})
        wanted = dict(values)
        for name in set(before) - set(digests):  # the line was taken out of the file
            model_field = row.table.fields.get(name)
            if model_field is not None and not model_field.many_to_many and name not in wanted:
                wanted[name] = model_field.get_default()
                self.forgotten.append((row.table.name, row.key, name))
        changes = {}
        for name, value in wanted.items():
            touched = row.table.fixed or before.get(name, "none") != digests.get(name, "gone")
            if touched and getattr(found, name) != value:
                changes[name] = value
        return changes

    def _linked(self, row: Row, name: str) -> models.Model:
        target = BY_MODEL[row.table.fields[name].related_model._meta.label]
        return self.objects[(target.name, row.links[name])]

    def write_links(self, row: Row) -> None:
        """Links to the row's own table and lists of links, once every row is there."""
        if row.table.name == "plain":
            return
        place = (row.table.name, row.key)
        found = self.objects[place]
        before, digests = self.said_before.get(place, {}), _digests(row)
        own = [name for name in row.links if _own_table(row.table, name)]
        touched = {name for name in [*own, *row.many] if row.table.fixed or before.get(name) != digests[name]}
        changes: dict[str, Any] = {name: self._linked(row, name) for name in own if name in touched}
        changes = {name: value for name, value in changes.items() if getattr(found, name) != value}
        if changes:
            self._store(found, changes, is_new=place in self.new)
        for name in row.many:
            if name in touched and self._set_many(row, found, name):
                changes[name] = None
        self._tell(row, changes)

    def _set_many(self, row: Row, found: models.Model, name: str) -> bool:
        """Make the list of links what the file says; whether that changed anything."""
        target = BY_MODEL[row.table.fields[name].related_model._meta.label]
        wanted = {self.objects[(target.name, key)].pk for key in row.many[name]}
        manager = getattr(found, name)
        if (row.table.name, row.key) in self.new:
            manager.add(*wanted)
            return bool(wanted)
        have = set(manager.values_list("pk", flat=True))
        if have != wanted:
            manager.set(wanted)
        return have != wanted

    def _write_plain(self, row: Row) -> None:
        """Add a plain summary where its words are new, and never over a newer one by staff (R-C2)."""
        passage = self._linked(row, "passage")
        place, digests = ("plain", row.key), _digests(row)
        newest, newest_by_staff = self.plain.get(passage.pk, (None, False))
        if newest_by_staff:
            if newest != row.values["text"]:
                self.report.kept.append(f"the plain words of passage {row.key} that staff wrote")
            return
        if newest != row.values["text"]:
            PlainSummary.objects.create(passage=passage, text=row.values["text"], written_at=timezone.now())
            if newest is None:
                self.report.added["plain"] += 1
            else:
                self.report.changed.append(f"plain {row.key}: text")
        self._remember(place, digests)

    def _tell(self, row: Row, changes: dict[str, Any]) -> None:
        told = [name for name in changes if name != "position"]
        if told and (row.table.name, row.key) not in self.new:
            self.report.changed.append(f"{row.table.words} {row.key}: {', '.join(sorted(told))}")

    def _remember(self, place: tuple[str, str], digests: dict[str, str]) -> None:
        before = self.said_before.get(place, {})
        for name, digest in digests.items():
            if before.get(name) != digest:
                self.to_remember.append(
                    DataFileEntry(table=place[0], key=place[1], field=name, digest=digest)
                )

    def finish(self) -> None:
        """Remember what the files said this time."""
        DataFileEntry.objects.bulk_create(
            self.to_remember,
            update_conflicts=True,
            unique_fields=["table", "key", "field"],
            update_fields=["digest"],
            batch_size=200,
        )
        for table, key, name in self.forgotten:
            DataFileEntry.objects.filter(table=table, key=key, field=name).delete()


def _own_table(table: Table, name: str) -> bool:
    return table.fields[name].related_model is table.model


def _digests(row: Row) -> dict[str, str]:
    """What the file says, field by field, short enough to remember."""
    said = {**row.values, **row.links, **row.many}
    return {
        name: hashlib.sha256(json.dumps(value, default=str, sort_keys=True).encode()).hexdigest()
        for name, value in said.items()
    }


def _newest_plain() -> dict[int, tuple[str, bool]]:
    """For each passage the newest plain words, and whether staff wrote them."""
    rows = PlainSummary.objects.order_by("written_at", "pk").values_list("passage_id", "text", "author_id")
    return {passage: (text, author is not None) for passage, text, author in rows}
