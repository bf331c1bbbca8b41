"""A person chooses the weekday of their mail, or stops it, with one press (R-W5)."""

import pytest
from django.test import Client
from django.urls import reverse

from partnership.models import MailPreference
from partnership.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "/my-work/mail/"


@pytest.fixture
def person(client: Client):
    found = make_user(Role.BOARD)
    client.force_login(found)
    return found


def chosen(client: Client) -> str:
    return client.get(URL).context["form"]["when"].value()


@pytest.mark.requirement("R-W5")
def test_it_is_monday_until_a_day_is_chosen(client: Client, person) -> None:
    assert chosen(client) == "0"
    assert MailPreference.objects.count() == 0
    answer = client.post(URL, {"when": "3"}, follow=True)
    assert answer.redirect_chain == [(reverse("portal:my_work"), 302)]
    assert "Your mail comes each Thursday when something waits." in answer.content.decode()
    assert chosen(client) == "3"


@pytest.mark.requirement("R-W5")
def test_one_press_stops_it_and_one_begins_it_again(client: Client, person) -> None:
    client.post(URL, {"when": "3"})
    client.post(URL, {"when": "never"})
    client.post(URL, {"when": "never"})
    kept = MailPreference.objects.get(person=person)
    assert (kept.is_wanted, kept.weekday) == (False, 3)
    assert chosen(client) == "never"
    client.post(URL, {"when": "1"})
    kept.refresh_from_db()
    assert (kept.is_wanted, kept.weekday) == (True, 1)


def test_a_choice_is_the_persons_own(client: Client, person) -> None:
    client.post(URL, {"when": "never"})
    client.force_login(make_user(Role.BOARD))
    assert chosen(client) == "0"


def test_it_says_which_mail_always_comes(client: Client, person) -> None:
    assert "what the law asks for, what keeps somebody safe" in client.get(URL).content.decode()


def test_my_work_leads_to_it(client: Client, person) -> None:
    assert f'href="{URL}"' in client.get(reverse("portal:my_work")).content.decode()
