"""Sentences that moderators keep to use again in summaries."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.versions import lock_for_edit
from partnership.models import User
from voice.models import Wording

from .errors import CannotDo


@transaction.atomic
def save_wording(
    *,
    wording: Wording | None = None,
    version: int = 0,
    name: str,
    text: str,
    by: User,
    at: datetime | None = None,
    is_example: bool = False,
) -> Wording:
    """Keep a new wording, or change one. Raises VersionConflict, or CannotDo where the name is taken."""
    taken = Wording.objects.filter(name__iexact=name)
    if wording is None:
        kept = Wording(is_example=is_example)
    else:
        kept = lock_for_edit(Wording.objects.all(), wording.pk, version=version)
        taken = taken.exclude(pk=kept.pk)
    if taken.exists():
        raise CannotDo(f"There is a wording “{name}” already.")
    kept.name, kept.text, kept.by, kept.at = name, text, by, at or timezone.now()
    kept.save()
    return kept


@transaction.atomic
def drop_wording(*, wording: Wording, version: int) -> None:
    """Take a wording out of the list. Summaries that were made with it stay as they are."""
    lock_for_edit(Wording.objects.all(), wording.pk, version=version).delete()
