"""How many questions the pages of voice ask of the database: few, and as many for 30 rows as for one (S4).

A session, an account and its roles are within the count. One comment, one answer, one event and one report have everything
that can hang on them. What presses ask is in `tests/voice/test_press_counts.py`.
"""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from partnership.models import User
from tests.asked import browser_of, questions, shape
from voice.models import Comment

from .full_world import build, fill

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PAGES = {
    # Lists: 8. The list of answers has three lists to narrow by and says what waits as well: 10, and 13 for who is signed in.
    ("/voice/you-said-we-did/", ""): 10,
    ("/voice/you-said-we-did/?words=people&status=we_did", ""): 8,
    ("/voice/you-said-we-did/?status=waiting", ""): 8,
    ("/voice/you-said-we-did/", "publisher"): 13,
    ("/voice/you-said-we-did/feed.xml", ""): 8,
    ("/voice/you-said-we-did/easy-read/", ""): 8,
    ("/voice/reports/", ""): 8,
    ("/events/", ""): 8,
    ("/voice/mine/", "nobody"): 8,
    ("/voice/inbox/log/", "moderator"): 8,
    ("/voice/inbox/log/", "auditor"): 8,
    ("/voice/inbox/themes/", "moderator"): 8,
    ("/voice/inbox/wordings/", "moderator"): 8,
    ("/voice/safeguarding/", "safeguarding"): 8,
    ("/voice/safeguarding/words/", "safeguarding"): 8,
    ("/voice/help-numbers/", "safeguarding"): 8,
    ("/voice/removals/", "auditor"): 8,
    ("/voice/events/", "moderator"): 8,
    # One thing: 12.
    ("/voice/", ""): 12,
    ("/voice/easy-read/", ""): 12,
    ("/voice/new/parent-carer/words/", ""): 12,
    ("/voice/you-said-we-did/{answer}/", ""): 12,
    ("/voice/you-said-we-did/{answer}/", "publisher"): 12,
    ("/voice/reports/{year}/", ""): 12,
    ("/voice/reports/{year}/", "programme"): 12,
    ("/voice/mine/{kept}/", "nobody"): 12,
    ("/voice/inbox/{second}/", "moderator2"): 12,
    ("/voice/inbox/{answered}/", "moderator"): 12,
    ("/voice/inbox/new/", "moderator"): 12,
    ("/voice/inbox/themes/{theme}/", "moderator"): 12,
    ("/voice/inbox/wordings/{wording}/", "moderator"): 12,
    ("/voice/show-changes/{change}/", "moderator"): 12,
    ("/voice/safeguarding/{flag}/", "safeguarding"): 12,
    ("/voice/answers/new/?{to_answer}", "publisher"): 12,
    ("/voice/answers/{waiting}/check/", "moderator"): 12,
    ("/voice/reach/", ""): 12,
    ("/voice/reach/exact/", "board"): 12,
    ("/events/{event}/", ""): 12,
    ("/events/{event}/book/", ""): 12,
    ("/voice/events/{event_pk}/", "moderator"): 12,
    ("/voice/events/{event_pk}/said/", "moderator"): 12,
    # Desks, and forms with several lists to choose from: 15.
    ("/voice/answers/", "publisher"): 15,
    ("/voice/answers/{draft}/edit/", "publisher"): 15,
    ("/voice/inbox/{unread}/", "moderator"): 15,
    ("/voice/reports/{due}/publish/", "programme"): 15,
    ("/voice/inbox/", "moderator"): 15,
    ("/my-work/", "moderator"): 15,
    ("/my-work/", "safeguarding"): 15,
    ("/my-work/", "publisher"): 15,
    ("/my-work/", "programme"): 15,
}
"""The page, who looks at it, and the most that it asks."""


@pytest.fixture
def world(settings: Any, people: dict[str, User]) -> SimpleNamespace:
    settings.PORTAL_PAGE_CACHE = True
    return build(people)


def addresses(world: SimpleNamespace) -> dict[str, Any]:
    to_answer = Comment.objects.answerable_by(world.people["publisher"]).awaiting_answer()
    return {
        "to_answer": "&".join(f"comment={comment.pk}" for comment in to_answer),
        "answer": world.answer.pk,
        "year": 2024,
        "due": 2025,
        "kept": world.answered.pk,
        "unread": world.unread.pk,
        "second": world.second.pk,
        "answered": world.answered.pk,
        "theme": world.theme.pk,
        "wording": world.wording.pk,
        "change": world.change.pk,
        "flag": world.flag.pk,
        "draft": world.draft.pk,
        "waiting": world.waiting.pk,
        "event": world.to_come.slug,
        "event_pk": world.event.pk,
    }


def test_each_page_asks_few_questions_and_as_many_for_30_rows_as_for_one(world: SimpleNamespace) -> None:
    browsers = {who: browser_of(world.people.get(who)) for _, who in PAGES}
    asked = []
    for more in (1, 29):
        fill(world, more)
        found = addresses(world)
        asked.append({one: questions(browsers[one[1]], one[0].format(**found)) for one in PAGES})
    few, many = ({one: len(sqls) for one, sqls in of.items()} for of in asked)
    assert {one: (few[one], many[one]) for one in PAGES if many[one] > few[one]} == {}
    assert {one: number for one, number in many.items() if number > PAGES[one]} == {}
    repeated = {one: Counter(map(shape, sqls)).most_common(1)[0] for one, sqls in asked[1].items()}
    assert {one: sql for one, (sql, times) in repeated.items() if times > 2} == {}
    assert Comment.objects.count() > 300
