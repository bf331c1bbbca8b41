"""Forms of plans and actions. Validation and the choices a person may make; saving calls the operation."""

from .actions import ActionForm, MeasureLinkForm
from .audits import AuditForm, FindingForm, FinishForm
from .due_dates import DueDateForm, DueDecisionForm
from .evidence import EvidenceForm
from .filters import ActionFilterForm
from .gaps import GapActionForm, GapLinkForm, GapUnlinkForm
from .judgements import CloseForm, SignOffForm
from .past import AsAtForm
from .plans import ArchiveForm, PlanForm, PublishForm, WaitingForm
from .records import MilestoneForm, NothingChangedForm, UpdateForm
from .reviews import FinishReviewForm, ReviewActionForm
from .updates import UpdateRow
from .waiting import WaitingForForm

__all__ = [
    "ActionFilterForm",
    "ActionForm",
    "ArchiveForm",
    "AsAtForm",
    "AuditForm",
    "CloseForm",
    "DueDateForm",
    "DueDecisionForm",
    "EvidenceForm",
    "FindingForm",
    "FinishForm",
    "FinishReviewForm",
    "GapActionForm",
    "GapLinkForm",
    "GapUnlinkForm",
    "MeasureLinkForm",
    "MilestoneForm",
    "NothingChangedForm",
    "PlanForm",
    "PublishForm",
    "ReviewActionForm",
    "SignOffForm",
    "UpdateForm",
    "UpdateRow",
    "WaitingForForm",
    "WaitingForm",
]
