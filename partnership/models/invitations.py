"""How people are invited to a staff account (R-P5)."""

import datetime

from django.db import models

from partnership.permissions import can_view_people
from partnership.roles import Role

from .organisations import Sector, Service
from .people import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: object) -> "InvitationQuerySet":
        """Invitations this person may read in the list; the twin of `can_view_invitation`."""
        return self.all() if can_view_people(user) else self.none()

    def open_at(self, now: datetime.datetime) -> "InvitationQuerySet":
        """Invitations that can still be accepted at `now`."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """An invitation to a staff account: a hashed, expiring, one-use link, with the membership it brings (R-P5)."""

    private_content = True

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_deputy = models.BooleanField(default=False, help_text="For safeguarding: deputy rather than lead.")
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations_sent",
        help_text="Empty for the first administrator, who is invited from the command line.",
    )
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]

    def __str__(self) -> str:
        return f"Invitation for {self.email}"

    class State(models.TextChoices):
        """Where an invitation stands."""

        WAITING = "waiting", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Out of date"

    def state_at(self, now: datetime.datetime) -> "Invitation.State":
        """Where it stands at `now`. Whether whoever sent it may still grant the role is asked when it is accepted."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        return self.State.WAITING if now < self.expires_at else self.State.EXPIRED

    @property
    def scope_name(self) -> str:
        """For whom: the service, the sector, or the whole partnership."""
        if self.service_id:
            return self.service.name
        return f"all of {self.sector.name}" if self.sector_id else "the whole partnership"
