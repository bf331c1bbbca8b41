"""Everything that changes what families said, who read it and what was answered. Views ask permission first."""

from .answers import draft_answer, edit_answer, publish_answer
from .bookings import Booked, book_event, cancel_booking, mark_rung, purge_bookings
from .difference import Answered, answer_difference
from .events import add_said, cancel_event, create_event, edit_event, publish_event
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
from .themes import make_theme, merge_theme, rename_theme, set_themes
from .wordings import drop_wording, save_wording

__all__ = [
    "Answered",
    "Booked",
    "Submission",
    "add_said",
    "answer_difference",
    "approve_comment",
    "book_event",
    "cancel_booking",
    "cancel_event",
    "claim_comment",
    "create_event",
    "draft_answer",
    "drop_wording",
    "edit_answer",
    "edit_event",
    "flag_comment",
    "make_theme",
    "mark_flag_read",
    "mark_rung",
    "merge_theme",
    "publish_answer",
    "publish_event",
    "purge_bookings",
    "record_outcome",
    "refuse_comment",
    "release_comment",
    "rename_theme",
    "save_wording",
    "second_approve_comment",
    "send_back_comment",
    "set_themes",
    "submit_comment",
    "withdraw_comment",
]
