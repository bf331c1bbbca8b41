"""What families say, who read it, what was answered and what came of it."""

from .bookings import Booking
from .choices import AgeBand, Channel, Feeling, MayShow, Route, Stage, Topic, WhoseWords
from .comments import Comment, CommentContact, CommentOriginal
from .difference import DifferenceAnswer, Noticed, Teller
from .events import Audience, BookingState, Event
from .moderation import Decision, Redaction, RefusalReason, SafeguardingFlag
from .responses import ActionVoice, Response, ResponseComment
from .routing import RerouteReason, Rerouting, Wording
from .strikes import Strike, StrikeReason
from .themes import CommentTheme, Theme

__all__ = [
    "ActionVoice",
    "AgeBand",
    "Audience",
    "Booking",
    "BookingState",
    "Channel",
    "Comment",
    "CommentContact",
    "CommentOriginal",
    "CommentTheme",
    "Decision",
    "DifferenceAnswer",
    "Event",
    "Feeling",
    "MayShow",
    "Noticed",
    "Redaction",
    "RefusalReason",
    "RerouteReason",
    "Rerouting",
    "Response",
    "ResponseComment",
    "Route",
    "SafeguardingFlag",
    "Stage",
    "Strike",
    "StrikeReason",
    "Teller",
    "Theme",
    "Topic",
    "WhoseWords",
    "Wording",
]
