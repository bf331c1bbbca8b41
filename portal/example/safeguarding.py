"""Example marks that someone may be unsafe, in each state that safeguarding meets, and an example of erasing on request."""

from typing import Any

from partnership.models import Service, User
from voice import operations
from voice.models import Comment, RefusalReason, ReleaseRequest, Route, SafeguardingFlag, Topic

from .voices import Voices

Outcome = SafeguardingFlag.Outcome


def tell_safeguarding(people: dict[str, User], services: tuple[Service, Service]) -> None:
    """Unread for days, referred, and one that somebody asks to let go; and words that were erased."""
    voices = Voices(people, services)
    # A word of the list raised it, and nobody has read it: red for the board.
    voices.send(Route.CHILD, Topic.FELT, "I am scared of him when he shouts at lunch.", days=6)
    referred = voices.send(
        Route.PARENT_CARER,
        Topic.QUALITY,
        "My daughter came home with bruises on her arm.",
        days=12,
        unsafe=True,
    )
    _deal_with(voices, referred, Outcome.REFERRED, referred_to="Example social care", reference="EX-1234")
    let_go = voices.send(
        Route.PRACTITIONER, Topic.WENT_WELL, "The new hall is in danger of being too popular.", days=9
    )
    flag = _deal_with(voices, let_go, Outcome.NOT_SAFEGUARDING)
    operations.ask_release(
        flag=flag,
        reason=ReleaseRequest.Reason.NOT_ABOUT_SAFETY,
        words="It is about how many people use the hall.",
        by=people["safeguarding"],
        at=voices.ago(8),
    )
    _erased(voices)


def _deal_with(voices: Voices, comment: Comment, outcome: str, **more: Any) -> SafeguardingFlag:
    flag = SafeguardingFlag.objects.get(comment=comment)
    by, at = voices.people["safeguarding"], voices.ago(8)
    operations.mark_flag_read(flag=flag, by=by, at=at)
    return operations.record_outcome(flag=flag, outcome=outcome, by=by, at=at, **more)


def _erased(voices: Voices) -> None:
    sent = voices.send(Route.SOMEONE_ELSE, Topic.QUALITY, "My nephew’s name is in this one.", days=30)
    moderator = voices.people["moderator"]
    operations.refuse_comment(
        comment=sent, version=sent.version, reason=RefusalReason.IDENTIFIES, by=moderator, at=voices.ago(29)
    )
    operations.erase_found(code=voices.codes[-1], by=moderator, at=voices.ago(5))
