"""What waits for people about answers: to be checked, a day that has passed, and what families say did not help (R-W1).

Bounded, and never a word of a family.
"""

import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from foundation.templatetags.ui import day as day_in_words
from foundation.templatetags.ui import plural
from partnership.work import WorkItem

from .models import HelpAnswer, Response, ShowChange

SHOWN = 10


def answers_to_check(user: object) -> list[WorkItem]:
    """First answers of somebody new, for every second person who may approve them (R-V7)."""
    rows = Response.objects.approvable_by(user).select_related("service", "drafted_by")
    return [
        WorkItem(
            group="Answers to check",
            title="Check a first answer",
            url=reverse("voice:answer_check", args=[row.pk]),
            detail=f"{row.service}, written by {row.drafted_by}",
            urgency=30,
        )
        for row in rows.order_by("drafted_at", "pk")[:SHOWN]
    ]


def changes_to_show(user: object) -> list[WorkItem]:
    """Senders who let us show more than before (R-V5)."""
    rows = ShowChange.objects.decidable_by(user).order_by("at", "pk")
    return [
        WorkItem(
            group="May be shown now",
            title="Read it again: the sender lets us show more",
            url=reverse("voice:show_change", args=[row.pk]),
            detail=f"Asked on {day_in_words(row.at)}",
            urgency=30,
        )
        for row in rows[:SHOWN]
    ]


def promises_passed(user: object, today: datetime.date) -> list[WorkItem]:
    """Answers that promise a day which has passed. A publisher says how it stands; who drafts reads the answer (R-V7)."""
    rows = Response.objects.written_for(user).promise_passed(today)
    return [
        WorkItem(
            group="The promised day has passed",
            title="Say how it stands now" if row.may_change else "Ask your publisher to say how it stands",
            url=reverse("voice:answer_edit", args=[row.pk]) if row.may_change else row.get_absolute_url(),
            detail=f"{row.service}, {plural(row.days_past, 'day,days')} ago",
            due=row.do_by,
            urgency=10,
        )
        for row in _changeable(rows, user).order_by("do_by", "pk")[:SHOWN]
    ]


def no_help(user: object) -> list[WorkItem]:
    """Answers that most who told us say did not help, where so many told us that it may be said (R-Z5, R-K6)."""
    rows = Response.objects.written_for(user).filter(pk__in=HelpAnswer.objects.mostly_no())
    return [
        WorkItem(
            group="It did not help",
            title="Most who got this answer say that it did not help",
            url=row.get_absolute_url(),
            detail=str(row.service),
            urgency=20,
        )
        for row in rows.select_related("service").order_by("published_at", "pk")[:SHOWN]
    ]


def _changeable(rows, user: object):  # type: ignore[no-untyped-def]
    mine = Response.objects.editable_by(user).filter(pk=OuterRef("pk")).order_by()
    return rows.select_related("service").annotate(may_change=Exists(mine))
