"""The golden thread: from what families said to what changed, and from a number back to the words behind it (R-Z1).

Every hop is a stored link, and each reader sees of it what they may see. What is missing is said: a gap is news too. A thread
begins at anything of five kinds; from there the same questions are asked of the database, however long it is.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from actions.models import Action, ActionMeasure, ImpactRating, Milestone
from actions.models.action_queries import ActionQuerySet
from board.models import BoardRating
from foundation.ids import clean_id
from partnership.permissions import is_staff
from priorities.models import Measure, Priority, Reading
from priorities.standing import actions_url
from voice.models import (
    ActionVoice,
    Channel,
    Comment,
    CommentTheme,
    DifferenceAnswer,
    Response,
    Theme,
    Topic,
)
from voice.models.comments import CommentQuerySet

ACTIONS_SHOWN, WORDS_SHOWN = 10, 5
NUMBER = Window(Count("pk"))
"""How many there are in all, beside each of those that are shown. No row comes twice: each hop is kept once."""
ON_AN_ACTION = ("milestones", "success_measures", "impact_ratings", "board_ratings")
"""What hangs on an action, if there is any of it."""


@dataclass
class Start:
    """Where a thread begins, and what hangs on it by stored links, before any of it is cut to a readable length."""

    kind: str
    title: str
    url: str
    actions: ActionQuerySet
    comments: CommentQuerySet
    answers: Q
    priorities: Q = field(default_factory=lambda: Q(pk__in=[]))
    measures: Q = field(default_factory=lambda: Q(pk__in=[]))
    all_actions_url: str = ""
    came: Comment | None = None
    """The comment itself, where it came at an event or was written down for its sender (R-V11)."""
    is_example: bool = False


def _of_comment(user: object, key: str) -> Start:
    found = get_object_or_404(Comment.objects.published().select_related("event"), pk=_id(key))
    links = ActionVoice.objects.visible_to(user).filter(comment=found).order_by()
    return Start(
        kind="comment",
        title=f"{found.said_by} told us: {found.get_topic_display()}",
        url="",
        actions=Action.objects.visible_to(user).filter(pk__in=links.values("action")),
        comments=Comment.objects.published().filter(pk=found.pk),
        answers=Q(answered__comment=found),
        came=found if found.channel != Channel.ONLINE else None,
        is_example=found.is_example,
    )


def _of_answer(user: object, key: str) -> Start:
    rows = Response.objects.visible_to(user).filter(status=Response.Status.PUBLISHED)
    found = get_object_or_404(rows.select_related("service"), pk=_id(key))
    return Start(
        kind="answer",
        title=f"Answer from {found.service.name}",
        url=found.get_absolute_url(),
        actions=Action.objects.visible_to(user).filter(answers=found),
        comments=Comment.objects.published().filter(answers__response=found),
        answers=Q(pk=found.pk),
        is_example=found.is_example,
    )


def _of_action(user: object, key: str) -> Start:
    found = get_object_or_404(Action.objects.visible_to(user).select_related("priority"), ref=key)
    return Start(
        kind="action",
        title=found.title,
        url=found.get_absolute_url(),
        actions=Action.objects.visible_to(user).filter(pk=found.pk),
        comments=_words_behind(Q(action=found)),
        answers=Q(actions=found),
        priorities=Q(also_served_by=found),
        is_example=found.is_example,
    )


def _of_priority(user: object, key: str) -> Start:
    found = get_object_or_404(Priority.objects.visible_to(user).with_names(), pk=_id(key))
    about = Comment.objects.published().filter(priority=found).order_by().values("pk")
    first = Action.objects.visible_to(user).filter(priority=found).order_by()
    behind = _words_behind(Q(action__in=first)).order_by().values("pk")
    comments = Comment.objects.published().filter(Q(pk__in=about) | Q(pk__in=behind))
    return Start(
        kind="priority",
        title=f"{found.strategy.name}, priority {found.number}",
        url=found.get_absolute_url(),
        actions=Action.objects.visible_to(user).serving(found.pk),
        comments=comments,
        answers=Q(comments__in=comments.order_by()),
        priorities=Q(pk=found.pk),
        measures=Q(priorities=found),
        all_actions_url=actions_url(found),
    )


def _of_measure(user: object, key: str) -> Start:
    found = get_object_or_404(Measure.objects.visible_to(user), slug=key)
    read_by = Action.objects.visible_to(user).filter(success_measures__measure=found)
    return Start(
        kind="measure",
        title=found.name,
        url=found.get_absolute_url(),
        actions=read_by,
        comments=_words_behind(Q(action__in=read_by.order_by())),
        answers=Q(actions__in=read_by.order_by()),
        priorities=Q(measures=found),
        measures=Q(pk=found.pk),
    )


KINDS: dict[str, Callable[[object, str], Start]] = {
    "comment": _of_comment,
    "answer": _of_answer,
    "action": _of_action,
    "priority": _of_priority,
    "measure": _of_measure,
}
"""The word in the address, and how the thread begins there."""


def _id(key: str) -> int:
    found = clean_id(key)
    if found is None:
        raise Http404
    return found


def _words_behind(of: Q) -> CommentQuerySet:
    """Published words that led to these actions; what was said of the difference comes at the other end."""
    links = ActionVoice.objects.behind().filter(of).order_by()
    return Comment.objects.published().filter(pk__in=links.values("comment"))


def thread(user: object, kind: str, key: str, *, today: datetime.date) -> dict[str, object]:
    """What the page of a thread shows, hop by hop, in a fixed number of questions to the database."""
    if kind not in KINDS:
        raise Http404
    start = KINDS[kind](user, key)
    whole = (
        start.actions.annotate(number=NUMBER)
        .for_reader(user, today)
        .having(*ON_AN_ACTION)
        .select_related("service", "plan")
    )
    noticed = ActionVoice.objects.of_difference().filter(action=OuterRef("pk")).order_by()
    actions = list(whole.annotate(has_noticed=Exists(noticed))[:ACTIONS_SHOWN])
    tags = CommentTheme.objects.standing().order_by()
    newest = start.comments.annotate(
        number=NUMBER, has_themes=Exists(tags.filter(comment=OuterRef("pk")))
    ).order_by("-published_at", "-pk")
    comments = list(newest[:WORDS_SHOWN])
    # Most words have none, and then nobody asks which.
    tagged = {row.pk for row in comments if row.has_themes}
    answers = Response.objects.visible_to(user).filter(start.answers, status=Response.Status.PUBLISHED)
    priorities = Q(pk__in={row.priority_id for row in [*actions, *comments]}) | start.priorities
    _hang_on(actions, user=user)
    return {
        "start": start,
        "comments": comments,
        "comments_count": comments[0].number if comments else 0,
        "themes": Theme.objects.filter(pk__in=tags.filter(comment__in=tagged).values("theme"))
        if tagged
        else [],
        "topics": [topic for topic in Topic if topic in {row.topic for row in comments}],
        "answers": answers.distinct().newest()[:WORDS_SHOWN],
        "priorities": Priority.objects.visible_to(user)
        .filter(priorities)
        .with_names()
        .distinct()[:ACTIONS_SHOWN],
        "actions": actions,
        "actions_count": actions[0].number if actions else 0,
        "measures": Measure.objects.visible_to(user).filter(start.measures).with_readings()[:ACTIONS_SHOWN],
        "staff": is_staff(user),
        "all_answers_url": reverse("voice:you_said_we_did"),
    }


def _hang_on(actions: Sequence[Action], *, user: object) -> None:
    """Give each action its steps, its measures and what is known of its difference, as this reader may see them."""
    of = {action.pk: action for action in actions}
    for action in actions:
        action.steps, action.links, action.noticed = [], [], []
        action.seen = action.board_rating = None
    for step in Milestone.objects.filter(action__in=_with("milestones", actions)):
        of[step.action_id].steps.append(step)
    links = ActionMeasure.objects.filter(
        action__in=_with("success_measures", actions), measure__in=Measure.objects.visible_to(user)
    )
    for link in links.select_related("measure").prefetch_related("measure__readings"):
        link.before, link.now = _before_and_now(link.measure, of[link.action_id])
        of[link.action_id].links.append(link)
    said = ActionVoice.objects.of_difference().to_show(user).filter(action__in=_with("noticed", actions))
    for voice in said[: WORDS_SHOWN * 2]:
        of[voice.action_id].noticed.append(voice.comment)
    told = DifferenceAnswer.objects.told_of([row for row in actions if row.is_done_in_public])
    for action in actions:
        action.told = told.get(action.pk)
    if is_staff(user):
        seen = ImpactRating.objects.filter(action__in=_with("impact_ratings", actions))
        for rating in seen.order_by("at", "pk"):
            of[rating.action_id].seen = rating  # the newest comes last
        rated = BoardRating.objects.visible_to(user).filter(action__in=_with("board_ratings", actions))
        for row in rated.newest_of_each():
            of[row.action_id].board_rating = row


def _with(name: str, actions: Sequence[Action]) -> list[int]:
    """The keys of those that have any such rows; where none has, the database is not asked."""
    return [action.pk for action in actions if action.may_have(name)]


def _before_and_now(measure: Measure, action: Action) -> tuple[Reading | None, Reading | None]:
    """The newest figure from before the work began, and the newest since. None where nobody has reported one."""
    published = action.published_at.date() if action.published_at else None
    began = action.planned_start or published or action.created_at.date()
    rows = measure.newest_first
    before = next((row for row in rows if row.period_end < began), None)
    return before, next((row for row in rows if row.period_end >= began), None)
