"""Publishing the yearly report: what is shown is written down once and stays (R-V9, R-Z9)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from foundation import content_version
from partnership.models import User
from voice.models import Comment, ReportAnswer, ReportEntry, ReportNumber, Response, VoiceReport
from voice.yearly import Draft, draft_of, first_month, is_over, span

from .errors import CannotDo

NOT_OVER = "This year is not over yet. Its report can be published from the day after it ends."
MEANWHILE = (
    "Somebody published this report while you were reading. Look at it before you publish another one."
)
CHANGED = "Something changed while you were reading. This is how the report would look now. Read it again."


class ChangedMeanwhile(CannotDo):
    """What was looked at is not what there is now: to be looked at again."""


@transaction.atomic
def publish_report(
    *,
    year: int,
    edition: int,
    seen: str,
    reason: str = "",
    take_down: bool = False,
    by: User,
    at: datetime | None = None,
) -> VoiceReport:
    """Publish the report of a year that is over, or a corrected edition of it with the reason.

    What was looked at (`seen`, the note of a draft) is what is published. `take_down` takes the words out of the earlier
    editions, for the case that somebody can be recognised in them. Raises CannotDo, and then nothing was written.
    """
    at = at or timezone.now()
    day = timezone.localdate(at)
    if not is_over(year, day):
        raise CannotDo(NOT_OVER)
    last = VoiceReport.objects.select_for_update().filter(year=year).order_by("-edition").first()
    if edition != (last.edition + 1 if last else 1):
        raise ChangedMeanwhile(MEANWHILE)
    if last and not reason:
        raise CannotDo("Say why there is a new edition.")
    draft = draft_of(year, today=day)
    if draft.seen != seen:
        raise ChangedMeanwhile(CHANGED)
    starts, ends = span(year, first_month())
    report = VoiceReport(
        year=year,
        edition=edition,
        starts=starts,
        ends=ends,
        counted_on=day,
        some_unread=draft.unread > 0,
        reason=reason if last else "",
        published_by=by,
        published_at=at,
        is_example=by.is_example or _has_example(draft),
    )
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as twice:  # both began before either was there
        raise ChangedMeanwhile(MEANWHILE) from twice
    if take_down:
        VoiceReport.objects.filter(year=year, edition__lt=edition).update(words_taken_down=True)
    _write_down(report, draft)
    content_version.bump()
    return report


def _has_example(draft: Draft) -> bool:
    return Comment.objects.filter(pk__in=[pk for pk, _ in draft.entries], is_example=True).exists()


def _write_down(report: VoiceReport, draft: Draft) -> None:
    """The numbers as they are shown, which version of each answer, and the entries in their order."""
    ReportNumber.objects.bulk_create(
        ReportNumber(
            report=report,
            table=figure.table,
            key=figure.key,
            label=figure.label,
            number=figure.number,
            position=place,
        )
        for place, figure in enumerate(draft.figures)
    )
    answers = _answers(report, {one for _, ones in draft.entries for one in ones})
    entries = ReportEntry.objects.bulk_create(
        ReportEntry(report=report, comment_id=comment, position=place)
        for place, (comment, _) in enumerate(draft.entries)
    )
    links = ReportEntry.answers.through
    links.objects.bulk_create(
        links(reportentry_id=entry.pk, reportanswer_id=answers[one])
        for entry, (_, ones) in zip(entries, draft.entries, strict=True)
        for one in ones
    )


def _answers(report: VoiceReport, keys: set[int]) -> dict[int, int]:
    """A row for each answer with the newest row of its history. An answer without one gets it now."""
    newest = dict(
        Response.history.filter(id__in=keys).order_by().values_list("id").annotate(Max("history_id"))
    )
    bare = list(Response.objects.filter(pk__in=keys - newest.keys()))
    if bare:
        made = Response.history.bulk_history_create(bare, default_change_reason="As in the yearly report")
        newest |= {row.id: row.history_id for row in made}
    rows = ReportAnswer.objects.bulk_create(
        ReportAnswer(report=report, response_id=one, words_id=newest[one]) for one in sorted(keys)
    )
    return {row.response_id: row.pk for row in rows}
