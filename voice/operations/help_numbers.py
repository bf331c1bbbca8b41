"""Somebody rang a help number, or looked it up, and it is right (R-S5)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from partnership.models import Contact, User
from voice.models import NumberCheck

from .errors import CannotDo

CHECKED_BY = "Checked by the partnership"


@transaction.atomic
def check_number(*, contact: Contact, value: str, by: User, at: datetime | None = None) -> Contact:
    """Note that the number is right today. `value` is what its checker saw: raises CannotDo where it is another one now."""
    at = at or timezone.now()
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if not contact.value or contact.value != value:
        raise CannotDo("The number was changed while you had the page open. Look at it again.")
    contact.status = Contact.Status.VERIFIED
    contact.last_checked = timezone.localdate(at)
    contact.checked_against = CHECKED_BY
    contact.save()
    NumberCheck.objects.create(contact=contact, value=contact.value, by=by, at=at)
    return contact
