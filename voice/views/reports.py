"""The yearly report of what families said and what was answered: to read, as a PDF, to look over and to publish (R-V9)."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from foundation.pages import form_page, public_page
from foundation.pagination import paginate
from foundation.pdf import NoPdf, can_make_pdf, make_pdf_once
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from partnership.calendar import today
from voice.forms.reports import ReportForm
from voice.models import Comment, ReportEntry, Response, VoiceReport
from voice.models.reports import months_between
from voice.operations.errors import CannotDo
from voice.operations.reports import ChangedMeanwhile
from voice.permissions import can_publish_report
from voice.yearly import (
    TOPICS,
    Draft,
    Figure,
    draft_of,
    first_month,
    hide_below,
    is_over,
    span,
    tables_of,
    years_due,
    years_over,
)


@public_page
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every year with a report, the newest first; the programme team finds those that wait to be published too."""
    rows = VoiceReport.objects.newest_editions().order_by("-year")
    due: list[tuple[int, str]] = []
    if can_publish_report(request.user):
        due = [(year, title_of(year)) for year in years_due(today())]
    return render(request, "voice/reports.html", {"page": paginate(request, rows), "due": due})


@public_page
@require_safe
def report(request: HttpRequest, year: int, edition: int | None = None) -> HttpResponse:
    """One report as it was published: the newest edition, or an earlier one, which says that it was replaced."""
    editions = list(VoiceReport.objects.filter(year=year))
    found = next((one for one in editions if edition in (None, one.edition)), None)
    if found is None:
        raise Http404
    page = paginate(request, found.entries_to_show())
    context = {
        "report": found,
        "newest": editions[0],
        "editions": [one for one in editions if one != found],
        "page": page,
        "can_make_pdf": can_make_pdf(),
        "may_correct": can_publish_report(request.user),
    }
    return render(request, "voice/report.html", context | _numbers(found) | _words(found, page.object_list))


@public_page
@require_safe
def report_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """The newest edition whole, as a tagged PDF (R-F3)."""
    found = get_object_or_404(VoiceReport.objects.newest_editions(), year=year)
    context = {"report": found} | _numbers(found) | _words(found, found.entries_to_show())
    try:
        content = make_pdf_once(render_to_string("voice/report_pdf.html", context, request), style="plan")
    except NoPdf:
        return render(
            request, "foundation/no_pdf.html", {"url": found.get_absolute_url(), "what": "report"}, status=503
        )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="what-families-told-us-{year}.pdf"'
    return response


@form_page
def report_publish(request: HttpRequest, year: int) -> HttpResponse:
    """Look over the report as it would be, with what is still to do; then publish it, or a corrected edition."""
    last = VoiceReport.objects.filter(year=year).order_by("-edition").first()
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, year=year, is_first=last is None)
    if not can_publish_report(request.user):
        url = reverse("voice:reports")
        return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="See the reports")
    if not is_over(year, today()) or (last is None and year not in years_over(today())):
        raise Http404
    if last and _pressed_twice(request, form, last):
        messages.info(request, "The report is published already.")
        return redirect(last)
    if form.is_bound and form.is_valid():
        try:
            made = form.save(by=request.user)
        except CannotDo as why:
            form.add_error(None, str(why))
            meanwhile = isinstance(why, ChangedMeanwhile)
            return _look_over(request, form, year, last, status=409 if meanwhile else 422)
        else:
            messages.success(request, "The report is published. Everybody can read it.")
            return redirect(made)
    return _look_over(request, form, year, last, status=422 if form.errors else 200)


def _pressed_twice(request: HttpRequest, form: ReportForm, last: VoiceReport) -> bool:
    """Whether this is a second click of the person who just published this very edition."""
    return (
        form.is_bound
        and request.POST.get("edition") == str(last.edition)
        and last.published_by_id == request.user.pk
    )


def _look_over(
    request: HttpRequest, form: ReportForm, year: int, last: VoiceReport | None, *, status: int
) -> HttpResponse:
    draft = draft_of(year, today=today())
    form.carry(seen=draft.seen, edition=last.edition + 1 if last else 1)
    page = paginate(request, draft.entries)
    context = {
        "form": form,
        "draft": draft,
        "last": last,
        "title": title_of(year),
        "page": page,
        "groups": _groups(_live(draft, [pk for pk, _ in page.object_list]), today()),
        "below": hide_below(),
        "day": today(),
        **_shown(draft.figures),
    }
    return render(request, "voice/report_publish.html", context, status=status)


def title_of(year: int) -> str:
    """For example: April 2025 to March 2026."""
    return months_between(*span(year, first_month()))


def _numbers(found: VoiceReport) -> dict[str, Any]:
    rows = found.numbers.values_list("table", "key", "label", "number")
    return _shown([Figure(*row) for row in rows]) | {"below": hide_below()}


def _shown(figures: list[Figure]) -> dict[str, Any]:
    return {"tables": tables_of(figures), "some_hidden": any(figure.number is None for figure in figures)}


def _words(found: VoiceReport, entries: Any) -> dict[str, Any]:
    """What was said, as it may be read today, with the answers as they were when the report was published."""
    rows = entries.select_related("comment").prefetch_related("answers__words__service")
    told = [(entry.comment, [answer.words for answer in _oldest_first(entry)]) for entry in rows]
    return {"groups": _groups(told, found.counted_on), "day": found.counted_on}


def _oldest_first(entry: ReportEntry) -> list[Any]:
    return sorted(entry.answers.all(), key=lambda one: (one.words.published_at, one.response_id))


def _live(draft: Draft, keys: list[int]) -> list[tuple[Comment, list[Any]]]:
    """The same of a draft, with the answers as they are now."""
    own = dict(draft.entries)
    comments = Comment.objects.published().in_bulk(keys)
    answers = Response.objects.select_related("service").in_bulk({one for key in keys for one in own[key]})
    return [
        (comments[key], [answers[one] for one in own[key] if one in answers])
        for key in keys
        if key in comments
    ]


def _groups(told: Iterable[tuple[Comment, list[Any]]], day: datetime.date) -> list[dict[str, Any]]:
    """Comments with the same answers together, each group with the topic that it begins, if it begins one.

    What has no answer says how long it had waited on this day.
    """
    groups: list[dict[str, Any]] = []
    topic = ""
    for (about, _), rows in groupby(told, key=lambda row: (row[0].topic, [one.id for one in row[1]])):
        pairs = list(rows)
        heading = TOPICS[about] if about != topic else ""
        topic = about
        for row, _ in pairs:
            row.days = row.days_waiting(day)
        groups.append({"topic": heading, "answers": pairs[0][1], "comments": [row for row, _ in pairs]})
    return groups
