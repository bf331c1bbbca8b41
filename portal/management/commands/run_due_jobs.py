"""Everything that is done by the clock rather than by a person. Run it from cron every minute or two."""

from typing import Any

from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.operations.imports import purge_imports
from foundation.outbox import OutboxMail, purge_sent_mail, send_due
from foundation.tokens import purge_spent_tokens
from portal.digest import queue_digests
from voice.operations import ask_whether_it_helped, purge_bookings, purge_drafts, tell_deputies


class Command(BaseCommand):
    """Queue the mails of the week, send what waits, clear away what is not needed. Safe to run twice at once."""

    help = (
        "Remind safeguarding of what nobody has read, queue the weekly mails, ask families whether an answer helped, "
        "send waiting mail, clear away used tokens, sent mail, ended sessions, old bookings and what was begun and not sent "
        "within a day. "
        "For cron, every minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_due()
        tell_deputies()  # what it queues goes a minute later
        purge_spent_tokens()
        purge_sent_mail()
        purge_imports()
        purge_bookings()
        purge_drafts()
        ask_whether_it_helped()
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
        given_up = OutboxMail.objects.given_up().count()
        self.stdout.write(f"{sent} sent, {given_up} given up")
        if given_up:
            self.stderr.write(
                f"{given_up} mails could not be sent after many tries. Look at the mail server."
            )
        # Last, so that nothing it meets could keep waiting mail from going. What it queues goes a minute later.
        if queued := queue_digests():
            self.stdout.write(f"{queued} mails of what waits are queued")
