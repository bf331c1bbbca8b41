"""What families say, who read it, what was answered and what came of it."""

from .bookings import Booking
from .checks import AnswerCheck, AnswerRules
from .choices import AgeBand, Channel, Feeling, MayShow, Route, Stage, Topic, WhoseWords
from .comments import Comment, CommentContact, CommentOriginal
from .difference import DifferenceAnswer, Noticed, Teller
from .drafts import CommentSender, Draft, Relation, Work
from .events import Audience, BookingState, Event
from .following import FamilyComment, HelpAnswer, Helped, MoreWords, SenderStep, ShowChange
from .moderation import Decision, Redaction, RefusalReason, SafeguardingFlag
from .removals import Removal
from .reports import ReportAnswer, ReportEntry, ReportNumber, VoiceReport
from .responses import ActionVoice, Response, ResponseComment
from .routing import RerouteReason, Rerouting, Wording
from .safeguarding import FlagOutcome, FoundWord, NumberCheck, ReleaseRequest, SafetyWord
from .strikes import Strike, StrikeReason
from .themes import CommentTheme, Theme

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
    "CommentSender",
    "CommentTheme",
    "Decision",
    "DifferenceAnswer",
    "Draft",
    "Event",
    "FamilyComment",
    "Feeling",
    "FlagOutcome",
    "FoundWord",
    "HelpAnswer",
    "Helped",
    "MayShow",
    "MoreWords",
    "Noticed",
    "NumberCheck",
    "Redaction",
    "RefusalReason",
    "Relation",
    "ReleaseRequest",
    "Removal",
    "ReportAnswer",
    "ReportEntry",
    "ReportNumber",
    "RerouteReason",
    "Rerouting",
    "Response",
    "ResponseComment",
    "Route",
    "SafeguardingFlag",
    "SafetyWord",
    "SenderStep",
    "ShowChange",
    "Stage",
    "Strike",
    "StrikeReason",
    "Teller",
    "Theme",
    "Topic",
    "VoiceReport",
    "WhoseWords",
    "Wording",
    "Work",
]
