"""The mail that tells each person once a week what waits for them; nothing to say, nothing sent (R-W5).

`run_due_jobs` calls `queue_digests` each minute. It looks once on each working day, from seven in the morning. Then it makes
the list of everybody whose weekday has come since it last looked: so a bank holiday, and a day on which the portal did not
run, are made good on the next working day. Nobody has two in a week.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from actions.digest import ActionDigest
from foundation.outbox import OutboxMail, new_mail, queue_mails
from foundation.templatetags.ui import day as in_words
from foundation.templatetags.ui import plural
from partnership.calendar import is_working_day, week_start
from partnership.mailing import Part, gets_mail, people_on, weekday_of, weekdays_since
from partnership.models import BankHoliday, DigestDay, Partnership, User, Weekday
from voice.digest import VoiceDigest

FROM_HOUR = 7
"""Nobody's telephone rings at midnight."""


def queue_digests(*, now: datetime.datetime | None = None) -> int:
    """Put the mails of today in the outbox; returns how many. Safe to run twice at once, and cheap when nothing is due."""
    moment = timezone.localtime(now)
    day = moment.date()
    if moment.hour < FROM_HOUR or not is_working_day(day, holidays=()):
        return 0
    if DigestDay.objects.filter(day=day).exists() or BankHoliday.objects.filter(date=day).exists():
        return 0
    mails, actions = _make(day)
    # Made before, so that nobody who saves something waits for it.
    with transaction.atomic():
        # The row of the day is the lock: whoever comes second waits for it here, and then finds it.
        if not DigestDay.objects.get_or_create(day=day, defaults={"mails": len(mails)})[1]:
            return 0
        queue_mails(mails)
        actions.save()
    return len(mails)


def _make(day: datetime.date) -> tuple[list[OutboxMail], ActionDigest]:
    people = people_on(day)
    due = _due(people, day)
    actions, voice = ActionDigest(people, due, day=day), VoiceDigest()
    partnership = Partnership.objects.first() or Partnership(name="the SEND partnership")
    mails = []
    for person in filter(gets_mail, due):
        parts = actions.parts_for(person) + voice.parts_for(person)
        if parts:
            subject, body = _words(person, parts, partnership=partnership, day=day)
            mails.append(new_mail(to=person.email, subject=subject, body=body, dedupe_key=_key(person, day)))
    return mails, actions


def _due(people: list[User], day: datetime.date) -> list[User]:
    """Whose weekday has come, and who had no list yet in this week."""
    last = DigestDay.objects.filter(day__lt=day).values_list("day", flat=True).first()
    weekdays = weekdays_since(last, day)
    found = {_key(person, day): person for person in people if weekday_of(person) in weekdays}
    had = set(OutboxMail.objects.filter(dedupe_key__in=found).values_list("dedupe_key", flat=True))
    return [person for key, person in found.items() if key not in had]


def _key(person: User, day: datetime.date) -> str:
    return f"digest:{person.pk}:{week_start(day)}"


def _words(
    person: User, parts: list[Part], *, partnership: Partnership, day: datetime.date
) -> tuple[str, str]:
    """Subject and text: short sentences, and links with the whole address."""
    count = sum(part.count for part in parts)
    waits = f"{plural(count, 'thing waits,things wait')} for you"
    sections = "\n\n".join(_section(part) for part in parts)
    body = (
        f"Hello {person.name},\n\n"
        f"{waits} in the portal of {partnership.name}. Today is {in_words(day)}.\n\n"
        f"{sections}\n\n"
        f"Sign in to see all of it:\n{_address(reverse('portal:my_work'))}\n\n"
        f"This mail comes each {Weekday(weekday_of(person)).label} when something waits.\n"
        f"Choose another day, or stop it:\n{_address(reverse('partnership:mail'))}\n"
    )
    return f"{waits}: {partnership.short_name or partnership.name}", body


def _section(part: Part) -> str:
    lines = [f"- {text}\n  {_address(path)}" for text, path in part.lines]
    head = f"{part.heading.upper()} ({part.count})"
    more = [f"- And {part.more} more."] if part.more else []
    return "\n".join([head, *lines, *more])


def _address(path: str) -> str:
    return settings.PORTAL_ADDRESS.rstrip("/") + path
