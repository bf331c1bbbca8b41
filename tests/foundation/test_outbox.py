"""Mail waits in the outbox, is sent once, and stays there while the mail server is away."""

from __future__ import annotations

import smtplib
import socket
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from foundation import outbox
from foundation.outbox import OutboxMail, purge_sent_mail, queue_mail, send_due

sent: list[tuple[str, str, str]] = []


class Server(BaseEmailBackend):
    """A mail server that does as it is told."""

    mood = "well"

    def open(self):
        if Server.mood == "dead":
            raise ConnectionRefusedError("canary: no such host for family@example.org")
        return True

    def send_messages(self, messages):
        for message in messages:
            if "refused" in message.to[0]:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"canary")})
            if Server.mood == "breaks":
                raise smtplib.SMTPServerDisconnected("canary")
            if Server.mood == "slow":
                time.sleep(0.02)
            sent.append((message.to[0], message.subject, message.extra_headers["Message-ID"]))
        return len(messages)


@pytest.fixture(autouse=True)
def _server(settings):
    settings.EMAIL_BACKEND = "tests.foundation.test_outbox.Server"
    Server.mood = "well"
    sent.clear()


def write(to="family@example.org", **options):
    queue_mail(to=to, subject="Your answer is here", body="canary-words", **options)


@pytest.mark.django_db
class TestQueue:
    def test_a_mail_waits_until_it_is_sent_and_then_its_words_are_wiped(self):
        write()
        assert sent == []
        assert send_due() == 1
        mail = OutboxMail.objects.get()
        assert [(to, subject) for to, subject, _ in sent] == [("family@example.org", "Your answer is here")]
        assert (mail.body, mail.sent_at is not None, mail.attempts, mail.last_error_kind) == ("", True, 1, "")
        assert send_due() == 0

    def test_a_mail_goes_with_the_change_it_tells_of(self):
        with transaction.atomic():
            write()
            transaction.set_rollback(True)
        assert send_due() == 0

    def test_the_same_occasion_is_told_once(self):
        write(dedupe_key="digest:1:2026-03-02")
        write(dedupe_key="digest:1:2026-03-02")
        write(dedupe_key="digest:2:2026-03-02")
        write()
        write()
        assert send_due() == 4
        write(dedupe_key="digest:1:2026-03-02")
        assert send_due() == 0

    @pytest.mark.parametrize(
        "to", ["", "  ", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org\x00"]
    )
    def test_an_address_that_is_none_is_refused(self, to):
        with pytest.raises(ValueError, match="one address"):
            write(to=to)

    def test_a_subject_is_one_line(self):
        queue_mail(to="a@example.org", subject="One\r\nBcc: x@example.org", body="x")
        assert OutboxMail.objects.get().subject == "One Bcc: x@example.org"

    def test_no_more_than_the_limit_goes_at_a_time(self):
        for _ in range(3):
            write()
        assert [send_due(limit=2), send_due(limit=2)] == [2, 1]


@pytest.mark.django_db
class TestFailure:
    def test_a_dead_server_leaves_the_mails_and_they_go_later(self, caplog):
        write()
        write("other@example.org")
        Server.mood = "dead"
        assert send_due() == 0
        kinds = sorted(OutboxMail.objects.values_list("attempts", "last_error_kind"))
        assert kinds == [(0, ""), (1, "ConnectionRefusedError")]  # one try tells that the server is away
        assert "canary" not in caplog.text
        Server.mood = "well"
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            assert send_due() == 2
        assert len(sent) == 2

    def test_a_refused_address_does_not_stop_the_others(self):
        write("refused@example.org")
        write("family@example.org")
        assert send_due() == 1
        assert list(OutboxMail.objects.waiting().values_list("to", "last_error_kind")) == [
            ("refused@example.org", "SMTPRecipientsRefused")
        ]

    def test_each_try_waits_longer_up_to_six_hours(self):
        write()
        Server.mood = "breaks"
        waits, now = [], timezone.now()
        for _ in range(outbox.TRIES):
            with time_machine.travel(now, tick=False):
                send_due()
                mail = OutboxMail.objects.get()
                waits.append((mail.next_try_at - now) // timedelta(minutes=1))
                now = mail.next_try_at
        assert waits[:10] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
        assert set(waits[10:]) == {360}
        Server.mood = "well"
        with time_machine.travel(now + timedelta(days=1), tick=False):
            assert send_due() == 0
            assert OutboxMail.objects.given_up().count() == 1

    def test_every_try_carries_the_same_message_id(self, monkeypatch):
        write()
        seen = []
        monkeypatch.setattr(
            Server, "send_messages", lambda self, messages: seen.append(messages[0].message()["Message-ID"])
        )
        monkeypatch.setattr(outbox, "_mark_sent", lambda mail: None)  # killed between sending and marking
        send_due()
        with time_machine.travel(timezone.now() + timedelta(minutes=14)):
            send_due()
        assert len(seen) == 1
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            send_due()
        assert len(seen) == 2
        assert seen[0] == seen[1]


@pytest.mark.django_db(transaction=True)
def test_sending_inside_a_transaction_is_refused():
    write()
    with pytest.raises(RuntimeError), transaction.atomic():
        send_due()
    assert send_due() == 1


def test_many_senders_at_once_send_each_mail_once(at_once):
    at_once(lambda: [write(f"n{n}@example.org") for n in range(20)])
    Server.mood = "slow"
    results = at_once(*[send_due] * 4)
    assert sum(results) == 20
    assert sorted(to for to, _, _ in sent) == sorted(f"n{n}@example.org" for n in range(20))


@pytest.mark.django_db
def test_a_silent_server_is_given_up_after_the_timeout(settings):
    """The server takes the line and never says a word; real SMTP code waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.2
        write()
        assert send_due() == 0
    assert OutboxMail.objects.waiting().values_list("attempts", "last_error_kind").get() == (
        1,
        "SMTPServerDisconnected",  # what smtplib makes of the time-out
    )


@pytest.mark.django_db
def test_sent_mails_go_after_ninety_days_and_waiting_ones_stay():
    write()
    send_due()
    write("waiting@example.org")
    now = timezone.now()
    assert purge_sent_mail(now=now + timedelta(days=89)) == 0
    assert purge_sent_mail(now=now + timedelta(days=91)) == 1
    assert OutboxMail.objects.get().to == "waiting@example.org"
