"""What families say, who read it, what was answered and what came of it."""

from .bookings import Booking
from .checks import AnswerCheck, AnswerRules
from .choices import AgeBand, Channel, Feeling, MayShow, Route, Stage, Topic, WhoseWords
from .comments import Comment, CommentContact, CommentOriginal
from .difference import DifferenceAnswer, Noticed, Teller
from .events import Audience, BookingState, Event
from .following import FamilyComment, HelpAnswer, Helped, MoreWords, SenderStep, ShowChange
from .moderation import Decision, Redaction, RefusalReason, SafeguardingFlag
from .responses import ActionVoice, Response, ResponseComment

__all__ = [
    "ActionVoice",
    "AgeBand",
    "AnswerCheck",
    "AnswerRules",
    "Audience",
    "Booking",
    "BookingState",
    "Channel",
    "Comment",
    "CommentContact",
    "CommentOriginal",
    "Decision",
    "DifferenceAnswer",
    "Event",
    "FamilyComment",
    "Feeling",
    "HelpAnswer",
    "Helped",
    "MayShow",
    "MoreWords",
    "Noticed",
    "Redaction",
    "RefusalReason",
    "Response",
    "ResponseComment",
    "Route",
    "SafeguardingFlag",
    "SenderStep",
    "ShowChange",
    "Stage",
    "Teller",
    "Topic",
    "WhoseWords",
]
