"""The numbers shown beside every way in, as the partnership's data has them (R-V10, R-S1)."""

from typing import Any

from partnership.models import Contact

SAFETY = (Contact.Purpose.EMERGENCY, Contact.Purpose.SAFETY)


def safety_numbers() -> list[dict[str, Any]]:
    """Emergency and safety numbers for `components/warning.html`. They are shown whatever somebody sends or ticks."""
    return _rows(Contact.objects.filter(purpose__in=SAFETY, kind=Contact.Kind.PHONE))


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
