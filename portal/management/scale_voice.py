"""Themes, redacted words, the log of moderators and safety marks for `seed_scale`: what is done with what families say."""

import datetime
from collections.abc import Callable, Iterator

from partnership.models import User
from portal.management.scale_work import in_batches
from voice.models import Comment, CommentTheme, Decision, Redaction, SafeguardingFlag, Stage, Theme

THEMES = 30
UNSAFE = 10
"""One of so many comments that are still to be read is marked: someone may be unsafe."""


class WorkOnVoices:
    """For comments that are there already, each with its stage, service and number."""

    def __init__(self, *, author: User, now: datetime.datetime, words: Callable[[int], str]) -> None:
        self.author, self.now, self.words = author, now, words

    def make_all(self) -> None:
        self.comments = list(Comment.objects.order_by("pk").values_list("pk", "stage"))
        self.make_flags()
        self.make_redactions()
        self.make_themes()
        in_batches(Decision, self.decisions())

    def make_flags(self) -> None:
        marked = [pk for pk, stage in self.comments if stage == Stage.RECEIVED][::UNSAFE]
        Comment.objects.filter(pk__in=marked).update(is_flagged=True)
        source = SafeguardingFlag.RaisedFrom.SENDER
        in_batches(
            SafeguardingFlag,
            (SafeguardingFlag(comment_id=pk, raised_from=source, raised_at=self.now) for pk in marked),
        )

    def make_redactions(self) -> None:
        in_batches(
            Redaction,
            (
                Redaction(
                    comment_id=pk,
                    text=self.words(25),
                    summary=self.words(12),
                    by=self.author,
                    at=self.now,
                    approved_at=self.now,
                )
                for pk, stage in self.comments
                if stage != Stage.RECEIVED
            ),
        )

    def make_themes(self) -> None:
        names = [f"Example theme {number:02}" for number in range(THEMES)]
        made = {"made_by": self.author, "made_at": self.now, "is_example": True}
        for name in names:
            Theme.objects.create(name=name, **made)
        themes = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
        in_batches(
            CommentTheme,
            (
                CommentTheme(comment_id=pk, theme_id=themes[pk % THEMES], by=self.author, at=self.now)
                for pk, stage in self.comments
                if stage != Stage.RECEIVED and pk % 4 == 0
            ),
        )

    def decisions(self) -> Iterator[Decision]:
        """Each that was approved was taken to be read, approved and sent to a service."""
        kinds = (Decision.Kind.CLAIMED, Decision.Kind.APPROVED, Decision.Kind.ROUTED)
        for number, (pk, stage) in enumerate(self.comments):
            if stage != Stage.RECEIVED:
                at = self.now - datetime.timedelta(minutes=11 * number)
                for kind in kinds:
                    yield Decision(comment_id=pk, kind=kind, by=self.author, at=at)
