"""Services and their dates, run in the browser by administrators and the programme team."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from foundation.versions import lock_for_edit
from partnership.models import Service, User


class CodeTaken(Exception):
    """Another service has this code; somebody may have saved it a moment ago."""


@transaction.atomic
def create_service(*, by: User, **values: Any) -> Service:
    """Make a service. Its address is made from its name once and stays, because plans and papers link to it."""
    service = Service(slug=_free_slug(values["name"]), **values)
    return _save(service, by=by)


@transaction.atomic
def edit_service(*, service: Service, version: int, by: User, **values: Any) -> Service:
    """Change a service. Raises VersionConflict when somebody else saved first, CodeTaken when the code is in use."""
    found = lock_for_edit(Service.objects.all(), service.pk, version=version)
    for name, value in values.items():
        setattr(found, name, value)
    return _save(found, by=by)


def _save(service: Service, *, by: User) -> Service:
    service._history_user = by
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError as error:
        raise CodeTaken from error
    return service


def _free_slug(name: str) -> str:
    start = slugify(name)[:70] or "service"
    taken = set(Service.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    # "new" is the address of the form that makes a service.
    candidates = [start, *(f"{start}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken and slug != "new")
