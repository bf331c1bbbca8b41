"""Remove addresses and words of families whose time is over (R-P1). Without `--really` it only counts them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from voice.operations import remove_past_their_time


class Command(BaseCommand):
    """Safe to run again. What is marked as someone may be unsafe is held until safeguarding lets it go."""

    help = "Count the addresses and words of families that are past their time; with --really, remove them."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--dry-run", action="store_true", help="only count; this is what happens anyway")
        which.add_argument("--really", action="store_true", help="remove what is past its time")

    def handle(self, *args: Any, **options: Any) -> None:
        really = options["really"]
        counts = remove_past_their_time(
            really=really, command="retention --really" if really else "retention --dry-run"
        )
        for label, number in (
            ("addresses of senders", counts.contacts),
            ("senders’ own words", counts.originals),
            ("redacted texts", counts.redactions),
            ("published texts", counts.published),
        ):
            self.stdout.write(f"{number:>7} {label}")
        self.stdout.write(
            "Removed." if really else "Nothing was removed. Run it with --really to remove them."
        )
