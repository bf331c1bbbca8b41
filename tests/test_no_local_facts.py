"""Nothing about one area stands in the program: it all comes from that area's folder of data files (R-F4)."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APART = ("tests/", "docs/", "portal/partnerships/", "README")
KINDS = {".py", ".html", ".txt", ".js", ".scss", ".css", ".toml", ".json", ".svg"}
LOCAL = re.compile(r"lancashire|powar|blackpool|0300 123|01772", re.IGNORECASE)


def program_files() -> list[Path]:
    """Every file of the program that git knows or would add, without data, tests and documents."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [
        ROOT / name
        for name in names
        if not name.startswith(APART) and Path(name).suffix in KINDS and (ROOT / name).is_file()
    ]


@pytest.mark.requirement("R-F4")
def test_no_local_name_stands_in_code_or_templates():
    files = program_files()
    assert len(files) > 50
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if LOCAL.search(line)
    ]
    assert found == []
