"""Whether people noticed the difference that an action was to make: delivered is not the same as helped (R-Z5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Subquery
from django.db.models.functions import Coalesce

from actions.models import DONE_STATUSES, Action, Impact
from partnership.current import the_partnership
from partnership.models import Partnership

from .choices import Route

HIDE_BELOW = 5
"""Only until a partnership's own threshold is loaded (R-K6)."""


class Noticed(models.TextChoices):
    """The answer to "Did you notice this difference?"."""

    YES = "yes", "Yes"
    A_LITTLE = "a_little", "A little"
    NO = "no", "No"


class Teller(models.TextChoices):
    """Who says it: never more than this."""

    CHILD = "child", "I am a child"
    YOUNG_PERSON = "young-person", "I am a young person"
    PARENT_CARER = "parent-carer", "I am a parent or carer"
    GROUP = "group", "I speak for a forum or a group"
    PRACTITIONER = "practitioner", "I work with children and young people"


ROUTES = {Teller.GROUP: Route.SOMEONE_ELSE} | {Teller(r): r for r in Route if r in Teller.values}
"""The way in that somebody's words take, where they add some: a child's words need two moderators there too (R-V6)."""


GROUPS = {
    Teller.CHILD: "Children",
    Teller.YOUNG_PERSON: "Young people",
    Teller.PARENT_CARER: "Parents and carers",
    Teller.GROUP: "Forums and groups",
    Teller.PRACTITIONER: "People who work with children and young people",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What people said of one action, as anybody may read it: no number of people from 1 to 4, and none that can be
    worked out by taking one from another (R-K6)."""

    total: int
    noticed: int
    below: int
    parts: tuple[tuple[str, "Told"], ...] = ()
    """The same by who says it; nothing while any group is so small that its number could be worked out."""

    @classmethod
    def of(cls, rows: Iterable[dict[str, Any]], *, below: int) -> "Told":
        """From rows of `who`, `total` and `noticed`."""
        by = {row["who"]: cls(row["total"], row["noticed"], below) for row in rows}
        total, noticed = sum(part.total for part in by.values()), sum(part.noticed for part in by.values())
        parts = tuple((GROUPS[who], by[who]) for who in Teller if who in by)
        shown = parts if len(parts) > 1 and not any(part.is_hidden for part in by.values()) else ()
        return cls(total, noticed, below, shown)

    @property
    def is_hidden(self) -> bool:
        """Too few have told us to say anything, even whether anybody has."""
        return self.total < self.below

    @property
    def is_exact(self) -> bool:
        """Whether both numbers may be shown: how many noticed, and so how many did not."""
        return (
            not self.is_hidden and not self._is_small(self.noticed) and not self._is_small(self.not_noticed)
        )

    @property
    def not_noticed(self) -> int:
        return self.total - self.noticed

    @property
    def most_noticed(self) -> bool:
        return self.noticed > self.not_noticed

    @property
    def most_did_not(self) -> bool:
        return self.not_noticed > self.noticed

    def disputes(self, impact: str) -> bool:
        """Whether assurance saw a clear difference, and most who told us saw none. Twin of `disputed`."""
        return impact == Impact.CLEAR and not self.is_hidden and self.most_did_not

    def _is_small(self, number: int) -> bool:
        return 0 < number < self.below


NOTICED = Q(answer__in=[Noticed.YES, Noticed.A_LITTLE])
COUNTS = {"total": Count("pk"), "noticed": Count("pk", filter=NOTICED)}


class DifferenceAnswerQuerySet(models.QuerySet["DifferenceAnswer"]):
    def told(self) -> Told:
        """What people said of one action: `action.difference_answers.told()`. One query, and the limit."""
        return Told.of(self.order_by().values("who").annotate(**COUNTS), below=hide_below())

    def told_of(self, actions: list[Action]) -> dict[int, Told]:
        """The same for each of these actions, in one query and the limit; none where there is no action."""
        if not actions:
            return {}
        rows = self.filter(action__in=[action.pk for action in actions]).order_by().values("action", "who")
        found: dict[int, list[dict[str, Any]]] = {}
        for row in rows.annotate(**COUNTS):
            found.setdefault(row["action"], []).append(row)
        below = hide_below()
        return {action.pk: Told.of(found.get(action.pk, []), below=below) for action in actions}

    def disputed(self) -> "models.QuerySet":
        """Keys of the actions of which assurance saw a clear difference, and most who told us saw none.

        Where too few have told us it says nothing: a list of them would tell what few people said (R-K6, R-Z5).
        """
        limit = Coalesce(Subquery(Partnership.objects.order_by().values("hide_counts_below")[:1]), HIDE_BELOW)
        rows = (
            self.filter(action__impact=Impact.CLEAR, action__status__in=DONE_STATUSES)
            .order_by()
            .values("action")
        )
        counted = rows.annotate(total=Count("pk"), against=Count("pk", filter=~NOTICED))
        return counted.filter(total__gte=limit, against__gt=F("total") - F("against")).values("action")


class DifferenceAnswer(models.Model):
    """One answer to whether the difference was noticed: what, of whom, on which day. Nothing about who sent it: no address,
    no cookie, no time of day, and no link to the words that may have come with it (R-Z5, R-P1)."""

    # Nothing that a visitor sees changes while few have answered; the operation says so itself when something does.
    private_content = True

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="difference_answers")
    answer = models.CharField(max_length=8, choices=Noticed.choices)
    who = models.CharField(max_length=12, choices=Teller.choices)
    on = models.DateField()

    objects = DifferenceAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["action", "answer"], name="difference_of_action")]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.get_answer_display()}"


def hide_below() -> int:
    """From how many people on a number of them is shown, by the partnership's own settings (R-K6)."""
    partnership = the_partnership()
    return (partnership.hide_counts_below if partnership is not None else 0) or HIDE_BELOW
