"""Families make accounts by themselves; nobody can find out who has one (F14)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from foundation.models import OutboxMail
from partnership.models import User
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db

PASSWORD = "river lamp eleven"


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


def without_what_was_typed(response: object, *typed: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    for one in typed:
        text = text.replace(one, "…")
    return text


def test_a_family_signs_up_with_a_name_and_gets_no_role(client: Client) -> None:
    form = words(client.get("/accounts/signup/"))
    assert "Your name" in form
    client.post(
        "/accounts/signup/", {"email": "Fay@Example.org", "name": "  Fay \u202e ", "password1": PASSWORD}
    )
    person = User.objects.get()
    assert (person.email, person.name, person.memberships.count()) == ("fay@example.org", "Fay", 0)
    mail = OutboxMail.objects.get()
    assert mail.to == "fay@example.org"
    assert client.get("/partnership/people/").status_code == 302


def test_a_code_from_the_mail_opens_the_familys_account(client: Client) -> None:
    response = client.post(
        "/accounts/signup/", {"email": "fay@example.org", "name": "Fay", "password1": PASSWORD}, follow=True
    )
    code = re.search(
        r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", OutboxMail.objects.get().body, re.MULTILINE
    ).group(1)
    client.post(response.redirect_chain[-1][0], {"code": code})
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert client.get("/partnership/people/").status_code == 403


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "\u200b"}, {"name": "a" * 121}, {"email": "x"}, {"password1": "short"}]
)
def test_a_sign_up_that_will_not_do_makes_no_account(client: Client, fields: dict[str, str]) -> None:
    sent = {"email": "fay@example.org", "name": "Fay", "password1": PASSWORD}
    response = client.post("/accounts/signup/", sent | fields)
    assert list(response.context["form"].errors) == list(fields)
    assert User.objects.count() == OutboxMail.objects.count() == 0
    client.post("/accounts/signup/", sent)
    assert User.objects.count() == 1


def test_signing_up_says_the_same_whether_or_not_there_is_an_account(client: Client) -> None:
    person = make.make_user(email="there@example.org")
    make.make_two_step(person)
    answers = []
    for email in ("there@example.org", "nobody@example.org"):
        fresh = Client()
        response = fresh.post(
            "/accounts/signup/", {"email": email, "name": "Fay", "password1": PASSWORD}, follow=True
        )
        answers.append((response.redirect_chain, without_what_was_typed(response, email)))
    assert answers[0] == answers[1]
    assert [mail.to for mail in OutboxMail.objects.order_by("pk")] == [
        "there@example.org",
        "nobody@example.org",
    ]


def test_a_forgotten_password_says_the_same_whether_or_not_there_is_an_account() -> None:
    make.make_two_step(make.make_user(email="there@example.org"))
    answers = []
    for email in ("there@example.org", "nobody@example.org"):
        response = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        answers.append((response.redirect_chain, without_what_was_typed(response, email)))
    assert answers[0] == answers[1]
    assert [mail.to for mail in OutboxMail.objects.order_by("pk")] == [
        "there@example.org",
        "nobody@example.org",
    ]


def test_a_wrong_sign_in_says_the_same_whether_or_not_there_is_an_account() -> None:
    person = make.make_user(email="there@example.org")
    person.set_password(PASSWORD)
    person.save()
    make.make_two_step(person)
    answers = []
    for email in ("there@example.org", "nobody@example.org"):
        response = Client().post("/accounts/login/", {"login": email, "password": "wrong words here"})
        answers.append((response.status_code, without_what_was_typed(response, email)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_a_code_to_sign_in_says_the_same_whether_or_not_there_is_an_account() -> None:
    make.make_two_step(make.make_user(email="there@example.org"))
    answers = []
    for email in ("there@example.org", "nobody@example.org"):
        response = Client().post("/accounts/login/code/", {"email": email}, follow=True)
        answers.append((response.redirect_chain, without_what_was_typed(response, email)))
    assert answers[0] == answers[1]
    assert OutboxMail.objects.count() == 2


@pytest.mark.requirement("R-P5")
@pytest.mark.parametrize(("demo", "signed_in"), [(True, True), (False, False)])
def test_a_made_up_person_signs_in_only_while_the_demo_is_on(
    client: Client, settings: object, demo: bool, signed_in: bool
) -> None:
    settings.PORTAL_DEMO = demo
    person = make.make_user("programme", two_step=False, is_example=True, email="pat@example.org")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert (client.session.get("_auth_user_id") is not None) is signed_in


@pytest.mark.requirement("R-P5")
def test_a_made_up_person_is_signed_out_when_the_demo_ends(client: Client, settings: object) -> None:
    settings.PORTAL_DEMO = True
    client.force_login(make.make_user("programme", is_example=True))
    assert client.get("/partnership/people/").status_code == 200
    settings.PORTAL_DEMO = False
    assert client.get("/partnership/people/")["Location"].startswith("/accounts/login/")
