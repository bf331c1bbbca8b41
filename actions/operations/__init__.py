"""Everything that changes a plan or an action. Keyword-only, `by=` whom, each in one transaction.

The views ask `permissions` first; what is asked here is what must hold whoever acts: the rules of status, of dates, of
evidence, and that nobody overwrites what they have not seen. A broken rule raises `RuleBroken` with words for the person.
`at` is the moment it happened, now by default; example data use it to tell of the past.
"""

from .actions import add_action, edit_action
from .audits import (
    begin_audit,
    drop_audit,
    edit_audit,
    finish_audit,
    note_of_audit,
    save_finding,
    thrown_away,
)
from .bulk import BULK_CHANGE, change_several
from .carrying import to_be_carried
from .due_dates import SPENT_FOR as DUE_DATE
from .due_dates import approved_due, decide_due_request, move_due, withdraw_due_request
from .evidence import add_evidence, add_milestone, edit_milestone
from .gaps import act_on_gap, link_gap, unlink_gap
from .judgements import SPENT_FOR as JUDGEMENT
from .judgements import close_action, rate_impact, sign_off
from .measures import link_measure, unlink_measure
from .plans import archive_plan, create_plan, edit_plan, publish_plan, publish_waiting
from .reviews import SPENT_FOR as PLAN_REVIEW
from .reviews import actions_to_review, finish_review, review_action
from .rules import NotReady, RuleBroken
from .seen import ChangedMeanwhile, note_of
from .updates import add_update
from .waiting import NO_SUCH_ACTION, end_waiting, wait_for
from .waiting import SPENT_FOR as WAITING_FOR

__all__ = [
    "BULK_CHANGE",
    "DUE_DATE",
    "JUDGEMENT",
    "NO_SUCH_ACTION",
    "PLAN_REVIEW",
    "WAITING_FOR",
    "ChangedMeanwhile",
    "NotReady",
    "RuleBroken",
    "act_on_gap",
    "actions_to_review",
    "add_action",
    "add_evidence",
    "add_milestone",
    "add_update",
    "approved_due",
    "archive_plan",
    "begin_audit",
    "change_several",
    "close_action",
    "create_plan",
    "decide_due_request",
    "drop_audit",
    "edit_action",
    "edit_audit",
    "edit_milestone",
    "edit_plan",
    "end_waiting",
    "finish_audit",
    "finish_review",
    "link_gap",
    "link_measure",
    "move_due",
    "note_of",
    "note_of_audit",
    "publish_plan",
    "publish_waiting",
    "rate_impact",
    "review_action",
    "save_finding",
    "sign_off",
    "thrown_away",
    "to_be_carried",
    "unlink_gap",
    "unlink_measure",
    "wait_for",
    "withdraw_due_request",
]
