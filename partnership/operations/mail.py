"""The day on which a person is mailed what waits, or that they are not (R-W5)."""

from django.db import transaction
from django.utils import timezone

from partnership.models import MailPreference, User, Weekday


@transaction.atomic
def choose_mail_day(*, by: User, weekday: int | None) -> MailPreference:
    """Keep a person's own choice: a weekday, or None for no such mail. Choosing the same twice changes nothing."""
    kept = MailPreference.objects.filter(person=by).first()
    day = weekday if weekday is not None else (kept.weekday if kept else Weekday.MONDAY)
    wanted = weekday is not None
    if kept is not None and (kept.weekday, kept.is_wanted) == (day, wanted):
        return kept
    values = {"weekday": day, "is_wanted": wanted, "chosen_at": timezone.now()}
    return MailPreference.objects.update_or_create(person=by, defaults=values)[0]
