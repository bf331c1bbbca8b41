"""The access log tells no secret, private answers are kept nowhere, and every answer carries the headers."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from foundation.middleware import SecurityHeadersMiddleware

from .test_pages import PRIVATE, _person


@pytest.fixture(autouse=True)
def _own_pages(own_site):
    pass


def test_the_portal_uses_them_all(settings):
    ours = [name.rpartition(".")[2] for name in settings.MIDDLEWARE if name.startswith("foundation.")]
    assert sorted(ours) == [
        "AccessLogMiddleware",
        "PrivateResponsesMiddleware",
        "RefuseBrokenRequestsMiddleware",
        "SecurityHeadersMiddleware",
    ]


@pytest.fixture
def lines(caplog):
    """The lines of the access log: method, route, status, person."""
    caplog.set_level(logging.INFO, "foundation.access")

    def read():
        return [
            (r.method, r.route, r.status, r.user_id) for r in caplog.records if r.name == "foundation.access"
        ]

    read.records = caplog.records
    return read


def test_the_log_names_the_route_and_never_the_address(client, lines):
    client.get("/invitations/canary-token/?code=canary-query")
    client.post("/form/", {"words": "canary-body"})
    client.get("/canary-nowhere/")
    assert lines() == [
        ("GET", "/invitations/<slug:secret>/", 200, None),
        ("POST", "/form/", 200, None),
        ("GET", "(no page)", 404, None),
    ]
    own = [record for record in lines.records if record.name == "foundation.access"]
    assert "canary" not in "".join(str(record.__dict__) for record in own)
    assert all(record.ms >= 0 for record in own)


def test_the_log_names_the_person_by_number(client, lines):
    person = _person()
    client.force_login(person)
    client.get("/private/")
    assert lines() == [("GET", "/private/", 200, person.pk)]


def test_a_made_up_method_is_not_repeated_in_the_log(client, lines):
    client.generic("CANARY\n", "/form/")
    assert [line[0] for line in lines()] == ["other"]


@pytest.mark.parametrize(
    "address", ["/form/", "/notes/", "/private/", "/nowhere/", "/broken/other/", "/broken/bad/"]
)
def test_every_answer_carries_every_header(address):
    response = Client(raise_request_exception=False).get(address)
    ours = dict(SecurityHeadersMiddleware.headers)
    assert {name: response.headers.get(name) for name in ours} == ours
    assert "camera=()" in ours["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/nowhere/", "/broken/other/", "/broken/bad/", "/private/"])
def test_an_answer_that_does_not_say_it_is_public_is_private(address):
    assert Client(raise_request_exception=False).get(address).headers["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("address", ["/form/%00/", "/form/?q=%00", "/form/?q=a%00b&c=d", "/%00"])
def test_nul_in_an_address_is_refused(client, address):
    assert client.get("/form/?q=00%2500").content == b"a form"
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    ("charset", "status"),
    [("utf-8", 200), ("UTF8", 200), ("us-ascii", 200), ("utf-7", 400), ("rot13", 400), ("no-such", 400)],
)
def test_a_form_in_an_encoding_that_smuggles_is_refused(client, charset, status):
    body = b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\n+2AA-\r\n--x--\r\n'
    response = client.generic("POST", "/form/", body, f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == status
