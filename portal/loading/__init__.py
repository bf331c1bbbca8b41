"""Loading a partnership from its folder of data files (R-F4, R-C9).

`load_folder` reads everything, checks everything, and only then writes, in one transaction.
"""

from pathlib import Path

from django.db import transaction

from foundation import content_version
from partnership.models import DataFileEntry

from .checking import check_rows
from .faults import Fault, FaultsFound
from .reading import Row, read_folder
from .rules import check_rules
from .writing import Report, write_rows

PORTAL = Path(__file__).resolve().parent.parent
PARTNERSHIPS = PORTAL / "partnerships"
REFERENCE = PORTAL / "reference"

__all__ = ["PARTNERSHIPS", "REFERENCE", "Fault", "FaultsFound", "Report", "load_folder"]


def load_folder(folder: Path, *, reference: Path = REFERENCE) -> Report:
    """Load the partnership in `folder`, and the public facts that every partnership gets.

    Raises FaultsFound with every fault of the files; the database is then as it was before.
    """
    rows, faults = read_folder(reference)
    own, own_faults = read_folder(folder)
    rows += own
    faults += own_faults
    faults += check_rows(rows)
    faults += check_rules(rows)
    if faults:
        raise FaultsFound(faults)
    with transaction.atomic():
        _refuse_another(rows)
        report = write_rows(rows)
        if report.added or report.changed:
            content_version.bump()
    report.name = next(row.values["name"] for row in rows if row.table.name == "partnership")
    return report


def _refuse_another(rows: list[Row]) -> None:
    """One portal serves one partnership: two in one database would write over each other's words."""
    row = next(row for row in rows if row.table.name == "partnership")
    loaded = DataFileEntry.objects.filter(table="partnership").values_list("key", flat=True).first()
    if loaded is not None and loaded != row.key:
        message = (
            f'this portal already holds the partnership "{loaded}"; use an empty database for "{row.key}"'
        )
        raise FaultsFound([row.fault("slug", message)])
