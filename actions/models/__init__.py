"""Action plans: what each service must, should and could do, how it goes, and what shows it."""

from .actions import Action
from .audits import Audit, Finding, FindingEvidence, GapAction, Result
from .categories import Category, ImpactQuestion, StatutoryDuty
from .evidence import Evidence
from .plans import Plan
from .records import (
    FINISHED_STATUSES,
    OPEN_STATUSES,
    ActionMeasure,
    ActionUpdate,
    DueDateChange,
    Impact,
    ImpactRating,
    Milestone,
    Status,
    StatusDefinition,
)

__all__ = [
    "FINISHED_STATUSES",
    "OPEN_STATUSES",
    "Action",
    "ActionMeasure",
    "ActionUpdate",
    "Audit",
    "Category",
    "DueDateChange",
    "Evidence",
    "Finding",
    "FindingEvidence",
    "GapAction",
    "Impact",
    "ImpactQuestion",
    "ImpactRating",
    "Milestone",
    "Plan",
    "Result",
    "Status",
    "StatusDefinition",
    "StatutoryDuty",
]
