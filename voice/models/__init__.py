"""What families say, who read it, what was answered and what came of it."""

from .comments import (
    AgeBand,
    Channel,
    Comment,
    CommentContact,
    CommentOriginal,
    Feeling,
    MayShow,
    Route,
    Stage,
    Topic,
    WhoseWords,
)
from .moderation import Decision, Redaction, RefusalReason, SafeguardingFlag
from .responses import ActionVoice, Response, ResponseComment

__all__ = [
    "ActionVoice",
    "AgeBand",
    "Channel",
    "Comment",
    "CommentContact",
    "CommentOriginal",
    "Decision",
    "Feeling",
    "MayShow",
    "Redaction",
    "RefusalReason",
    "Response",
    "ResponseComment",
    "Route",
    "SafeguardingFlag",
    "Stage",
    "Topic",
    "WhoseWords",
]
