"""What waits for a person in the voice rooms, for my work (R-W1). Bounded: counts and the oldest few, never a word."""

import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from foundation.templatetags.ui import moment, plural
from partnership.work import WorkItem

from .clocks import is_overdue, is_warned
from .help_numbers import CHECK_AFTER_DAYS, numbers_to_check
from .models import Booking, Comment, Event, SafeguardingFlag, Stage
from .models.reports import months_between
from .permissions import (
    can_check_numbers,
    can_manage_events,
    can_publish_report,
    is_moderator,
    is_safeguarding,
    writes_answers,
)
from .safety_clock import safety_clock
from .work_of_answers import changes_to_show, work_of_answers
from .yearly import first_month, span, years_due

SHOWN = 10
OVERDUE = ("No answer for a year", 10)
WARNED = ("No answer for nine months", 20)
"""Heading and urgency of what has waited long, whoever it waits for (R-V9)."""


def work_items(user: object, *, today: datetime.date) -> list[WorkItem]:
    """Unread safety marks first, then what is to be read, checked a second time, answered and published."""
    items: list[WorkItem] = []
    if is_safeguarding(user):
        items += _safety(user)
    if can_check_numbers(user):
        items += _numbers(today)
    if is_moderator(user):
        items += _to_read(user, today) + changes_to_show(user)
    if can_manage_events(user):
        items += _to_ring()
    if can_publish_report(user):
        items += _reports_due(today)
    if writes_answers(user):
        items += _to_answer(user, today)
    if is_moderator(user) or writes_answers(user):
        items += work_of_answers(user, today)
    return items


def _safety(user: object) -> list[WorkItem]:
    flags = SafeguardingFlag.objects.visible_to(user)
    rows = list(flags.standing().filter(outcome="").in_order_of_need()[:SHOWN])
    clock = safety_clock(timezone.now()) if rows else None
    items = []
    for flag in rows:
        due = f", due {moment(clock.red_due(flag))}" if clock and flag.read_at is None else ""
        title = "Read it now" if flag.read_at is None else "Write down what was done"
        items.append(_flag_item(flag, title, due, urgency=0 if flag.read_at is None else 1))
    to_agree = SafeguardingFlag.objects.to_agree(user).in_order_of_need()[:SHOWN]
    return items + [_flag_item(flag, "Agree to let it go, or decline", urgency=2) for flag in to_agree]


def _flag_item(flag: SafeguardingFlag, title: str, due: str = "", *, urgency: int) -> WorkItem:
    return WorkItem(
        group="Someone may be unsafe",
        title=title,
        url=reverse("voice:safeguarding_item", args=[flag.pk]),
        detail=f"Marked {moment(flag.raised_at)}{due}",
        urgency=urgency,
    )


def _numbers(today: datetime.date) -> list[WorkItem]:
    """Help numbers that nobody has checked for 90 days (R-S5): one line, however many."""
    number = numbers_to_check(today).count()
    if not number:
        return []
    return [
        WorkItem(
            group="Help numbers",
            title="Check the numbers that every sender sees",
            url=reverse("voice:help_numbers"),
            detail=f"{plural(number, 'number,numbers')} not checked for {CHECK_AFTER_DAYS} days",
            urgency=3,
        )
    ]


def _to_read(user: object, today: datetime.date) -> list[WorkItem]:
    to_read = Comment.objects.unflagged().filter(stage=Stage.RECEIVED).oldest_first()
    second = Comment.objects.for_second_check_by(user).oldest_first()
    return [
        _comment_item(row, group=group, title=title, today=today)
        for group, title, rows in (
            ("To read", "Read what came", to_read),
            ("Second check", "Check a child’s words", second),
        )
        for row in rows[:SHOWN]
    ]


def _comment_item(row: Comment, *, group: str, title: str, today: datetime.date) -> WorkItem:
    group, urgency = _by_age(row, group, today)
    return WorkItem(
        group=group,
        title=f"{title}: {row.get_topic_display().lower()}",
        url=reverse("voice:comment", args=[row.pk]),
        detail=_days(row.days_waiting(today)),
        urgency=urgency,
    )


def _by_age(row: Comment, group: str, today: datetime.date) -> tuple[str, int]:
    """The heading it is listed under, and how urgent it is: what waits too long leaves the heading of its kind."""
    if is_overdue(row.received_at, today):
        return OVERDUE
    return WARNED if is_warned(row.received_at, today) else (group, 30)


def _to_answer(user: object, today: datetime.date) -> list[WorkItem]:
    rows = (
        Comment.objects.answerable_by(user).awaiting_answer().select_related("service").oldest_first()[:SHOWN]
    )
    return [_answer_item(row, today) for row in rows]


def _answer_item(row: Comment, today: datetime.date) -> WorkItem:
    group, urgency = _by_age(row, "To answer", today)
    return WorkItem(
        group=group,
        title=f"Answer {row.said_by[0].lower()}{row.said_by[1:]}: {row.get_topic_display().lower()}",
        url=f"{reverse('voice:answer_new')}?comment={row.pk}",
        detail=f"{row.service}, {_days(row.days_waiting(today))}",
        urgency=urgency,
    )


def _to_ring() -> list[WorkItem]:
    """Events of which somebody without an e-mail address has to hear something: never who (R-E2, R-P1)."""
    to_ring = Booking.objects.to_ring().filter(event=OuterRef("pk")).order_by()
    return [
        WorkItem(
            group="Ring people who booked",
            title=event.title,
            url=reverse("voice:event_desk", args=[event.pk]),
            detail=event.when,
            urgency=30,
        )
        for event in Event.objects.filter(Exists(to_ring)).order_by("starts_at", "pk")[:SHOWN]
    ]


def _reports_due(today: datetime.date) -> list[WorkItem]:
    """Years that are over and whose report is not published yet: the law asks for one each year (R-V9)."""
    return [
        WorkItem(
            group="Yearly report",
            title=f"Look over and publish the report of {months_between(*span(year, first_month()))}",
            url=reverse("voice:report_publish", args=[year]),
            detail="The year is over",
            urgency=30,
        )
        for year in years_due(today)[:SHOWN]
    ]


def _days(days: int) -> str:
    if days == 0:
        return "came today"
    return "came yesterday" if days == 1 else f"came {days} days ago"
