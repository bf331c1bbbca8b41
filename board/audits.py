"""Which service has audited itself, when, and which gaps it found that nobody acts on (R-A14)."""

import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import IsNull
from django.http import QueryDict

from actions.models import Audit, Finding, GapAction, Result
from actions.models.audits import AUDIT_AGAIN_AFTER_DAYS, FindingQuerySet
from foundation.kept import kept
from partnership.models import Service

DUE, WITHOUT = "due", "without"


def services(*, today: datetime.date, only_due: bool = False) -> QuerySet[Service]:
    """The services there are today, each with its newest finished audit: those that never had one first, then the oldest."""
    newest = Audit.objects.finished().filter(service=OuterRef("pk")).order_by("-date", "-pk")
    rows = Service.objects.current(today).annotate(
        last_audit=Subquery(newest.values("pk")[:1]), last_date=Subquery(newest.values("date")[:1])
    )
    if only_due:
        too_old = today - datetime.timedelta(days=AUDIT_AGAIN_AFTER_DAYS)
        rows = rows.filter(Q(last_date__isnull=True) | Q(last_date__lt=too_old))
    return rows.select_related("sector").order_by(F("last_date").asc(nulls_first=True), "name", "pk")


def with_gaps(rows: list[Service], *, today: datetime.date) -> list[Service]:
    """The services of one page, each with its audit and its numbers of gaps: two queries, however many there are."""
    audits = Audit.objects.in_bulk([row.last_audit for row in rows])
    counts: dict[tuple[int, bool], int] = {}
    found = Finding.objects.gaps().with_action().filter(audit__service__in=rows).order_by()
    for service, acted, number in found.values_list("audit__service", "has_action").annotate(n=Count("pk")):
        counts[service, acted] = number
    for row in rows:
        row.audit = audits.get(row.last_audit)
        row.is_due = row.audit is None or row.audit.is_old(today)
        row.without = counts.get((row.pk, False), 0)
        row.gaps = row.without + counts.get((row.pk, True), 0)
    return rows


def gaps(*, service: Service | None = None, only_without: bool = False) -> FindingQuerySet:
    """Gaps as they stand, what nobody acts on first; then failed duties before promises, and the worst first."""
    rows = Finding.objects.gaps().with_action()
    if service is not None:
        rows = rows.filter(audit__service=service)
    if only_without:
        rows = rows.filter(has_action=False)
    severity = Case(
        When(result=Result.NOT_MET, then=Value(0)),
        When(result=Result.NOT_KNOWN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    links = GapAction.objects.open().select_related("action__plan")
    rows = rows.for_rows().prefetch_related(Prefetch("gap_actions", queryset=links))
    return rows.order_by("has_action", IsNull(F("duty"), True), severity, "audit__date", "pk")


def gaps_from_query(query: QueryDict) -> dict[str, Any]:
    """Read an address of the list. A value that means nothing is left out, so that an old link still opens a list."""
    slug = query.get("service", "")
    return {
        "service": Service.objects.filter(slug=slug).first() if slug else None,
        "only_without": query.get("show") == WITHOUT,
    }


@kept(most=1)
def keys_without_action() -> tuple[int, ...]:
    """The keys of all gaps that nobody acts on, in their order: as long as the number that leads to them."""
    return tuple(gaps(only_without=True).values_list("pk", flat=True))


def rows_of_gaps(keys: tuple[int, ...]) -> list[Finding]:
    """These gaps as rows, in the order of their keys."""
    found = gaps().in_bulk(keys)
    return [found[key] for key in keys if key in found]
