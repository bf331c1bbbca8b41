"""You said, we did: what everybody may read of what families said and what came of it (R-V7, R-V14)."""

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action, Milestone
from foundation.kept import kept
from foundation.pages import public_page
from foundation.pagination import paginate
from partnership.calendar import today
from voice.forms.answers import AnswerFilters
from voice.models import Comment, HelpAnswer, Response
from voice.models.checks import answer_rules
from voice.models.difference import Told
from voice.permissions import can_edit_answer

WAITING_SHOWN = 10


@public_page
@require_safe
def you_said_we_did(request: HttpRequest) -> HttpResponse:
    """Published answers, newest first, and what still waits for one, with its age."""
    filters = AnswerFilters(request.GET or None)
    chosen = filters.chosen
    rows = narrowed(Response.objects.public(), chosen).newest().with_number_heard()
    answers = with_links(rows, request.user, most_comments=1)
    page = paginate(request, answers, 20, count=_count_answers(**_keys(chosen)))
    waiting_count, longest = _waiting(**_keys(chosen))
    shown = list(Comment.objects.published().filter(pk__in=longest).oldest_first().select_related("service"))
    day = today()
    for comment in shown:
        comment.days = comment.days_waiting(day)
    context = {
        "page": page,
        "filters": filters,
        "is_filtered": filters.is_filtered,
        "waiting": shown,
        "waiting_count": waiting_count,
    }
    return render(request, "voice/you_said_we_did.html", context)


def _keys(chosen: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, as plain values."""
    return {name: getattr(value, "pk", value) for name, value in chosen.items() if value}


@kept()
def _count_answers(**chosen: Any) -> int:
    """How many answers everybody may read."""
    return narrowed(Response.objects.public(), chosen).count()


@kept()
def _waiting(**chosen: Any) -> tuple[int, list[int]]:
    """How many published comments wait for an answer, and the ones that have waited longest."""
    rows = narrowed_comments(Comment.objects.published().awaiting_answer(), chosen)
    return rows.count(), list(rows.oldest_first().values_list("pk", flat=True)[:WAITING_SHOWN])


@public_page
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One published answer: the comments that may be shown, and the actions. A draft is read on its own page."""
    rows = Response.objects.visible_to(request.user).filter(status=Response.Status.PUBLISHED)
    found = get_object_or_404(with_links(rows.select_related("service__sector"), request.user), pk=pk)
    context = {
        "answer": found,
        "can_edit": can_edit_answer(request.user, found),
        "helped": _helped(found),
    }
    return render(request, "voice/answer.html", context)


def _helped(answer: Response) -> Told | None:
    """What senders say of it, once they have been asked: nothing before, whether anybody has answered or not (R-K6)."""
    told = HelpAnswer.objects.told_of([answer])[answer.pk]
    since = timezone.localdate(answer.published_at) + timedelta(days=answer_rules().ask_after_days)
    return None if told.is_hidden and today() < since else told


def with_links(
    answers: QuerySet[Response], user: object, *, most_comments: int | None = None
) -> QuerySet[Response]:
    """With the comments everybody may read (`shown_comments`) and the actions this person may (`shown_actions`).

    A list says `most_comments`, for an answer may answer hundreds; one answer has the steps of actions too
    (`shown_milestones`).
    """
    comments = Comment.objects.published().oldest_first()[:most_comments]
    actions = Action.objects.visible_to(user).order_by("category", "ref")
    answers = answers.prefetch_related(
        Prefetch("comments", queryset=comments, to_attr="shown_comments"),
        Prefetch("actions", queryset=actions, to_attr="shown_actions"),
    )
    if most_comments is not None:
        return answers
    steps = Milestone.objects.filter(action__in=Action.objects.visible_to(user).order_by().values("pk"))
    return answers.prefetch_related(Prefetch("milestones", queryset=steps, to_attr="shown_milestones"))


def narrowed(answers: QuerySet[Response], chosen: dict[str, Any]) -> QuerySet[Response]:
    """Only answers of the chosen service, or to a published comment of the chosen topic or priority."""
    if chosen.get("service"):
        answers = answers.filter(service=chosen["service"])
    by_comment = {name: chosen[name] for name in ("topic", "priority") if chosen.get(name)}
    if by_comment:
        # Through published comments only, or the filter would tell what hidden ones are about.
        rows = Comment.objects.published().filter(**by_comment).order_by()
        answers = answers.filter(pk__in=rows.values("responses"))
    return answers


def narrowed_comments(comments: QuerySet[Comment], chosen: dict[str, Any]) -> QuerySet[Comment]:
    """The same narrowing for what still waits."""
    return comments.filter(**{name: value for name, value in chosen.items() if value})
