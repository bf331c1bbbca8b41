"""Example due dates that move or wait to be moved, and an action that waits for another service's."""

import datetime
from typing import Any

from actions import operations
from actions.models import Action
from partnership.models import User

from .plans import Story


def tell_dates(people: dict[str, User], actions: list[Action]) -> None:
    """One date moved, one that waits for a publisher, one that was not approved, and two services that wait."""
    story = Story(people)
    _, _, papers, _, drop_in, letters, _, _, _, speech, one_person, *_ = actions
    _move(
        story,
        letters,
        12,
        days=10,
        by="contributor",
        reason="The printer asked for more time. Young people wanted bigger letters.",
    )
    asked = _move(
        story, drop_in, 30, days=120, by="contributor", reason="Two halls are being painted until the summer."
    )
    operations.decide_due_request(
        by=people["publisher"],
        asked=asked,
        approve=False,
        words="Ask the libraries first. They may have rooms now.",
        at=story.ago(28),
    )
    _move(
        story,
        drop_in,
        2,
        days=60,
        by="contributor",
        reason="Three rooms fell through. The new rooms are free from next month.",
    )
    operations.edit_action(
        by=people["publisher"],
        action=papers,
        version=Action.objects.get(pk=papers.pk).version,
        doing="We send papers two weeks before. If they are late we ring, say sorry, and offer another date.",
        partners=[one_person.service],
        at=story.ago(19),
    )
    operations.wait_for(
        by=people["contributor2"],
        action=one_person,
        on=papers,
        why="Families ask us about papers that they have not got yet.",
        at=story.ago(18),
    )
    operations.wait_for(
        by=people["contributor"],
        action=drop_in,
        on=speech,
        why="A therapist comes to each drop-in.",
        at=story.ago(16),
    )


def _move(story: Story, action: Action, ago: int, *, days: int, by: str, reason: str) -> Any:
    """Move the date so many days later, or ask for it, so many days ago."""
    now = Action.objects.get(pk=action.pk)
    assert now.due is not None  # noqa: S101  (every public action has one)
    return operations.move_due(
        by=story.people[by],
        action=now,
        due=now.due + datetime.timedelta(days=days),
        was=now.due,
        reason=reason,
        at=story.ago(ago),
    )
