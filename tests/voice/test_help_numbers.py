"""The numbers every sender sees are checked, and staff are warned at 90 days; a way out stands on every page of a child (R-S5, R-S6)."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from foundation.codes import new_code
from partnership.calendar import today
from partnership.models import Contact, User
from tests import factories as make
from voice.help_numbers import all_safety_numbers, is_to_check, numbers_to_check
from voice.models import NumberCheck
from voice.operations import check_number
from voice.operations.errors import CannotDo
from voice.work import work_items

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
DAY = datetime.date(2027, 4, 1)


@pytest.mark.requirement("R-S5")
@pytest.mark.parametrize(("days_ago", "due"), [(0, False), (90, False), (91, True), (400, True)])
def test_a_number_is_to_be_checked_after_90_days(days_ago: int, due: bool, people: dict[str, User]) -> None:
    number = make.make_help_number(last_checked=DAY - datetime.timedelta(days=days_ago))
    assert (is_to_check(number, DAY), list(numbers_to_check(DAY))) == (due, [number] if due else [])
    for who, warned in (("safeguarding", due), ("programme", due), ("moderator", False), ("board", False)):
        items = [item for item in work_items(people[who], today=DAY) if item.group == "Help numbers"]
        assert len(items) == warned, who


@pytest.mark.requirement("R-S5")
def test_a_number_never_checked_is_to_be_checked_and_one_out_of_use_is_not() -> None:
    never = make.make_help_number()
    for other in ({"status": Contact.Status.SUPERSEDED}, {"purpose": Contact.Purpose.HELP}, {"kind": "web"}):
        make.make_help_number(**other)
    emergency = make.make_help_number(purpose=Contact.Purpose.EMERGENCY)
    assert set(all_safety_numbers()) == set(numbers_to_check(DAY)) == {never, emergency}


@pytest.mark.requirement("R-S5")
def test_one_click_says_it_was_checked_today_by_whom(signed_in: SignedIn, people: dict[str, User]) -> None:
    number = make.make_help_number(
        "Worried about a child", last_checked=today() - datetime.timedelta(days=100)
    )
    lead = signed_in("safeguarding")
    assert "Check the help numbers" in lead.get("/voice/safeguarding/").content.decode()
    assert "To be checked" in lead.get("/voice/help-numbers/").content.decode()
    answer = signed_in("programme").post(f"/voice/help-numbers/{number.pk}/checked/", {"value": number.value})
    assert answer.url == "/voice/help-numbers/"
    number.refresh_from_db()
    assert (number.status, number.last_checked, number.href != "") == ("verified", today(), True)
    check = NumberCheck.objects.get()
    assert (check.contact, check.by, check.value) == (number, people["programme"], number.value)
    page = lead.get("/voice/help-numbers/").content.decode()
    assert "To be checked" not in page and people["programme"].name in page
    assert "Check the help numbers" not in lead.get("/voice/safeguarding/").content.decode()


@pytest.mark.requirement("R-S5")
def test_a_number_changed_meanwhile_is_not_called_checked(people: dict[str, User]) -> None:
    number = make.make_help_number()
    seen = number.value
    Contact.objects.filter(pk=number.pk).update(value="01632 960999")
    with pytest.raises(CannotDo, match="changed while you had the page open"):
        check_number(contact=number, value=seen, by=people["programme"])
    number.refresh_from_db()
    assert (number.last_checked, NumberCheck.objects.count()) == (None, 0)


@pytest.mark.requirement("R-S6")
def test_a_way_out_stands_on_the_childs_form_the_safety_page_and_the_code_page(client: Client) -> None:
    code = new_code()
    make.make_comment(route="child", code=code)
    pages = [client.get(path) for path in ("/voice/new/child/", "/help/safe/", "/voice/follow/")]
    pages += [client.post("/voice/follow/", {"code": code} | step) for step in ({}, {"step": "ask"})]
    for page in pages:
        words = page.content.decode()
        assert page.status_code == 200 and "Exit this page" in words
        assert words.index("Exit this page") < words.index("<h1")
