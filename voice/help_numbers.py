"""The numbers shown beside every way in, as the partnership's data has them (R-V10, R-S1)."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet

from partnership.models import Contact

CHECK_AFTER_DAYS = 90
"""A number that nobody checked for so many days is to be checked (R-S5)."""
SAFETY = (Contact.Purpose.EMERGENCY, Contact.Purpose.SAFETY)


def safety_numbers() -> list[dict[str, Any]]:
    """Emergency and safety numbers for `components/warning.html`. They are shown whatever somebody sends or ticks."""
    return _rows(Contact.objects.filter(purpose__in=SAFETY, kind=Contact.Kind.PHONE))


def all_safety_numbers() -> QuerySet[Contact]:
    """Every number for when someone may be unsafe that is in use, those unchecked for longest first."""
    rows = Contact.objects.filter(purpose__in=SAFETY, kind=Contact.Kind.PHONE)
    return _usable(rows).order_by("last_checked", "position", "label")


def numbers_to_check(day: datetime.date) -> QuerySet[Contact]:
    """Numbers that nobody ever checked, or not for 90 days (R-S5)."""
    last = day - datetime.timedelta(days=CHECK_AFTER_DAYS)
    never = Q(last_checked__isnull=True) | ~Q(status=Contact.Status.VERIFIED)
    return all_safety_numbers().filter(never | Q(last_checked__lt=last))


def is_to_check(contact: Contact, day: datetime.date) -> bool:
    """Twin of `numbers_to_check` for a row in hand."""
    if contact.status != Contact.Status.VERIFIED or contact.last_checked is None:
        return True
    return (day - contact.last_checked).days > CHECK_AFTER_DAYS


def own_case_contacts() -> list[Contact]:
    """Who to ask about one's own child's case, for the page that says what this is not for."""
    return list(_usable(Contact.objects.filter(purpose=Contact.Purpose.MY_CHILD)))


def _usable(rows: Any) -> Any:
    return rows.filter(status__in=[Contact.Status.VERIFIED, Contact.Status.TO_CHECK])


def _rows(contacts: Any) -> list[dict[str, Any]]:
    order = {Contact.Purpose.EMERGENCY: 0, Contact.Purpose.SAFETY: 1}
    found = sorted(
        _usable(contacts), key=lambda contact: (order[contact.purpose], contact.position, contact.label)
    )
    return [
        {
            "label": contact.label,
            "number": contact.shown_as or contact.value,
            # Only a checked number is a link (R-C8).
            "tel": contact.href.removeprefix("tel:"),
            "note": contact.hours,
        }
        for contact in found
    ]
