"""Audits: begun, gone on with, finished or thrown away (R-A14)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from actions.models import Audit, Finding, FindingEvidence, StatutoryDuty
from actions.reasons import AUDIT_GONE, why_not_edit_audit
from foundation.tokens import spend
from foundation.versions import VersionConflict, lock_for_edit
from partnership.models import Service, User
from priorities.models import Commitment

from .rules import RuleBroken, keep, refuse, refuse_why
from .seen import ChangedMeanwhile


@transaction.atomic
def begin_audit(
    *,
    by: User,
    service: Service,
    title: str,
    date: datetime.date,
    scope: str = "",
    duties: Iterable[StatutoryDuty] = (),
    commitments: Iterable[Commitment] = (),
    token: str = "",
    at: datetime.datetime | None = None,
) -> Audit | None:
    """Begin an audit of a service: one empty finding for each duty and promise it will look at.

    None when `token` was used before. What an example service begins is an example too.
    """
    moment = at or timezone.now()
    if token and not spend(token, purpose="audit"):
        return None
    audit = Audit(
        service=service,
        title=title,
        date=date,
        scope=scope,
        started_by=by,
        started_at=moment,
        is_example=service.is_example,
    )
    keep(audit, by=by, at=at)
    _set_findings(audit, duties=duties, commitments=commitments, by=by, at=at)
    return audit


@transaction.atomic
def edit_audit(
    *,
    by: User,
    audit: Audit,
    version: int,
    title: str,
    date: datetime.date,
    scope: str = "",
    duties: Iterable[StatutoryDuty] = (),
    commitments: Iterable[Commitment] = (),
) -> Audit:
    """Change what the audit is called, its day and what it looks at. Raises VersionConflict as `edit_plan` (R-A9).

    Raises RuleBroken when something is left out that somebody has written about already.
    """
    _locked_audit(audit, by)
    audit = lock_for_edit(Audit.objects.all(), audit.pk, version=version)
    audit.title, audit.date, audit.scope = title, date, scope
    keep(audit, by=by)
    _set_findings(audit, duties=duties, commitments=commitments, by=by)
    return audit


def _set_findings(
    audit: Audit,
    *,
    duties: Iterable[StatutoryDuty],
    commitments: Iterable[Commitment],
    by: User,
    at: datetime.datetime | None = None,
) -> None:
    """One finding for each duty and promise, in their order: the duties first. What is there already stays."""
    wanted: list[tuple[StatutoryDuty | None, Commitment | None]] = [(duty, None) for duty in duties]
    wanted += [(None, commitment) for commitment in commitments]
    there = {(row.duty_id, row.commitment_id): row for row in audit.findings.select_for_update(no_key=True)}
    for position, (duty, commitment) in enumerate(wanted):
        key = (duty.pk if duty else None, commitment.pk if commitment else None)
        row = there.pop(key, None) or Finding(audit=audit, duty=duty, commitment=commitment)
        if row.pk is None or row.position != position:
            row.position = position
            keep(row, by=by, at=at)
    refuse(
        [f"Somebody has written about “{row}” already, so it stays." for row in there.values() if row.result]
    )
    for row in there.values():
        row.delete()


def _locked_audit(audit: Audit, by: User) -> Audit:
    """The audit as it is now, locked until the transaction ends; refused when the person may not write in it any more."""
    found = Audit.objects.select_for_update(no_key=True).filter(pk=audit.pk).first()
    if found is None:
        raise RuleBroken([AUDIT_GONE])
    refuse_why(why_not_edit_audit(by, found))
    return found


@transaction.atomic
def save_finding(
    *,
    by: User,
    finding: Finding,
    version: int,
    result: str,
    words: str = "",
    evidence: dict[str, Any] | None = None,
    at: datetime.datetime | None = None,
) -> Finding | None:
    """Say what was found of one duty or promise, with evidence if there is some (`kind`, `statement`, `link`).

    What it said before stays in its history. Raises VersionConflict when somebody else saved it since `version` (R-A9);
    None when it is the person's own second click.
    """
    # The audit first, as finishing does: nothing is written into an audit that is being finished or thrown away.
    _locked_audit(finding.audit, by)
    try:
        finding = lock_for_edit(Finding.objects.all(), finding.pk, version=version)
    except VersionConflict as conflict:
        now = conflict.current
        if (now.by_id, now.result, now.words) == (by.pk, result, words):
            return None
        raise
    moment = at or timezone.now()
    finding.result, finding.words, finding.by, finding.at = result, words, by, moment
    keep(finding, by=by, at=at)
    if evidence:
        FindingEvidence.objects.create(finding=finding, added_by=by, added_at=moment, **evidence)
    return finding


def note_of_audit(audit: Audit, findings: Iterable[Finding]) -> str:
    """What somebody looked at who finishes it, as `note_of`: `a3 f12:2 f13:1`."""
    return " ".join([f"a{audit.version}", *(f"f{row.pk}:{row.version}" for row in findings)])


@transaction.atomic
def finish_audit(*, by: User, audit: Audit, seen: str, at: datetime.datetime | None = None) -> Audit:
    """Finish an audit: from now on the partnership reads it, and nobody changes it.

    `seen` is the note (`note_of_audit`) of what the person looked at. Raises ChangedMeanwhile when it is not that any
    more, RuleBroken when something was not looked at yet.
    """
    audit = _locked_audit(audit, by)
    findings = list(audit.findings.for_rows())
    if seen != note_of_audit(audit, findings):
        raise ChangedMeanwhile(["Somebody wrote in this audit."])
    if not findings:
        raise RuleBroken(["This audit looks at nothing yet. Choose at least one duty or promise."])
    refuse([f"Nobody has looked yet at: {row}." for row in findings if not row.result])
    audit.finished_by, audit.finished_at = by, at or timezone.now()
    audit.bump()
    keep(audit, by=by, at=at)
    return audit


@transaction.atomic
def drop_audit(*, by: User, audit: Audit, seen: str, at: datetime.datetime | None = None) -> bool:
    """Throw away an audit that is not finished, with all that was written in it. False when that was done before.

    `seen` is the note (`note_of_audit`) of what the person looked at. Raises ChangedMeanwhile when somebody wrote in it
    since, so that no words go that nobody read. Who threw it away, and when, stays.
    """
    try:
        audit = _locked_audit(audit, by)
    except RuleBroken as broken:
        if broken.faults == [AUDIT_GONE]:
            return False
        raise
    findings = list(audit.findings.select_for_update())
    if seen != note_of_audit(audit, findings):
        raise ChangedMeanwhile(["Somebody wrote in this audit."])
    for row in [*findings, audit]:
        row._history_user = by
        if at is not None:
            row._history_date = at
        row.delete()
    return True


def thrown_away(pk: int) -> Any:
    """The last row of history of an audit that was thrown away: what it was, by whom and when. None for any other."""
    return Audit.history.filter(id=pk, history_type="-").select_related("service", "history_user").first()
