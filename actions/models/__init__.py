"""Action plans: what each service must, should and could do, how it goes, and what shows it."""

from .actions import Action, ActionMeasure, Category, ImpactQuestion, StatutoryDuty
from .plans import Plan
from .records import ActionUpdate, DueDateChange, Evidence, Impact, ImpactRating, Milestone, Status

__all__ = [
    "Action",
    "ActionMeasure",
    "ActionUpdate",
    "Category",
    "DueDateChange",
    "Evidence",
    "Impact",
    "ImpactQuestion",
    "ImpactRating",
    "Milestone",
    "Plan",
    "StatutoryDuty",
    "Status",
]
