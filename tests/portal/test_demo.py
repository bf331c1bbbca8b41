"""The demo page: one click to be a made-up person, never a real one, and gone without the switch."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from partnership.roles import Role
from tests.factories import make_partnership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, client: Client) -> Client:
    settings.ROOT_URLCONF = "tests.portal.demo_urls"
    settings.PORTAL_DEMO = True
    make_partnership()
    return client


def test_one_click_signs_in_as_a_made_up_person_and_lands_on_my_work(demo: Client) -> None:
    person = make_user(
        Role.BOARD, is_example=True, email="board@example.org", name="Example board", two_step=False
    )
    assert "Example board" in demo.get("/demo/").content.decode()
    page = demo.post("/demo/", {"email": "board@example.org"}, follow=True)
    assert page.redirect_chain == [("/my-work/", 302)]
    assert page.context["request"].user == person


def test_a_real_person_is_neither_listed_nor_signed_in(demo: Client) -> None:
    make_user(Role.BOARD, email="real@example.org", name="Real person")
    assert "real@example.org" not in demo.get("/demo/").content.decode()
    assert demo.post("/demo/", {"email": "real@example.org"}).status_code == 404
    assert "_auth_user_id" not in demo.session


def test_without_the_switch_nobody_can_be_anybody(demo: Client, settings: Any) -> None:
    make_user(Role.BOARD, is_example=True, email="board@example.org")
    settings.PORTAL_DEMO = False
    assert demo.get("/demo/").status_code == 404
    assert demo.post("/demo/", {"email": "board@example.org"}).status_code == 404
    assert "_auth_user_id" not in demo.session


def test_the_address_is_not_there_without_the_switch() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("portal:demo")
