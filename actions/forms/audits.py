"""Forms of an audit: begin it, say what was found, finish it, and make an action of a gap (R-A14)."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions import guide, operations
from actions.models import Audit, Finding, Result, StatutoryDuty
from foundation.forms import DayField, HintedRadios
from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField
from foundation.text import LineField, WordsField
from foundation.tokens import OneUseToken
from foundation.versions import VersionField
from partnership.calendar import today
from partnership.models import Service, User
from partnership.permissions import services_covered
from partnership.roles import SERVICE_ROLES
from priorities.models import Commitment, Strategy

from .evidence import WithEvidence
from .plans import SeenField

RESULT_HINTS = {
    Result.MET.value: "We do it, for everybody it is for. We can show it.",
    Result.PART.value: "We do some of it, or for some people.",
    Result.NOT_MET.value: "We do not do it.",
    Result.NOT_KNOWN.value: "We looked and could not tell. That is a gap too.",
}


def auditable_commitments() -> Any:
    """What the strategies in force promise. Their ambitions are not among them: those are what the priorities are for."""
    rows = Commitment.objects.filter(strategy__status=Strategy.Status.CURRENT)
    return rows.exclude(kind=Commitment.Kind.AMBITION).select_related("title").order_by("kind", "number")


class AuditForm(forms.Form):
    """Which service looks at itself, when, and at which duties and promises."""

    guide = guide.AUDIT

    service = SafeModelChoiceField(
        queryset=Service.objects.none(),
        label="Service",
        empty_label="Choose a service",
        error_messages={"required": "Choose the service."},
    )
    title = LineField(
        max_length=200,
        label="What is the audit called?",
        help_text="For example: Our yearly audit.",
        error_messages={"required": "Say what the audit is called."},
    )
    date = DayField(
        label="Day of the audit", help_text="The day it tells about. You can change it until you finish."
    )
    scope = WordsField(
        max_length=2000,
        rows=3,
        required=False,
        label="What do you look at, and how?",
        help_text="For example: twenty plans from this term, and what families said.",
    )
    duties = SafeModelMultipleChoiceField(
        queryset=StatutoryDuty.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which legal duties?",
        help_text="Untick what your service has no part in.",
    )
    commitments = SafeModelMultipleChoiceField(
        queryset=Commitment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Which promises of the plan?",
    )

    def __init__(self, *args: Any, user: User, audit: Audit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit = audit
        promises = auditable_commitments()
        if audit is None:
            self.fields["token"] = OneUseToken()
            own = Service.objects.current(today()).filter(services_covered(user, SERVICE_ROLES))
            self.fields["service"].queryset = own
            self.initial = _first_values(list(own), promises) | self.initial
        else:
            del self.fields["service"]
            self.fields["version"] = VersionField()
            self.initial = _audit_values(audit) | self.initial
            kept = Commitment.objects.filter(findings__audit=audit).values("pk")
            promises = (promises | Commitment.objects.filter(pk__in=kept).select_related("title")).distinct()
        self.fields["commitments"].queryset = promises
        if not promises:
            del self.fields["commitments"]

    def clean_date(self) -> datetime.date:
        date: datetime.date = self.cleaned_data["date"]
        if date > today():
            raise ValidationError("An audit cannot tell about a day that has not come yet.")
        return date

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        left_out = not values.get("duties") and not values.get("commitments")
        if left_out and not {"duties", "commitments"} & set(self.errors):
            self.add_error("duties", "Choose at least one duty or promise to look at.")
        return values

    def save(self, *, by: User) -> Audit | None:
        """Begin the audit, or change it where there is one."""
        values = dict(self.cleaned_data)
        if self.audit is None:
            return operations.begin_audit(by=by, **values)
        return operations.edit_audit(by=by, audit=self.audit, **values)


def _first_values(services: list[Service], promises: Any) -> dict[str, Any]:
    """Everything is ticked: leaving a duty out is a choice that somebody makes."""
    values: dict[str, Any] = {
        "date": today(),
        "duties": list(StatutoryDuty.objects.values_list("pk", flat=True)),
        "commitments": [row.pk for row in promises],
    }
    if len(services) == 1:
        values |= {"service": services[0].pk, "title": f"{services[0].name}: audit {today().year}"}
    return values


def _audit_values(audit: Audit) -> dict[str, Any]:
    found = list(audit.findings.all())
    return {name: getattr(audit, name) for name in ("title", "date", "scope", "version")} | {
        "duties": [row.duty_id for row in found if row.duty_id],
        "commitments": [row.commitment_id for row in found if row.commitment_id],
    }


class FindingForm(WithEvidence):
    """How the service stands with one duty or promise, what it saw, and what shows it."""

    guide = guide.FINDING

    result = forms.ChoiceField(
        choices=Result.choices,
        widget=HintedRadios(hints=RESULT_HINTS),
        label="How do you stand?",
        error_messages={"required": "Choose how you stand.", "invalid_choice": "Choose one from the list."},
    )
    words = WordsField(
        max_length=4000,
        rows=4,
        label="What did you find?",
        help_text="Say what you saw and for how many. If it is not known: what would you need to find out? No names.",
        error_messages={"required": "Say what you found."},
    )
    version = VersionField()

    first = ("result", "words")
    field_order = (*first, *WithEvidence.proof)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        self.initial = {
            name: getattr(finding, name) for name in ("result", "words", "version")
        } | self.initial

    @property
    def first_fields(self) -> list[Any]:
        return [self[name] for name in self.first]

    def save(self, *, by: User) -> Finding | None:
        """Save the finding. None when it was the person's own second click."""
        values = self.cleaned_data
        return operations.save_finding(
            by=by,
            finding=self.finding,
            version=values["version"],
            result=values["result"],
            words=values["words"],
            evidence=self.evidence,
        )


class FinishForm(forms.Form):
    """One button: what is finished, or thrown away, is what the person saw, so a note of it goes with the press."""

    seen = SeenField()
