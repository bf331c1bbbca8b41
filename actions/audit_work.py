"""What waits for a person in audits: this noun's part of my work (R-A14, R-W1)."""

import datetime

from django.db.models import F
from django.db.models.lookups import IsNull
from django.urls import reverse

from partnership.permissions import has_role, services_covered
from partnership.roles import SERVICE_ROLES
from partnership.work import WorkItem

from .models import Audit, Category, Finding

MOST = 50


def work_items(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Audits that were begun and not finished, and gaps of one's own service that nobody acts on yet: two queries.

    None of them has a day, so `today` changes nothing; every source of my work is asked alike.
    """
    if not has_role(user, *SERVICE_ROLES):
        return []
    return [*_to_finish(user), *_gaps(user)]


def _to_finish(user: object) -> list[WorkItem]:
    rows = Audit.objects.editable_by(user).select_related("service").order_by("date", "pk")
    return [
        WorkItem(
            group="Audits to finish",
            title=row.title,
            url=row.get_absolute_url(),
            detail=row.service.name,
            urgency=50,
        )
        for row in rows[:MOST]
    ]


def _gaps(user: object) -> list[WorkItem]:
    """A failed duty before a failed promise. One that a draft answers is left out: the draft itself is in the list."""
    own = services_covered(user, SERVICE_ROLES, prefix="audit__service__")
    rows = Finding.objects.gaps().with_action().filter(own, has_action=False, in_draft=False).for_rows()
    return [
        WorkItem(
            group="Gaps without an action",
            title=str(row),
            url=reverse("actions:gap_action", args=[row.audit_id, row.pk]),
            detail=f"{row.get_result_display()}. {row.audit.service.name}",
            urgency=25,
            category=Category.MUST if row.duty_id else Category.SHOULD,
        )
        for row in rows.order_by(IsNull(F("duty"), True), "position", "pk")[:MOST]
    ]
