"""The sender is told of each real step by mail, once, without a word or a code; a dead mail server loses nothing (R-V8)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from partnership.models import Service, User
from tests import factories as make
from voice.models import AnswerRules, Comment, CommentContact, Response, Stage
from voice.operations import (
    add_words,
    answer_helped,
    approve_comment,
    ask_whether_it_helped,
    publish_answer,
    refuse_comment,
    stop_telling,
    submit_comment,
    withdraw_comment,
)

pytestmark = pytest.mark.django_db
ADDRESS = "sender@example.org"
RECEIVED, READ = "We have what you sent us", "We have read what you sent us"
ANSWERED, HELPED = "There is an answer to what you told us", "Did it help?"


def send(**more: Any) -> tuple[Comment, str]:
    words = {"route": "parent-carer", "topic": "felt", "text": "SECRET words", "email": ADDRESS}
    sent = submit_comment(token=new_token(), **words | more)
    return sent.comment, sent.code


def subjects() -> list[str]:
    return list(OutboxMail.objects.filter(to=ADDRESS).order_by("pk").values_list("subject", flat=True))


def approve(comment: Comment, service: Service, by: User) -> None:
    fresh = Comment.objects.get(pk=comment.pk)
    approve_comment(
        comment=fresh,
        version=fresh.version,
        text="SECRET redacted",
        summary="SECRET short",
        service=service,
        by=by,
    )


def answered(comment: Comment, by: User, *, days: int = 0) -> Response:
    answer = make.make_response(
        Comment.objects.get(pk=comment.pk), status=Response.Status.DRAFT, we_did="SECRET"
    )
    at = timezone.now() - datetime.timedelta(days=days)
    return publish_answer(answer=answer, version=1, by=by, at=at)


@pytest.mark.requirement("R-V8", "R-P1")
def test_each_step_is_told_once_without_a_word_of_it(service: Service, people: dict[str, User]) -> None:
    comment, code = send()
    assert subjects() == [RECEIVED]
    approve(comment, service, people["moderator"])
    assert subjects() == [RECEIVED, READ]
    answered(comment, people["publisher"], days=91)
    assert subjects() == [RECEIVED, READ, ANSWERED]
    assert [ask_whether_it_helped() for _ in range(3)] == [1, 0, 0]
    assert subjects() == [RECEIVED, READ, ANSWERED, HELPED]
    for mail in OutboxMail.objects.filter(to=ADDRESS):
        assert "/voice/follow/" in mail.body
        assert [
            word for word in ("SECRET", code, code.replace("-", ""), service.name) if word in mail.body
        ] == []


@pytest.mark.requirement("R-V8")
def test_nobody_is_told_twice_even_when_the_mail_is_gone_from_the_outbox(
    service: Service, people: dict[str, User]
) -> None:
    comment, _ = send()
    refused = Comment.objects.get(pk=comment.pk)
    refuse_comment(comment=refused, version=refused.version, reason="vexatious", by=people["moderator"])
    assert subjects() == [RECEIVED, READ]
    OutboxMail.objects.all().delete()
    approve(comment, service, people["moderator"])
    assert subjects() == []


@pytest.mark.requirement("R-S2")
def test_nothing_is_written_about_what_is_marked_unsafe(service: Service, people: dict[str, User]) -> None:
    send(unsafe=True)
    late = make.make_comment(stage=Stage.ANSWERED, service=service, email=ADDRESS, flagged=True)
    old = timezone.now() - datetime.timedelta(days=100)
    make.make_response(late, published_at=old)
    assert (ask_whether_it_helped(), subjects()) == (0, [])


@pytest.mark.requirement("R-V8")
def test_whoever_asked_us_to_stop_hears_nothing_more(service: Service, people: dict[str, User]) -> None:
    comment, _ = send()
    stop_telling(comment=comment)
    approve(comment, service, people["moderator"])
    answered(comment, people["publisher"], days=100)
    assert (ask_whether_it_helped(), subjects()) == (0, [])


@pytest.mark.requirement("R-S2")
def test_where_someone_may_be_unsafe_the_address_stays_with_safeguarding(people: dict[str, User]) -> None:
    comment, _ = send(unsafe=True)
    stop_telling(comment=comment)
    assert CommentContact.objects.get(comment=comment).email == ADDRESS  # not as it is remembered in the row


@pytest.mark.requirement("R-V8", "R-P1")
def test_taking_it_back_deletes_every_mail_of_every_step(service: Service, people: dict[str, User]) -> None:
    comment, _ = send()
    approve(comment, service, people["moderator"])
    added = add_words(token=new_token(), comment=comment, text="More").comment
    approve(added, service, people["moderator"])
    answered(added, people["publisher"])
    answered(comment, people["publisher"], days=91)
    ask_whether_it_helped()
    assert len(subjects()) == 5
    OutboxMail.objects.update(sent_at=timezone.now())
    withdraw_comment(comment=comment)
    assert subjects() == []


@pytest.mark.requirement("R-V8")
def test_an_answer_to_what_was_added_later_is_told_too_and_one_to_both_once(
    service: Service, people: dict[str, User]
) -> None:
    comment, _ = send()
    added = add_words(token=new_token(), comment=comment, text="More").comment
    for row in (comment, added):
        approve(row, service, people["moderator"])
    answered(added, people["publisher"])
    assert subjects() == [RECEIVED, READ, ANSWERED]
    both = make.make_response(
        *Comment.objects.filter(pk__in=[comment.pk, added.pk]), status=Response.Status.DRAFT
    )
    publish_answer(answer=both, version=1, by=people["publisher"])
    assert subjects() == [RECEIVED, READ, ANSWERED, ANSWERED]


@pytest.mark.requirement("R-Z5")
@pytest.mark.parametrize(
    ("days", "after", "kind", "asked"),
    [(89, 90, "we_did", 0), (91, 90, "we_did", 1), (91, 90, "we_cannot", 0), (11, 10, "we_did", 1)],
)
def test_it_is_asked_after_so_many_days_as_the_partnership_chose(
    service: Service, people: dict[str, User], days: int, after: int, kind: str, asked: int
) -> None:
    AnswerRules.objects.create(pk=1, ask_after_days=after)
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, email=ADDRESS)
    make.make_response(comment, kind=kind, published_at=timezone.now() - datetime.timedelta(days=days))
    assert ask_whether_it_helped() == asked


def test_whoever_has_said_it_already_is_not_asked(service: Service) -> None:
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, email=ADDRESS)
    make.make_response(comment, published_at=timezone.now() - datetime.timedelta(days=100))
    answer_helped(comment=comment, answer="yes")
    assert ask_whether_it_helped() == 0
