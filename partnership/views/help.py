"""Who to ask for help: for anything, when someone may be unsafe, and about one's own child."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.pages import public_page
from partnership.models import Contact

GROUPS = (
    (Contact.Purpose.HELP, "Help and advice"),
    (Contact.Purpose.MY_CHILD, "About my own child"),
    (Contact.Purpose.DOCUMENT, "Documents and other websites"),
)


@public_page
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody to contact, by what for, each with how far it can be trusted (R-C8)."""
    rows = sorted(Contact.objects.prefetch_related("passages__sources"), key=_has_no_way)
    groups = [
        {
            "title": title,
            "now": [
                row for row in rows if row.purpose == purpose and row.status != Contact.Status.SUPERSEDED
            ],
            "past": [
                row for row in rows if row.purpose == purpose and row.status == Contact.Status.SUPERSEDED
            ],
        }
        for purpose, title in GROUPS
    ]
    return render(request, "partnership/help.html", {"groups": groups})


@public_page
@require_safe
def safe(request: HttpRequest) -> HttpResponse:
    """Whom to ring when someone may be unsafe: large numbers first (R-V10, R-S5)."""
    rows = list(Contact.objects.exclude(status=Contact.Status.SUPERSEDED))
    context = {
        "emergency": [row for row in rows if row.purpose == Contact.Purpose.EMERGENCY],
        "safety": [row for row in rows if row.purpose == Contact.Purpose.SAFETY],
    }
    return render(request, "partnership/help_safe.html", context)


@public_page
@require_safe
def my_child(request: HttpRequest) -> HttpResponse:
    """One's own child's case: whom to ask, how to complain, mediation and appeal."""
    rows = Contact.objects.filter(purpose=Contact.Purpose.MY_CHILD).exclude(status=Contact.Status.SUPERSEDED)
    contacts = sorted(rows.prefetch_related("passages__sources"), key=_has_no_way)
    return render(request, "partnership/help_my_child.html", {"contacts": contacts})


def _has_no_way(contact: Contact) -> bool:
    """Those that can be rung or written to come first."""
    return not contact.value
