"""Published words made ready to be shown: fetched with their sources, and said once where a page would say them twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from partnership.models import Passage, PlainSummary, SourceDocument, SourceNote


@dataclass
class Line:
    """One passage of a quotation, and what a reader should know beside it."""

    passage: Passage
    notes: list[SourceNote]
    says_note: bool = True
    first_plain: bool = False

    @property
    def remark(self) -> tuple[str, list[int]]:
        return self.passage.editor_note, [note.pk for note in self.notes]


@dataclass
class Quotation:
    """Passages that follow one another in the same documents, by the same speaker: quoted as one, source named once."""

    lines: list[Line]

    @property
    def speaker(self) -> str:
        return self.lines[0].passage.speaker

    @property
    def sources(self) -> list[SourceDocument]:
        return list(self.lines[0].passage.sources.all())

    @property
    def plain_from(self) -> PlainSummary | None:
        """The newest of the plain words beside it: it says by whom and when."""
        found = [summary for line in self.lines if (summary := line.passage.plain)]
        return max(found, key=lambda summary: summary.written_at) if found else None


def with_quotes(passages: Iterable[Passage | None]) -> None:
    """Fetch what a quotation shows for all these passages at once: three queries, however many there are."""
    found = [passage for passage in passages if passage is not None]
    if found:
        prefetch_related_objects(found, "sources", "plain_summaries", "source_notes")


def quotations(passages: Iterable[Passage]) -> list[Quotation]:
    """Join neighbouring passages of the same sources and speaker, and leave out words that another already holds.

    The documents were taken apart more than once, so a sentence can stand alone and inside its paragraph. The longer one is
    shown, with the source notes of both.
    """
    rows = list(passages)
    joined: list[Quotation] = []
    for passage in rows:
        if any(_is_inside(passage, other) for other in rows if other is not passage):
            continue
        repeats = [other for other in rows if other is not passage and _is_inside(other, passage)]
        line = Line(
            passage, _in_order([note for row in [passage, *repeats] for note in row.source_notes.all()])
        )
        if joined and _same_origin(joined[-1].lines[-1].passage, passage):
            before = joined[-1].lines[-1]
            # The same note on neighbouring lines is said once, after the last of them.
            before.says_note = not (passage.editor_note and before.remark == line.remark)
            joined[-1].lines.append(line)
        else:
            joined.append(Quotation([line]))
    for quotation in joined:
        for line in quotation.lines:
            if line.passage.plain:
                line.first_plain = True
                break
    return joined


def _in_order(notes: list[SourceNote]) -> list[SourceNote]:
    return sorted({note.pk: note for note in notes}.values(), key=lambda note: note.number)


def _is_inside(part: Passage, whole: Passage) -> bool:
    """Whether `whole` already says every word of `part`. Of two equal passages the first one stands."""
    if part.text == whole.text:
        return part.position > whole.position or (part.position == whole.position and part.pk > whole.pk)
    return part.text in whole.text and _same_sources(part, whole)


def _same_origin(one: Passage, other: Passage) -> bool:
    return one.speaker == other.speaker and _same_sources(one, other)


def _same_sources(one: Passage, other: Passage) -> bool:
    return {source.pk for source in one.sources.all()} == {source.pk for source in other.sources.all()}
