"""Someone may be unsafe: a lane of its own, told at once, in nobody else's list or count (R-S1 to R-S4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from foundation.outbox import OutboxMail
from partnership.calendar import today
from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice.models import Comment, Decision, Route, SafeguardingFlag, Stage
from voice.operations import (
    approve_comment,
    flag_comment,
    mark_flag_read,
    record_outcome,
    refuse_comment,
    second_approve_comment,
    send_back_comment,
)
from voice.operations.errors import CannotDo

from .journey import send

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]


def tick(client: Client, text: str = "SECRETWORDS of a child") -> None:
    send(client, "child", topic="felt", text=text, unsafe="on", email="SECRETADDRESS@example.org")


@pytest.mark.requirement("R-S1")
def test_the_senders_tick_raises_a_flag(client: Client, at_once: None) -> None:
    tick(client)
    flag = SafeguardingFlag.objects.get()
    assert (flag.raised_from, flag.raised_by, flag.comment.is_flagged) == ("sender", None, True)


@pytest.mark.requirement("R-S3")
def test_the_leads_are_told_at_once_without_a_word_of_it(
    client: Client, at_once: None, people: dict[str, User]
) -> None:
    deputy = make.make_user()
    make.make_membership(deputy, Role.SAFEGUARDING, is_deputy=True)
    second_lead = make.make_user(Role.SAFEGUARDING)
    make.make_user(Role.SAFEGUARDING, is_active=False)
    tick(client)
    mails = OutboxMail.objects.order_by("to")
    assert [mail.to for mail in mails] == sorted([people["safeguarding"].email, second_lead.email])
    for mail in mails:
        assert f"{django_settings.PORTAL_ADDRESS}/voice/safeguarding/" in mail.body
        assert "SECRET" not in mail.subject + mail.body
        assert "child" not in mail.subject + mail.body


@pytest.mark.requirement("R-S3")
def test_without_a_lead_the_deputies_are_told(client: Client, at_once: None) -> None:
    deputy = make.make_user()
    make.make_membership(deputy, Role.SAFEGUARDING, is_deputy=True)
    tick(client)
    assert [mail.to for mail in OutboxMail.objects.all()] == [deputy.email]


@pytest.mark.requirement("R-S3")
def test_a_moderators_mark_tells_the_lead_too(signed_in: SignedIn, people: dict[str, User]) -> None:
    comment = make.make_comment("SECRETWORDS")
    signed_in("moderator").post(f"/voice/inbox/{comment.pk}/", {"step": "flag"})
    mail = OutboxMail.objects.get()
    assert (mail.to, "SECRET" in mail.body) == (people["safeguarding"].email, False)


@pytest.mark.requirement("R-S2")
def test_a_marked_comment_leaves_every_public_page_at_once(
    client: Client,
    service: Service,
    people: dict[str, User],
    django_capture_on_commit_callbacks: Any,
    settings: Any,
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    action = make.make_action(make.make_plan(service))
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="Public until now")
    answer = make.make_response(comment, actions=(action,), you_said="Public paraphrase")
    pages = ["/voice/you-said-we-did/", f"/voice/you-said-we-did/{answer.pk}/"]
    assert ["Public" in client.get(page).content.decode() for page in pages] == [True, True]
    assert action.voices.to_show(None).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        flag_comment(comment=comment, by=people["moderator"])
    assert ["Public" in client.get(page).content.decode() for page in pages] == [False, False]
    assert action.voices.to_show(None).count() == 0


@pytest.mark.requirement("R-S2")
def test_a_marked_comment_is_not_published_answered_or_approved(
    signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    comment = make.make_comment(flagged=True)
    words = {
        "step": "approve",
        "text": "W.",
        "summary": "S.",
        "service": service.pk,
        "version": comment.version,
    }
    assert signed_in("moderator").post(f"/voice/inbox/{comment.pk}/", words).status_code == 404
    calm = make.make_comment()
    signed_in("moderator").post(f"/voice/inbox/{calm.pk}/", words | {"version": calm.version})
    stages = [Comment.objects.get(pk=row.pk).stage for row in (comment, calm)]
    assert stages == [Stage.RECEIVED, Stage.APPROVED]


@pytest.mark.requirement("R-S2")
def test_no_operation_decides_about_what_was_marked_since_somebody_opened_it(
    service: Service, people: dict[str, User]
) -> None:
    first, by = people["moderator2"], people["moderator"]
    new = make.make_comment()
    child = make.make_comment(stage=Stage.SECOND_CHECK, route=Route.CHILD, first_approved_by=first)
    make.make_redaction(child, by=first)
    made = {"text": "W.", "summary": "S.", "service": service}
    steps: list[Callable[[], object]] = [
        lambda: approve_comment(comment=new, version=new.version, by=by, **made),
        lambda: refuse_comment(comment=new, version=new.version, reason="identifies", by=by),
        lambda: second_approve_comment(comment=child, version=child.version, by=by),
        lambda: send_back_comment(comment=child, version=child.version, by=by),
    ]
    for row in (new, child):
        make.make_flag(row)
        row.refresh_from_db()
    for step in steps:
        with pytest.raises(Comment.DoesNotExist):
            step()
    assert not Decision.objects.exists()


@pytest.mark.requirement("R-S2")
def test_the_moderator_who_marked_it_reads_it_until_safeguarding_has_it(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    comment = make.make_comment("Words that worry me")
    mine, other = signed_in("moderator"), signed_in("moderator2")
    page = f"/voice/inbox/{comment.pk}/"
    mine.post(page, {"step": "flag"})
    assert "Words that worry me" in mine.get(page).content.decode()
    refused = mine.post(page, {"step": "claim"})
    comment.refresh_from_db()
    assert (refused.url, comment.claimed_by, comment.is_flagged) == ("/voice/inbox/", None, True)
    assert other.get(page).status_code == 404
    flag = SafeguardingFlag.objects.get()
    signed_in("safeguarding").post(f"/voice/safeguarding/{flag.pk}/", {"step": "read"})
    assert mine.get(page).status_code == 404


@pytest.mark.requirement("R-S2")
def test_only_safeguarding_has_the_lane(people: dict[str, User], signed_in: SignedIn) -> None:
    flag = make.make_comment(flagged=True).flag
    for page in ("/voice/safeguarding/", f"/voice/safeguarding/{flag.pk}/"):
        got = {who: signed_in(who).get(page).status_code for who in people if who != "left"}
        assert {who for who, status in got.items() if status == 200} == {"safeguarding"}
        assert set(got.values()) <= {200, 403, 404}


def test_opening_writes_down_who_read_it_first_and_only_then_shows_the_words(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    flag = make.make_comment("Words that worry me", flagged=True, email="me@example.org").flag
    page = f"/voice/safeguarding/{flag.pk}/"
    lead = signed_in("safeguarding")
    before = lead.get(page).content.decode()
    assert ("Words that worry me" in before, "me@example.org" in before) == (False, False)
    lead.post(page, {"step": "read"})
    shown = lead.get(page).content.decode()
    assert "Words that worry me" in shown
    assert "me@example.org" in shown
    flag.refresh_from_db()
    assert (flag.read_by, flag.read_at is not None) == (people["safeguarding"], True)
    mark_flag_read(flag=flag, by=make.make_user(Role.SAFEGUARDING))
    flag.refresh_from_db()
    assert flag.read_by == people["safeguarding"]


@pytest.mark.requirement("R-S4")
def test_the_outcome_is_written_down_once_with_who_when_and_reference(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    flag = make.make_comment(flagged=True).flag
    page, lead = f"/voice/safeguarding/{flag.pk}/", signed_in("safeguarding")
    referred = {"step": "outcome", "outcome": "referred", "referred_to": "Social care", "reference": "R-1"}
    lead.post(page, referred)
    flag.refresh_from_db()
    assert (flag.outcome, flag.outcomes.count()) == ("", 0)  # not read yet
    lead.post(page, {"step": "read"})
    without = lead.post(page, {"step": "outcome", "outcome": "referred"})
    assert without.context["form"].errors == {
        "referred_to": ["Write who it was referred to."],
        "reference": ["Write the reference of the referral."],
    }
    lead.post(page, referred)
    flag.refresh_from_db()
    assert (flag.outcome, flag.reference, flag.outcome_by) == ("referred", "R-1", people["safeguarding"])
    assert flag.outcome_at is not None
    row = flag.outcomes.get()
    assert (row.referred_to, row.referred_on, row.by) == ("Social care", today(), people["safeguarding"])
    kinds = Decision.objects.filter(comment=flag.comment).values_list("kind", flat=True)
    assert list(kinds) == ["flag_read", "outcome"]


@pytest.mark.requirement("R-S4")
def test_a_correction_is_a_new_row_and_needs_eyes_on_the_old_one(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    flag = make.make_comment(flagged=True).flag
    mark_flag_read(flag=flag, by=people["safeguarding"])
    record_outcome(flag=flag, outcome="known", by=people["safeguarding"])
    with pytest.raises(CannotDo, match="already written down"):
        record_outcome(flag=flag, outcome="signposted", by=people["safeguarding"])
    page, lead = f"/voice/safeguarding/{flag.pk}/", signed_in("safeguarding")
    typed = {"step": "outcome", "outcome": "referred", "referred_to": "Social care", "reference": "R-9"}
    late = lead.post(page, typed | {"version": "0"})
    assert (late.status_code, late.context["form"]["reference"].value()) == (422, "R-9")
    assert "has already written down what was done" in late.content.decode()
    assert lead.post(page, typed | {"version": late.context["form"]["version"].value()}).status_code == 302
    assert list(flag.outcomes.values_list("outcome", flat=True)) == ["known", "referred"]
    shown = lead.get(page).content.decode()
    assert "Social care" in shown and "Already known to social care" in shown
    future = {
        f"referred_on_{part}": value
        for part, value in zip(("day", "month", "year"), ("1", "1", "2199"), strict=True)
    }
    told = lead.post(page, typed | future | {"version": "2"})
    assert told.context["form"].errors == {"referred_on": ["This day is still to come."]}


@pytest.mark.requirement("R-S2")
def test_an_outcome_does_not_put_it_back_among_the_others(people: dict[str, User]) -> None:
    flag = make.make_comment(flagged=True, stage=Stage.APPROVED).flag
    mark_flag_read(flag=flag, by=people["safeguarding"])
    record_outcome(flag=flag, outcome="not_safeguarding", by=people["safeguarding"])
    assert list(Comment.objects.unflagged()) == []
    assert list(Comment.objects.published()) == []


def test_unread_ones_come_first(signed_in: SignedIn, people: dict[str, User]) -> None:
    done, open_, unread = (make.make_comment(flagged=True).flag for _ in range(3))
    for flag in (done, open_):
        mark_flag_read(flag=flag, by=people["safeguarding"])
    record_outcome(flag=done, outcome="known", by=people["safeguarding"])
    page = signed_in("safeguarding").get("/voice/safeguarding/")
    assert list(page.context["page"].object_list) == [unread, open_, done]


def test_marking_twice_is_one_flag(people: dict[str, User]) -> None:
    comment = make.make_comment()
    flag_comment(comment=comment, by=people["moderator"], at=timezone.now())
    with pytest.raises(CannotDo, match="already"):
        flag_comment(comment=comment, by=people["moderator2"])
    assert SafeguardingFlag.objects.count() == 1
