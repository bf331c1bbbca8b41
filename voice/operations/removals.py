"""Words and addresses go when their time is over, and when somebody asks (R-P1, R-P4). What is marked unsafe is held.

What came stays counted: topic, way in, district, stage and every link stay as they are, and a fixed sentence stands where
public words stood.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, fields

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from foundation import content_version
from foundation.codes import code_digests
from partnership.current import the_partnership
from partnership.models import Partnership, User
from voice.clocks import came_by
from voice.models import (
    Comment,
    CommentContact,
    CommentOriginal,
    Decision,
    FamilyComment,
    Redaction,
    Removal,
    Stage,
)
from voice.models.comments import NO_LONGER_KEPT, OPEN_TO_MODERATOR

from .showing import drop_open_change
from .words_gone import blank_published, forget_contact, forget_original

Kind = Decision.Kind
CLOSED = (Stage.ANSWERED, Stage.NOT_PUBLISHED, Stage.WITHDRAWN)
CLOSING = (Kind.ANSWERED, Kind.NOT_PUBLISHED, Kind.WITHDRAWN)
BATCH = 200
MONTHS = 12
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each kind went, or would go."""

    contacts: int = 0
    originals: int = 0
    redactions: int = 0
    published: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def total(self) -> int:
        return self.contacts + self.originals + self.redactions + self.published


@dataclass(frozen=True, slots=True)
class Limits:
    """What was closed, or published, before these moments is past its time today."""

    contacts: datetime.datetime
    originals: datetime.datetime
    published: datetime.datetime


def limits_on(day: datetime.date) -> Limits:
    """The limits of a day, by the partnership's own settings. Days are those of London."""
    chosen = the_partnership() or Partnership()
    last = day - datetime.timedelta(days=chosen.contact_kept_days)
    return Limits(
        contacts=timezone.make_aware(datetime.datetime.combine(last + DAY, datetime.time.min)),
        originals=came_by(day, chosen.original_kept_months),
        published=came_by(day, chosen.published_kept_years * MONTHS),
    )


def remove_past_their_time(
    *, really: bool, command: str = "", now: datetime.datetime | None = None
) -> Counts:
    """Remove what is past its time, or only count it; a row tells the auditor of the run. Safe to run again or twice at once.

    Each comment goes in a transaction of its own, under its lock: what is marked unsafe meanwhile is held.
    """
    now = now or timezone.now()
    limits = limits_on(timezone.localdate(now))
    counts = Counts()
    for pk in _keys(_past(limits)):
        counts += _remove(pk, limits, at=now) if really else _count(pk, limits)
    kind = Removal.Kind.RETENTION if really else Removal.Kind.COUNTED
    _note_run(counts, kind=kind, command=command, at=now)
    return counts


def _keys(rows: QuerySet[Comment]) -> Iterator[int]:
    """Every key, batch by batch: what a batch leaves behind is not met again."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _past(limits: Limits) -> QuerySet[Comment]:
    """Comments of which something is past its time, never one that is marked unsafe."""
    of_it = {"comment": OuterRef("pk")}
    redactions = Redaction.objects.filter(**of_it).order_by()
    contact = Exists(CommentContact.objects.filter(**of_it))
    own_words = Exists(CommentOriginal.objects.filter(**of_it)) | Exists(
        redactions.filter(approved_at__isnull=True)
    )
    shown = Q(published_at__isnull=False) & ~Q(published_text=NO_LONGER_KEPT)
    is_closed = Q(stage__in=CLOSED)
    return _with_closing(Comment.objects.unflagged()).filter(
        (is_closed & Q(closed_at__lt=limits.contacts) & Q(contact))
        | (is_closed & Q(closed_at__lt=limits.originals) & Q(own_words))
        | (is_closed & Q(closed_at__lt=limits.published) & Q(Exists(redactions)))
        | (Q(published_at__lt=limits.published) & (shown | Q(contact) | Q(own_words) | Q(Exists(redactions))))
    )


def _with_closing(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    """With `closed_at`: when it was last answered, not published or taken back."""
    steps = Decision.objects.filter(comment=OuterRef("pk"), kind__in=CLOSING).order_by("-at", "-pk")
    return rows.annotate(closed_at=Subquery(steps.values("at")[:1]))


@dataclass(frozen=True, slots=True)
class _Goes:
    """What of one comment is past its time."""

    contact: bool
    original: bool
    everything: bool


def _what_goes(comment: Comment, limits: Limits) -> _Goes:
    closed_at = comment.closed_at if comment.stage in CLOSED else None
    published = comment.published_at is not None and comment.published_at < limits.published
    everything = published or _is_before(closed_at, limits.published)
    original = everything or _is_before(closed_at, limits.originals)
    return _Goes(original or _is_before(closed_at, limits.contacts), original, everything)


def _is_before(moment: datetime.datetime | None, limit: datetime.datetime) -> bool:
    return moment is not None and moment < limit


def _count(pk: int, limits: Limits) -> Counts:
    comment = _with_closing(Comment.objects.filter(pk=pk)).get()
    goes = _what_goes(comment, limits)
    redactions = comment.redactions.all() if goes.everything else comment.redactions.filter(approved_at=None)
    shown = comment.published_at is not None and not comment.words_are_gone
    return Counts(
        contacts=CommentContact.objects.filter(comment=comment).count() if goes.contact else 0,
        originals=CommentOriginal.objects.filter(comment=comment).count() if goes.original else 0,
        redactions=redactions.count() if goes.original else 0,
        published=int(shown and goes.everything),
    )


@transaction.atomic
def _remove(pk: int, limits: Limits, *, at: datetime.datetime) -> Counts:
    comment = _with_closing(Comment.objects.select_for_update().filter(pk=pk)).get()
    if comment.is_flagged:  # marked since the list was made
        return Counts()
    goes = _what_goes(comment, limits)
    counts = Counts(contacts=forget_contact(comment) if goes.contact else 0)
    if goes.original:
        drafts = comment.redactions.filter(approved_at=None)
        gone = Counts(originals=forget_original(comment), redactions=_delete(drafts))
        counts += gone
    if goes.everything:
        counts += _all_words(comment)
    steps = {
        Kind.CONTACT_GONE: counts.contacts and not goes.original,
        Kind.ORIGINAL_GONE: goes.original and not goes.everything,
        Kind.PUBLISHED_GONE: goes.everything,
    }
    if counts.total:
        _note_step(comment, next(kind for kind, is_so in steps.items() if is_so), by=None, at=at)
    return counts


def _all_words(comment: Comment) -> Counts:
    """Every redacted text, and the public words."""
    counts = Counts(redactions=_delete(comment.redactions.all()), published=blank_published(comment))
    if counts.total:
        comment.bump()
        comment.save()
    if counts.published:
        content_version.bump()
    return counts


def _delete(redactions: "QuerySet[Redaction]") -> int:
    number = redactions.count()
    redactions.delete()
    return number


def find_to_erase(*, code: str = "", email: str = "") -> QuerySet[Comment]:
    """What was sent with this code, or with this address, and what was added to it later; marked ones too: whoever shows it
    leaves those out.
    """
    if not code and not email:
        return Comment.objects.none()
    first = Q(code_digest__in=code_digests(code)) if code else Q(contact__email__iexact=email)
    own = Comment.objects.filter(first).order_by().values("pk")
    return Comment.objects.filter(Q(pk__in=own) | Q(adds_to__comment__in=own))


@transaction.atomic
def erase_found(*, code: str = "", email: str = "", by: User, at: datetime.datetime | None = None) -> Counts:
    """Erase all that was sent with a code or an address, because the person asked (R-P4). Twice is the same as once.

    What is marked unsafe is held: the wish is written down, and the words go when safeguarding lets it go.
    """
    at = at or timezone.now()
    counts = Counts()
    for pk in list(find_to_erase(code=code, email=email).order_by("pk").values_list("pk", flat=True)):
        counts += _erase(pk, by=by, at=at)
    if counts.total:
        _note_run(counts, kind=Removal.Kind.ERASED, by=by, at=at)
    return counts


def _erase(pk: int, *, by: User, at: datetime.datetime) -> Counts:
    comment = Comment.objects.select_for_update().get(pk=pk)
    if comment.is_flagged:
        if not comment.decisions.filter(kind=Kind.ERASE_ASKED).exists():
            _note_step(comment, Kind.ERASE_ASKED, by=by, at=at)
        return Counts()
    counts = Counts(contacts=forget_contact(comment), originals=forget_original(comment))
    FamilyComment.objects.filter(comment=comment).delete()  # whose it was goes with the words
    drop_open_change(comment, at=at)
    # Nobody can moderate what has no words: it is closed as if it had been taken back. What was approved keeps its stage,
    # so that no number of the board's falls because somebody's words went.
    if comment.stage in OPEN_TO_MODERATOR:
        comment.stage = Stage.WITHDRAWN
        comment.claimed_by = comment.claimed_at = comment.first_approved_by = None
        comment.bump()
        comment.save()
    counts += _all_words(comment)
    if counts.total:
        _note_step(comment, Kind.ERASED, by=by, at=at)
    return counts


def _note_step(comment: Comment, kind: str, *, by: User | None, at: datetime.datetime) -> None:
    Decision.objects.create(comment=comment, kind=kind, by=by, at=at)


def _note_run(
    counts: Counts, *, kind: str, by: User | None = None, command: str = "", at: datetime.datetime
) -> None:
    numbers = {field.name: getattr(counts, field.name) for field in fields(counts)}
    Removal.objects.create(kind=kind, by=by, command=command, at=at, **numbers)
