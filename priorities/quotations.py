"""Published words made ready to be shown: fetched with their sources, and said once where a page would say them twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from partnership.models import Passage, PlainSummary, SourceDocument, SourceNote


@dataclass
class Quotation:
    """Paragraphs that follow one another in the same documents, by the same speaker: quoted as one, source named once."""

    passages: list[Passage]
    notes: list[SourceNote]

    @property
    def speaker(self) -> str:
        return self.passages[0].speaker

    @property
    def sources(self) -> list[SourceDocument]:
        return list(self.passages[0].sources.all())

    @property
    def editor_notes(self) -> list[str]:
        """What a reader should know beside the words, each said once."""
        return list(dict.fromkeys(passage.editor_note for passage in self.passages if passage.editor_note))

    @property
    def has_slip(self) -> bool:
        return any(passage.has_slip for passage in self.passages)

    @property
    def plain(self) -> list[PlainSummary]:
        """The plain words of those paragraphs that have some."""
        return [summary for passage in self.passages if (summary := passage.plain)]


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
        notes = list(passage.source_notes.all())
        for other in rows:
            if other is not passage and _is_inside(other, passage):
                notes += other.source_notes.all()
        if any(_is_inside(passage, other) for other in rows if other is not passage):
            continue
        if joined and _same_origin(joined[-1].passages[-1], passage):
            joined[-1].passages.append(passage)
            joined[-1].notes = _in_order(joined[-1].notes + notes)
        else:
            joined.append(Quotation([passage], _in_order(notes)))
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
