"""Load a partnership's own strategy, people's roles, contacts and measures from a folder of data files (R-F4)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.loading import PARTNERSHIPS, FaultsFound, Report, load_folder

# What the summary counts: the table, and the words for one row and for many.
COUNTED = [
    ("source", "source document", "source documents"),
    ("passage", "passage", "passages"),
    ("strategy", "strategy or plan", "strategies and plans"),
    ("measure", "measure", "measures"),
    ("organisation", "organisation", "organisations"),
    ("service", "service", "services"),
    ("contact", "contact", "contacts"),
    ("source_note", "source note", "source notes"),
]


class Command(BaseCommand):
    help = "Load a partnership from its folder of data files. Safe to run again; adds no action, comment or target."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            default=getattr(settings, "PORTAL_PARTNERSHIP", ""),
            help="A folder of portal/partnerships by name, or a path. Left out: the only folder there is.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_folder(find_folder(options["folder"]))
        except FaultsFound as found:
            for fault in found.faults:
                self.stderr.write(str(fault))
            count = len(found.faults)
            raise CommandError(
                f"{count} fault{'s' if count > 1 else ''} found. Nothing was changed."
            ) from found
        self.say(report)

    def say(self, report: Report) -> None:
        """A short summary: what the portal holds now, and what this run changed."""
        counts = report.counts
        held = [f"{counts[table]} {one if counts[table] == 1 else many}" for table, one, many in COUNTED]
        self.stdout.write(f"{report.name}: {', '.join(held)}.")
        added = sum(report.added.values())
        if not added and not report.changed:
            self.stdout.write("Nothing has changed since it was last loaded.")
        elif added:
            self.stdout.write(f"{added} row{'' if added == 1 else 's'} added.")
        for line in report.changed:
            self.stdout.write(f"Changed: {line}")
        for line in report.kept:
            self.stdout.write(f"Kept: {line}")


def find_folder(name: str) -> Path:
    """The folder of that name or path; without a name, the only partnership that came with the portal."""
    if not name:
        folders = sorted(path.name for path in PARTNERSHIPS.iterdir() if path.is_dir())
        if len(folders) != 1:
            raise CommandError(
                f"Say which partnership to load: {', '.join(folders) or 'a path to its folder'}."
            )
        name = folders[0]
    given = Path(name)
    return given if given.is_dir() or given.is_absolute() else PARTNERSHIPS / name
