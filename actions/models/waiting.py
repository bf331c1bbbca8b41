"""That one action waits for another, often another service's, so that both sides know (issue: dependencies)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .actions import Action
from .records import OPEN_STATUSES, SHOWN_RED_WHEN_LATE, Status


class WaitingForQuerySet(models.QuerySet["WaitingFor"]):
    def open(self) -> "WaitingForQuerySet":
        """Those that still hold."""
        return self.filter(ended_at__isnull=True)

    def as_at(self, moment: datetime.datetime) -> "WaitingForQuerySet":
        """Those that held in the moment before this one."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=moment), at__lt=moment)

    def visible_to(self, user: object) -> "WaitingForQuerySet":
        """Those of which the reader may see both sides: a draft never shows through the action it waits for."""
        seen = Action.objects.visible_to(user).order_by()
        return self.filter(action__in=seen, on__in=seen)

    def endable_by(self, user: object) -> "WaitingForQuerySet":
        """Twin of `can_end_waiting`: open ones of actions this person updates."""
        return self.open().filter(action__in=Action.objects.updatable_by(user).order_by())

    def in_trouble(self, today: datetime.date) -> "WaitingForQuerySet":
        """Where somebody waits in vain: the other action is later than the one that waits, or red, or overdue."""
        late = Q(on__due__lt=today) | Q(on__due__gt=F("action__due"))
        red = Q(on__status=Status.RED) | Q(on__status__in=SHOWN_RED_WHEN_LATE, on__due__lt=today)
        both_open = {"on__status__in": OPEN_STATUSES, "action__status__in": OPEN_STATUSES}
        return self.open().filter(late | red, **both_open)


class WaitingFor(models.Model):
    """`action` cannot go on before `on` does. Ended and never deleted, so that the past stays."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="waits_for")
    on = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="waited_for_by")
    why = models.CharField(max_length=300, blank=True, help_text="For staff.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = WaitingForQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "waiting for"
        constraints = [
            models.CheckConstraint(condition=~Q(action=F("on")), name="action_waits_not_for_itself"),
            models.UniqueConstraint(
                fields=["action", "on"], condition=Q(ended_at__isnull=True), name="waits_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action.ref} waits for {self.on.ref}"
