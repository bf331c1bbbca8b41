"""Measure a spreadsheet of 5,000 rows coming in: reading, checking and saving, for new rows and for changed ones.

    python -m tests.bench.imports [--rows 5000] [--postgres postgres://...]
    tests/with_postgres.sh python -m tests.bench.imports

For each step it prints CPU and wall seconds of the worker's process, and how far its memory rose above what it held before
the step, against the 60 MB of the budget (S6). Checking is one request for each 500 rows, so its slowest request stands
beside it. On PostgreSQL the database works in processes of its own, which count in the wall time alone. Linux only: the
peak of a process is read from /proc.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.run import ROOT, environment, fresh_postgres, run

BUDGET = 60
IN_WORKER = "BENCH_IMPORT_ROWS"


def main() -> None:
    """Make a database of each kind, and measure in a process of its own on each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--postgres", default=os.environ.get("BENCH_POSTGRES", ""))
    options = parser.parse_args()
    for kind in ["SQLite", *(["PostgreSQL"] if options.postgres else [])]:
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{folder}/bench.sqlite3"
            if kind == "PostgreSQL":
                database = fresh_postgres(options.postgres, "bench_imports")
            env = environment(database, cache=True) | {IN_WORKER: str(options.rows)}
            run(env, "manage.py", "migrate", "--verbosity=0")
            command = [sys.executable, "-m", "tests.bench.imports"]
            done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        print(f"### {kind}, {options.rows:,} rows\n\n{done.stdout}", flush=True)


class Step:
    """What one step used: CPU and wall seconds, and how many MB its memory rose at most."""

    def __init__(self, name: str, work: Callable[[], Any]) -> None:
        gc.collect()
        ctypes.CDLL("libc.so.6").malloc_trim(
            0
        )  # what the step before let go of is given back, and hides no growth
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        before = _memory("VmHWM")
        cpu, wall = time.process_time(), time.perf_counter()
        self.result = work()
        self.cpu, self.wall = time.process_time() - cpu, time.perf_counter() - wall
        self.name, self.growth = name, _memory("VmHWM") - before

    def line(self, slowest: float | None = None) -> str:
        longest = f"{slowest:.1f}" if slowest is not None else "-"
        fits = "yes" if self.growth <= BUDGET else "no"
        return (
            f"| {self.name} | {self.cpu:.1f} | {self.wall:.1f} | {longest} | {self.growth:.0f} MB | {fits} |"
        )


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1000
    raise LookupError(name)


def measure(number: int) -> None:
    """In a process that is set up as a worker is: import new rows, then the same plan with every row changed."""
    import django

    django.setup()
    from actions.models import Action
    from actions.sheets.rows import HEADINGS, rows
    from foundation.spreadsheet import xlsx_pieces
    from partnership.calendar import today
    from partnership.roles import Role
    from tests import factories as make

    service = make.make_service("Example service", code="EX")
    plan = make.make_plan(service)
    by = make.make_user(Role.PUBLISHER, service=service)
    make.make_priority("Be heard", strategy=plan.strategy)
    import_all(
        by, make.make_plan(service), file_of(HEADINGS, new_rows(HEADINGS, 20), xlsx_pieces), quiet=True
    )  # warms up
    gc.collect()
    gc.freeze()  # as deploy/gunicorn.conf.py has it
    gc.set_threshold(10_000, 20, 20)
    print(
        "| step | CPU, s | wall, s | slowest request, s | memory | within 60 MB |\n|---|---|---|---|---|---|"
    )
    import_all(by, plan, file_of(HEADINGS, new_rows(HEADINGS, number), xlsx_pieces), name="new")
    found = rows(Action.objects.filter(plan=plan), by, today())
    import_all(by, plan, file_of(HEADINGS, changed_rows(HEADINGS, found), xlsx_pieces), name="changed")


def changed_rows(headings: list[str], found: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Rows as they were exported, each with another title and more words."""
    title, problem = headings.index("Title"), headings.index("The problem")
    for row in found:
        row[title] = f"Changed: {row[title]}"
        row[problem] += " It got worse."
        yield row


def new_rows(headings: list[str], number: int) -> Iterator[list[str]]:
    """Rows as a person fills them in: about a thousand characters each."""
    words = "Families wait too long for an answer and are asked the same thing twice. " * 4
    filled = {
        "Must, should or could": "Should do",
        "Priority": "1",
        "The problem": words,
        "What we will do": words,
        "The difference it will make": words,
        "Role that leads it": "Head of service",
        "Due date": "31/12/2030",
        "Steps": "A first step (due 1 March 2030)\nA second step",
    }
    for place in range(number):
        yield [f"Example action {place}" if name == "Title" else filled.get(name, "") for name in headings]


def file_of(headings: list[str], table: Iterable[list[Any]], pieces: Callable[..., Any]) -> io.BytesIO:
    return io.BytesIO(b"".join(pieces(headings, table)))


def import_all(by: Any, plan: Any, file: io.BytesIO, *, name: str = "", quiet: bool = False) -> None:
    """The three steps of one file."""
    from actions.models import PlanImport
    from actions.operations.import_saving import confirm_import
    from actions.operations.imports import begin_import, check_piece, outcomes

    size = file.seek(0, 2)
    file.seek(0)
    read = Step(
        f"read, {name}", lambda: begin_import(by=by, plan=plan, file=file, name="plan.xlsx", size=size)
    )
    found, slowest = read.result, 0.0

    def check() -> None:
        nonlocal found, slowest
        while found.stage == PlanImport.Stage.CHECKING:
            began = time.perf_counter()
            found = check_piece(by=by, plan_import=found)
            slowest = max(slowest, time.perf_counter() - began)

    checked = Step(f"check, {name}", check)
    counts = outcomes(found)
    saved = Step(f"confirm, {name}", lambda: confirm_import(by=by, plan_import=found))
    if not quiet:
        print("\n".join([read.line(), checked.line(slowest), saved.line()]), flush=True)
        if counts[name] != found.rows_total:
            sys.exit(f"Not every row is {name}: {counts}")


if __name__ == "__main__":
    if os.environ.get(IN_WORKER):
        measure(int(os.environ[IN_WORKER]))
    else:
        main()
