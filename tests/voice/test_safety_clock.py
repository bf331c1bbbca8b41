"""How long a mark may stay unread: deputies after four working hours, red for the board after a working day (R-S3, F21)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from foundation.outbox import OutboxMail
from partnership.models import BankHoliday, User
from partnership.roles import Role
from tests import factories as make
from tests.partnership.test_working_time import BY_HAND, FOUR, HOLIDAYS, at
from voice.models import SafeguardingFlag
from voice.operations import flag_comment, mark_flag_read, tell_deputies
from voice.safety_clock import safety_clock, unread_for_a_day
from voice.work import work_items

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
SECOND = datetime.timedelta(seconds=1)
FRIDAY = at("2027-02-12T15:00:00")  # four working hours end on Monday at 11, a working day on Monday at 15


@pytest.fixture(autouse=True)
def holidays() -> None:
    BankHoliday.objects.bulk_create(BankHoliday(date=day, name="Bank holiday") for day in HOLIDAYS)


@pytest.fixture
def deputy() -> User:
    user = make.make_user()
    make.make_membership(user, Role.SAFEGUARDING, is_deputy=True)
    return user


def mark(raised_at: datetime.datetime) -> SafeguardingFlag:
    comment = make.make_comment("SECRETWORDS of a child", email="SECRETADDRESS@example.org")
    return make.make_flag(comment, raised_at=raised_at)


@pytest.mark.requirement("R-S3")
@pytest.mark.parametrize(("raised", "four_hours", "one_day"), BY_HAND)
def test_deputies_hear_and_the_board_sees_red_to_the_second(
    raised: str, four_hours: str, one_day: str, deputy: User
) -> None:
    flag = mark(at(raised))
    assert tell_deputies(now=at(four_hours) - SECOND) == 0
    assert tell_deputies(now=at(four_hours)) == 1
    assert [unread_for_a_day(at(one_day) + step) for step in (-SECOND, 0 * SECOND)] == [0, 1]
    assert [safety_clock(at(one_day) + step).is_red(flag) for step in (-SECOND, 0 * SECOND)] == [False, True]


@pytest.mark.requirement("R-S3")
def test_lead_and_deputies_are_mailed_once_without_a_word_of_it(
    people: dict[str, User], deputy: User, mailoutbox: list[EmailMessage]
) -> None:
    flag = mark(FRIDAY)
    monday = at("2027-02-15T11:00:00")
    with time_machine.travel(monday, tick=False):
        for _ in range(3):
            call_command("run_due_jobs", verbosity=0)
    mails = OutboxMail.objects.filter(subject="Someone may be unsafe: nobody has read it yet")
    assert {mail.to for mail in mails} == {people["safeguarding"].email, deputy.email}
    assert mails.count() == 2
    # The row in the outbox is emptied when it is sent, so what was sent is read.
    assert [mail.subject for mail in mailoutbox] == ["Someone may be unsafe: nobody has read it yet"] * 2
    assert all("/voice/safeguarding/" in str(mail.body) for mail in mailoutbox)
    assert not any("SECRET" in str(mail.body) or "child" in str(mail.body) for mail in mailoutbox)
    flag.refresh_from_db()
    assert flag.deputies_told_at == monday
    assert tell_deputies(now=at("2027-03-20T11:00:00")) == 0


@pytest.mark.requirement("R-S3")
def test_what_was_read_in_time_tells_nobody_and_is_never_red(people: dict[str, User], deputy: User) -> None:
    mark_flag_read(flag=mark(FRIDAY), by=people["safeguarding"], at=FRIDAY + FOUR / 2)
    later = at("2027-02-20T11:00:00")
    assert (tell_deputies(now=later), unread_for_a_day(later)) == (0, 0)


def test_where_nobody_is_in_post_it_is_told_as_soon_as_somebody_is() -> None:
    mark(FRIDAY)
    later = at("2027-02-20T11:00:00")
    assert tell_deputies(now=later) == 0
    make.make_user(Role.SAFEGUARDING)
    assert [tell_deputies(now=later) for _ in range(2)] == [1, 0]


@pytest.mark.requirement("R-S3")
def test_what_is_marked_again_is_told_again_at_once(people: dict[str, User], deputy: User) -> None:
    comment = make.make_comment()
    flag = flag_comment(comment=comment, by=people["moderator"], at=FRIDAY)
    assert tell_deputies(now=at("2027-02-15T11:00:00")) == 2
    SafeguardingFlag.objects.update(released_at=FRIDAY)
    comment.is_flagged = False
    comment.save()
    again = flag_comment(comment=comment, by=people["moderator2"], at=at("2027-02-16T10:00:00"))
    assert (again.pk, again.read_at, again.released_at, again.raised_by) == (
        flag.pk,
        None,
        None,
        people["moderator2"],
    )
    assert OutboxMail.objects.filter(to=people["safeguarding"].email).count() == 3
    assert tell_deputies(now=at("2027-02-16T14:00:00")) == 2


@pytest.mark.requirement("R-S3")
def test_the_board_sees_a_red_number_and_nothing_else(signed_in: SignedIn, people: dict[str, User]) -> None:
    make.make_partnership()
    for _ in range(2):
        mark(FRIDAY)
    mark(at("2027-02-15T12:00:00"))
    for who in ("board", "chair", "adviser", "programme", "assurance"):
        with time_machine.travel(at("2027-02-15T15:00:00"), tick=False):
            member = signed_in(who)
            page = member.get("/board/").content.decode()
            listed = member.get("/board/exceptions/").content.decode()
        assert tile(page) == "red 2 safety marks unread for more than one working day"
        assert "2 safety marks unread for more than one working day" in listed
        assert "SECRET" not in page + listed and "/voice/safeguarding/" not in page + listed
    with time_machine.travel(at("2027-02-15T14:59:59"), tick=False):
        member = signed_in("board")
        assert tile(member.get("/board/").content.decode()).startswith("0 safety marks")
        assert "safety mark" not in member.get("/board/exceptions/").content.decode()


def test_the_number_runs_by_the_hour_though_the_page_is_kept(
    signed_in: SignedIn, people: dict[str, User], settings: object
) -> None:
    settings.PORTAL_PAGE_CACHE = True  # type: ignore[attr-defined]
    make.make_partnership()
    mark(FRIDAY)
    for moment, number in (("2027-02-15T14:59:00", "0"), ("2027-02-15T15:00:30", "red 1")):
        with time_machine.travel(at(moment), tick=False):
            assert tile(signed_in("board").get("/board/").content.decode()).startswith(number)


def tile(page: str) -> str:
    found = next(
        item
        for item in re.findall(r"<li class=\"portal-number[^>]*>.*?</li>", page, re.S)
        if "unread for more than one working day" in item
    )
    red = "red " if "portal-number--red" in found else ""
    return red + " ".join(strip_tags(found).split())


@pytest.mark.requirement("R-S3")
def test_the_lane_and_my_work_say_when_it_is_due(signed_in: SignedIn, people: dict[str, User]) -> None:
    flag = mark(FRIDAY)
    for moment, told in (
        ("2027-02-15T14:00:00", "Not read yet"),
        ("2027-02-15T16:00:00", "Not read for a working day"),
    ):
        with time_machine.travel(at(moment), tick=False):
            lead = signed_in("safeguarding")
            lane = lead.get("/voice/safeguarding/").content.decode()
            item = lead.get(f"/voice/safeguarding/{flag.pk}/").content.decode()
            work = work_items(people["safeguarding"], today=datetime.date(2027, 2, 15))
        assert told in lane and "Due 15 February 2027, 3:00pm" in lane
        assert "told again on 15 February 2027, 11:00am" in item
        assert "15 February 2027, 3:00pm" in item
        assert work[0].detail.endswith("due 15 February 2027, 3:00pm")
