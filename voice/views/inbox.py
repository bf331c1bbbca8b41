"""The moderators' inbox: what came and how long it waits, and what can safely be done to many at once."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.pagination import paginate
from partnership.calendar import today
from voice.models import Comment, Stage
from voice.permissions import is_moderator

LISTS = {
    "to-read": ("To read", (Stage.RECEIVED,)),
    "second": ("Second check", (Stage.SECOND_CHECK,)),
    "with-services": ("With a service", (Stage.APPROVED,)),
    "done": ("Done", (Stage.ANSWERED, Stage.NOT_PUBLISHED, Stage.WITHDRAWN)),
}
COUNTED = ("to-read", "second", "with-services")
"""The lists that somebody still has to work through. What is done only grows, so nobody needs its number here."""


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What came, oldest first, without a word of it (R-S2: what is marked unsafe is not here and not counted)."""
    if not is_moderator(request.user):
        raise PermissionDenied
    asked = request.GET.get("show", "")
    chosen = asked if asked in LISTS else "to-read"
    rows = (
        Comment.objects.unflagged().filter(stage__in=LISTS[chosen][1]).select_related("claimed_by", "service")
    )
    # What waits longest comes first; of what is done, what was last sent.
    page = paginate(request, rows if chosen == "done" else rows.oldest_first())
    day, now = today(), timezone.now()
    for row in page.object_list:
        row.days = row.days_waiting(day)
        row.held = row.claimed_by if row.held_by_other(request.user, now=now) else None
        row.is_mine = row.claimed_by_id == request.user.pk
    open_stages = [stage for key in COUNTED for stage in LISTS[key][1]]
    waiting = Comment.objects.unflagged().filter(stage__in=open_stages).order_by()
    counts = dict(waiting.values_list("stage").annotate(number=Count("pk")))
    lists = [
        {
            "key": key,
            "label": label,
            "is_shown": key == chosen,
            "count": sum(counts.get(stage, 0) for stage in stages) if key in COUNTED else None,
        }
        for key, (label, stages) in LISTS.items()
    ]
    context = {
        "page": page,
        "lists": lists,
        "title": LISTS[chosen][0],
        "newest_first": chosen == "done",
        "shows_holder": chosen in ("to-read", "second"),
    }
    return render(request, "voice/inbox.html", context)
