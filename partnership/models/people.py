"""People who sign in, and what they may do and for whom (R-P5)."""

import datetime

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from foundation.versions import Versioned
from partnership.calendar import today
from partnership.permissions import can_view_people, has_role
from partnership.roles import STAFF_ROLES, Role

from .organisations import Sector, Service


class UserQuerySet(models.QuerySet["User"]):
    """Which people somebody may see, and who may still look after accounts."""

    def visible_to(self, user: object) -> "UserQuerySet":
        """People whose page this person may open; the twin of `can_view_person`.

        Administrators see every account. The programme team and the auditor see whoever holds or held a staff role,
        so that a family's own account stays out of their sight (R-P5).
        """
        if has_role(user, Role.ADMINISTRATOR):
            return self
        if not can_view_people(user):
            return self.none()
        staff = Membership.objects.filter(user=models.OuterRef("pk"), role__in=STAFF_ROLES)
        return self.filter(models.Exists(staff))

    def lasting_administrators(self) -> "UserQuerySet":
        """Active accounts that are administrators with no end date: one of them must always be left."""
        return self.filter(
            is_active=True,
            pk__in=Membership.objects.active_on(today())
            .filter(role=Role.ADMINISTRATOR, ends__isnull=True)
            .values("user"),
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People are known by their e-mail address."""

    def create_user(
        self, email: str, password: str | None = None, *, name: str = "", **fields: object
    ) -> "User":
        """Make an account. Without a password nobody can sign in until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Refused on purpose: a real installation begins with `create_first_administrator`."""
        raise NotImplementedError("Use the command create_first_administrator.")

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class User(Versioned, AbstractUser):
    """A person with an account: staff and advisers by invitation, families by their own choice."""

    private_content = True

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    is_external = models.BooleanField(
        default=False,
        help_text="An independent chair or adviser: shown as external, cannot own actions (R-B9).",
    )
    is_example = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """What this person may do today, read once a request. Nothing for a deactivated account.

        Whether two-step sign-in is set up is read in the same query, as `two_step` on each membership (R-P5). Every page
        of somebody signed in asks this, so it is kept small, and the days are compared here.
        """
        if not self.is_active or self.pk is None:
            return []
        authenticators = apps.get_model("mfa", "Authenticator")
        set_up = authenticators.objects.filter(user=models.OuterRef("user"), type__in=["totp", "webauthn"])
        memberships = self.memberships.select_related("service", "sector").order_by("role", "pk")
        day = today()
        return [row for row in memberships.annotate(two_step=models.Exists(set_up)) if row.in_force_on(day)]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: datetime.date) -> "MembershipQuerySet":
        """Memberships in force on `day`; the end date is the last day. One that was stopped at once ends that same day."""
        running = Q(ends__isnull=True) | Q(ends__gte=day)
        return self.filter(running, starts__lte=day).filter(
            Q(stopped_on__isnull=True) | Q(stopped_on__gt=day)
        )

    def visible_to(self, user: object) -> "MembershipQuerySet":
        """Memberships on the page of a person whom `user` may see; the twin of `can_view_membership`."""
        if not can_view_people(user):
            return self.none()
        return self.filter(user__in=User.objects.visible_to(user))

    def reaching(self, *, service: Service, role: str) -> "MembershipQuerySet":
        """Memberships of `role` that cover `service`: by service, by its sector, or the whole partnership."""
        whole = Q(service__isnull=True, sector__isnull=True)
        return self.filter(whole | Q(service=service) | Q(sector=service.sector_id), role=role)


class Membership(models.Model):
    """A role for one service, one sector or the whole partnership, between two dates."""

    private_content = True

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    sector = models.ForeignKey(
        Sector, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    is_deputy = models.BooleanField(default=False, help_text="For safeguarding: deputy rather than lead.")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="granted_memberships"
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    stopped_on = models.DateField(
        null=True, blank=True, help_text="Ended at once on this day; from then on it counts for nothing."
    )
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When somebody set the end.")
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=True) | Q(sector__isnull=True), name="membership_one_scope"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="membership_ends_after_start"
            ),
            # Three, one for each scope: SQLite counts two empty columns as different.
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends__isnull=True, service__isnull=True, sector__isnull=True),
                name="membership_once_for_all",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "service"],
                condition=Q(ends__isnull=True, service__isnull=False),
                name="membership_once_per_service",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "sector"],
                condition=Q(ends__isnull=True, sector__isnull=False),
                name="membership_once_per_sector",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.scope_name}"

    @property
    def scope_name(self) -> str:
        """For whom: the service, the sector, or the whole partnership."""
        if self.service_id:
            return self.service.name
        return f"all of {self.sector.name}" if self.sector_id else "the whole partnership"

    def in_force_on(self, day: datetime.date) -> bool:
        """Whether it counts on `day`, by the same rule as the queryset's `active_on`."""
        if self.starts > day or (self.ends is not None and self.ends < day):
            return False
        return self.stopped_on is None or self.stopped_on > day


class AccountChange(models.Model):
    """One change to somebody's account by whoever looks after accounts. Rows are only ever added (R-P6)."""

    private_content = True

    class Kind(models.TextChoices):
        CREATED = "created", "Account made"
        EDITED = "edited", "Details changed"
        DEACTIVATED = "deactivated", "Account closed"
        REACTIVATED = "reactivated", "Account opened again"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="account_changes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    detail = models.TextField(blank=True, help_text="What was there before and what is there now.")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"
