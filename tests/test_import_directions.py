"""Each package may use only those below it: imports, links between tables, and migrations alike."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent

# The table itself: each package, and what it may use. Typed by hand; nobody may use portal.
MAY_USE: dict[str, set[str]] = {
    "foundation": set(),
    "partnership": {"foundation"},
    "priorities": {"foundation", "partnership"},
    "actions": {"foundation", "partnership", "priorities"},
    "voice": {"foundation", "partnership", "priorities", "actions"},
    "board": {"foundation", "partnership", "priorities", "actions", "voice"},
    "portal": {"foundation", "partnership", "priorities", "actions", "voice", "board"},
}


def imported_packages(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Give each of our packages that a file names in an import, with its line; `package` is where the file lives.

    An import inside a function counts as much as one at the top, and so does a name handed to `import_module` or
    `get_model` as plain text.
    """
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "get_model", "get_app_config", "import_string"):
                names = [str(node.args[0].value)]
        for name in names:
            found = name.split(".")[0]
            if found in MAY_USE and found != package:
                yield node.lineno, found


def faults_in_imports(root: Path, may_use: dict[str, set[str]]) -> list[str]:
    """Return each import that runs the wrong way, as `file:line uses package`."""
    return [
        f"{path.relative_to(root)}:{line} uses {found}"
        for package, below in may_use.items()
        for path in sorted((root / package).rglob("*.py"))
        for line, found in imported_packages(path.read_text(), package)
        if found not in below
    ]


def faults_in_links(may_use: dict[str, set[str]], links: list[tuple[str, str, str]]) -> list[str]:
    """Return each link from a table to one of a package that may not be used."""
    return [
        f"{owner}.{name} points at {target}"
        for owner, name, target in links
        if target in may_use
        and target != owner.split(".")[0]
        and target not in may_use.get(owner.split(".")[0], set())
    ]


def links_between_tables() -> list[tuple[str, str, str]]:
    """Return every link of every table of ours: the table, the name of the link, the package that it points at."""
    return [
        (model._meta.label, field.name, field.remote_field.model._meta.app_label)
        for package in MAY_USE
        for model in apps.get_app_config(package).get_models(include_auto_created=True)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.remote_field
    ]


def test_the_table_names_every_package_that_is_ours() -> None:
    ours = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert ours == set(MAY_USE)
    installed = [config.label for config in apps.get_app_configs() if config.label in MAY_USE]
    assert installed == list(MAY_USE)  # lowest first, as settings say


def test_imports_run_downwards_only() -> None:
    assert faults_in_imports(ROOT, MAY_USE) == []


def test_links_between_tables_run_downwards_only() -> None:
    links = links_between_tables()
    assert len(links) > 10  # something was read
    assert faults_in_links(MAY_USE, links) == []


def test_migrations_depend_downwards_only() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    links = [
        (f"{package}.{name}", "dependencies", used)
        for (package, name), migration in loader.disk_migrations.items()
        if package in MAY_USE
        for used, _ in migration.dependencies
    ]
    assert faults_in_links(MAY_USE, links) == []


# --- Controls: the same checks, given something wrong, say so ---------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import voice.models",
        "from voice.models import Comment",
        "from voice import models",
        "def view():\n    from voice.models import Comment",
        "apps.get_model('voice.Comment')",
        "import_module('voice.operations')",
    ],
)
def test_an_import_that_runs_up_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / "views.py").write_text("from partnership.models import Service\n" + line + "\n")
    fault_line = 2 + line.count("\n")
    assert faults_in_imports(tmp_path, MAY_USE) == [f"actions/views.py:{fault_line} uses voice"]


def test_nobody_may_use_portal(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    (tmp_path / "board" / "views.py").write_text("from portal.settings import DEBUG\n")
    assert faults_in_imports(tmp_path, MAY_USE) == ["board/views.py:1 uses portal"]


def test_a_link_that_runs_up_is_found() -> None:
    links = [("actions.Action", "comment", "voice"), ("voice.Comment", "action", "actions")]
    assert faults_in_links(MAY_USE, links) == ["actions.Action.comment points at voice"]
