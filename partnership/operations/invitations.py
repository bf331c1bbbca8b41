"""Invitations to staff accounts: one mail, one link, one use, fourteen days (R-P5)."""

import contextlib
import datetime
import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from foundation.outbox import queue_mail
from foundation.tokens import spend
from partnership.calendar import today
from partnership.models import AccountChange, Invitation, Partnership, Sector, Service, User
from partnership.permissions import can_grant_role
from partnership.roles import Role

from .people import AlreadyHeld, grant_membership, record_account_change

LIFE = datetime.timedelta(days=14)


class NotOpen(Exception):
    """The invitation was used, withdrawn or is out of date; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The invitation is {state}.")
        self.state = state


class AccountExists(Exception):
    """There is an account with the invited address; its owner has to sign in to accept."""


def digest(key: str) -> str:
    """What is stored of a key. The key has 192 random bits, so a plain digest cannot be turned back."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def link_for(key: str) -> str:
    """The whole address that stands in the mail."""
    return settings.PORTAL_ADDRESS.rstrip("/") + reverse("partnership:invitation_accept", args=[key])


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    role: str,
    service: Service | None = None,
    sector: Sector | None = None,
    is_deputy: bool = False,
    by: User | None,
    token: str = "",
) -> str:
    """Invite somebody and queue the mail. Returns the key, which is kept nowhere else but in the mail.

    `token` is the form's one-use token: a form sent twice invites once, and the second time the key is empty.

    `by` is None only for the first administrator, whose link the command line prints.
    """
    if token and not spend(token, purpose="invitation"):
        return ""
    key = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=name,
        role=role,
        service=service,
        sector=sector,
        is_deputy=is_deputy and role == Role.SAFEGUARDING,
        key_digest=digest(key),
        invited_by=by,
        expires_at=timezone.now() + LIFE,
    )
    if by is not None:
        subject, body = _mail(invitation, link_for(key))
        queue_mail(to=invitation.email, subject=subject, body=body)
    return key


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> bool:
    """Take an invitation back; its link stops working at once. False when it was used or taken back before."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        return False
    invitation.withdrawn_at, invitation.withdrawn_by = timezone.now(), by
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return True


def state_now(invitation: Invitation) -> str:
    """Where the invitation stands now. It counts as withdrawn when whoever sent it may no longer grant the role."""
    state = invitation.state_at(timezone.now())
    if state == Invitation.State.WAITING and not _still_granted(invitation):
        return Invitation.State.WITHDRAWN
    return state


def _still_granted(invitation: Invitation) -> bool:
    if invitation.invited_by is None:  # from the command line: good only while nobody is an administrator
        return not User.objects.lasting_administrators().exists()
    return can_grant_role(invitation.invited_by, invitation.role)


@transaction.atomic
def accept(*, invitation: Invitation, user: User | None, name: str = "", password: str = "") -> User:
    """Use the invitation up: the signed-in `user` gets the role, or a new account is made with name and password.

    Raises NotOpen when it was used, withdrawn or is out of date, AccountExists when the address has an account and
    nobody signed in with it.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    state = state_now(invitation)
    if state != Invitation.State.WAITING:
        raise NotOpen(state)
    if user is not None and user.pk == invitation.invited_by_id:
        # Somebody took the invited address for their own account meanwhile. Nobody gives a role to themselves.
        raise NotOpen(Invitation.State.WITHDRAWN)
    if user is None:
        user = _new_account(invitation, name=name, password=password)
    # Somebody may have given the role meanwhile; the invitation is used up all the same.
    with contextlib.suppress(AlreadyHeld):
        grant_membership(
            person=user,
            role=invitation.role,
            service=invitation.service,
            sector=invitation.sector,
            is_deputy=invitation.is_deputy,
            starts=today(),
            by=invitation.invited_by,
        )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return user


def owner_of(email: str) -> User | None:
    """Whose account has this address: the one they sign in with, or a second one that they proved is theirs."""
    proven = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return User.objects.filter(Q(email__iexact=email) | Q(pk__in=proven)).order_by("pk").first()


def _new_account(invitation: Invitation, *, name: str, password: str) -> User:
    if owner_of(invitation.email) is not None:
        raise AccountExists
    user = User.objects.create_user(invitation.email, password, name=name)
    # Whoever holds the link reads the mailbox, so the address is proven.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_account_change(person=user, kind=AccountChange.Kind.CREATED, by=invitation.invited_by)
    return user


def _mail(invitation: Invitation, link: str) -> tuple[str, str]:
    partnership = Partnership.objects.filter(pk=1).first()
    name = partnership.name if partnership else "the SEND partnership"
    body = (
        f"Hello {invitation.name},\n\n"
        f"{invitation.invited_by.name if invitation.invited_by else 'We'} invited you to the portal of {name}.\n"
        f"Your role: {invitation.get_role_display()}, for {invitation.scope_name}.\n\n"
        f"Open this link to choose a password:\n{link}\n\n"
        "The link works once. It works for 14 days. Do not send it on to anybody.\n"
        "You will then set up two-step sign-in. You need a phone or a computer for it.\n\n"
        "If you did not expect this, you can leave it. Nothing happens then."
    )
    return f"Your invitation to the portal of {name}", body
