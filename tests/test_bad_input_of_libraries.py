"""The forms that come with a library, for accounts and reference data: whatever is sent, never an error of ours (R-X2).

They are not ours to list field by field, so each is read from its own page as a browser reads it. How our own forms answer
stands in `test_bad_input`.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from partnership.models import User
from priorities.models import Measure
from tests import factories as make
from tests.access_world import World, build_world
from tests.test_access import ADMIN_MODELS
from tests.test_bad_input import ODD

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.requirement("R-X2")]

ACCOUNTS = {
    "visitor": [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
    ],
    "family": [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/reauthenticate/",
    ],
}
RIGHT = {200, 302, 400, 403, 404, 409, 422, 429}
ALONE = {"nul", "half a character", "digits", "long"}
TYPED = {"text", "email", "search", "textarea", "url"}


class Fields(HTMLParser):
    """The forms of a page that are posted: where to, and each field with its kind and its value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, tuple[str, str]]]] = []
        self._open: dict[str, tuple[str, str]] | None = None
        self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {}
            if given.get("method", "").lower() == "post":
                self.forms.append((given.get("action", ""), self._open))
        elif self._open is None or not given.get("name"):
            return
        elif tag == "textarea":
            self._open[given["name"]] = ("textarea", "")
        elif tag == "select":
            self._open[given["name"]] = ("select", "")
        elif tag in ("input", "button"):
            self._open.setdefault(given["name"], (given.get("type", "text"), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


@pytest.fixture
def world() -> World:
    return build_world()


PASSWORD = "a long enough pass phrase"


def just_signed_in(user: User) -> Client:
    """Pages that change how one signs in ask for the password again when it was long ago."""
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    browser.force_login(user)
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return browser


def post(browser: Client, address: str, answers: dict[str, Any]) -> HttpResponse:
    cache.clear()  # no limit of tries
    with transaction.atomic():
        answer = browser.post(
            address,
            urlencode(answers, doseq=True, errors="surrogatepass"),
            content_type="application/x-www-form-urlencoded",
        )
        transaction.set_rollback(True)
    return answer


def faults(browser: Client, page: str) -> tuple[int, list[str]]:
    """How many answers were looked at, and what was wrong with them."""
    html = browser.get(page).content.decode()
    looked, wrong = 0, []
    for action, fields in Fields(html).forms:
        if action.endswith("/logout/"):
            continue
        good = {
            name: value or ("Some words" if kind in TYPED else "") for name, (kind, value) in fields.items()
        }
        own = [name for name in fields if name != "csrfmiddlewaretoken"]
        for fault, value in {**ODD, "twice": ["x", "y"]}.items():
            # What a database or an encoder chokes on is sent in each field by itself, all else in all of them at once.
            for names in [[name] for name in own] if fault in ALONE else [own]:
                sent = {
                    key: text
                    for key, text in (good | dict.fromkeys(names, value)).items()
                    if text is not None
                }
                answer = post(browser, action or page, sent)
                looked += 1
                if answer.status_code not in RIGHT:
                    wrong.append(f"{page} {action} {names}, {fault}: {answer.status_code}")
                shown = answer.content.decode(errors="replace")
                if answer.status_code in (200, 422) and re.search(r'class="[^"]*error', shown):
                    wrong += [
                        f"{page} {names}, {fault}: what was typed in {other} is lost"
                        for other, (kind, _) in fields.items()
                        if other not in names and kind in TYPED and good[other] not in shown
                    ]
    return looked, wrong


@pytest.mark.parametrize(
    ("person", "page"), [(person, page) for person, pages in ACCOUNTS.items() for page in pages]
)
def test_nothing_that_is_sent_to_the_pages_of_an_account_breaks_them(
    world: World, person: str, page: str
) -> None:
    browser = just_signed_in(world.users[person]) if person in world.users else world.clients[person]
    looked, wrong = faults(browser, page)
    assert wrong == []
    assert looked > 8


def test_nothing_that_is_sent_to_a_page_for_a_new_password_breaks_it(world: World) -> None:
    user, browser = world.users["family"], Client()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    page = browser.get(f"/accounts/password/reset/key/{key}/").headers["Location"]
    looked, wrong = faults(browser, page)
    assert wrong == []
    assert looked > 20
    for odd in ("x", "9" * 25, "%00", "a-" * 2000, "\u202e"):
        assert browser.get(f"/accounts/password/reset/key/{odd}-{odd}/").status_code in RIGHT


def test_nothing_that_is_sent_as_a_passkey_breaks_signing_in(world: World) -> None:
    """A script sends it, so no page holds the form."""
    browser, address = world.clients["visitor"], "/accounts/2fa/webauthn/login/"
    assert browser.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 200
    odd = [*ODD.values(), "{}", "[]", "null", '{"id": "x", "rawId": 1, "response": {}, "type": "public-key"}']
    codes = {post(browser, address, {} if text is None else {"credential": text}).status_code for text in odd}
    assert codes <= RIGHT


def test_nothing_that_is_sent_to_set_up_a_code_app_breaks_it(world: World) -> None:
    browser = just_signed_in(make.make_user())
    looked, wrong = faults(browser, "/accounts/2fa/totp/activate/")
    assert wrong == []
    assert looked > 8


@pytest.mark.parametrize("model", ADMIN_MODELS)
def test_nothing_that_is_sent_to_reference_data_breaks_it(world: World, model: str) -> None:
    browser = world.clients["administrator"]
    last = "add/"
    if model == "measure":  # it comes from a document and nobody adds one; its plain words may be changed
        last = f"{Measure.objects.get(slug='plans-issued').pk}/change/"
    looked, wrong = faults(browser, f"/admin/{ADMIN_MODELS[model]}/{model}/{last}")
    assert wrong == []
    assert looked > 16
