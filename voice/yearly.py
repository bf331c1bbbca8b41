"""The year of a report, and what a report of it would say if it were published now (R-V9, R-Z9).

What is counted, and what is not, is written down in `docs/decisions/022-a-report-points-at-words-and-keeps-only-numbers.md`.
"""

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from foundation.small_numbers import END, START, Part, hidden, one_row
from partnership.current import the_partnership
from partnership.models import District

from .clocks import is_overdue, is_warned
from .models import (
    Comment,
    Decision,
    RefusalReason,
    Response,
    ResponseComment,
    Stage,
    Topic,
    VoiceReport,
    WhoseWords,
)
from .models.choices import SAID_BY
from .models.comments import OPEN_TO_MODERATOR, PUBLISHED, CommentQuerySet

FIRST_MONTH = 4
HIDE_BELOW = 5
"""Only until a partnership's own month and number are loaded."""
NOT_SAID = "not-said"
PUBLISHED_NAME = "published"
"""The one number that all tables of a report have in common."""

STANDING = (
    ("read", "Read by us"),
    (PUBLISHED_NAME, "You can read them in this report"),
    ("answered", "Answered"),
    ("waiting", "Not answered yet"),
    ("waiting-new", "Waited less than nine months"),
    ("waiting-warned", "Waited nine months or more"),
    ("waiting-overdue", "Waited a year or more"),
    ("refused", "Not published"),
)
REASONS = {
    RefusalReason.IDENTIFIES: "It could show who someone is",
    RefusalReason.ONE_PERSON: "It is about one person’s own service",
    RefusalReason.VEXATIOUS: "It was only meant to annoy or hurt",
    RefusalReason.SAFEGUARDING: "It is about somebody’s safety",
    RefusalReason.ASKED_NOT: "The sender asked us not to",
}
"""The fixed reasons of regulation 56 as everybody reads them."""
WHOSE = {
    WhoseWords.MINE: "Their own words",
    WhoseWords.MINE_WITH_HELP: "Their own words, with help",
    WhoseWords.FOR_SOMEONE: "Written for someone else",
    NOT_SAID: "Not said",
}
TOPICS = dict(Topic.choices)
TABLES = {
    "standing": "What became of them",
    "topic": "What they are about",
    "route": "Who told us",
    "district": "Where they live",
    "whose": "Whose words they are",
}
COUNTABLE = ("topic", "route")
"""What stands beside each comment in the report, so that anybody can count it."""


class Figure(NamedTuple):
    """One row of a table of a report. None where the number is not shown."""

    table: str
    key: str
    label: str
    number: int | None


@dataclass(frozen=True)
class Draft:
    """What the report would say now: its numbers as they would be shown, and its entries in their order."""

    year: int
    figures: list[Figure]
    entries: list[tuple[int, tuple[int, ...]]]
    """Keys of comments in their order, each with the keys of its answers."""
    unread: int
    waiting: int
    refused: int
    seen: str
    """A note of all this. What is published is what was looked at."""

    @property
    def tables(self) -> list[dict[str, object]]:
        return tables_of(self.figures)


def first_month() -> int:
    """The month in which the year of a report begins: April, unless the partnership's data says otherwise."""
    partnership = the_partnership()
    return partnership.voice_year_starts_month if partnership is not None else FIRST_MONTH


def hide_below() -> int:
    """Numbers of people below this one are hidden (R-K6)."""
    partnership = the_partnership()
    return partnership.hide_counts_below if partnership is not None else HIDE_BELOW


def span(year: int, month: int) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the year that begins in this month of this calendar year."""
    return datetime.date(year, month, 1), datetime.date(year + 1, month, 1) - datetime.timedelta(days=1)


def year_of(day: datetime.date, month: int) -> int:
    """The calendar year in which the report's year that holds this day begins."""
    return day.year if day.month >= month else day.year - 1


def moments(starts: datetime.date, ends: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """From the first moment of the first day up to the moment after the last day, in London."""
    days = (starts, ends + datetime.timedelta(days=1))
    first, after = (timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)) for day in days)
    return first, after


def is_over(year: int, today: datetime.date) -> bool:
    """Whether the year is over, so that its report can be published."""
    return datetime.MINYEAR <= year < year_of(today, first_month())


def years_over(today: datetime.date) -> list[int]:
    """Every year that is over and in which, or before which, something came; the newest first."""
    first = Comment.objects.unflagged().aggregate(first=Min("received_at"))["first"]
    if first is None:
        return []
    month = first_month()
    return list(range(year_of(today, month) - 1, year_of(timezone.localdate(first), month) - 1, -1))


def years_due(today: datetime.date) -> list[int]:
    """Years that are over and have no report yet, the newest first."""
    years = years_over(today)
    there = set(VoiceReport.objects.filter(year__in=years).values_list("year", flat=True)) if years else set()
    return [year for year in years if year not in there]


def came_in(year: int) -> CommentQuerySet:
    """What came in the year and is counted: not what is marked unsafe (R-S2), nor what was taken back (R-V8)."""
    since, until = moments(*span(year, first_month()))
    rows = Comment.objects.unflagged().filter(received_at__gte=since, received_at__lt=until)
    return rows.exclude(stage=Stage.WITHDRAWN)


def draft_of(year: int, *, today: datetime.date) -> Draft:
    """Count and order what came in the year, in a fixed number of questions however much it is."""
    rows = came_in(year)
    published = list(rows.filter(PUBLISHED).select_related("district").defer("published_text"))
    reasons = _reasons(rows)
    unread = rows.filter(stage__in=OPEN_TO_MODERATOR).count()
    waiting = Counter(_age(row, today) for row in published if row.stage == Stage.APPROVED)
    answers = _answers(rows)
    entries = [(row.pk, answers.get(row.pk, ())) for row in _in_order(published, answers)]
    figures = _figures(published, waiting, reasons)
    texts = Response.objects.filter(pk__in={one for ones in answers.values() for one in ones})
    versions = sorted(texts.values_list("pk", "version"))
    said = sorted((row.pk, row.version) for row in published)
    note = repr((year, figures, entries, versions, said, unread > 0))
    return Draft(
        year,
        figures,
        entries,
        unread=unread,
        waiting=sum(waiting.values()),
        refused=sum(reasons.values()),
        seen=hashlib.sha256(note.encode()).hexdigest()[:32],
    )


def _reasons(rows: CommentQuerySet) -> Counter[str]:
    """How many are not published, by the last reason given; where the sender wants nothing shown, that is the reason."""
    last = Decision.objects.filter(comment=OuterRef("pk"), kind=Decision.Kind.NOT_PUBLISHED)
    reason = Subquery(last.order_by("-at", "-pk").values("reason")[:1])
    refused = rows.filter(stage=Stage.NOT_PUBLISHED).order_by().annotate(reason=reason)
    found = Counter(row or RefusalReason.ASKED_NOT for row in refused.values_list("reason", flat=True))
    kept_back = rows.filter(stage__in=(Stage.APPROVED, Stage.ANSWERED)).exclude(PUBLISHED).count()
    found[RefusalReason.ASKED_NOT] += kept_back
    return found


def _age(row: Comment, today: datetime.date) -> str:
    if is_overdue(row.received_at, today):
        return "waiting-overdue"
    return "waiting-warned" if is_warned(row.received_at, today) else "waiting-new"


def _answers(rows: CommentQuerySet) -> dict[int, tuple[int, ...]]:
    """The published answers to each comment, the oldest first."""
    links = ResponseComment.objects.filter(
        comment__in=rows.filter(PUBLISHED).values("pk"), response__status=Response.Status.PUBLISHED
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for comment, response in links.order_by("response__published_at", "response_id").values_list(
        "comment_id", "response_id"
    ):
        found[comment] += (response,)
    return found


def _in_order(published: Iterable[Comment], answers: dict[int, tuple[int, ...]]) -> list[Comment]:
    """By topic; within it what has the same answer stands together, and what has none comes last."""
    topics = [topic.value for topic in Topic]
    rows = sorted(published, key=lambda row: (row.received_at, row.pk))
    return sorted(
        rows, key=lambda row: (topics.index(row.topic), row.pk not in answers, answers.get(row.pk, ()))
    )


def _figures(published: list[Comment], waiting: Counter[str], reasons: Counter[str]) -> list[Figure]:
    """Every table, with the small numbers hidden in all of them together: what one hides no other tells."""
    known = {
        "topic": (TOPICS, Counter(row.topic for row in published)),
        "route": (SAID_BY, Counter(row.route for row in published)),
        "district": (
            {**{row.slug: row.name for row in District.objects.all()}, NOT_SAID: "Not said"},
            Counter(row.district.slug if row.district else NOT_SAID for row in published),
        ),
        "whose": (WHOSE, Counter(row.whose_words or NOT_SAID for row in published)),
    }
    tables = {
        name: one_row(
            [(str(key), number[key]) for key in labels],
            PUBLISHED_NAME,
            countable=name in COUNTABLE,
            countable_total=True,
        )
        for name, (labels, number) in known.items()
    }
    standing = _standing(len(published), waiting, reasons)
    covered = hidden(standing, *tables.values(), below=hide_below(), shared=[PUBLISHED_NAME])
    labels = dict(STANDING) | {f"refused-{reason}": label for reason, label in REASONS.items()}
    numbers = {str(part.name): part.number for part in standing}
    figures = [
        Figure("standing", key, label, None if key in covered[0] else numbers[key])
        for key, label in labels.items()
    ]
    for (name, (words, _)), out in zip(known.items(), covered[1:], strict=True):
        numbers = {str(part.name): part.number for part in tables[name]}
        figures += [
            Figure(name, str(key), str(label), None if str(key) in out else numbers[str(key)])
            for key, label in words.items()
        ]
    return figures


def _standing(published: int, waiting: Counter[str], reasons: Counter[str]) -> list[Part]:
    """Read = published + not published; published = answered + waiting; each of the two by its own parts."""
    late, refused = sum(waiting.values()), sum(reasons.values())
    ages = ("waiting-new", "waiting-warned", "waiting-overdue")
    return [
        Part("read", END, START, published + refused),
        Part(PUBLISHED_NAME, START, "published", published, True),
        Part("answered", "published", END, published - late, True),
        Part("waiting", "published", "waiting", late, True),
        *(Part(age, "waiting", END, waiting[age], True) for age in ages),
        Part("refused", START, "refused", refused),
        *(Part(f"refused-{reason}", "refused", END, reasons[reason]) for reason in REASONS),
    ]


def tables_of(figures: Iterable[Figure]) -> list[dict[str, object]]:
    """The figures table by table, in their order, for the page."""
    found: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.table].append(figure)
    return [{"name": name, "title": TABLES.get(name, name), "rows": rows} for name, rows in found.items()]
