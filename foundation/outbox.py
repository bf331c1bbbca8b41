"""Mail waits in the outbox until it is sent, and is never sent while somebody waits for a page.

``queue_mail`` writes a row in the caller's transaction: no change without its mail, no mail without its change. The command
``run_due_jobs`` calls ``send_due``. A mail server that is dead or silent leaves the rows where they are.

**Which failure is chosen.** A mail is claimed before it is sent and marked after, each in a short transaction of its own.
Only if the process is killed, or the line is cut, between the server's acceptance and our mark, it is sent once more when
the claim has run out. The other choice, marking first, would lose such a mail, and it may be the one to the safeguarding
lead. Every try carries the same Message-ID, so that the receiving side can drop the second copy.
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.utils import timezone

from .text import clean_line

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=15)  # longer than any single send can take: EMAIL_TIMEOUT is seconds
LONGEST_WAIT = timedelta(hours=6)
TRIES = 30  # about a week at the longest wait
KEPT_AFTER_SENDING = timedelta(days=90)  # long enough for dedupe keys of yearly-quarter jobs


class OutboxQuerySet(models.QuerySet["OutboxMail"]):
    """Questions the jobs page and ``send_due`` ask."""

    def waiting(self) -> "OutboxQuerySet":
        """Mails not sent yet, given up ones too."""
        return self.filter(sent_at=None)

    def due(self, now: datetime) -> "OutboxQuerySet":
        """Mails to try now, the longest waiting first."""
        return self.waiting().filter(next_try_at__lte=now, attempts__lt=TRIES).order_by("next_try_at", "pk")

    def given_up(self) -> "OutboxQuerySet":
        """Mails that failed too often: somebody has to look at the address or the server."""
        return self.waiting().filter(attempts__gte=TRIES)


class OutboxMail(models.Model):
    """One mail to one address. Its words are wiped once it is sent."""

    private_content = True

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error_kind = models.CharField(max_length=100, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sent_at", "next_try_at"], name="outbox_due")]

    def __str__(self) -> str:
        return f"Mail {self.pk}, {'sent' if self.sent_at else 'waiting'}"


def queue_mail(*, to: str, subject: str, body: str, dedupe_key: str | None = None) -> None:
    """Put one mail in the outbox, in the caller's transaction.

    ``dedupe_key`` names the occasion ("digest:17:2026-03-02"): a second mail with the same key is not queued. Raises
    ValueError when the address is empty or not one line.
    """
    queue_mails([new_mail(to=to, subject=subject, body=body, dedupe_key=dedupe_key)])


def new_mail(*, to: str, subject: str, body: str, dedupe_key: str | None = None) -> OutboxMail:
    """One mail that is not in the outbox yet. Raises ValueError as ``queue_mail`` does."""
    address = clean_line(to)
    if not address or address != to.strip() or "@" not in address:
        raise ValueError("A mail needs one address.")
    return OutboxMail(to=address, subject=clean_line(subject)[:200], body=body, dedupe_key=dedupe_key)


def queue_mails(mails: Iterable[OutboxMail]) -> None:
    """Put many mails in the outbox with a few questions of the database, in the caller's transaction."""
    rows = list(mails)
    # A doubled key is passed over in silence, so that the caller's transaction lives and no words reach the server's log.
    OutboxMail.objects.bulk_create(
        rows, batch_size=200, ignore_conflicts=any(mail.dedupe_key is not None for mail in rows)
    )


def send_due(limit: int = 100, *, now: datetime | None = None) -> int:
    """Send up to ``limit`` mails that are due; returns how many were sent. Safe to run twice at the same time.

    One address that is refused does not stop the others. A server that cannot be reached ends the run.
    Never call it in a request or inside a transaction (RuntimeError).
    """
    sent = 0
    server = get_connection()
    try:
        for _ in range(limit):
            mail = _claim_next(now or timezone.now())
            if mail is None:
                break
            outcome = _try(mail, server)
            if outcome == "sent":
                sent += 1
            elif outcome == "no server":
                break
    finally:
        _close(server)
    return sent


def _claim_next(now: datetime) -> OutboxMail | None:
    """Take the next mail for this process: it is not due for anyone else until the claim runs out."""
    with transaction.atomic(durable=True):
        mail = OutboxMail.objects.due(now).select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        mail.attempts += 1
        mail.next_try_at = now + CLAIM
        mail.save(update_fields=["attempts", "next_try_at"])
    return mail


def _try(mail: OutboxMail, server: BaseEmailBackend) -> str:
    try:
        server.open()
    except Exception as error:  # noqa: BLE001 - any failure leaves the mail in the outbox
        _put_back(mail, error)
        return "no server"
    try:
        _message(mail, server).send()
    except Exception as error:  # noqa: BLE001
        _put_back(mail, error)
        if not isinstance(error, smtplib.SMTPRecipientsRefused):
            _close(server)  # the line may be broken; the next mail opens a new one
        return "failed"
    _mark_sent(mail)
    return "sent"


def _mark_sent(mail: OutboxMail) -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), body="", last_error_kind="")


def _message(mail: OutboxMail, server: BaseEmailBackend) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    stamp = int(mail.created_at.timestamp())
    headers = {"Message-ID": f"<outbox-{mail.pk}-{stamp}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(mail.subject, mail.body, to=[mail.to], headers=headers, connection=server)


def _put_back(mail: OutboxMail, error: Exception) -> None:
    """Note the kind of failure and when to try again: 1, 2, 4, 8 minutes and so on, six hours at most."""
    # The kind alone: a mail server's words often repeat the address or the text.
    kind = type(error).__name__
    wait = min(timedelta(minutes=2 ** min(mail.attempts - 1, 10)), LONGEST_WAIT)
    OutboxMail.objects.filter(pk=mail.pk).update(next_try_at=timezone.now() + wait, last_error_kind=kind)
    logger.warning("Mail %s was not sent: %s (try %s)", mail.pk, kind, mail.attempts)


def _close(server: Any) -> None:
    try:
        server.close()
    except Exception as error:  # noqa: BLE001 - a server that hangs up first is no failure of ours
        logger.info("The mail server closed the line: %s", type(error).__name__)


def purge_sent_mail(*, now: datetime | None = None) -> int:
    """Delete mails sent more than 90 days ago; run by ``run_due_jobs``. Returns how many rows went."""
    before = (now or timezone.now()) - KEPT_AFTER_SENDING
    deleted, _ = OutboxMail.objects.filter(sent_at__lt=before).delete()
    return deleted
