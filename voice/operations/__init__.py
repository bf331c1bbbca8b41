"""Everything that changes what families said, who read it and what was answered. Views ask permission first."""

from .answers import draft_answer, edit_answer, publish_answer
from .bookings import Booked, book_event, cancel_booking, mark_rung, purge_bookings
from .checks import approve_answer, ask_second_person, send_back_answer
from .difference import Answered, answer_difference
from .drafts import Written, drop_drafts, keep_answers, purge_drafts, read_draft
from .entering import enter_comment
from .events import add_said, cancel_event, create_event, edit_event, publish_event
from .families import keep_with_account, take_from_account
from .help_numbers import check_number
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
from .releasing import agree_release, ask_release, decline_release
from .removals import Counts, erase_found, find_to_erase, remove_past_their_time
from .reports import publish_report
from .routing import claim_many, release_many, reroute_comment, reroute_many, tag_many
from .safeguarding import flag_comment, mark_flag_read, record_outcome, tell_deputies
from .safety_words import add_safety_word, take_off_safety_word
from .senders_mail import ask_whether_it_helped, stop_telling
from .sending import Submission, send_draft, sent_with, submit_comment, withdraw_comment
from .showing import change_may_show, decide_show_change, refuse_show_change, second_show_change
from .themes import make_theme, merge_theme, rename_theme, set_themes
from .wordings import drop_wording, save_wording

__all__ = [
    "Answered",
    "Booked",
    "Counts",
    "Submission",
    "Written",
    "add_safety_word",
    "add_said",
    "add_words",
    "agree_release",
    "answer_difference",
    "answer_helped",
    "approve_answer",
    "approve_comment",
    "ask_release",
    "ask_second_person",
    "ask_whether_it_helped",
    "book_event",
    "cancel_booking",
    "cancel_event",
    "change_may_show",
    "check_number",
    "claim_comment",
    "claim_many",
    "create_event",
    "decide_show_change",
    "decline_release",
    "draft_answer",
    "drop_drafts",
    "drop_wording",
    "edit_answer",
    "edit_event",
    "enter_comment",
    "erase_found",
    "find_to_erase",
    "flag_comment",
    "keep_answers",
    "keep_with_account",
    "make_theme",
    "mark_flag_read",
    "mark_rung",
    "merge_theme",
    "publish_answer",
    "publish_event",
    "publish_report",
    "purge_bookings",
    "purge_drafts",
    "read_draft",
    "record_outcome",
    "refuse_comment",
    "refuse_show_change",
    "release_comment",
    "release_many",
    "remove_past_their_time",
    "rename_theme",
    "reroute_comment",
    "reroute_many",
    "save_wording",
    "second_approve_comment",
    "second_show_change",
    "send_back_answer",
    "send_back_comment",
    "send_draft",
    "sent_with",
    "set_themes",
    "stop_telling",
    "submit_comment",
    "tag_many",
    "take_from_account",
    "take_off_safety_word",
    "tell_deputies",
    "withdraw_comment",
]
