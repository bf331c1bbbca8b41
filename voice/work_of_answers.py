"""What waits for people about answers: to be checked, a day that has passed, and what families say did not help (R-W1).

Bounded, and never a word of a family.
"""

import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from foundation.templatetags.ui import day as day_in_words
from foundation.templatetags.ui import plural
from partnership.work import WorkItem

from .models import HelpAnswer, Response, ShowChange
from .models.responses import UNPUBLISHED

SHOWN = 10


def work_of_answers(user: object, today: datetime.date) -> list[WorkItem]:
    """Drafts to finish or publish; first answers of somebody new, for every second person who may approve them; published
    ones whose promised day has passed; and those that did not help (R-V7, R-Z5).

    A publisher says how it stands; who drafts reads the answer. That it did not help is said where most who told us say so,
    and so many told us that it may be said (R-K6). One question for all: what may be done with each stands beside it.
    """

    def among(rows: "QuerySet[Response]") -> Exists:
        return Exists(rows.filter(pk=OuterRef("pk")).order_by())

    known = Response.objects
    mine = known.written_for(user)
    no_help = HelpAnswer.objects.mostly_no()
    # Nearly all answers are published and ask for nothing more: they are left out before anything is asked of each.
    asks = Q(status__in=UNPUBLISHED) | Q(pk__in=no_help)
    passed = Q(progress=Response.Progress.WILL_DO, do_by__lt=today)
    rows = (
        known.filter(asks | passed)
        .annotate(
            may_check=among(known.approvable_by(user)),
            may_edit=among(known.editable_by(user)),
            may_publish=among(known.publishable_by(user)),
            is_late=among(mine.promise_passed(today)),
            is_no_help=among(mine.filter(pk__in=no_help)),
        )
        .filter(
            Q(may_check=True)
            | Q(may_edit=True, status__in=UNPUBLISHED)
            | Q(is_late=True)
            | Q(is_no_help=True)
        )
        .select_related("service", "drafted_by")
        .order_by("-is_late", "-is_no_help", "drafted_at", "pk")[: 2 * SHOWN]
    )
    items: list[WorkItem] = []
    for row in rows:
        items += [_late(row)] if row.is_late else []
        items += [_no_help(row)] if row.is_no_help else []
        items += [_to_check(row)] if row.may_check else []
        items += [_draft(row)] if row.may_edit and row.status in UNPUBLISHED else []
    return items


def _to_check(row: Response) -> WorkItem:
    return WorkItem(
        group="Answers to check",
        title="Check a first answer",
        url=reverse("voice:answer_check", args=[row.pk]),
        detail=f"{row.service}, written by {row.drafted_by}",
        urgency=30,
    )


def _draft(row: Response) -> WorkItem:
    title = "Publish this answer" if row.may_publish else "Finish this answer"
    return WorkItem(
        group="Draft answers",
        title="With a second person" if row.status == Response.Status.WAITING else title,
        url=reverse("voice:answer_edit", args=[row.pk]),
        detail=str(row.service),
        urgency=50,
    )


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


def _late(row: Response) -> WorkItem:
    return WorkItem(
        group="The promised day has passed",
        title="Say how it stands now" if row.may_edit else "Ask your publisher to say how it stands",
        url=reverse("voice:answer_edit", args=[row.pk]) if row.may_edit else row.get_absolute_url(),
        detail=f"{row.service}, {plural(row.days_past, 'day,days')} ago",
        due=row.do_by,
        urgency=10,
    )


def _no_help(row: Response) -> WorkItem:
    return WorkItem(
        group="It did not help",
        title="Most who got this answer say that it did not help",
        url=row.get_absolute_url(),
        detail=str(row.service),
        urgency=20,
    )
