"""Where a comment stands, in plain sentences for the person who sent it (R-V8)."""

from dataclasses import dataclass

from voice.models import Comment, Decision, MayShow, RefusalReason, SafeguardingFlag, Stage

_REASONS: dict[str, str] = {
    RefusalReason.IDENTIFIES: "We do not show it, because it could tell people who somebody is.",
    RefusalReason.ONE_PERSON: "We do not show it, because it is about one person’s own help. "
    "The page “My own child’s case” says who can help with that.",
    RefusalReason.VEXATIOUS: "We do not show it, because of the way it is written.",
    RefusalReason.SAFEGUARDING: "We do not show it, because it is about somebody’s safety.",
    RefusalReason.ASKED_NOT: "We do not show it, because you asked us not to.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands: a heading and what happens next."""

    heading: str
    next: str


def standing(comment: Comment) -> Standing:
    """Plain words for the sender. What is marked unsafe reads as being looked at with care, whoever holds the code.

    That the word list marked it is told to nobody outside safeguarding: it reads as any that came (R-S1).
    """
    if comment.is_flagged and comment.flag.raised_from == SafeguardingFlag.RaisedFrom.WORD_LIST:
        return _came(comment)
    if comment.is_flagged:
        return Standing(
            "We have it and are looking at it with care.",
            "It is not shown to anyone outside. If you or someone else is not safe, please ring a number on this page.",
        )
    if comment.stage == Stage.RECEIVED:
        return _came(comment)
    if comment.stage == Stage.SECOND_CHECK:
        return Standing("We have read it.", "A second person reads what children send. That comes next.")
    if comment.stage == Stage.APPROVED:
        return Standing(f"We have read it and sent it to {_service(comment)}.", "They will answer it.")
    if comment.stage == Stage.ANSWERED:
        return Standing(f"{_service(comment, first=True)} has answered.", "")
    if comment.stage == Stage.NOT_PUBLISHED:
        return Standing("We have read it. It is not shown on this website.", _why_not(comment))
    return Standing("You took it back.", "Your words are gone. We only keep that something came.")


def shown_where(comment: Comment) -> str:
    """What everybody can read of it now."""
    if comment.is_public:
        return "Everybody can read the words below."
    if comment.may_show == MayShow.NOTHING:
        return "Nobody outside can read it, as you asked."
    return "Nobody outside can read it."


def _came(comment: Comment) -> Standing:
    """Nobody has read it yet. What a child sent is read by two, as the child was told (R-V6)."""
    who = "Two people" if comment.from_child else "A trained person"
    return Standing("We have it.", f"{who} will read it soon.")


def _service(comment: Comment, *, first: bool = False) -> str:
    if comment.service is not None:
        return comment.service.name
    return "The service" if first else "the service"


def refused_because(comment: Comment) -> str:
    """The last reason for which it was not published; empty where it never was refused."""
    refused = comment.decisions.filter(kind=Decision.Kind.NOT_PUBLISHED).last()
    return refused.reason if refused is not None else ""


def _why_not(comment: Comment) -> str:
    return _REASONS.get(refused_because(comment), "")
