"""Thousands send at once while workers of the server are killed: nothing lost, nothing twice, nothing half (F5).

    python -m tests.safety.storm [--number 10000] [--clients 16] [--kills 30] [--postgres postgres://...]
    tests/with_postgres.sh python -m tests.safety.storm
    ... --break transaction     the control: without the transaction, halves are found
    ... --break token           the control: without the one-use token and the lock of the draft, doubles are found

Each client writes as a child does: the words on one page, a look at the check page, send. Every seventh presses send twice
at once. Who gets no answer presses again, with the same page, as a person does. A worker is killed with SIGKILL every now
and then: by turns any worker at any moment, and the next one whose comment is half written. Afterwards the
database is read: each text that somebody sent stands there once, under the code that they were shown. Exits with 1 when
something is wrong. Traffic goes to this machine's loopback address alone, for a bounded number of requests.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from tests.bench.run import ROOT, fresh_postgres, run

PAGE = "/voice/new/child/"
PRESSED_AGAIN = 40
"""So often somebody who gets no answer presses send again."""
AT_ONCE = 25
"""So many are written before the first of them is sent: nobody sends within two seconds of beginning (R-V12)."""
SLOWER = "0.02"  # seconds
WORKERS = "4"


def main() -> None:
    """One storm on each database, and what is found afterwards."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument(
        "--unaimed",
        action="store_true",
        help="kill any worker at any moment, and none on purpose where it hurts",
    )
    parser.add_argument("--break", dest="broken", choices=["transaction", "token"], default="")
    parser.add_argument("--postgres", default=os.environ.get("BENCH_POSTGRES", ""))
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--look", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        print(json.dumps(look(json.loads(Path(options.look).read_text()))))
        return
    kinds = ["SQLite", *(["PostgreSQL"] if options.postgres else [])]
    is_right = True
    for kind in [options.only] if options.only else kinds:
        with tempfile.TemporaryDirectory() as folder:
            is_right &= _one_storm(kind, Path(folder), options)
    sys.exit(0 if is_right else 1)


def _one_storm(kind: str, folder: Path, options: argparse.Namespace) -> bool:
    database = f"sqlite:///{folder}/storm.sqlite3"
    if kind == "PostgreSQL":
        database = fresh_postgres(options.postgres, "storm")
    env = os.environ | {
        "DATABASE_URL": database,
        "PORTAL_DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "tests.safety.settings",
        "STATIC_ROOT": str(ROOT / "build" / "bench"),
        "STORM_BREAK": options.broken,
        "STORM_SLOWER": SLOWER,
        "STORM_DIE_HERE": str(folder / "die-here"),
        "WORKERS": WORKERS,
    }
    for command in (["migrate", "--verbosity=0"], ["createcachetable"], ["collectstatic", "--noinput"]):
        run(env, "manage.py", *command)
    began = time.monotonic()
    with _server(env, folder / "log") as (port, process):
        storm = Storm(port, process, options, folder / "die-here")
        sent = storm.blow()
    took = time.monotonic() - began
    shown = folder / "shown.json"
    shown.write_text(json.dumps(sent))
    found = json.loads(run(env, "-m", "tests.safety.storm", "--look", str(shown)))
    print(
        f"{kind}{', without ' + options.broken if options.broken else ''}: {options.number:,} sent by {options.clients} "
        f"clients in {took:.0f} s, {storm.at_random} workers killed at any moment, {storm.aimed} half way, "
        f"{storm.again:,} presses again, {found['kept']:,} kept; "
        f"{found['lost']} lost, {found['doubled']} twice, {found['half']} half, {found['wrong_code']} with another code, "
        f"{found['drafts']} drafts left",
        flush=True,
    )
    # A worker that dies after it has kept somebody's first words, and before it has handed out their key, leaves a draft that
    # nobody can open: they press again and write another. It is deleted after its 24 hours.
    return found["drafts"] <= storm.at_random and not any(
        found[name] for name in ("lost", "doubled", "half", "wrong_code")
    )


@contextmanager
def _server(env: dict[str, str], log: Path) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "gunicorn", "tests.safety.wsgi", "--config", "deploy/gunicorn.conf.py"]
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603
            [sys.executable, *command, "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
        ) as process,
    ):
        try:
            for _ in range(300):
                try:
                    if _Browser(port).ask("GET", "/healthz")[0] == 200:
                        break
                except OSError:
                    time.sleep(0.1)
            else:
                sys.exit(log.read_text()[-3000:])
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


class _Browser:
    """Cookies, and a connection for each request."""

    def __init__(self, port: int) -> None:
        self.port = port
        secret = "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=32))  # noqa: S311 - a cookie of this run alone
        self.cookies = {"csrf": secret}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and page. OSError where the server went away."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = None
            if form is not None:
                body = urlencode(form | {"csrfmiddlewaretoken": self.cookies["csrf"]})
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, page
        except http.client.HTTPException as gone:
            raise OSError(str(gone)) from gone
        finally:
            connection.close()


class Storm:
    """All clients, and whoever kills the workers meanwhile."""

    def __init__(
        self, port: int, process: psutil.Process, options: argparse.Namespace, die_here: Path
    ) -> None:
        self.port, self.process, self.options, self.die_here = port, process, options, die_here
        self.at_random = self.aimed = self.again = self.done = 0
        self._lock = threading.Lock()
        self._over = threading.Event()

    @property
    def killed(self) -> int:
        return self.at_random + self.aimed

    def blow(self) -> dict[str, list[str]]:
        """Send everything. Returns every code that was shown for each text."""
        killer = threading.Thread(target=self._kill)
        killer.start()
        try:
            with ThreadPoolExecutor(self.options.clients) as pool:
                parts = pool.map(self._client, range(self.options.clients))
                return {words: codes for part in parts for words, codes in part.items()}
        finally:
            self._over.set()
            killer.join()

    def _client(self, number: int) -> dict[str, list[str]]:
        shown: dict[str, list[str]] = {}
        left = [f"storm {one}" for one in range(number, self.options.number, self.options.clients)]
        while left:
            batch, left = left[:AT_ONCE], left[AT_ONCE:]
            browsers = [(words, self._write(words)) for words in batch]
            time.sleep(2.1)
            for words, browser in browsers:
                shown[words] = self._send(browser, twice=random.random() < 1 / 7)  # noqa: S311
                with self._lock:
                    self.done += 1
        return shown

    def _until_answered(self, browser: _Browser, method: str, path: str, form: Any = None) -> tuple[int, str]:
        for _ in range(PRESSED_AGAIN):
            try:
                status, page = browser.ask(method, path, form)
            except OSError:
                status, page = 0, ""
            if 0 < status < 500:
                return status, page
            with self._lock:
                self.again += 1
            time.sleep(0.2)
        return status, ""  # given up: what is missing is found in the database afterwards

    def _write(self, words: str) -> _Browser:
        browser = _Browser(self.port)
        status, page = self._until_answered(browser, "POST", f"{PAGE}words/", {"text": words, "go": "keep"})
        if status != 302:
            raise RuntimeError(f"words: {status} {page[-2000:]}")
        return browser

    def _send(self, browser: _Browser, *, twice: bool) -> list[str]:
        status, page = self._until_answered(browser, "GET", f"{PAGE}check/")
        carried = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("token", "seen")}
        if status != 200 or not all(carried.values()):
            raise RuntimeError(f"check: {status} {page[-2000:]}")
        form = {name: found[1] for name, found in carried.items() if found}
        pages: list[str] = []

        def press() -> None:
            pages.append(self._until_answered(browser, "POST", f"{PAGE}check/", form)[1])

        presses = [threading.Thread(target=press) for _ in range(2 if twice else 1)]
        for one in presses:
            one.start()
        for one in presses:
            one.join()
        return ["-".join(re.findall(r'portal-code__group">([^<]+)<', page)) for page in pages]

    def _kill(self) -> None:
        """One worker after another, spread over the whole storm."""
        step = self.options.number / (self.options.kills + 1)
        while self.killed < self.options.kills and not self._over.is_set():
            if self.done >= step * (self.killed + 1):
                self._kill_one(aimed=bool(self.killed % 2) and not self.options.unaimed)
            self._over.wait(random.uniform(0.01, 0.1))  # noqa: S311

    def _kill_one(self, *, aimed: bool) -> None:
        """Any worker, or the next one whose comment is half written. Counts what has died."""
        if aimed:
            self.die_here.touch()
            while self.die_here.exists() and not self._over.is_set():
                time.sleep(0.01)
            self.aimed += not self.die_here.exists()
        elif workers := self.process.children():
            secrets.choice(workers).kill()
            self.at_random += 1


def look(shown: dict[str, list[str]]) -> dict[str, int]:
    """What stands in the database, against what people were shown."""
    import django

    django.setup()
    from foundation.codes import code_digests
    from voice.models import Comment, CommentOriginal, Draft

    rows = list(CommentOriginal.objects.values_list("text", "comment__code_digest"))
    times = Counter(text for text, _ in rows)
    digest_of = dict(rows)
    wrong = sum(
        1
        for words, codes in shown.items()
        for code in codes
        if not code or digest_of.get(words) not in code_digests(code)
    )
    return {
        "kept": len(rows),
        "lost": sum(1 for words in shown if not times[words]),
        "doubled": sum(number - 1 for number in times.values()),
        "half": Comment.objects.filter(original=None).count(),
        "wrong_code": wrong,
        "drafts": Draft.objects.count(),
    }


if __name__ == "__main__":
    main()
