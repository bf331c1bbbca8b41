"""Every setting, missing or wrong: what is told about it, and the cure."""

from __future__ import annotations

BAD: list[tuple[dict[str, str | None], str, str]] = [
    # variables on top of a real installation (None takes one away), the name that must be told, a part of what and cure
    ({"SECRET_KEY": None}, "SECRET_KEY: it is missing.", "Set SECRET_KEY to 50 or more random characters"),
    (
        {"SECRET_KEY": "short"},
        "SECRET_KEY: it is too short",
        "Set SECRET_KEY to 50 or more random characters",
    ),
    ({"SECRET_KEY": "a" * 60}, "SECRET_KEY: it is too short or too plain", "make one with: python3 -c"),
    ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS: it is missing.", "ALLOWED_HOSTS=portal.example.org"),
    ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS: it is missing.", "ALLOWED_HOSTS=portal.example.org"),
    ({"ALLOWED_HOSTS": "https://portal.example.org/"}, "is not a host name.", "with no https:// and no port"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS: “*” is not a host name.", "Give names alone"),
    (
        {"DATABASE_URL": "mysql://user:hidden@db/portal"},
        "DATABASE_URL: it names neither SQLite nor PostgreSQL.",
        "Set DATABASE_URL=",
    ),
    (
        {"DATABASE_URL": "nonsense"},
        "DATABASE_URL: it names neither",
        "Set DATABASE_URL=postgres://user:password@host:5432/name",
    ),
    (
        {"DATABASE_URL": "postgres://user:hidden@db:port/portal"},
        "DATABASE_URL: it cannot be read.",
        "Set DATABASE_URL=",
    ),
    (
        {"DATABASE_URL": "postgres://db"},
        "DATABASE_URL: the host or the name of the database is missing.",
        "Set DATABASE_URL=",
    ),
    (
        {"DATABASE_URL": "sqlite:////not/there/db.sqlite3"},
        "DATABASE_URL: the folder /not/there is not there.",
        "Make that folder",
    ),
    ({"EMAIL_URL": None}, "EMAIL_URL: it is missing", "Set for example EMAIL_URL=smtp+tls://"),
    (
        {"EMAIL_URL": "pigeon://loft"},
        "EMAIL_URL: it is not the address of a mail server.",
        "Set for example EMAIL_URL=",
    ),
    (
        {"EMAIL_URL": "smtp://user:hidden@mail:none"},
        "EMAIL_URL: it is not the address",
        "Set for example EMAIL_URL=",
    ),
    (
        {"EMAIL_URL": "smtp://"},
        "EMAIL_URL: the host of the mail server is missing.",
        "Set for example EMAIL_URL=",
    ),
    (
        {"PORTAL_ADDRESS": "portal.example.org"},
        "PORTAL_ADDRESS: “portal.example.org” is not",
        "PORTAL_ADDRESS=https://portal.example.org",
    ),
    (
        {"PORTAL_PROXIES": "-1"},
        "PORTAL_PROXIES: “-1” is not a whole number from 0 to 5.",
        "Set for example PORTAL_PROXIES=0.",
    ),
    ({"PORTAL_PROXIES": "9" * 25}, "PORTAL_PROXIES: “9999", "Set for example PORTAL_PROXIES=0."),
    (
        {"DATABASE_STATEMENT_SECONDS": "soon"},
        "DATABASE_STATEMENT_SECONDS: “soon” is not a whole number from 0 to 86400.",
        "Set for example DATABASE_STATEMENT_SECONDS=15.",
    ),
    (
        {"PORTAL_HTTPS": "perhaps"},
        "PORTAL_HTTPS: “perhaps” is neither yes nor no.",
        "Set PORTAL_HTTPS=true or PORTAL_HTTPS=false",
    ),
    (
        {"PORTAL_DEMO": "perhaps"},
        "PORTAL_DEMO: “perhaps” is neither yes nor no.",
        "Set PORTAL_DEMO=true or PORTAL_DEMO=false",
    ),
    ({"ALLOWED_HOSTS": "portal.example.org:8000"}, "is not a host name.", "with no https:// and no port"),
    ({"DATABASE_URL": "postgres:///portal"}, "DATABASE_URL: the host or the name", "Set DATABASE_URL="),
    (
        {"DATABASE_URL": "postgres://user:hidden@[db/x"},
        "DATABASE_URL: it cannot be read.",
        "Set DATABASE_URL=",
    ),
    (
        {"DATABASE_URL": "sqlite://"},
        "DATABASE_URL: the host or the name",
        "DATABASE_URL=sqlite:////full/path",
    ),
    ({"DATABASE_URL": "sqlite:////tmp"}, "DATABASE_URL: /tmp is a folder.", "Name a file in it"),
    (
        {"DATABASE_STATEMENT_SECONDS": "-1", "DATABASE_URL": "sqlite://:memory:"},
        "DATABASE_STATEMENT_SECONDS: “-1” is not a whole number",
        "DATABASE_STATEMENT_SECONDS=15",
    ),
    (
        {"EMAIL_URL": "smtp://user:hidden@[mail"},
        "EMAIL_URL: it is not the address",
        "Set for example EMAIL_URL=",
    ),
    (
        {"EMAIL_FROM": "nobody"},
        "EMAIL_FROM: “nobody” is not an e-mail address.",
        "EMAIL_FROM=portal@example.org",
    ),
    (
        {"EMAIL_FROM": "a@example.org\nBcc: b@example.org"},
        "EMAIL_FROM: “a@example.org",
        "EMAIL_FROM=portal@example.org",
    ),
    *(
        ({"PORTAL_ADDRESS": address}, what, "PORTAL_ADDRESS=https://portal.example.org")
        for address, what in (
            ("https://[", "PORTAL_ADDRESS: “https://[” is not the address of a site."),
            ("https://portal.example.org:port", "is not the address of a site."),
            ("https://portal.example.org/portal", "is not the address of a site."),
            ("https://portal example.org", "is not the address of a site."),
            ("https://portal.example.org#top", "is not the address of a site."),
            ("https://user:hidden@portal.example.org", "PORTAL_ADDRESS: it is not the address of a site."),
            ("ftp://portal.example.org", "is not the address of a site."),
        )
    ),
    ({"PORTAL_PROXIES": "two"}, "PORTAL_PROXIES: “two” is not a whole number", "PORTAL_PROXIES=0."),
    ({"STATIC_ROOT": "/dev/null"}, "STATIC_ROOT: /dev/null is not a folder.", "Set for example STATIC_ROOT="),
    ({"MFA_SECRETS_KEY": "hidden"}, "MFA_SECRETS_KEY: it is too short", "Set MFA_SECRETS_KEY to 50 or more"),
    (
        {"PORTAL_TEST": "perhaps"},
        "PORTAL_TEST: “perhaps” is neither yes nor no.",
        "Set PORTAL_TEST=true or PORTAL_TEST=false",
    ),
    (
        {"PORTAL_DEBUG": "perhaps"},
        "PORTAL_DEBUG: “perhaps” is neither yes nor no.",
        "Set PORTAL_DEBUG=true or PORTAL_DEBUG=false",
    ),
    (
        {"PORTAL_TEST": "true", "SECRET_KEY": None},
        "PORTAL_TEST: it is on, and ALLOWED_HOSTS holds portal.example.org",
        "Take PORTAL_TEST away",
    ),
    (
        {"PORTAL_DEMO": "true"},
        "PORTAL_DEMO: it is on, and ALLOWED_HOSTS holds portal.example.org",
        "Take PORTAL_DEMO away",
    ),
    (
        {"PORTAL_DEBUG": "true"},
        "PORTAL_DEBUG: it is on, and ALLOWED_HOSTS holds portal.example.org",
        "Take PORTAL_DEBUG away",
    ),
]

FREE = {"DEMO_PASSWORD"}
"""Any words will do for these."""
