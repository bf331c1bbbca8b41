"""Reads what the machine says about this installation, and says plainly what is wrong with it.

Every problem is collected, so that one start tells all of them, each with the name of the variable and its cure.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HOST_NAME = re.compile(
    r"^\.?(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$|^\[[0-9a-f:]+\]$"
)
ADDRESS = re.compile(r"^https?://(\[[^\s/@]+\]|[^\s/@:]+)(:[0-9]{1,5})?$", re.IGNORECASE)
SENDER = re.compile(r"^[^\s@<>]+@[^\s@<>]+$|^[^@<>\r\n]+<[^\s@<>]+@[^\s@<>]+>$")
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
EMAIL_SCHEMES = (
    "smtp",
    "smtp+tls",
    "smtp+ssl",
    "smtps",
    "submission",
    "consolemail",
    "filemail",
    "dummymail",
)


class Environment:
    """The variables of one start, and the problems found among them."""

    def __init__(self, variables: environ.Env) -> None:
        self.variables = variables
        self.problems: list[str] = []

    def problem(self, name: str, what: str, cure: str) -> None:
        """Note that the variable `name` is wrong: what is wrong, and what to do about it."""
        self.problems.append(f"  {name}: {what}\n      Cure: {cure}")

    def stop_if_wrong(self) -> None:
        """Raise ImproperlyConfigured with every problem found so far; do nothing when there is none."""
        if self.problems:
            raise ImproperlyConfigured("The portal cannot start.\n" + "\n".join(self.problems))

    def text(self, name: str, default: str = "") -> str:
        """Return the variable as it stands, or `default` when it is missing or empty."""
        return self.variables.ENVIRON.get(name, "").strip() or default

    def switch(self, name: str, *, default: bool = False) -> bool:
        """Return True or False for a variable that is a switch; anything but yes or no is a problem."""
        value = self.text(name).lower()
        if value in TRUE:
            return True
        if value and value not in FALSE:
            self.problem(
                name,
                f"“{value}” is neither yes nor no.",
                f"Set {name}=true or {name}=false, or leave it out.",
            )
        return default if not value else False

    def whole_number(self, name: str, *, default: int, at_least: int = 0, at_most: int = 10**6) -> int:
        """Return a whole number between `at_least` and `at_most`; anything else is a problem."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not at_least <= int(value) <= at_most:
            self.problem(
                name,
                f"“{value}” is not a whole number from {at_least} to {at_most}.",
                f"Set for example {name}={default}.",
            )
            return default
        return int(value)

    def secret_key(self, *, fallback: str) -> str:
        """Return the key that signs sessions and codes. Only tests, debug and the demo may go without (`fallback`)."""
        key = self.text("SECRET_KEY") or fallback
        if not key:
            self.problem(
                "SECRET_KEY",
                "it is missing.",
                how_to_make_a_secret("SECRET_KEY")
                + " (On your own machine, PORTAL_DEBUG=true will do instead.)",
            )
        elif key != fallback:
            self._refuse_weak("SECRET_KEY", key)
        return key

    def key_of_code_apps(self) -> str:
        """Return the key that encrypts the secrets of code apps; empty where SECRET_KEY does it."""
        key = self.text("MFA_SECRETS_KEY")
        if key:
            self._refuse_weak("MFA_SECRETS_KEY", key)
        return key

    def _refuse_weak(self, name: str, key: str) -> None:
        if len(key) < 50 or len(set(key)) < 5:
            self.problem(
                name, "it is too short or too plain to keep anything safe.", how_to_make_a_secret(name)
            )

    def hosts(self, *, loopback_only_because: str) -> list[str]:
        """Return the host names that this installation answers to.

        Tests, debug and the demo know a key or ways in that are no secret, so they answer to this machine alone.
        """
        hosts = [host.strip().lower() for host in self.text("ALLOWED_HOSTS").split(",") if host.strip()]
        for host in hosts:
            if not HOST_NAME.match(host):
                self.problem(
                    "ALLOWED_HOSTS",
                    f"“{host}” is not a host name.",
                    "Give names alone, parted by commas, with no https:// and no port: ALLOWED_HOSTS=portal.example.org",
                )
        if loopback_only_because:
            if outside := [host for host in hosts if host not in LOOPBACK]:
                self.problem(
                    loopback_only_because,
                    f"it is on, and ALLOWED_HOSTS holds {', '.join(outside)}, which is not this machine alone.",
                    f"Take {loopback_only_because} away for a real installation, or take that name out of ALLOWED_HOSTS.",
                )
            return hosts or list(LOOPBACK)
        if not hosts:
            self.problem(
                "ALLOWED_HOSTS",
                "it is missing.",
                "Name the hosts that people will visit: ALLOWED_HOSTS=portal.example.org",
            )
        return hosts

    def address(self, *, default: str) -> str:
        """Return the start of every link that goes out by mail, with no stroke at the end."""
        address = self.text("PORTAL_ADDRESS").rstrip("/")
        found = ADDRESS.match(address)
        if address and not (found and HOST_NAME.match(found[1].lower())):
            shown = "it" if "@" in address else f"“{address}”"  # before an @ may stand a password
            self.problem(
                "PORTAL_ADDRESS",
                f"{shown} is not the address of a site.",
                "Give the scheme and host alone: PORTAL_ADDRESS=https://portal.example.org",
            )
        return address or default

    def sender(self, *, default: str) -> str:
        """Return who the mail is from: an address, or a name and an address."""
        sender = self.text("EMAIL_FROM")
        if sender and not SENDER.match(sender):
            self.problem(
                "EMAIL_FROM",
                f"“{sender}” is not an e-mail address.",
                "Set for example EMAIL_FROM=portal@example.org or EMAIL_FROM='The portal <portal@example.org>'.",
            )
        return sender or default

    def folder(self, name: str, *, default: Path) -> Path:
        """Return the path of a folder, which need not be there yet."""
        path = Path(self.text(name, str(default)))
        if path.exists() and not path.is_dir():
            self.problem(
                name, f"{path} is not a folder.", f"Set for example {name}={default}, or leave it out."
            )
        return path

    def database(self, *, default: str) -> dict[str, Any]:
        """Return Django's description of the database in DATABASE_URL: SQLite or PostgreSQL."""
        url = self.text("DATABASE_URL", default)
        cure = (
            "Set DATABASE_URL=postgres://user:password@host:5432/name or DATABASE_URL=sqlite:////full/path/db.sqlite3, "
            "or leave it out for var/db.sqlite3. Write @ : / in a password as %40 %3A %2F."
        )
        seconds = self.whole_number("DATABASE_STATEMENT_SECONDS", default=15, at_most=86_400)
        scheme = url.partition(":")[0]
        if scheme not in ("sqlite", "postgres", "postgresql"):
            # The value itself is not shown: it may hold a password.
            self.problem("DATABASE_URL", "it names neither SQLite nor PostgreSQL.", cure)
            return {}
        try:
            if scheme != "sqlite":
                urlsplit(url).port  # noqa: B018 - reading it is what finds a port that is not a number
            found: dict[str, Any] = dict(self.variables.db_url_config(url))
        except (ValueError, ImproperlyConfigured):
            self.problem("DATABASE_URL", "it cannot be read.", cure)
            return {}
        name = str(found.get("NAME") or "")
        if name == ":memory:" and not url.endswith(name):
            name = ""  # `sqlite://` alone would keep everything in memory, and lose it
        if not name or (scheme != "sqlite" and not found.get("HOST")):
            self.problem("DATABASE_URL", "the host or the name of the database is missing.", cure)
        if scheme == "sqlite" and name and name != ":memory:" and not Path(name).parent.is_dir():
            self.problem(
                "DATABASE_URL",
                f"the folder {Path(name).parent} is not there.",
                "Make that folder, or name another file.",
            )
        if scheme == "sqlite" and name and Path(name).is_dir():
            self.problem("DATABASE_URL", f"{name} is a folder.", "Name a file in it: db.sqlite3.")
        if scheme == "sqlite":
            return {**found, **SQLITE}
        return {
            **found,
            **POSTGRESQL,
            "OPTIONS": {"connect_timeout": 5, "options": f"-c statement_timeout={seconds}s"},
        }

    def email(self, *, default: str) -> dict[str, Any]:
        """Return the mail settings in EMAIL_URL. A missing one is a problem where `default` is empty."""
        url = self.text("EMAIL_URL", default)
        cure = "Set for example EMAIL_URL=smtp+tls://user:password@mail.example.org:587 (or consolemail:// to print mail instead)."
        if not url:
            self.problem("EMAIL_URL", "it is missing, and codes for signing in go by mail.", cure)
            return {}
        try:
            if url.partition(":")[0] not in EMAIL_SCHEMES:
                raise ValueError("unknown scheme")
            urlsplit(url).port  # noqa: B018
            found = dict(self.variables.email_url_config(url))
        except (ValueError, KeyError, ImproperlyConfigured):
            self.problem("EMAIL_URL", "it is not the address of a mail server.", cure)
            return {}
        if "smtp" in str(found.get("EMAIL_BACKEND")) and not found.get("EMAIL_HOST"):
            self.problem("EMAIL_URL", "the host of the mail server is missing.", cure)
        return found


def how_to_make_a_secret(name: str) -> str:
    """Say how to set a key that is long and random."""
    return (
        f"Set {name} to 50 or more random characters and keep it secret; make one with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )


# Two people saving at once on SQLite: IMMEDIATE waits its turn at the start, where the default fails half-way.
SQLITE: dict[str, Any] = {
    "CONN_MAX_AGE": 600,  # opening the file and setting it up costs more than reading a page's content version
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    },
}

# A connection is kept between requests and asked if it still lives; a database that is gone or stuck gives up in seconds.
POSTGRESQL: dict[str, Any] = {
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
}
