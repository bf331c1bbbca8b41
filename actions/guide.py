"""Where the guide explains each field of a form, so that help is one click from where it is needed (R-A13).

A form says it in `guide`: field by field, the part of `/guide/` that explains it. `foundation.forms` draws the link.
"""

from typing import NamedTuple

from django.urls import reverse

PARTS = {
    "audit": "how to plan an audit",
    "audit-scope": "how to say what you look at",
    "audit-duties": "how to choose the duties",
    "finding": "how to say how you stand",
    "finding-words": "how to write what you found",
    "gap": "how to act on a gap",
    "plan": "how to begin a plan",
    "plan-title": "how to name a plan",
    "plan-strategy": "how to choose what it serves",
    "period": "how to choose the period",
    "category": "must, should or could",
    "duty": "how to choose the duty",
    "priority": "how to choose the priority",
    "title": "how to write the title",
    "problem": "how to write the problem",
    "doing": "how to write what you will do",
    "difference": "how to write the difference",
    "roles": "how to name the roles",
    "dates": "how to choose the dates",
    "moved-date": "how to move a date",
    "resources": "how to say what it needs",
    "question": "what inspectors ask",
    "links": "what else it belongs to",
    "step": "how to write a step",
    "measure": "how to choose a measure",
    "success": "how to say what success is",
    "evidence": "how to give evidence",
    "status": "how to choose the status",
    "reason": "how to write the reason",
    "update": "how to write an update",
    "family-words": "how to write for families",
    "next-step": "how to write the next step",
    "help": "how to ask for help",
    "sign-off": "how to sign off",
    "close": "how to close an action",
}
"""The parts of the guide that a field may lead to: the anchor, and what the link says after "Guide:"."""


class GuideLink(NamedTuple):
    """A link from a field to the part of the guide that explains it."""

    part: str

    @property
    def words(self) -> str:
        return PARTS[self.part]

    @property
    def url(self) -> str:
        return f"{reverse('actions:guide')}#{self.part}"


class Explained:
    """The links of one form. A field that is not named leads to the part about the form as a whole."""

    def __init__(self, whole: str, **fields: str) -> None:
        self.whole, self.fields = whole, fields

    def get(self, name: str) -> GuideLink:
        return GuideLink(self.fields.get(name, self.whole))


PLAN = Explained(
    "plan", title="plan-title", strategy="plan-strategy", starts="period", ends="period", next_review="period"
)
ACTION = Explained(
    "links",
    title="title",
    category="category",
    duty="duty",
    priority="priority",
    problem="problem",
    doing="doing",
    difference="difference",
    lead_role="roles",
    accountable_role="roles",
    planned_start="dates",
    due="dates",
    due_reason="moved-date",
    impact_question="question",
    resources="resources",
)
MEASURE = Explained("measure", success_looks_like="success")
SIGN_OFF = Explained("sign-off")
CLOSE = Explained("close")
STEP = Explained("step")
MOVED_DATE = Explained("moved-date")
WAITING = Explained("help")
EVIDENCE = Explained("evidence")
UPDATE = Explained(
    "update",
    status="status",
    reason="reason",
    public_words="family-words",
    next_step="next-step",
    barriers="help",
    help_wanted="help",
    evidence_statement="evidence",
    evidence_kind="evidence",
    evidence_link="evidence",
    evidence_file="evidence",
)
AUDIT = Explained("audit", scope="audit-scope", duties="audit-duties", commitments="audit-duties")
FINDING = Explained("evidence", result="finding", words="finding-words")
GAP = Explained("gap", title="title", problem="problem", duty="duty", priority="priority", plan="plan")
