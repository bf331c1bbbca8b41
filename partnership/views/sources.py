"""The published documents, their passages, and where they contradict each other."""

from itertools import groupby

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from foundation.pages import form_page, public_page
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from partnership.forms.sources import PlainSummaryForm
from partnership.models import Passage, SourceDocument, SourceNote
from partnership.permissions import can_edit_plain_summary


@public_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every document that the portal quotes."""
    rows = SourceDocument.objects.annotate(passage_count=Count("passages"))
    return render(request, "partnership/sources.html", {"sources": rows})


@public_page
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """One document: every passage we hold, in its order and under its headings (R-C3)."""
    document = get_object_or_404(SourceDocument.objects.prefetch_related("source_notes"), slug=slug)
    passages = list(document.passages.with_sources())
    sections = [
        {"heading": heading, "passages": list(rows)}
        for heading, rows in groupby(passages, key=lambda passage: passage.heading)
    ]
    context = {
        "source": document,
        "sections": sections,
        "count": len(passages),
        "is_archive": bool(passages) and all(passage.archive for passage in passages),
        "has_archive": any(passage.archive for passage in passages),
        "may_write": can_edit_plain_summary(request.user),
    }
    return render(request, "partnership/source.html", context)


@public_page
@require_safe
def passage(request: HttpRequest, ref: str) -> HttpResponse:
    """One passage, with every plain-words version and the notes about it."""
    found = get_object_or_404(Passage.objects.with_sources(), ref=ref)
    context = {
        "passage": found,
        "versions": found.plain_summaries.select_related("author"),
        "notes": found.source_notes.all(),
        "may_write": can_edit_plain_summary(request.user),
    }
    return render(request, "partnership/passage.html", context)


@form_page
def plain_edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Write plain words for a passage. Its own words are shown and cannot be changed here or anywhere (R-C2)."""
    found = get_object_or_404(Passage.objects.with_sources(), ref=ref)
    newest = found.plain
    initial = {"text": newest.text if newest else "", "after": newest.pk if newest else ""}
    form = PlainSummaryForm(request.POST if request.method == "POST" else None, initial=initial)
    if not can_edit_plain_summary(request.user):
        url = found.get_absolute_url()
        return refused(
            request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="Back to the passage"
        )
    if request.method == "POST" and form.is_valid() and form.save(passage=found, by=request.user):
        messages.success(request, "The plain words are saved. The published words stay as they are.")
        return redirect(found)
    context = {"form": form, "passage": found}
    return render(request, "partnership/plain_edit.html", context, status=422 if form.errors else 200)


@public_page
@require_safe
def source_notes(request: HttpRequest) -> HttpResponse:
    """Where the documents contradict each other, and what the portal does about it (R-C7)."""
    notes = SourceNote.objects.prefetch_related("sources", "passages__sources")
    return render(request, "partnership/source_notes.html", {"notes": notes})
