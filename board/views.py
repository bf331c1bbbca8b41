"""The board's pages: everything they show can be read by an adviser. One form: how the board rates an action (R-Z3)."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from actions.models import Action
from actions.views.saving import action_or_404, not_saved, saved_or_page, sent_before
from foundation.pages import form_page
from foundation.pagination import paginate
from partnership.calendar import today
from partnership.current import the_partnership
from priorities.models import Priority
from voice.safety_clock import unread_for_a_day

from . import audits as what_was_found
from . import changes as what_changed
from . import pages
from . import reviews as late_reviews
from . import unanswered as without_answer
from .forms import RatingForm
from .lists import EXCEPTION, Selection, in_order
from .operations import SPENT_FOR
from .permissions import can_view_board
from .reasons import why_not_rate

GAPS_SHOWN = 6
REVIEWS_SHOWN = 6
UNANSWERED_SHOWN = 6
STALE_AFTER_DAYS = 35
"""Only until a partnership's own threshold is loaded (R-A8)."""


def board_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for those who may read the board's pages; others are told that they may not."""

    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not can_view_board(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def stale_after_days() -> int:
    """After how many days without an update an action is listed, from the partnership's own settings."""
    partnership = the_partnership()
    return partnership.stale_after_days if partnership is not None else STALE_AFTER_DAYS


def unread_marks() -> int:
    """How many marks that someone may be unsafe nobody has read for a whole working day (R-S3)."""
    return unread_for_a_day(timezone.now())


@board_page
def overview(request: HttpRequest) -> HttpResponse:
    """How everything stands, by priority, category and sector; the worst of it; what changed lately (R-B1)."""
    summary = pages.overview(today=today(), stale_after_days=stale_after_days(), unread_marks=unread_marks())
    return render(request, "board/overview.html", {"summary": summary})


@board_page
def priority(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One priority as the board needs it: figures, exceptions, measures, voices, what changed."""
    one = get_object_or_404(
        Priority.objects.visible_to(request.user).select_related("strategy", "title", "ambition"),
        strategy__slug=slug,
        number=number,
    )
    summary = pages.priority(one.pk, today=today(), stale_after_days=stale_after_days())
    return render(request, "board/priority.html", {"priority": one, "summary": summary})


@board_page
def exceptions(request: HttpRequest) -> HttpResponse:
    """Everything red, overdue or not heard of, musts first, with the service’s words; and gaps and reviews left undone."""
    chosen = Selection.from_query(request.GET)
    return _list_page(request, replace(chosen, flag=chosen.flag or EXCEPTION), only_exceptions=True)


@board_page
def actions(request: HttpRequest) -> HttpResponse:
    """The list behind a number of the board's pages."""
    return _list_page(request, Selection.from_query(request.GET), only_exceptions=False)


def _list_page(request: HttpRequest, chosen: Selection, *, only_exceptions: bool) -> HttpResponse:
    day, after_days = today(), stale_after_days()
    # Gaps, reviews and words without an answer belong to no priority or status: they stand on the first page of all.
    every = chosen == Selection(flag=EXCEPTION)
    gap_keys = what_was_found.keys_without_action() if every else ()
    late = late_reviews.keys_overdue(today=day) if every else ()
    waiting = without_answer.keys_overdue(today=day) if every else ()
    page = paginate(request, in_order(chosen, today=day, stale_after_days=after_days))
    context = {
        "page": page,
        "rows": pages.rows(tuple(page.object_list), today=day, stale_after_days=after_days),
        "chosen": chosen,
        "only_exceptions": only_exceptions,
        # An empty list must not comfort where there is nothing that could be off track.
        "nothing_published": not page.object_list and not Action.objects.on_the_record().exists(),
        "after_days": after_days,
        "today": day,
        "gaps_count": len(gap_keys),
        "gaps": what_was_found.rows_of_gaps(gap_keys[:GAPS_SHOWN]) if page.number == 1 else [],
        "reviews_count": len(late),
        "plans": late_reviews.rows_of(late[:REVIEWS_SHOWN], today=day) if page.number == 1 else [],
        "unread_marks": unread_marks() if every and page.number == 1 else 0,
        "unanswered_count": len(waiting),
        "unanswered": (
            without_answer.rows_of(waiting[:UNANSWERED_SHOWN], today=day) if page.number == 1 else []
        ),
    }
    return render(request, "board/actions.html", context)


@board_page
def changes(request: HttpRequest) -> HttpResponse:
    """What changed lately: statuses, moved dates and new actions, newest first."""
    page = paginate(request, what_changed.updates())
    return render(
        request,
        "board/changes.html",
        {"page": page, "moved": what_changed.moved_dates(), "lately_days": what_changed.LATELY_DAYS},
    )


@board_page
def audits(request: HttpRequest) -> HttpResponse:
    """Which service audited itself when, and its gaps; those that never did come first (R-A14)."""
    day = today()
    only_due = request.GET.get("show") == what_was_found.DUE
    page = paginate(request, what_was_found.services(today=day, only_due=only_due))
    context = {
        "page": page,
        "rows": what_was_found.with_gaps(list(page.object_list), today=day),
        "only_due": only_due,
        "due": what_was_found.services(today=day, only_due=True).count(),
        "never": what_was_found.services(today=day).filter(last_audit__isnull=True).count(),
        "gaps": what_was_found.gaps().count(),
        "without": len(what_was_found.keys_without_action()),
    }
    return render(request, "board/audits.html", context)


@board_page
def gaps(request: HttpRequest) -> HttpResponse:
    """The gaps behind a number: what each service says it does not do, and what is done about it."""
    chosen = what_was_found.gaps_from_query(request.GET)
    return render(
        request, "board/gaps.html", {"page": paginate(request, what_was_found.gaps(**chosen)), **chosen}
    )


@board_page
def reviews(request: HttpRequest) -> HttpResponse:
    """The plans whose yearly review is overdue, the longest overdue first (R-A1)."""
    day = today()
    page = paginate(request, late_reviews.keys_overdue(today=day))
    plans = late_reviews.rows_of(tuple(page.object_list), today=day)
    return render(request, "board/reviews.html", {"page": page, "plans": plans})


@board_page
def unanswered(request: HttpRequest) -> HttpResponse:
    """What families said and nobody answered for a year, the longest first; never a word of it (R-V9)."""
    day = today()
    page = paginate(request, without_answer.keys_overdue(today=day))
    context = {
        "page": page,
        "rows": without_answer.rows_of(tuple(page.object_list), today=day),
        "warned": without_answer.number_warned(today=day),
    }
    return render(request, "board/unanswered.html", context)


@form_page
def rating(request: HttpRequest, ref: str) -> HttpResponse:
    """The chair or a board member writes down how the board rates an action, beside what the service says (R-Z3)."""
    found = action_or_404(request, ref)
    if before := sent_before(request, found, purpose=SPENT_FOR):
        return before
    form = RatingForm(request.POST or None, action=found)
    if why := why_not_rate(request.user, found):
        return not_saved(request, form, why, found)
    url = found.get_absolute_url()
    return saved_or_page(
        request,
        form,
        template="board/rating.html",
        context={
            "heading": "How the board rates it",
            "action": found,
            "last": found.updates.by_owner().first(),
            "board_ratings": found.board_ratings.visible_to(request.user)[:1],
            "cancel_url": url,
        },
        done="The board’s rating is saved. The service sees it now.",
        to=url,
    )
