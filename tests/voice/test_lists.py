"""Lists cost the same with one row and with three, and my work is bounded and wordless."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.pages import store
from partnership.calendar import today
from partnership.models import Service, User
from tests import factories as make
from voice.models import Response, Route, Stage
from voice.work import SHOWN, work_items

pytestmark = pytest.mark.django_db


def one_more(service: Service, moderator: User) -> None:
    """One more row for every list."""
    action = make.make_action(make.make_plan(service), priority=make.make_priority())
    theme = make.make_theme("", make.make_comment(), by=moderator)
    make.make_theme(merged_into=theme, by=moderator)
    make.make_wording(by=moderator)
    make.make_comment(stage=Stage.SECOND_CHECK, route=Route.CHILD, first_approved_by=moderator)
    make.make_comment(flagged=True)
    waiting = make.make_comment(stage=Stage.APPROVED, service=service, priority=action.priority)
    make.make_response(waiting, status=Response.Status.DRAFT, by=moderator)
    answered = make.make_comment(stage=Stage.ANSWERED, service=service, priority=action.priority)
    theme.comment_rows.create(comment=answered, by=moderator, at=theme.made_at)
    make.make_rerouting(waiting, by=moderator)
    make.make_response(answered, actions=(action,), by=moderator)


PAGES = [
    ("visitor", "/voice/"),
    ("visitor", "/voice/you-said-we-did/"),
    ("moderator", "/voice/inbox/"),
    ("moderator", "/voice/inbox/?show=second"),
    ("moderator", "/voice/inbox/?show=with-services"),
    ("auditor", "/voice/inbox/log/"),
    ("moderator", "/voice/inbox/themes/"),
    ("moderator", "/voice/inbox/wordings/"),
    ("safeguarding", "/voice/safeguarding/"),
    ("publisher", "/voice/answers/"),
]


@pytest.mark.parametrize(("who", "page"), PAGES)
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(
    who: str, page: str, people: dict[str, User], signed_in: Callable[[str], Client], service: Service
) -> None:
    browser = Client() if who == "visitor" else signed_in(who)

    def asked() -> tuple[int, int]:
        store.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = browser.get(page)
        return len(queries), response.content.decode().count("<li") + response.content.decode().count("<tr")

    one_more(service, people["moderator2"])
    first, rows = asked()
    for _ in range(2):
        one_more(service, people["moderator2"])
    after, more_rows = asked()
    assert (after, more_rows > rows) == (first, True)


def test_the_public_fragments_ask_once_for_any_number_of_rows(
    service: Service, people: dict[str, User]
) -> None:
    from django.template.loader import render_to_string

    action = make.make_action(make.make_plan(service))

    def asked() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as queries:
            page = render_to_string("voice/_voices.html", {"voices": action.voices.to_show(None)})
            page += render_to_string(
                "voice/_latest_answers.html", {"answers": Response.objects.public().newest()[:3]}
            )
        return len(queries), page

    for count in (1, 3):
        while action.voices.count() < count:
            comment = make.make_comment(stage=Stage.ANSWERED, service=service)
            make.make_response(comment, actions=(action,), by=people["publisher"])
        number, page = asked()
        assert (number, page.count("portal-voices__item")) == (2, count)


def titles(person: User) -> list[tuple[str, str, int]]:
    person = User.objects.get(pk=person.pk)
    return [(item.group, item.title, item.urgency) for item in work_items(person, today=today())]


@pytest.mark.requirement("R-W1")
def test_everybody_finds_their_own_work(people: dict[str, User], service: Service) -> None:
    one_more(service, people["moderator"])
    assert titles(people["moderator"]) == [("To read", "Read what came: how good the help or support is", 30)]
    assert titles(people["moderator2"]) == [
        ("To read", "Read what came: how good the help or support is", 30),
        ("Second check", "Check a child’s words: how good the help or support is", 30),
    ]
    assert titles(people["safeguarding"]) == [("Someone may be unsafe", "Read it now", 0)]
    assert titles(people["contributor"]) == [
        ("To answer", "Answer a parent or carer: how good the help or support is", 30),
        ("Draft answers", "Finish this answer", 50),
    ]
    assert titles(people["publisher"])[1] == ("Draft answers", "Publish this answer", 50)
    assert [titles(people[who]) for who in ("board", "programme", "other", "nobody", "left", "family")] == [
        []
    ] * 6


def test_my_work_is_bounded_and_each_row_opens(
    people: dict[str, User],
    service: Service,
    signed_in: Callable[[str], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(SHOWN + 2):
        make.make_comment(stage=Stage.APPROVED, service=service)
        make.make_comment()
    for who, allowed in (("moderator", 5), ("contributor", 6)):
        person = User.objects.get(pk=people[who].pk)
        with django_assert_max_num_queries(allowed):
            items = work_items(person, today=today())
        assert len(items) == SHOWN
        assert signed_in(who).get(items[0].url).status_code == 200


@pytest.mark.requirement("R-V7")
def test_an_answer_to_many_is_listed_with_one_of_them_and_how_many_everybody_may_read(
    client: Client, service: Service
) -> None:
    heard = [make.make_comment(stage=Stage.ANSWERED, service=service) for _ in range(3)]
    hidden = make.make_comment(stage=Stage.ANSWERED, service=service, flagged=True)
    make.make_response(*heard, hidden, service=service)
    page = client.get("/voice/you-said-we-did/")
    [answer] = page.context["page"].object_list
    assert (answer.number_heard, answer.shown_comments) == (3, heard[:1])
    assert "One of the 3 comments that this answers" in page.content.decode()
    assert client.get(answer.get_absolute_url()).context["answer"].shown_comments == heard
