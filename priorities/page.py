"""A strategy's page: everything the strategy holds, put together under the headings that families read it by."""

import datetime
from dataclasses import dataclass, field
from itertools import chain, groupby

from django.db.models import Q

from .models import CategoryDefinition, Commitment, Strategy, StrategyPassage
from .quotations import Quotation, quotations, with_quotes
from .standing import Standing, standings

Part = StrategyPassage.Part


@dataclass
class LinkedPlan:
    """A plan that goes with the strategy, and what the documents say about it."""

    plan: Strategy
    about: list[Quotation]


@dataclass
class StrategyPage:
    """What one strategy's page shows. A heading stands in the contents only where there is something under it."""

    strategy: Strategy
    parts: dict[str, list[Quotation]]
    commitments: dict[str, list[Commitment]]
    priorities: list[Standing]
    linked_plans: list[LinkedPlan]
    replaces: list[Strategy]
    definitions: list[CategoryDefinition]
    headings: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def read(cls, strategy: Strategy, *, user: object, today: datetime.date) -> "StrategyPage":
        """Fetch it all in a fixed number of queries, however long the strategy is. What the page says once it does not
        say again: not what must, should and could mean, nor of a linked plan what it says of the strategy."""
        related = list(
            Strategy.objects.visible_to(user)
            .filter(Q(linked_to=strategy) | Q(replaced_by=strategy))
            .order_by("position", "title")
        )
        linked = [row for row in related if row.linked_to_id == strategy.pk]
        rows = list(
            StrategyPassage.objects.filter(strategy__in=[strategy, *linked])
            .select_related("passage")
            .order_by("position", "pk")
        )
        priorities = list(strategy.priorities.select_related("title", "ambition", "benefit"))
        commitments = list(strategy.commitments.select_related("title", "meaning"))
        definitions = list(CategoryDefinition.objects.select_related("passage"))
        with_quotes(
            chain(
                [strategy.vision],
                (row.passage for row in rows),
                (priority.title for priority in priorities),
                (priority.promised for priority in priorities),
                (row.title for row in commitments),
                (row.meaning for row in commitments),
                (row.passage for row in definitions),
            )
        )
        own = [row for row in rows if row.strategy_id == strategy.pk]
        shown = {row.passage_id for row in own}
        defined = {row.passage_id for row in definitions}
        page = cls(
            strategy=strategy,
            parts=_by_part(row for row in own if row.passage_id not in defined),
            commitments={kind: list(found) for kind, found in groupby(commitments, key=lambda row: row.kind)},
            priorities=standings(priorities, user=user, today=today),
            linked_plans=[
                LinkedPlan(
                    plan,
                    _by_part(
                        row for row in rows if row.strategy_id == plan.pk and row.passage_id not in shown
                    ).get(Part.ABOUT, []),
                )
                for plan in linked
            ],
            replaces=[row for row in related if row.replaced_by_id == strategy.pk],
            definitions=definitions,
        )
        page.headings = page._headings()
        return page

    def _headings(self) -> list[tuple[str, str]]:
        """The contents list: anchor and words, in the order of the page."""
        parts, commitments = self.parts, self.commitments
        every = [
            ("about", "What this is", parts.get(Part.ABOUT) or parts.get(Part.INTRODUCTION)),
            ("vision-story", "How the vision was chosen", parts.get(Part.VISION_STORY)),
            ("ambitions", "Ambitions", commitments.get("ambition")),
            ("priorities", "Priorities" if self.strategy.kind == Strategy.Kind.STRATEGY else "Areas", True),
            ("working-together", "Working together", commitments.get("working_together")),
            (
                "promise",
                "Promises: ways of working",
                commitments.get("promise") or parts.get(Part.WAYS_OF_WORKING),
            ),
            (
                "good-offer",
                "What a good offer looks like",
                commitments.get("good_offer") or parts.get(Part.GOOD_OFFER),
            ),
            ("into-action", "From priorities to action", self.definitions or parts.get(Part.INTO_ACTION)),
            ("governance", "Who keeps watch", self.strategy.overseen_by or parts.get(Part.GOVERNANCE)),
            ("plans", "Plans that go with it", self.linked_plans),
            ("foreword", "Foreword from our leaders", parts.get(Part.FOREWORD)),
            ("news", "What was said about it", parts.get(Part.NEWS)),
            ("help", "Here to help", parts.get(Part.HELP)),
        ]
        return [(anchor, words) for anchor, words, content in every if content]


def _by_part(rows: object) -> dict[str, list[Quotation]]:
    found: dict[str, list] = {}
    for row in rows:
        found.setdefault(row.part, []).append(row.passage)
    return {part: quotations(passages) for part, passages in found.items()}
