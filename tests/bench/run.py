"""Measure the main pages against two yardsticks, on one machine in one run, and print a table (`make bench`).

    python -m tests.bench.run [--sizes 100 10000] [--seconds 3] [--postgres postgres://...] [--output FILE] [--pages NAME ...]

R0 is a bare view of 20 KB under the portal's own middleware; R1 is a template of 50 rows with one query. Both are measured
again right before each page, because a shared machine may run at half its speed a minute later. CPU is what the
server's workers used, divided by the requests they answered, so neither the load generator nor PostgreSQL counts. "Rendered"
is a page past the page cache, "after a change" the same with nothing kept in the worker's memory either, at every request.
Traffic goes to this machine's loopback address alone, for a bounded time. Needs `wrk`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
UPDATES_PER_ACTION, COMMENTS_PER_ACTION = 20, 10
YARDSTICKS = ("/bench/r0/", "/bench/r1/")
PAST_THE_CACHE = {"Authorization": "none"}
"""A request that says who it is never gets a kept page, whatever it says: the page is rendered for it."""


def environment(database: str, *, cache: bool) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database,
        "PORTAL_DEMO": "true",
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "BENCH_PAGE_CACHE": "on" if cache else "off",
        "STATIC_ROOT": str(ROOT / "build" / "bench"),
    }


def run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def server(env: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """Run gunicorn as production does: two sync workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "portal.wsgi",
        "--config",
        "deploy/gunicorn.conf.py",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log) as process,
    ):  # noqa: S603
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=5).read()  # noqa: S310
                    break
                except OSError:
                    time.sleep(0.1)
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()


def cpu_seconds(process: psutil.Process) -> float:
    return sum(sum(child.cpu_times()[:2]) for child in process.children(recursive=True))


def measure(
    address: str, process: psutil.Process, path: str, seconds: int, headers: dict[str, str], *, warm: int = 0
) -> dict[str, float]:
    """Requests a second, CPU milliseconds a request, median and 99th percentile in milliseconds.

    Before it counts, the page is asked for a second, or `warm` times where the workers have met it before.
    """
    options = [part for key, value in headers.items() if value for part in ("-H", f"{key}: {value}")]
    wrk = ["wrk", "-t1", "-c4", "--latency", *options]
    if not warm:
        subprocess.run([*wrk, "-d1s", address + path], capture_output=True, check=True)  # noqa: S603
    for _ in range(warm):
        fetch(address + path, headers.get("Cookie", ""))
    before = cpu_seconds(process)
    done = subprocess.run([*wrk, f"-d{seconds}s", address + path], capture_output=True, text=True, check=True)  # noqa: S603
    used, said = cpu_seconds(process) - before, done.stdout
    requests = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    if not requests:
        sys.exit(f"{path}: nothing was answered in {seconds} s. Give it longer, or a quieter machine.")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    if bad:
        sys.exit(f"{path}: {bad[0]}")
    units = {"us": 0.001, "ms": 1, "s": 1000}

    def latency(percent: str) -> float:
        number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
        return float(number) * units[unit]

    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    return {"rate": rate, "cpu": 1000 * used / requests, "p50": latency("50"), "p99": latency("99")}


def fetch(url: str, cookie: str = "") -> tuple[bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip", "Cookie": cookie})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return answer.read(), dict(answer.headers)


def first_visit(address: str, path: str, cookie: str) -> tuple[int, int]:
    """Bytes over the wire, headers included, and requests, of a first visit to a page and every file it names."""
    import gzip

    body, headers = fetch(address + path, cookie)
    size = len(body) + sum(len(key) + len(value) + 4 for key, value in headers.items())
    html = (gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body).decode()
    head_links = re.findall(r'<link[^>]+rel="(?:stylesheet|icon)"[^>]*>', html)
    files = {re.search(r'href="([^"]+)"', link)[1] for link in head_links} | set(  # type: ignore[index]
        re.findall(r'<(?:script|img)[^>]+src="([^"]+)"', html)
    )
    for file in files:
        body, headers = fetch(address + file)
        size += len(body) + sum(len(key) + len(value) + 4 for key, value in headers.items())
    return size, 1 + len(files)


def measure_database(
    database: str, size: int, seconds: int, names: list[str] | None = None
) -> list[dict[str, Any]]:
    fresh_env, kept_env = environment(database, cache=False), environment(database, cache=True)
    run(fresh_env, "manage.py", "migrate", "--verbosity=0")
    run(fresh_env, "manage.py", "createcachetable")
    run(fresh_env, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    run(fresh_env, "manage.py", "load_partnership")
    scale = [
        f"--actions={size}",
        f"--updates={size * UPDATES_PER_ACTION}",
        f"--comments={size * COMMENTS_PER_ACTION}",
    ]
    print(run(fresh_env, "manage.py", "seed_scale", *scale).strip(), file=sys.stderr)
    every = json.loads(run(fresh_env, "-m", "tests.bench.prepare").splitlines()[-1])
    pages = [page for page in every if not names or page["name"] in names]
    rows: list[dict[str, Any]] = []
    with server(kept_env) as (address, process):
        for page in pages:
            path, cookie = page["path"], page["cookie"]
            r0, r1 = (measure(address, process, yard, seconds, {}, warm=20) for yard in YARDSTICKS)
            row = page | {"r0": r0, "r1": r1}
            row |= measure(address, process, path, seconds, {"Cookie": cookie} if cookie else PAST_THE_CACHE)
            row["bytes"], row["requests"] = first_visit(address, path, cookie)
            if not cookie:
                row["kept"] = measure(address, process, path, seconds, {}, warm=20)["rate"] / r0["rate"]
                _, headers = fetch(address + path)
                if tag := headers.get("ETag"):
                    unchanged = measure(address, process, path, seconds, {"If-None-Match": tag}, warm=20)
                    row["unchanged"] = unchanged["rate"] / r0["rate"]
            rows.append(row)
        memory = max(child.memory_info().rss for child in process.children())
    with server(fresh_env) as (address, process):
        for row in rows:
            fresh_r1 = measure(address, process, YARDSTICKS[1], seconds, {}, warm=20)
            fresh = measure(address, process, row["path"], seconds, {"Cookie": row["cookie"]}, warm=8)
            row["fresh"], row["memory"] = fresh["cpu"] / fresh_r1["cpu"], memory
    return rows


def table(rows: list[dict], before: list[dict] | None) -> Iterator[str]:
    """Yield the lines of a table; `before` are the same pages at the smaller size."""

    def middle(yard: str, figure: str) -> float:
        return statistics.median(row[yard][figure] for row in rows)

    slowest, fastest = max(row["r1"]["cpu"] for row in rows), min(row["r1"]["cpu"] for row in rows)
    yield (
        f"R0: {middle('r0', 'rate'):.0f} requests a second, {middle('r0', 'cpu'):.2f} ms of CPU. R1: "
        f"R0/{middle('r0', 'rate') / middle('r1', 'rate'):.1f}, {middle('r1', 'cpu'):.1f} ms of CPU. Each is the middle of "
        f"{len(rows)}; R1's slowest took {slowest / fastest:.1f} times its fastest. Worker: {rows[0]['memory'] / 1e6:.0f} MB."
    )
    yield ""
    yield "| page | kept, of R0 | 304, of R0 | rendered | CPU, in R1 | after a change, in R1 | p99 / p50 | queries | first visit | growth |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for place, row in enumerate(rows):
        r0, r1 = row["r0"], row["r1"]
        kept = f"{row['kept']:.2f}" if "kept" in row else "-"
        unchanged = f"{row['unchanged']:.2f}" if "unchanged" in row else "-"
        growth = "-"
        if before:  # in R1, so that the machine's own pace does not count as growth
            growth = f"{(row['cpu'] / r1['cpu']) / (before[place]['cpu'] / before[place]['r1']['cpu']):.2f}"
        yield (
            f"| {row['name']} | {kept} | {unchanged} | R0/{r0['rate'] / row['rate']:.0f} | {row['cpu'] / r1['cpu']:.2f} | "
            f"{row['fresh']:.2f} | {row['p99'] / row['p50']:.1f} | {row['queries']} | "
            f"{row['bytes'] / 1000:.1f} KB, {row['requests']} | {growth} |"
        )
    yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument(
        "--postgres", default=os.environ.get("BENCH_POSTGRES", ""), help="server to make databases on"
    )
    parser.add_argument("--output", type=Path)
    parser.add_argument("--pages", nargs="+", help="only these, by the names that the table gives them")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("make bench needs wrk: apt-get install wrk")
    lines: list[str] = []
    busy = psutil.cpu_percent(interval=1)
    if busy > 25:
        lines += [f"The machine was {busy:.0f}% busy before the run: do not judge by these figures.", ""]
    for kind in ["SQLite", *(["PostgreSQL"] if options.postgres else [])]:
        before = None
        for size in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                database = f"sqlite:///{folder}/bench.sqlite3"
                if kind == "PostgreSQL":
                    database = fresh_postgres(options.postgres, f"bench_{size}")
                rows = measure_database(database, size, options.seconds, options.pages)
            lines += [
                f"### {kind}, {size:,} actions, {size * UPDATES_PER_ACTION:,} updates, {size * COMMENTS_PER_ACTION:,} comments",
                "",
            ]
            lines += table(rows, before)
            before = before or rows
            print("\n".join(lines), flush=True)
    if options.output:
        options.output.write_text("\n".join(lines))


def fresh_postgres(address: str, name: str) -> str:
    """Make an empty database on the server at `address` and give its own address."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return re.sub(r"/[^/]*$", f"/{name}", address)


if __name__ == "__main__":
    main()
