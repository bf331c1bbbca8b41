"""The server as `make run` and production start it: gunicorn, collected files, its own log, a clean stop."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import migrated_database

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.xdist_group("server")


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


class Server(NamedTuple):
    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(self.address + path, headers=headers)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.headers, refused.read())

    def log_lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not (ROOT / "build/static/portal.css").exists():
        pytest.skip("The style sheet is not made yet: make assets")
    here = tmp_path_factory.mktemp("server")
    port = free_port()
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "PORTAL_DEMO": "true",
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{here / 'db.sqlite3'}",
        "STATIC_ROOT": str(here / "collected"),
        "SECRET_KEY": "unlikely-" * 8,
    }
    if migrated_database().exists():
        shutil.copy(migrated_database(), here / "db.sqlite3")  # the tables as `migrate` made them before
    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--noinput"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True
        )
    with (here / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                BIN / "gunicorn",
                "portal.wsgi",
                "--config",
                "deploy/gunicorn.conf.py",
                "--bind",
                f"127.0.0.1:{port}",
            ],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Server(process, f"http://127.0.0.1:{port}", here / "log")
    try:
        wait_until_up(running)
        yield running
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until_up(server: Server) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if server.get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(server.log.read_text())


def style_sheet(page: bytes) -> str:
    found = re.search(rb'href="(/static/portal\.[0-9a-f]+\.css)"', page)
    assert found, page
    return found[1].decode()


def test_a_page_names_a_style_sheet_that_is_kept_for_ever_and_packed(server: Server) -> None:
    page = server.get("/accounts/login/")
    assert page.status == 200
    sheet = server.get(style_sheet(page.body), **{"Accept-Encoding": "gzip"})
    assert (sheet.status, sheet.headers["Content-Encoding"]) == (200, "gzip")
    assert sheet.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert len(sheet.body) < 40_000


@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/", "/healthz", "the style sheet"])
def test_every_answer_carries_the_strict_headers(server: Server, path: str) -> None:
    page = server.get("/accounts/login/")
    headers = server.get(style_sheet(page.body) if path == "the style sheet" else path).headers
    policy = sorted(headers["Content-Security-Policy"].split("; "))
    assert policy == sorted(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ]
    )
    assert {
        name: headers[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")
    } == {
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("accelerometer=()")


@pytest.mark.requirement("R-V6")
def test_the_log_names_the_page_and_never_what_was_asked_for(server: Server) -> None:
    server.get("/accounts/login/?next=/canary-one/")
    server.get("/canary-two/?q=canary-three")
    lines = server.log_lines()
    assert [line["route"] for line in lines if line["logger"] == "foundation.access"][-2:] == [
        "/accounts/login/",
        "(no page)",
    ]
    assert "canary" not in server.log.read_text()


def test_a_host_that_is_not_ours_is_refused(server: Server) -> None:
    assert server.get("/accounts/login/", Host="portal.example.org").status == 400
    assert server.get("/accounts/login/", Host="localhost").status == 200


def test_the_health_check_of_the_container_asks_the_running_server(server: Server) -> None:
    check = [sys.executable, "deploy/healthcheck.py"]
    bind = server.address.removeprefix("http://")
    alive = subprocess.run(check, cwd=ROOT, env={"BIND": bind}, check=False, capture_output=True)
    gone = subprocess.run(
        check, cwd=ROOT, env={"BIND": f"127.0.0.1:{free_port()}"}, check=False, capture_output=True
    )
    assert (alive.returncode, gone.returncode) == (0, 1)


def test_told_to_stop_it_stops_at_once_and_without_complaint(server: Server) -> None:
    # Last in this file: the server is gone afterwards.
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=15) == 0
    assert [line for line in server.log_lines() if line["level"] in ("ERROR", "CRITICAL")] == []
