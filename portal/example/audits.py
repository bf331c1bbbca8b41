"""Example audits: one finished, with a gap that became a must-do and gaps that nobody acts on yet; one half done (R-A14)."""

import datetime

from django.utils import timezone

from actions import operations
from actions.forms.audits import auditable_commitments
from actions.models import Action, Audit, Evidence, Finding, Result, StatutoryDuty
from partnership.models import Service, User

# By the place of the duty or promise in the list: how the service stands, what it found. The rest is met.
FIRST_FINDINGS = {
    0: (
        Result.PART,
        "In twelve of twenty reviews the child’s own view was written down. In eight there were only the words of adults.",
    ),
    1: (Result.NOT_KNOWN, "Nobody could tell us what is agreed with our health partners."),
    3: (Result.NOT_MET, "We ask two other teams for advice. Nobody has agreed how long they may take."),
}
MET = "We looked at twenty files from this term. All twenty show it."


def tell_audits(people: dict[str, User], first: Service, second: Service, actions: list[Action]) -> None:
    """Tell of both audits, as their services would make them. `actions` are the public ones of `tell_plans`."""
    audit = _begin(people["contributor"], first, "Example audit of learning support", days=75)
    for place, finding in enumerate(audit.findings.all()):
        result, words = FIRST_FINDINGS.get(place, (Result.MET, MET))
        _find(people["contributor"], finding, result, words, days=74, with_evidence=place < 4)
    note = operations.note_of_audit(audit, audit.findings.all())
    operations.finish_audit(by=people["publisher"], audit=audit, seen=note, at=_ago(73))
    gap = audit.findings.order_by("position").first()
    if gap is not None:
        asked_first = next(action for action in actions if action.title.startswith("Ask every child"))
        operations.link_gap(by=people["contributor"], finding=gap, action=asked_first, at=_ago(72))
    begun = _begin(people["contributor2"], second, "Example audit of therapy", days=3)
    for finding in begun.findings.all()[:2]:
        _find(people["contributor2"], finding, Result.MET, MET, days=2)


def _begin(by: User, service: Service, title: str, *, days: int) -> Audit:
    audit = operations.begin_audit(
        by=by,
        service=service,
        title=title,
        date=timezone.localdate() - datetime.timedelta(days=days),
        scope="Twenty files from this term, and what families said in the drop-ins.",
        duties=StatutoryDuty.objects.all(),
        commitments=auditable_commitments(),
        at=_ago(days),
    )
    assert audit is not None  # noqa: S101  (None is only for a repeated form)
    return audit


def _find(
    by: User, finding: Finding, result: str, words: str, *, days: int, with_evidence: bool = False
) -> None:
    shown = {"kind": Evidence.Kind.AUDIT, "statement": "Example: what twenty files show.", "link": ""}
    operations.save_finding(
        by=by,
        finding=finding,
        version=finding.version,
        result=result,
        words=words,
        evidence=shown if with_evidence else None,
        at=_ago(days),
    )


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days, minutes=7)
