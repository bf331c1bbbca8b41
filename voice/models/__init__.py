"""What families say, who read it, what was answered and what came of it."""

from .choices import AgeBand, Channel, Feeling, MayShow, Route, Stage, Topic, WhoseWords
from .comments import Comment, CommentContact, CommentOriginal
from .difference import DifferenceAnswer, Noticed, Teller
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
    "DifferenceAnswer",
    "Feeling",
    "MayShow",
    "Noticed",
    "Redaction",
    "RefusalReason",
    "Response",
    "ResponseComment",
    "Route",
    "SafeguardingFlag",
    "Stage",
    "Teller",
    "Topic",
    "WhoseWords",
]
