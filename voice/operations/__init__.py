"""Everything that changes what families said, who read it and what was answered. Views ask permission first."""

from .answers import draft_answer, edit_answer, publish_answer
from .difference import Answered, answer_difference
from .moderation import (
    approve_comment,
    claim_comment,
    refuse_comment,
    release_comment,
    second_approve_comment,
    send_back_comment,
)
from .safeguarding import flag_comment, mark_flag_read, record_outcome
from .sending import Submission, submit_comment, withdraw_comment

__all__ = [
    "Answered",
    "Submission",
    "answer_difference",
    "approve_comment",
    "claim_comment",
    "draft_answer",
    "edit_answer",
    "flag_comment",
    "mark_flag_read",
    "publish_answer",
    "record_outcome",
    "refuse_comment",
    "release_comment",
    "second_approve_comment",
    "send_back_comment",
    "submit_comment",
    "withdraw_comment",
]
