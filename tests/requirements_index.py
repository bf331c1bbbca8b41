"""Which test proves which requirement: `make requirements`, or `pytest --requirements`.

A test says what it proves with `@pytest.mark.requirement("R-A3")`, once for each number. A number that stands in no
list is refused, so that a slip of the pen cannot pass for proof.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

LIST = Path(__file__).parent / "data" / "requirements.txt"
NOT_PROVEN = "not proven"


def known_requirements(text: str | None = None) -> list[str]:
    """Return every requirement's number, in the order of the list."""
    lines = (LIST.read_text() if text is None else text).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def lines_of_report(known: list[str], proofs: dict[str, list[str]]) -> list[str]:
    """Return the report: each requirement with its tests, or `not proven`, and a sum at the end."""
    lines = []
    for number in known:
        tests = proofs.get(number, [])
        lines.append(f"{number:<6} {NOT_PROVEN}" if not tests else f"{number:<6} {tests[0]}")
        lines += [f"{'':<6} {test}" for test in tests[1:]]
    proven = sum(1 for number in known if proofs.get(number))
    return [*lines, "", f"{proven} of {len(known)} requirements have a test that proves them."]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requirements", action="store_true", help="print which test proves which requirement, and run none"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.option.requirements:
        config.option.verbose = -1  # the report alone


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run nothing when only the report is asked for."""
    return True if session.config.option.requirements else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    known = known_requirements()
    proofs: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for marker in item.iter_markers("requirement"):
            for number in marker.args:
                if number not in known:
                    raise pytest.UsageError(f"{item.nodeid}: there is no requirement {number} in {LIST.name}")
                name = item.nodeid.split("[")[0]
                if name not in proofs[number]:
                    proofs[number].append(name)
            if not marker.args:
                raise pytest.UsageError(f"{item.nodeid}: its requirement mark names no requirement")
    config.stash[PROOFS] = dict(proofs)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.option.requirements:
        terminalreporter.write_line("")
        for line in lines_of_report(known_requirements(), config.stash.get(PROOFS, {})):
            terminalreporter.write_line(line)


PROOFS = pytest.StashKey[dict[str, list[str]]]()
