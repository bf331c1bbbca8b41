"""The moderators' inbox: what came and how long it waits, and what can safely be done to many at once."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.templatetags.ui import plural
from partnership.calendar import DAY, today
from partnership.current import the_partnership
from partnership.models import BankHoliday
from voice.clocks import is_late, is_overdue, is_warned, promised_since
from voice.forms.inbox import BulkForm, InboxFilters
from voice.models import Comment, CommentTheme, Stage
from voice.models.comments import CLAIM_HOLDS, OPEN_TO_MODERATOR, CommentQuerySet
from voice.operations.routing import Many
from voice.permissions import is_moderator

LISTS = {
    "to-read": ("To read", (Stage.RECEIVED,)),
    "second": ("Second check", (Stage.SECOND_CHECK,)),
    "with-services": ("With a service", (Stage.APPROVED,)),
    "done": ("Done", (Stage.ANSWERED, Stage.NOT_PUBLISHED, Stage.WITHDRAWN)),
}
COUNTED = ("to-read", "second", "with-services")
"""The lists that somebody still has to work through. What is done only grows, so nobody needs its number here."""
LEFT_SHOWN = 10
FEW_WEEKS = 28 * DAY
"""More than the longest run of days off within the days that are promised."""
REPLY_DAYS = 20
"""Working days that are promised where the partnership has not said."""


@form_page
def inbox(request: HttpRequest) -> HttpResponse:
    """What came, oldest first, without a word of it (R-S2: what is marked unsafe is not here and not counted)."""
    if not is_moderator(request.user):
        raise PermissionDenied
    form = BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _tell(request, form.save(by=request.user))
        return redirect(request.get_full_path())
    asked = request.GET.get("show", "")
    chosen = asked if asked in LISTS else "to-read"
    filters = InboxFilters(request.GET)
    rows = _narrowed(Comment.objects.unflagged().filter(stage__in=LISTS[chosen][1]), filters.chosen, request)
    tags = CommentTheme.objects.standing().select_related("theme")
    rows = rows.select_related("claimed_by", "service").prefetch_related(
        Prefetch("theme_rows", queryset=tags, to_attr="tags")
    )
    # What waits longest comes first; of what is done, what was last sent.
    page = paginate(request, rows if chosen == "done" else rows.oldest_first())
    _with_clocks(page.object_list, request)
    context = {
        "page": page,
        "lists": _lists(chosen),
        "title": LISTS[chosen][0],
        "show": chosen,
        "newest_first": chosen == "done",
        "shows_holder": chosen in ("to-read", "second"),
        "filters": filters,
        "is_filtered": bool(filters.chosen),
        "form": form,
    }
    return render(request, "voice/inbox.html", context, status=422 if form.errors else 200)


def _narrowed(rows: CommentQuerySet, chosen: dict[str, Any], request: HttpRequest) -> CommentQuerySet:
    rows = rows.filter(**{name: chosen[name] for name in ("topic", "route", "service") if name in chosen})
    if "theme" in chosen:
        tags = CommentTheme.objects.standing().filter(comment=OuterRef("pk"), theme=chosen["theme"])
        rows = rows.filter(Exists(tags.order_by()))
    held = Q(claimed_by__isnull=False, claimed_at__gt=timezone.now() - CLAIM_HOLDS)
    if chosen.get("held") == "me":
        rows = rows.filter(held, claimed_by=request.user.pk)
    elif chosen.get("held") == "nobody":
        rows = rows.exclude(held)
    return rows


def _with_clocks(rows: list[Comment], request: HttpRequest) -> None:
    """How long each waits, and what that means: longer than promised, nine months, a year (R-V9, R-V10)."""
    day, now, since = today(), timezone.now(), None
    ticked = set(request.POST.getlist("chosen"))
    for row in rows:
        row.days = row.days_waiting(day)
        row.held = row.claimed_by if row.held_by_other(request.user, now=now) else None
        row.is_mine = row.claimed_by_id == request.user.pk
        row.is_ticked = str(row.pk) in ticked
        row.clock = ""
        if row.stage not in (*OPEN_TO_MODERATOR, Stage.APPROVED):
            continue
        if is_overdue(row.received_at, day):
            row.clock = "year"
        elif is_warned(row.received_at, day):
            row.clock = "nine"
        elif row.stage in OPEN_TO_MODERATOR:
            since = since or _promised_since()
            row.clock = "late" if is_late(row.received_at, since) else ""


def _promised_since() -> datetime.date:
    us, day = the_partnership(), today()
    promised = us.reply_days if us else REPLY_DAYS
    holidays = BankHoliday.objects.days(day - 2 * promised * DAY - FEW_WEEKS, day)
    return promised_since(day, promised, holidays=holidays)


def _lists(chosen: str) -> list[dict[str, Any]]:
    """The lists, with how many wait in each that somebody has to work through."""
    open_stages = [stage for key in COUNTED for stage in LISTS[key][1]]
    waiting = Comment.objects.unflagged().filter(stage__in=open_stages).order_by()
    counts = dict(waiting.values_list("stage").annotate(number=Count("pk")))
    return [
        {
            "key": key,
            "label": label,
            "is_shown": key == chosen,
            "count": sum(counts.get(stage, 0) for stage in stages) if key in COUNTED else None,
        }
        for key, (label, stages) in LISTS.items()
    ]


def _tell(request: HttpRequest, many: Many) -> None:
    """How many were done, and each that was left by its number, with why. Never a word of one."""
    if many.done:
        messages.success(request, f"Done: {plural(many.done, 'comment,comments')}.")
    if many.left:
        named = "; ".join(f"number {key}: {why.rstrip('.')}" for key, why in many.left[:LEFT_SHOWN])
        more = len(many.left) - LEFT_SHOWN
        messages.info(request, f"Left as it was: {named}{f'; and {more} more' if more > 0 else ''}.")
