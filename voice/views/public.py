"""You said, we did: what everybody may read of what families said and what came of it (R-V7, R-V14)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action, Milestone
from foundation.kept import kept
from foundation.pages import public_page
from foundation.pagination import paginate
from foundation.templatetags.ui import plural
from partnership.calendar import today
from voice.feeds import AnswersFeed
from voice.forms.answer_filters import WAITING, AnswerFilters
from voice.models import Comment, CommentTheme, HelpAnswer, Response
from voice.models.checks import answer_rules
from voice.models.difference import Told
from voice.permissions import can_edit_answer

WAITING_SHOWN = 10
PER_PAGE = 20
EASY_PER_PAGE = 5
"""Easy Read is not crowded."""
MOST_WORDS = 6


@public_page
@require_safe
def you_said_we_did(request: HttpRequest) -> HttpResponse:
    """Published answers, newest first, and what still waits for one, with its age."""
    filters = AnswerFilters(request.GET or None)
    chosen = filters.chosen
    only = chosen.get("status")
    context: dict[str, Any] = {"filters": filters, "is_filtered": filters.is_filtered, "only": only}
    if only != WAITING:
        rows = narrowed(Response.objects.public(), chosen).newest().with_number_heard()
        answers = with_links(rows, request.user, most_comments=1)
        context["page"] = paginate(request, answers, PER_PAGE, count=_count_answers(**_keys(chosen)))
    if not only:
        number, longest = _waiting(**_keys(chosen))
        # Only keys are kept: whether the words may be read is asked each time.
        context |= {"waiting": _with_age(longest), "waiting_count": number}
    if only == WAITING:
        rows = narrowed_comments(Comment.objects.published().awaiting_answer(), chosen)
        page = context["page"] = paginate(request, rows.oldest_first().values_list("pk", flat=True), PER_PAGE)
        context |= {"waiting": _with_age(page.object_list), "waiting_count": page.paginator.count}
    return render(request, "voice/you_said_we_did.html", context)


class Waiting(NamedTuple):
    """What waits for an answer, and for how many days."""

    comment: Comment
    days: int


def _with_age(keys: Iterable[int]) -> list[Waiting]:
    day, rows = today(), Comment.objects.published().filter(pk__in=list(keys))
    rows = rows.oldest_first().select_related("service")
    return [Waiting(comment, comment.days_waiting(day)) for comment in rows]


@public_page
@require_safe
def easy_read(request: HttpRequest) -> HttpResponse:
    """How to tell us something and what becomes of it, in Easy Read: short sentences, each with a picture (R-X7)."""
    answered, (waiting, _) = _count_answers(), _waiting()
    context = {
        "some_easy": _some_easy(),
        "answered": f"We have given {plural(answered, 'answer,answers')} so far." if answered else "",
        "waiting": f"{plural(waiting, 'comment,comments')} still {'waits' if waiting == 1 else 'wait'} for an answer."
        if waiting
        else "",
    }
    return render(request, "voice/easy_read.html", context)


@public_page
@require_safe
def easy_answers(request: HttpRequest) -> HttpResponse:
    """You said, we did in Easy Read: the answers whose service wrote them in easy words too, newest first (R-Z8)."""
    rows = Response.objects.public().in_easy_read().newest()
    return render(request, "voice/easy_answers.html", {"page": paginate(request, rows, EASY_PER_PAGE)})


@public_page
@require_safe
def answers_feed(request: HttpRequest) -> HttpResponse:
    """The newest public answers as an Atom feed (R-F2)."""
    return AnswersFeed()(request)


def _keys(chosen: dict[str, Any]) -> dict[str, Any]:
    """What was chosen, as plain values."""
    return {name: getattr(value, "pk", value) for name, value in chosen.items() if value}


@kept()
def _count_answers(**chosen: Any) -> int:
    """How many answers everybody may read."""
    return narrowed(Response.objects.public(), chosen).count()


@kept(most=1)
def _some_easy() -> bool:
    """Whether an answer that everybody may read is in Easy Read."""
    return Response.objects.public().in_easy_read().exists()


@kept()
def _waiting(**chosen: Any) -> tuple[int, list[int]]:
    """How many published comments wait for an answer, and the ones that have waited longest."""
    rows = narrowed_comments(Comment.objects.published().awaiting_answer(), chosen)
    numbered = rows.oldest_first().annotate(number=Window(Count("pk"))).values_list("pk", "number")
    longest = list(numbered[:WAITING_SHOWN])
    return (longest[0][1] if longest else 0), [pk for pk, _ in longest]


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
    """Only answers of the chosen service and kind, with these words, or to a published comment of the chosen topic,
    priority or theme."""
    if chosen.get("service"):
        answers = answers.filter(service=chosen["service"])
    if chosen.get("status"):
        answers = answers.filter(kind=chosen["status"])
    answers = answers.filter(_says(chosen, "you_said", "we_did", "difference", "service__name"))
    by_comment = {name: chosen[name] for name in ("topic", "priority", "theme") if chosen.get(name)}
    if by_comment:
        # Through published comments only, or the filter would tell what hidden ones are about.
        rows = narrowed_comments(Comment.objects.published(), by_comment).order_by()
        answers = answers.filter(pk__in=rows.values("responses"))
    return answers


def narrowed_comments(comments: QuerySet[Comment], chosen: dict[str, Any]) -> QuerySet[Comment]:
    """The same narrowing for what still waits; words are looked for in what everybody may read of it."""
    by = {name: chosen[name] for name in ("service", "topic", "priority") if chosen.get(name)}
    if chosen.get("theme"):
        tags = (
            CommentTheme.objects.standing().filter(theme=chosen["theme"], comment=OuterRef("pk")).order_by()
        )
        comments = comments.filter(Exists(tags))
    return comments.filter(_says(chosen, "published_text", "service__name"), **by)


def _says(chosen: dict[str, Any], *fields: str) -> Q:
    """That every word looked for stands in one of the fields, in small or capital letters, with either apostrophe."""
    found = Q()
    for word in str(chosen.get("words") or "").split()[:MOST_WORDS]:
        forms = {word, word.replace("'", "’"), word.replace("’", "'")}
        found &= Q(
            *((f"{field}__icontains", form) for field in fields for form in sorted(forms)), _connector=Q.OR
        )
    return found
