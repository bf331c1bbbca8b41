"""Everything that changes what families said, who read it and what was answered. Views ask permission first."""

from .answers import draft_answer, edit_answer, publish_answer
from .bookings import Booked, book_event, cancel_booking, mark_rung, purge_bookings
from .checks import approve_answer, ask_second_person, send_back_answer
from .difference import Answered, answer_difference
from .events import add_said, cancel_event, create_event, edit_event, publish_event
from .families import keep_with_account, take_from_account
from .helping import answer_helped
from .moderation import (
    approve_comment,
    claim_comment,
    refuse_comment,
    release_comment,
    second_approve_comment,
    send_back_comment,
)
from .more_words import add_words
from .safeguarding import flag_comment, mark_flag_read, record_outcome
from .senders_mail import ask_whether_it_helped, stop_telling
from .sending import Submission, submit_comment, withdraw_comment
from .showing import change_may_show, decide_show_change, refuse_show_change, second_show_change

__all__ = [
    "Answered",
    "Booked",
    "Submission",
    "add_said",
    "add_words",
    "answer_difference",
    "answer_helped",
    "approve_answer",
    "approve_comment",
    "ask_second_person",
    "ask_whether_it_helped",
    "book_event",
    "cancel_booking",
    "cancel_event",
    "change_may_show",
    "claim_comment",
    "create_event",
    "decide_show_change",
    "draft_answer",
    "edit_answer",
    "edit_event",
    "flag_comment",
    "keep_with_account",
    "mark_flag_read",
    "mark_rung",
    "publish_answer",
    "publish_event",
    "purge_bookings",
    "record_outcome",
    "refuse_comment",
    "refuse_show_change",
    "release_comment",
    "second_approve_comment",
    "second_show_change",
    "send_back_answer",
    "send_back_comment",
    "stop_telling",
    "submit_comment",
    "take_from_account",
    "withdraw_comment",
]
