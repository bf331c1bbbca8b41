"""Staff without two-step sign-in reach its pages and nothing else (R-P5)."""

from collections.abc import Callable

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from partnership.roles import STAFF_ROLES, Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-P5")]


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_staff_role_without_a_second_step_is_sent_to_set_it_up(
    signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role, two_step=False)
    for path in (
        "/partnership/people/",
        "/help/",
        "/partnership/",
        "/my-work/",
        "/no-such-page-named-here/glossary/",
    ):
        response = client.get(path)
        if path.startswith("/no-such"):
            assert response.status_code == 404
        else:
            assert (response.status_code, response["Location"]) == (302, reverse("mfa_index")), path
    # The same person with a second step is let through.
    make.make_two_step(client.person)
    assert client.get("/help/").status_code == 200


def test_a_post_is_stopped_too(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR, two_step=False)
    make.make_user(Role.ADMINISTRATOR)
    other = make.make_user(Role.BOARD)
    path = reverse("partnership:person_close", args=[other.pk])
    assert client.post(path)["Location"] == reverse("mfa_index")
    other.refresh_from_db()
    assert other.is_active
    make.make_two_step(client.person)
    client.post(path)
    other.refresh_from_db()
    assert not other.is_active


@pytest.mark.parametrize("name", ["mfa_index", "partnership:brand", "account_reauthenticate"])
def test_the_way_to_the_second_step_is_open(signed_in: Callable[..., Client], name: str) -> None:
    response = signed_in(Role.BOARD, two_step=False).get(reverse(name))
    assert response.get("Location") != reverse("mfa_index")


def test_signing_out_is_open(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.BOARD, two_step=False)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_families_and_visitors_are_not_sent_there(signed_in: Callable[..., Client], client: Client) -> None:
    assert signed_in(make.make_user()).get("/help/").status_code == 200
    assert client.get("/help/").status_code == 200


def test_the_secret_of_an_app_is_stored_encrypted_and_its_codes_still_fit() -> None:
    person = make.make_user()
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert secret not in str(stored.data)
    assert get_adapter().decrypt(stored.data["secret"]) == secret


def test_an_unreadable_secret_lets_nobody_in(settings: object) -> None:
    adapter = get_adapter()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "another key that did not close this box, long enough to be one"
    first, second = adapter.decrypt(sealed), adapter.decrypt(sealed)
    assert first != second
    assert len(first) >= 16
    assert "JBSWY3DPEHPK3PXP" not in (first, second)


def test_an_earlier_key_still_opens_what_it_closed(settings: object) -> None:
    sealed = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the new key of this installation, long enough to be one"
    assert get_adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
