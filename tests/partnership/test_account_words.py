"""The pages of signing in speak in the portal's own words."""

import pytest
from django.test import Client

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
