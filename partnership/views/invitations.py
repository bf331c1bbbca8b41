"""Inviting people to staff accounts, and accepting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from foundation.pages import form_page, public_form
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from partnership.forms.invitations import AcceptForm, InvitationForm
from partnership.models import Invitation, User
from partnership.operations import invitations as operations
from partnership.permissions import can_manage_people, can_view_people, can_withdraw_invitation
from partnership.roles import ROLE_DESCRIPTIONS


@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Every invitation and where it stands, newest first."""
    if not can_view_people(request.user):
        raise PermissionDenied
    rows = Invitation.objects.visible_to(request.user).select_related("service", "sector", "invited_by")
    page = paginate(request, rows)
    now = timezone.now()
    for row in page.object_list:
        row.state = row.state_at(now)
        row.may_withdraw = row.state == Invitation.State.WAITING and can_withdraw_invitation(
            request.user, row
        )
    context = {"page": page, "may_manage": can_manage_people(request.user)}
    return render(request, "partnership/invitations.html", context)


@form_page
def invitation_new(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    form = InvitationForm(request.POST if request.method == "POST" else None, by=request.user)
    if not can_manage_people(request.user):
        url = reverse("portal:my_work")
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, f"The invitation to {form.cleaned_data['email']} is on its way.")
        return redirect("partnership:invitations")
    status = 422 if form.errors else 200
    return render(request, "partnership/invitation_new.html", {"form": form}, status=status)


@require_POST
def invitation_withdraw(request: HttpRequest, id: int) -> HttpResponse:
    """Take an invitation back."""
    found = get_object_or_404(Invitation.objects.visible_to(request.user), pk=id)
    if not can_withdraw_invitation(request.user, found):
        raise PermissionDenied
    if operations.withdraw(invitation=found, by=request.user):
        messages.success(request, f"The invitation to {found.email} is withdrawn.")
    else:
        messages.info(request, "This invitation was used or withdrawn before. Nothing was changed.")
    return redirect("partnership:invitations")


@public_form
@form_page
def invitation_accept(request: HttpRequest, key: str) -> HttpResponse:
    """Open the link in the mail: make the account, or take the role with the account that is there."""
    rows = Invitation.objects.select_related("service", "sector", "invited_by")
    invitation = get_object_or_404(rows, key_digest=operations.digest(key))
    state = operations.state_now(invitation)
    if state != Invitation.State.WAITING:
        return _kindly(request, state)
    owner = operations.owner_of(invitation.email)
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        invitation=invitation,
        initial={"name": invitation.name},
    )
    if owner or request.user.is_authenticated:
        return _accept_with_account(request, invitation, owner, key)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except operations.NotOpen as refusal:
            return _kindly(request, refusal.state)
        except operations.AccountExists:
            return redirect("partnership:invitation_accept", key=key)
        messages.success(
            request, "Your account is ready. Sign in with your e-mail address and your password."
        )
        return redirect("account_login")
    context = {"form": form, "invitation": invitation, "role_words": ROLE_DESCRIPTIONS[invitation.role]}
    status = 422 if form.errors else 200
    return render(request, "partnership/invitation_accept.html", context, status=status)


def _accept_with_account(
    request: HttpRequest, invitation: Invitation, owner: User | None, key: str
) -> HttpResponse:
    """The invited address has an account, or somebody is signed in: only its owner, signed in, can accept."""
    address = reverse("partnership:invitation_accept", args=[key])
    is_owner = owner is not None and request.user == owner
    if request.method == "POST" and is_owner:
        try:
            operations.accept(invitation=invitation, user=owner)
        except operations.NotOpen as refusal:
            return _kindly(request, refusal.state)
        messages.success(request, "Your account has the new role.")
        return redirect("portal:my_work")
    context = {
        "invitation": invitation,
        "role_words": ROLE_DESCRIPTIONS[invitation.role],
        "is_owner": is_owner,
        "is_closed": owner is not None and not owner.is_active,
        "sign_in_url": f"{reverse('account_login')}?next={address}",
    }
    return render(request, "partnership/invitation_account.html", context)


def _kindly(request: HttpRequest, state: str) -> HttpResponse:
    """Say that the link no longer works, why, and what to do. Status 410: it was there and is gone."""
    return render(request, "partnership/invitation_gone.html", {"state": state}, status=410)
