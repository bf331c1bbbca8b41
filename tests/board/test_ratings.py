"""The board's own rating beside the service's status: neither overwrites the other, and where they differ both are shown."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Action, Category, Plan, Status
from actions.operations import RuleBroken, add_update
from board import operations, permissions, reasons, work
from board.models import BoardRating
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import User
from partnership.roles import SERVICE_ROLES, Role
from tests import factories as make

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
SPEAKERS = {"board", "chair"}


@pytest.fixture
def action() -> Action:
    make.make_partnership()
    return make.make_action(make.make_plan(make.make_service("Inclusion")), title="Papers in time")


@pytest.fixture
def chair() -> User:
    return make.make_user(Role.CHAIR, name="Cass Chair")


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def rate(action: Action, by: User, rating: str = Status.RED, **more: Any) -> BoardRating | None:
    return operations.rate_action(by=by, action=action, rating=rating, reason="Half are late.", **more)


@pytest.mark.requirement("R-Z3", "R-B9")
def test_only_the_chair_and_the_board_rate_and_never_what_they_had_a_part_in() -> None:
    service = make.make_service()
    rows = [
        make.make_action(make.make_plan(service, status=plan), status=status)
        for plan in Plan.Status
        for status in (Status.GREEN, Status.DELIVERED, Status.BLUE, Status.CLOSED)
    ]
    people: dict[str, Any] = {
        role.value: make.make_user(role, service=service if role in SERVICE_ROLES else None) for role in Role
    }
    people |= {"no role": make.make_user(), "signed out": AnonymousUser(), "nobody": None}
    people["left"] = make.make_user(Role.CHAIR, is_active=False)
    people["both"] = make.make_user(Role.BOARD)
    make.make_membership(people["both"], Role.PUBLISHER, service=service)
    expected = {row.pk for row in rows if row.plan.status != "draft" and row.status in ("green", "delivered")}
    assert len(expected) == 4
    for name, person in people.items():
        may = {row.pk for row in rows if permissions.can_rate_for_board(person, row)}
        assert may == (expected if name in SPEAKERS else set()), name
        assert set(permissions.ratable_for_board(person).values_list("pk", flat=True)) == may, name
        told = {row.pk for row in rows if not reasons.why_not_rate(person, row)}
        assert told == may, name


@pytest.mark.requirement("R-Z3")
def test_people_inside_read_ratings_and_nobody_else(action: Action) -> None:
    rating = make.make_board_rating(action)
    for role in Role:
        seen = list(BoardRating.objects.visible_to(make.make_user(role)))
        assert seen == ([] if role == Role.FAMILY else [rating]), role
    for person in (None, AnonymousUser(), make.make_user()):
        assert not BoardRating.objects.visible_to(person).exists()


@pytest.mark.requirement("R-Z3")
def test_neither_the_board_nor_the_service_overwrites_the_other(action: Action, chair: User) -> None:
    before = Action.objects.values().get(pk=action.pk)
    rate(action, chair)
    assert Action.objects.values().get(pk=action.pk) == before
    writer = make.make_user(Role.PUBLISHER, service=action.service)
    add_update(by=writer, action=action, status=Status.AMBER, reason="We catch up by May.", narrative="Late.")
    [rating] = BoardRating.objects.all()
    assert (rating.rating, rating.reason, rating.by) == (Status.RED, "Half are late.", chair)
    assert Action.objects.get(pk=action.pk).status == Status.AMBER


@pytest.mark.requirement("R-Z3")
@pytest.mark.parametrize("status", [Status.BLUE, Status.CLOSED])
def test_a_finished_action_is_not_rated_and_the_words_come_back(chair: User, status: str) -> None:
    make.make_partnership()
    done = make.make_action(status=status)
    with pytest.raises(RuleBroken):
        rate(done, chair)
    sent = {"rating": "red", "reason": "We have not seen it.", "token": new_token()}
    answer = signed_in(chair).post(f"/board/actions/{done.ref}/rating/", sent)
    assert answer.status_code == 403
    assert "We have not seen it." in answer.content.decode()
    assert "complete or closed now" in answer.content.decode()
    assert not BoardRating.objects.exists()


@pytest.mark.requirement("R-Z3")
def test_a_rating_needs_its_reason_and_a_word_of_the_key(action: Action, chair: User) -> None:
    browser, path = signed_in(chair), f"/board/actions/{action.ref}/rating/"
    page = browser.post(path, {"rating": "red", "reason": " ", "token": new_token()})
    assert (page.status_code, "Say why the board rates it so." in page.content.decode()) == (422, True)
    for wrong in ("blue", "closed", "purple"):
        assert browser.post(path, {"rating": wrong, "reason": "Why", "token": new_token()}).status_code == 422
        with pytest.raises(RuleBroken):
            rate(action, chair, wrong)
    with pytest.raises(RuleBroken):
        operations.rate_action(by=chair, action=action, rating="red", reason="  ")
    assert not BoardRating.objects.exists()


@pytest.mark.requirement("R-Z3")
def test_a_double_click_rates_once_and_the_newest_rating_counts(action: Action, chair: User) -> None:
    browser, path = signed_in(chair), f"/board/actions/{action.ref}/rating/"
    sent = {"rating": "red", "reason": "Half are late.", "token": new_token()}
    assert browser.post(path, sent).status_code == 302
    again = browser.post(path, sent, follow=True)
    assert "Nothing was added twice." in again.content.decode()
    assert BoardRating.objects.count() == 1
    assert list(BoardRating.objects.disagreeing()) == list(BoardRating.objects.all())
    browser.post(path, {"rating": "green", "reason": "They caught up.", "token": new_token()})
    assert BoardRating.objects.count() == 2
    assert not BoardRating.objects.disagreeing().exists()
    assert BoardRating.objects.newest_of_each().get().reason == "They caught up."


@pytest.mark.requirement("R-Z3")
def test_the_rule_and_its_twin_agree_on_what_differs() -> None:
    make.make_partnership()
    for status in Status:
        for rating in (Status.RED, Status.GREEN):
            make.make_board_rating(make.make_action(status=status), rating=rating)
    rows = BoardRating.objects.select_related("action")
    expected = {row.pk for row in rows if row.differs}
    assert set(BoardRating.objects.disagreeing().values_list("pk", flat=True)) == expected
    assert len(expected) == 2 * 5 - 2  # open or delivered, and not the same


@pytest.mark.requirement("R-Z3")
def test_disagreement_stands_on_the_boards_pages_with_both_reasons_and_its_number_opens_its_list(
    action: Action, chair: User
) -> None:
    make.make_update(action, narrative="All papers went out.", status=Status.GREEN)
    agreed = make.make_action(action.plan, status=Status.GREEN)
    draft = make.make_action(make.make_plan(status=Plan.Status.DRAFT))
    make.make_board_rating(action, by=chair, reason="Half are late.")
    make.make_board_rating(agreed, by=chair, rating=Status.GREEN)
    make.make_board_rating(draft, by=chair)
    member = signed_in(make.make_user(Role.BOARD))
    [number] = [row for row in member.get("/board/").context["numbers"] if "by the board" in row["label"]]
    assert (number["value"], number["url"]) == (1, "/board/actions/?flag=differs")
    of_priority = f"/board{action.priority.get_absolute_url()}"
    assert [
        n["value"] for n in member.get(of_priority).context["numbers"] if "by the board" in n["label"]
    ] == [1]
    for path in (number["url"], "/board/exceptions/", "/board/", of_priority):
        page = member.get(path).content.decode()
        assert re.findall(r'portal-exception__title"><a [^>]*>([^:]+):', page) == [action.ref], path
        words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
        assert (
            "Rated differently. The service says Green: on track . The board says Red: off track ." in words
        )
        assert "Why the board says so: Half are late." in words
        assert "Last update: All papers went out." in words


@pytest.mark.requirement("R-Z3")
def test_the_action_page_shows_both_to_people_inside_and_neither_rating_nor_link_to_others(
    action: Action, chair: User
) -> None:
    make.make_board_rating(action, by=chair, reason="Half are late.", at=timezone.now() - HOUR)
    make.make_board_rating(action, by=chair, rating=Status.AMBER, reason="They catch up.")
    url, link = action.get_absolute_url(), f"/board/actions/{action.ref}/rating/"
    writer = make.make_user(Role.CONTRIBUTOR, service=action.service)
    inside = signed_in(writer).get(url).content.decode()
    assert "The board rates it differently" in inside
    assert inside.index("They catch up.") < inside.index("Half are late.")
    assert link not in inside
    assert link in signed_in(chair).get(url).content.decode()
    assert "They catch up." in signed_in(writer).get(f"{url}update/").content.decode()
    for browser in (Client(), signed_in(make.make_user())):
        page = browser.get(url).content.decode()
        assert "board rates" not in page
        assert "They catch up." not in page


@pytest.mark.requirement("R-Z3")
def test_a_rating_shows_on_kept_pages_at_the_next_look(
    action: Action, chair: User, settings: Any, django_capture_on_commit_callbacks: Callable
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    member = signed_in(make.make_user(Role.BOARD))
    pages = ["/board/", "/board/exceptions/", "/board/actions/", "/board/actions/?flag=differs"]
    for page in pages:
        assert "Half are late." not in member.get(page).content.decode(), page
    with django_capture_on_commit_callbacks(execute=True):
        rate(action, chair)
    for page in pages:
        assert "Half are late." in member.get(page).content.decode(), page


@pytest.mark.requirement("R-Z3", "R-W1")
def test_the_service_finds_it_in_my_work_until_it_has_said_something(action: Action, chair: User) -> None:
    writer = make.make_user(Role.PUBLISHER, service=action.service)
    other = make.make_user(Role.PUBLISHER, service=make.make_service())
    make.make_board_rating(make.make_action(action.plan), by=chair, rating=Status.GREEN)
    rate(action, chair, at=timezone.now() - HOUR)
    [item] = work.work_items(writer, today=today())
    assert (item.group, item.url) == ("The board rates this differently", f"/actions/{action.ref}/update/")
    assert item.detail == "You said: Green: on track. The board says: Red: off track"
    assert "The board rates this differently" in signed_in(writer).get("/my-work/").content.decode()
    for nobody in (other, chair, make.make_user(Role.PROGRAMME), make.make_user(), AnonymousUser()):
        assert work.work_items(nobody, today=today()) == []
    add_update(by=writer, action=action, status=Status.GREEN, narrative="We looked again. It is on track.")
    assert work.work_items(writer, today=today()) == []
    assert BoardRating.objects.disagreeing().exists()  # the board still sees that they differ


@pytest.mark.requirement("R-Z2")
def test_where_the_list_in_my_work_is_cut_a_must_is_not_cut_off(action: Action, chair: User) -> None:
    writer = make.make_user(Role.PUBLISHER, service=action.service)
    for number in range(work.SHOWN):
        could = make.make_action(action.plan, category=Category.COULD)
        make.make_board_rating(could, by=chair, at=timezone.now() - (number + 1) * HOUR)
    must = make.make_action(action.plan, category=Category.MUST)
    make.make_board_rating(must, by=chair)
    items = work.work_items(writer, today=today())
    assert len(items) == work.SHOWN
    assert items[0].title == f"{must.ref}: {must.title}"


def test_ratings_cost_no_question_for_each_row(action: Action, chair: User) -> None:
    member, writer = signed_in(chair), make.make_user(Role.PUBLISHER, service=action.service)

    def questions() -> list[int]:
        counts = []
        for path, browser in (("/board/exceptions/", member), ("/my-work/", signed_in(writer))):
            browser.get(path)
            with CaptureQueriesContext(connection) as caught:
                browser.get(path)
            counts.append(len(caught))
        return counts

    make.make_board_rating(action, by=chair)
    with_one = questions()
    for _ in range(2):
        make.make_board_rating(make.make_action(action.plan, category=Category.MUST), by=chair)
    assert questions() == with_one
