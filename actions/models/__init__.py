"""Action plans: what each service must, should and could do, how it goes, and what shows it."""

from .actions import Action
from .audits import Audit, Finding, FindingEvidence, GapAction, Result
from .bulk import BulkChange, BulkChangeRow
from .categories import Category, ImpactQuestion, StatutoryDuty
from .due_dates import DueDateRequest
from .evidence import Evidence
from .imports import PlanImport, PlanImportCell, PlanImportColumn, PlanImportRow, PlanImportWord
from .plans import Plan
from .records import (
    DONE_STATUSES,
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
from .reminders import Reminder
from .reviews import CarriedAction, PlanReview, ReviewedAction
from .waiting import WaitingFor

__all__ = [
    "DONE_STATUSES",
    "FINISHED_STATUSES",
    "OPEN_STATUSES",
    "Action",
    "ActionMeasure",
    "ActionUpdate",
    "Audit",
    "BulkChange",
    "BulkChangeRow",
    "CarriedAction",
    "Category",
    "DueDateChange",
    "DueDateRequest",
    "Evidence",
    "Finding",
    "FindingEvidence",
    "GapAction",
    "Impact",
    "ImpactQuestion",
    "ImpactRating",
    "Milestone",
    "Plan",
    "PlanImport",
    "PlanImportCell",
    "PlanImportColumn",
    "PlanImportRow",
    "PlanImportWord",
    "PlanReview",
    "Reminder",
    "Result",
    "ReviewedAction",
    "Status",
    "StatusDefinition",
    "StatutoryDuty",
    "WaitingFor",
]
