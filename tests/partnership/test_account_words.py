"""The pages of signing in speak in the portal's own words."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_sign_up_page_names_its_questions_in_plain_words(client: Client) -> None:
    form = client.get("/accounts/signup/").context["form"]
    assert [(box.name, box.label) for box in form.visible_fields()] == [
        ("name", "Your name"),
        ("email", "E-mail address"),
        ("password1", "Choose a password"),
    ]
    assert [box.field.widget.attrs.get("placeholder") for box in form.visible_fields()] == [None, None, None]


def test_an_empty_box_says_what_to_enter_in_it(client: Client) -> None:
    form = client.post("/accounts/signup/", {}).context["form"]
    assert {name: list(words) for name, words in form.errors.items()} == {
        "name": ["Enter your name."],
        "email": ["Enter your e-mail address."],
        "password1": ["Type the password that you want."],
    }


def test_without_scripts_the_sign_in_page_says_beside_the_button_what_a_passkey_needs(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert page.count("<noscript>") == 1
    assert page.index("Use a passkey") < page.index("A passkey needs JavaScript.") < page.index("</main>")


def test_a_wrong_password_and_too_many_of_them_are_said_in_plain_words(client: Client) -> None:
    cache.clear()
    make_user(email="anna@example.org")
    sent = {"login": "anna@example.org", "password": "not the right one"}
    said = [client.post("/accounts/login/", sent).context["form"].non_field_errors() for _ in range(6)]
    assert said[0] == ["The e-mail address or the password is not right. Check both and try again."]
    assert said[-1] == ["Those were too many tries. Wait a few minutes, then try again."]


def test_no_heading_breaks_inside_e_mail() -> None:
    headings = [
        heading
        for page in (settings.BASE_DIR / "templates").rglob("*.html")
        for heading in re.findall(r"<h[1-6][^>]*>.*?</h[1-6]>", page.read_text())
        if "e-mail" in heading.lower()
    ]
    assert len(headings) >= 4
    assert [
        heading for heading in headings if '<span class="portal-nowrap">e-mail</span>' not in heading
    ] == []
