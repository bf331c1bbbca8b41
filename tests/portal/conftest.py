"""A partnership's folder of data files to load, to spoil and to load again."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

MADE_UP = Path(__file__).parent.parent / "data" / "partnerships" / "exampleshire"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the made-up partnership that a test may change."""
    return Path(shutil.copytree(MADE_UP, tmp_path / "exampleshire"))


@pytest.fixture
def load(db: None) -> Callable[[Path], str]:
    """Load a folder and give back what was said."""

    def run(folder: Path | str) -> str:
        out = StringIO()
        call_command("load_partnership", str(folder), stdout=out, stderr=StringIO())
        return out.getvalue()

    return run


@pytest.fixture
def faults(db: None) -> Callable[[Path], list[str]]:
    """Try to load a folder that must be refused, and give back the faults, line by line."""

    def run(folder: Path) -> list[str]:
        err = StringIO()
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("load_partnership", str(folder), stdout=StringIO(), stderr=err)
        return err.getvalue().splitlines()

    return run


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Change one piece of text in a data file; it must be there once."""

    def run(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new))

    return run


@pytest.fixture
def partnership(db: None):
    """A partnership with a name, for pages that say it."""
    from tests.factories import make_partnership

    return make_partnership()
