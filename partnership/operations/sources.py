"""The portal's own plain words beside a quotation. The quotation itself is changed by nobody (R-C2)."""

from django.db import transaction
from django.utils import timezone

from partnership.models import Passage, PlainSummary, User


class NewerWords(Exception):
    """Somebody else wrote plain words for this passage meanwhile; `newest` holds them."""

    def __init__(self, newest: PlainSummary | None) -> None:
        super().__init__("Somebody else wrote newer words.")
        self.newest = newest


@transaction.atomic
def write_plain_summary(*, passage: Passage, text: str, after: int, by: User) -> PlainSummary:
    """Add a plain-words version after the one the writer saw (`after` is its id, 0 for none).

    The same words again, by a double click or a refresh, add nothing. Raises NewerWords when there is a newer version.
    """
    Passage.objects.select_for_update().get(pk=passage.pk)  # writers of one passage come one after the other
    newest = passage.plain_summaries.order_by("-written_at", "-pk").first()
    if newest is not None and newest.text == text:
        return newest
    if (newest.pk if newest else 0) != after:
        raise NewerWords(newest)
    return PlainSummary.objects.create(passage=passage, text=text, author=by, written_at=timezone.now())
