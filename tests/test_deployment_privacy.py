"""What stands round the portal keeps families' words and secret links out of logs, and carries the headers too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.requirement("R-V6")
def test_postgresql_writes_neither_a_refused_statement_nor_its_row() -> None:
    """The statement is kept out by the first; the line "Failing row contains" is a detail, kept out by the second."""
    compose = (ROOT / "compose.yaml").read_text()
    options = set(re.findall(r'"(log_[a-z_]+=[a-z]+)"', compose))
    assert options == {"log_min_error_statement=panic", "log_error_verbosity=terse", "log_statement=none"}


@pytest.mark.requirement("R-P8")
def test_the_log_of_the_server_in_front_cuts_secret_links_off() -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    line = re.search(r"log_format plain '([^']*)'", nginx).group(1)
    assert "$logged_uri" in line
    assert {"$uri", "$request", "$request_uri", "$args", "$remote_addr"} & set(
        re.findall(r"\$\w+", line)
    ) == set()
    assert re.search(r"~\^/invitations/ +/invitations/;", nginx)
    assert re.search(r"~\^/accounts/ +/accounts/;", nginx)


@pytest.mark.requirement("R-P7")
@pytest.mark.django_db
def test_the_way_to_https_carries_the_policy_too(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/voice/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/voice/")
    for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy"):
        assert response.headers.get(name), name


@pytest.mark.requirement("R-P7")
@pytest.mark.parametrize("name", ["ambient-light-sensor", "bluetooth"])
def test_the_policy_names_only_what_browsers_know(client: Client, name: str) -> None:
    policy = client.get("/healthz").headers["Permissions-Policy"]
    assert (name in policy, "camera=()" in policy) == (False, True)


@pytest.mark.requirement("R-P7")
def test_what_the_server_in_front_answers_by_itself_carries_the_policy_too(client: Client) -> None:
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    ours = (ROOT / "deploy" / "own_answers.conf").read_text()
    codes = {code for line in re.findall(r"error_page ([\d ]+)", nginx) for code in line.split()}
    assert codes >= {"400", "405", "413", "414", "502", "503", "504"}
    places = re.findall(
        r"location = (/own-answers/\w+) \{\n\s+internal;\n\s+include /etc/nginx/own_answers.conf;", nginx
    )
    assert set(re.findall(r"error_page [\d ]+ (\S+);", nginx)) == set(places)
    assert "./deploy/own_answers.conf:/etc/nginx/own_answers.conf:ro" in (ROOT / "compose.yaml").read_text()
    portal = client.get("/healthz").headers
    told = dict(re.findall(r'^add_header (\S+) "?(.*?)"? always;$', ours, re.MULTILINE))
    for name in (
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
    ):
        assert told[name] == portal[name], name
    assert told["Content-Security-Policy"].startswith("default-src 'none'")
    assert "max-age=63072000" in told["Strict-Transport-Security"]
