"""Everything that changes what families said, who read it and what was answered. Views ask permission first."""

from .answers import draft_answer, edit_answer, publish_answer
from .bookings import Booked, book_event, cancel_booking, mark_rung, purge_bookings
from .difference import Answered, answer_difference
from .entering import enter_comment
from .events import add_said, cancel_event, create_event, edit_event, publish_event
from .moderation import (
    approve_comment,
    claim_comment,
    refuse_comment,
    release_comment,
    second_approve_comment,
    send_back_comment,
)
from .routing import claim_many, release_many, reroute_comment, reroute_many, tag_many
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
    "claim_many",
    "create_event",
    "draft_answer",
    "drop_wording",
    "edit_answer",
    "edit_event",
    "enter_comment",
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
    "release_many",
    "rename_theme",
    "reroute_comment",
    "reroute_many",
    "save_wording",
    "second_approve_comment",
    "send_back_comment",
    "set_themes",
    "submit_comment",
    "tag_many",
    "withdraw_comment",
]
