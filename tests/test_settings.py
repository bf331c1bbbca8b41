"""A missing or wrong setting stops the start, with its name and its cure in plain words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.settings_table import BAD, FREE

ROOT = Path(__file__).resolve().parent.parent

REAL = {
    "SECRET_KEY": "kq3vT9-unlikely-and-long-enough-for-a-real-installation-0J7xW2",
    "ALLOWED_HOSTS": "portal.example.org,www.portal.example.org",
    "EMAIL_URL": "smtp+tls://user:p%40ss@mail.example.org:587",
    "DATABASE_URL": "postgres://user:p%40ss@db.example.org:5432/portal",
}
DEMO = {"PORTAL_DEMO": "true"}
PRINT = """
import json, sys
from portal import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def start(variables: dict[str, str | None], *names: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, with these variables and no others, and print the named settings."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    clean |= {name: value for name, value in variables.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", PRINT, *names],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_with(variables: dict[str, str | None], *names: str) -> dict[str, Any]:
    done = start(variables, *names)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def starts_without_a_fault() -> bool:
    """Say whether the same installation starts when nothing is wrong with it."""
    return start(REAL).returncode == 0


@pytest.mark.parametrize(
    ("change", "what", "cure"), BAD, ids=[f"{next(iter(c))}-{i}" for i, (c, _, _) in enumerate(BAD)]
)
def test_a_bad_setting_stops_the_start_with_its_name_and_its_cure(
    change: dict[str, str | None], what: str, cure: str
) -> None:
    assert starts_without_a_fault()
    done = start({**REAL, **change})
    said = done.stderr[done.stderr.rindex("The portal cannot start.") :]
    assert done.returncode != 0
    assert what in said
    assert cure in said.split("Cure: ", 1)[1]
    assert "hidden" not in said  # a password in an address is not repeated


def test_every_variable_that_the_settings_list_is_among_the_bad_ones() -> None:
    from portal import settings

    listed = set(re.findall(r"^    ([A-Z_]+) ", settings.__doc__ or "", re.MULTILINE))
    assert len(listed) > 10
    assert listed - FREE == {name for change, _, _ in BAD for name in change}


def test_every_problem_is_told_at_once() -> None:
    said = start({}).stderr
    names = [
        line.split(":")[0].strip()
        for line in said.splitlines()
        if line.startswith("  ") and ": it is missing" in line
    ]
    assert names == ["SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"]


@pytest.mark.parametrize(
    "command",
    [
        [sys.executable, "manage.py", "migrate"],
        [str(Path(sys.executable).parent / "gunicorn"), "portal.wsgi", "--config", "deploy/gunicorn.conf.py"],
    ],
    ids=["manage.py", "gunicorn"],
)
def test_whatever_is_started_tells_the_problem_and_nothing_else(command: list[str]) -> None:
    clean = {"PATH": os.environ["PATH"], **REAL, "EMAIL_URL": "pigeon://loft"}
    done = subprocess.run(
        command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[:2] == [
        "The portal cannot start.",
        "  EMAIL_URL: it is not the address of a mail server.",
    ]
    assert len(done.stderr.splitlines()) == 3


def test_a_real_installation_is_closed_unless_opened() -> None:
    names = (
        "DEBUG",
        "PORTAL_DEMO",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "SECURE_SSL_REDIRECT",
        "ADMINS",
    )
    assert settings_with(
        REAL, *names, "PORTAL_ADDRESS", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "EMAIL_USE_TLS", "EMAIL_TIMEOUT"
    ) == {
        "DEBUG": False,
        "PORTAL_DEMO": False,
        "ALLOWED_HOSTS": ["portal.example.org", "www.portal.example.org"],
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SECURE_SSL_REDIRECT": True,
        "ADMINS": [],
        "PORTAL_ADDRESS": "https://portal.example.org",
        "EMAIL_HOST": "mail.example.org",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 10,
    }


def test_the_demo_starts_with_nothing_set_and_answers_to_this_machine_alone() -> None:
    names = (
        "DEBUG",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_NAME",
        "PORTAL_ADDRESS",
        "DEMO_PASSWORD",
    )
    assert settings_with({**DEMO, "PORT": "8001"}, *names) == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
        "SESSION_COOKIE_SECURE": False,
        "SESSION_COOKIE_NAME": "session",
        "PORTAL_ADDRESS": "http://127.0.0.1:8001",
        "DEMO_PASSWORD": "portal-demo-only",
    }


@pytest.mark.parametrize("word", ["false", "no", "off", "0", ""])
def test_a_switch_that_is_off_is_off(word: str) -> None:
    assert settings_with({**REAL, "PORTAL_DEMO": word}, "PORTAL_DEMO") == {"PORTAL_DEMO": False}


def test_https_is_on_unless_it_is_switched_off() -> None:
    assert settings_with(
        {**REAL, "PORTAL_HTTPS": "false"}, "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS"
    ) == {
        "SESSION_COOKIE_SECURE": False,
        "SECURE_HSTS_SECONDS": 0,
    }


def test_sqlite_waits_its_turn_to_write() -> None:
    database = settings_with({**REAL, "DATABASE_URL": "sqlite:////tmp/db.sqlite3"}, "DATABASES")["DATABASES"][
        "default"
    ]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == "/tmp/db.sqlite3"  # noqa: S108 - a name alone, nothing is written
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }


def test_sqlite_in_memory_is_understood() -> None:
    database = settings_with({**REAL, "DATABASE_URL": "sqlite://:memory:"}, "DATABASES")["DATABASES"][
        "default"
    ]
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", ":memory:")


def test_postgresql_keeps_its_connection_and_gives_up_in_time() -> None:
    database = settings_with(REAL, "DATABASES")["DATABASES"]["default"]
    assert {
        name: database[name]
        for name in ("ENGINE", "HOST", "PASSWORD", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "OPTIONS")
    } == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example.org",
        "PASSWORD": "p@ss",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "options": "-c statement_timeout=15s"},
    }


@pytest.mark.requirement("R-V6")
def test_a_log_line_holds_no_query_string_no_request_and_no_text_of_an_error() -> None:
    import logging

    from portal.logs import PlainJsonFormatter

    try:
        raise ValueError("a child's own words")
    except ValueError:
        exc_info = sys.exc_info()
    record = logging.LogRecord(
        "django.request", logging.ERROR, "f.py", 1, "Not found: %s", ("/search/?q=secret+words",), exc_info
    )
    record.request = "GET /search/?q=secret"
    record.status_code = 404
    record.exc_text = "ValueError: a child's own words"
    line = json.loads(PlainJsonFormatter().format(record))
    assert sorted(line) == ["exc_info", "level", "logger", "message", "status_code", "time"]
    assert line["message"] == "Not found: /search/"
    assert line["exc_info"].startswith("ValueError at ")
    assert "child" not in line["exc_info"]
    record.exc_info = None  # where only the text is left, as another handler kept it
    assert "child" not in PlainJsonFormatter().format(record)


@pytest.mark.requirement("R-V6")
def test_django_s_own_line_about_a_request_names_the_page_and_not_the_address(rf: Any) -> None:
    import logging

    from django.urls import resolve

    from portal.logs import PlainJsonFormatter

    address = "/accounts/password/reset/key/1-secret/"
    request = rf.get(address, {"q": "secret"})
    record = logging.makeLogRecord(
        {"name": "django.request", "msg": "%s: %s", "args": ("Not Found", address), "request": request}
    )
    assert json.loads(PlainJsonFormatter().format(record))["message"] == "Not Found: (no page)"
    request.resolver_match = resolve(address)
    assert "secret" not in PlainJsonFormatter().format(record)
    assert json.loads(PlainJsonFormatter().format(record))["message"].startswith(
        "Not Found: /accounts/password/reset/key/"
    )
