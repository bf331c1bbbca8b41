"""A red must outranks any could everywhere things are ordered (R-Z2): every list is asked, not only those we thought of."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from actions.models import Category, Plan, Status
from partnership.calendar import today
from partnership.roles import Role
from tests import factories as make
from voice.models import Stage

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MUST, COULD = "Write the law down", "Print a planner"


@pytest.mark.requirement("R-Z2")
def test_on_every_list_the_red_must_stands_before_the_could() -> None:
    make.make_partnership()
    make.make_category_definitions()
    service = make.make_service("Inclusion", code="INC")
    priority = make.make_priority("Help in time")
    measure = make.make_measure(slug="calls")
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, priority=priority)
    waiting = make.make_comment(stage=Stage.APPROVED, service=service, priority=priority)
    # The could is everywhere the older, the later told of and the first in the alphabet; the must is due last.
    for plan in (
        make.make_plan(service, slug="open"),
        make.make_plan(service, slug="draft", status=Plan.Status.DRAFT),
    ):
        pair = [
            make.make_action(
                plan, title=title, priority=priority, category=category, status=Status.RED, due=due
            )
            for title, category, due in (
                (COULD, Category.COULD, today() - 9 * DAY),
                (MUST, Category.MUST, today() + 9 * DAY),
            )
        ]
        for number, action in enumerate(reversed(pair)):
            make.make_update(
                action, public=False, at=timezone.now() - (9 - number) * DAY, public_words=action.title
            )
        if plan.slug == "open":
            shown = pair
    for action in shown:
        make.make_action_measure(action, measure)
        make.make_board_rating(action, rating=Status.GREEN)
    answer = make.make_response(comment, service=service, actions=tuple(shown))
    publisher, member, visitor = Client(), Client(), Client()
    publisher.force_login(make.make_user(Role.PUBLISHER, service=service))
    member.force_login(make.make_user(Role.BOARD))
    asked = {
        visitor: [
            "/actions/", "/actions/?status=red", "/plans/open/", priority.get_absolute_url(), "/measures/calls/",
            "/voice/you-said-we-did/", answer.get_absolute_url(), f"/thread/priority/{priority.pk}/",
            f"/thread/comment/{comment.pk}/", f"/thread/answer/{answer.pk}/", "/thread/measure/calls/",
        ],
        publisher: [
            "/my-work/", "/plans/draft/", "/plans/draft/publish/", "/plans/open/waiting/",
            f"/voice/answers/new/?comment={waiting.pk}",
        ],
        member: [
            "/board/", "/board/exceptions/", "/board/actions/", "/board/actions/?flag=differs",
            f"/board{priority.get_absolute_url()}",
        ],
    }  # fmt: skip
    wrong = []
    for browser, addresses in asked.items():
        for address in addresses:
            page = browser.get(address).content.decode().split("<main")[1]
            for part in (page, *re.split("<fieldset|<h2", page)):
                places = (part.find(MUST), part.find(COULD))
                if -1 not in places and places[0] > places[1]:
                    wrong.append((address, places))
            assert MUST in page, address
    assert wrong == []
