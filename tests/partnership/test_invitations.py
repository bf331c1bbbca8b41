"""Invitations: one mail, one link, one use, fourteen days (R-P5)."""

import datetime
import re
from collections.abc import Callable
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.models import OutboxMail
from foundation.tokens import new_token
from partnership.models import Invitation, User
from partnership.operations import invitations
from partnership.roles import Role
from tests import factories as make

from .conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-P5")]

NEW = "/partnership/invitations/new/"
PASSWORD = "river lamp eleven"


def sent(**fields: object) -> dict[str, object]:
    values = {"name": "Una One", "email": "Una@Example.org", "role": "board", "service": "", "sector": ""}
    return values | {"token": new_token()} | fields


def link_in_mail() -> str:
    body = OutboxMail.objects.latest("pk").body
    found = re.search(r"https?://[^/\s]+(/invitations/\S+/)", body)
    assert found
    return found.group(1)


def invited(by: User | None = None, **fields: object) -> str:
    """The path of a fresh invitation's link."""
    by = by or make.make_user(Role.ADMINISTRATOR)
    values = {"email": "una@example.org", "name": "Una One", "role": Role.BOARD} | fields
    return reverse("partnership:invitation_accept", args=[invitations.invite(by=by, **values)])


def test_an_invitation_is_sent_accepted_and_leads_to_signing_in(
    signed_in: Callable[..., Client], client: Client
) -> None:
    programme = signed_in(Role.PROGRAMME, name="Pat Programme")
    response = programme.post(NEW, sent(), follow=True)
    assert "The invitation to una@example.org is on its way." in words(response)
    assert "Waiting for an answer" in words(response)
    mail = OutboxMail.objects.get()
    assert mail.to == "una@example.org"
    path = link_in_mail()
    page = words(client.get(path))
    assert "You are invited as: Board member, for the whole partnership." in page
    assert "Sees progress, exceptions and redacted feedback." in page
    response = client.post(path, {"name": "Una Oné", "password": PASSWORD}, follow=True)
    assert "Your account is ready." in words(response)
    person = User.objects.get(email="una@example.org")
    held = person.memberships.get()
    assert (person.name, held.role, held.granted_by) == ("Una Oné", Role.BOARD, programme.person)
    assert EmailAddress.objects.get(user=person).verified
    assert person.check_password(PASSWORD)
    assert "Accepted" in words(programme.get(reverse("partnership:invitations")))
    # Signed in, the role leads to two-step sign-in first.
    response = client.post(
        "/accounts/login/", {"login": "una@example.org", "password": PASSWORD}, follow=True
    )
    assert response.redirect_chain[-1][0] == reverse("mfa_index")


def test_the_key_stands_in_the_mail_alone(
    signed_in: Callable[..., Client], client: Client, caplog: object
) -> None:
    caplog.set_level("DEBUG")
    programme = signed_in(Role.PROGRAMME)
    programme.post(NEW, sent())
    path = link_in_mail()
    key = path.split("/")[2]
    client.get(path)
    stored = Invitation.objects.values().get()
    assert key not in str(stored)
    assert key not in caplog.text
    assert "invitations/<str:key>/" in str([record.__dict__.get("route") for record in caplog.records])
    assert key not in programme.get(reverse("partnership:invitations")).content.decode()


def test_a_link_that_was_used_says_so_and_makes_nothing_more(client: Client) -> None:
    path = invited()
    client.post(path, {"name": "Una", "password": PASSWORD})
    for again in (client.get(path), client.post(path, {"name": "Eve", "password": PASSWORD})):
        assert again.status_code == 410
        assert "This invitation has been used" in words(again)
    assert User.objects.filter(email="una@example.org").count() == 1
    assert User.objects.get(email="una@example.org").memberships.count() == 1


def test_a_link_out_of_date_or_withdrawn_says_so_kindly(
    client: Client, signed_in: Callable[..., Client]
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    path = invited(by=administrator.person)
    row = Invitation.objects.get()
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert "This invitation is out of date" in words(client.post(path, {"name": "Una", "password": PASSWORD}))
    Invitation.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    withdraw = reverse("partnership:invitation_withdraw", args=[row.pk])
    assert "is withdrawn" in words(administrator.post(withdraw, follow=True))
    response = client.post(path, {"name": "Una", "password": PASSWORD})
    assert "This invitation was withdrawn" in words(response)
    assert "You have done nothing wrong." in words(response)
    assert not User.objects.filter(email="una@example.org").exists()
    assert "Nothing was changed" in words(administrator.post(withdraw, follow=True))
    row.refresh_from_db()
    assert row.withdrawn_by == administrator.person


def test_an_invitation_lasts_fourteen_days() -> None:
    invited()
    row = Invitation.objects.get()
    assert abs(row.expires_at - row.invited_at - datetime.timedelta(days=14)) < datetime.timedelta(minutes=1)


def test_an_invitation_dies_with_the_role_of_whoever_sent_it(client: Client) -> None:
    by = make.make_user(Role.ADMINISTRATOR)
    path = invited(by=by)
    assert client.get(path).status_code == 200
    by.memberships.update(ends=datetime.date(2021, 1, 1))
    response = client.post(path, {"name": "Una", "password": PASSWORD})
    assert "This invitation was withdrawn" in words(response)
    assert not User.objects.filter(email="una@example.org").exists()


@pytest.mark.parametrize("key", ["x", "a" * 400, "%E2%80%AE", "9" * 25])
def test_a_made_up_link_is_no_page(client: Client, key: str) -> None:
    invited()
    assert client.get(f"/invitations/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"name": ""}, "name", "Enter your name."),
        ({"name": "\u200b\x00"}, "name", "Enter your name."),
        ({"name": "a" * 121}, "name", "Use 120 characters or fewer. You used 121."),
        ({"password": ""}, "password", "Choose a password."),
        (
            {"password": "short"},
            "password",
            "This password is too short. It must contain at least 12 characters.",
        ),
        ({"password": "password1234"}, "password", "This password is too common."),
        ({"password": "a" * 201}, "password", "Use 200 characters or fewer for the password."),
        ({"password": "una@example.org"}, "password", "The password is too similar to the e-mail address."),
    ],
)
def test_a_name_or_password_that_will_not_do_is_a_message(
    client: Client, fields: dict[str, str], field: str, message: str
) -> None:
    path = invited()
    response = client.post(path, {"name": "Una", "password": PASSWORD} | fields)
    assert response.context["form"].errors[field] == [message]
    assert not User.objects.filter(email="una@example.org").exists()
    assert client.post(path, {"name": "Una", "password": PASSWORD}).status_code == 302


def test_somebody_with_an_account_takes_the_role_by_signing_in(
    client: Client, signed_in: Callable[..., Client]
) -> None:
    owner = make.make_user(email="una@example.org")
    path = invited()
    page = client.get(path)
    assert "There is an account with this address already." in words(page)
    assert f"/accounts/login/?next={path}" in page.content.decode()
    client.post(path, {"name": "Eve", "password": PASSWORD})
    assert owner.memberships.count() == 0
    stranger = signed_in(make.make_user())
    assert "signed in with another account" in words(stranger.post(path))
    assert owner.memberships.count() == 0
    own = signed_in(owner)
    assert "Take on this role" in words(own.get(path))
    own.post(path)
    assert [held.role for held in owner.memberships.all()] == [Role.BOARD]
    assert not owner.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"email": ""}, "email", "Enter their work e-mail address."),
        ({"email": "una"}, "email", "Enter an e-mail address in the right form, like name@example.com."),
        ({"email": "a" * 250 + "@example.org"}, "email", "Use 254 characters or fewer. You used 262."),
        ({"name": ""}, "name", "Enter the person’s name."),
        ({"role": "administrator"}, "role", "Choose a role from the list."),
        ({"role": "publisher"}, "service", "Choose the service, or the whole sector, this role is for."),
        (
            {"token": ""},
            "token",
            "We could not send this the first time. Your answers are still here. Please send them again.",
        ),
        (
            {"token": "forged"},
            "token",
            "This page was open for a long time. Your answers are still here. Please send them again.",
        ),
    ],
)
def test_an_invitation_that_makes_no_sense_is_a_message(
    signed_in: Callable[..., Client], fields: dict[str, str], field: str, message: str
) -> None:
    client = signed_in(Role.PROGRAMME)
    response = client.post(NEW, sent(**fields))
    assert response.context["form"].errors[field] == [message]
    assert Invitation.objects.count() == OutboxMail.objects.count() == 0
    client.post(NEW, sent())
    assert Invitation.objects.count() == OutboxMail.objects.count() == 1


def test_a_form_sent_twice_invites_once(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    twice = sent()
    client.post(NEW, twice)
    again = client.post(NEW, twice)
    assert "There is an invitation for this address already." in words(again)
    by = client.person
    # Even where both came past the form, the token counts once.
    values = {"email": "b@example.org", "name": "B", "role": Role.BOARD, "by": by, "token": new_token()}
    assert invitations.invite(**values)
    assert invitations.invite(**values) == ""
    assert Invitation.objects.count() == OutboxMail.objects.count() == 2


def test_the_form_tells_of_colleagues_accounts_and_never_of_families(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in(Role.PROGRAMME)
    make.make_user(Role.BOARD, email="colleague@example.org", name="Col League")
    make.make_user(email="family@example.org", name="Fay Family")
    told = client.post(NEW, sent(email="colleague@example.org"))
    assert "Col League has an account already." in words(told)
    untold = client.post(NEW, sent(email="family@example.org"), follow=True)
    assert "The invitation to family@example.org is on its way." in words(untold)
    assert "Fay Family" not in words(untold)


def test_the_programme_team_withdraws_only_what_it_may_send(signed_in: Callable[..., Client]) -> None:
    invited(role=Role.MODERATOR)
    client = signed_in(Role.PROGRAMME)
    withdraw = reverse("partnership:invitation_withdraw", args=[Invitation.objects.get().pk])
    assert client.post(withdraw).status_code == 403
    assert Invitation.objects.get().withdrawn_at is None
    invited(email="b@example.org")
    client.post(
        reverse("partnership:invitation_withdraw", args=[Invitation.objects.get(email="b@example.org").pk])
    )
    assert Invitation.objects.get(email="b@example.org").withdrawn_by == client.person


def test_the_first_administrator_comes_by_a_printed_link_and_only_once(client: Client) -> None:
    out = StringIO()
    call_command("create_first_administrator", "First@Example.org", name="First", stdout=out)
    path = re.search(r"(/invitations/\S+/)", out.getvalue()).group(1)
    other = StringIO()
    call_command("create_first_administrator", "second@example.org", stdout=other)
    client.post(path, {"name": "First", "password": PASSWORD})
    person = User.objects.get()
    assert (person.email, [held.role for held in person.memberships.all()]) == (
        "first@example.org",
        ["administrator"],
    )
    assert OutboxMail.objects.count() == 0
    with pytest.raises(CommandError, match="There is an administrator already"):
        call_command("create_first_administrator", "third@example.org")
    # A link printed before is of no use once somebody is administrator.
    second = re.search(r"(/invitations/\S+/)", other.getvalue()).group(1)
    assert "withdrawn" in words(client.post(second, {"name": "Eve", "password": PASSWORD}))
    assert User.objects.count() == 1
    with pytest.raises(CommandError, match="right form"):
        call_command("create_first_administrator", "nonsense")


def test_two_who_open_the_link_at_once_make_one_account() -> None:
    invited()
    row = Invitation.objects.get()
    invitations.accept(invitation=row, user=None, name="Una", password=PASSWORD)
    # The second one read the row before the first one used it.
    with pytest.raises(invitations.NotOpen) as refusal:
        invitations.accept(invitation=row, user=None, name="Eve", password=PASSWORD)
    assert refusal.value.state == Invitation.State.ACCEPTED


def test_nobody_takes_up_an_invitation_that_they_sent(signed_in: Callable[..., Client]) -> None:
    """The invited address may have become the inviter's own meanwhile; nobody gives a role to themselves."""
    programme = signed_in(Role.PROGRAMME, email="pat@example.org")
    path = invited(by=programme.person, email="second@example.org", role=Role.ASSURANCE)
    User.objects.filter(pk=programme.person.pk).update(email="second@example.org")
    assert programme.post(path).status_code == 410
    assert [held.role for held in programme.person.memberships.all()] == [Role.PROGRAMME]
    colleague = signed_in(Role.BOARD, email="third@example.org")
    path = invited(by=programme.person, email="third@example.org", role=Role.ASSURANCE)
    assert colleague.post(path).status_code == 302
    assert {held.role for held in colleague.person.memberships.all()} == {Role.BOARD, Role.ASSURANCE}


def test_an_invited_address_that_is_somebodys_second_one_leads_to_their_account(
    signed_in: Callable[..., Client], client: Client
) -> None:
    owner = signed_in(Role.BOARD, email="una@example.org")
    EmailAddress.objects.create(user=owner.person, email="una.home@example.org", verified=True)
    path = invited(email="una.home@example.org", role=Role.CHAIR)
    response = client.post(path, {"name": "Una", "password": PASSWORD})
    assert (response.status_code, User.objects.filter(email="una.home@example.org").count()) == (200, 0)
    assert owner.post(path).status_code == 302
    assert {held.role for held in owner.person.memberships.all()} == {Role.BOARD, Role.CHAIR}
