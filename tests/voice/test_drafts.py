"""Half-written words: sealed, kept for 24 hours, one draft for one way in, gone when they are sent (R-X9, R-S6)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.utils import timezone

from foundation.tokens import new_token
from voice.models import Comment, CommentOriginal, Draft
from voice.operations import (
    drop_drafts,
    keep_answers,
    purge_drafts,
    read_draft,
    send_draft,
    sent_with,
)

pytestmark = pytest.mark.django_db

WORDS = "Half a sentence"


def keep(key: str | None = None, route: str = "child", seen: str = "words", **answers: str) -> str:
    return keep_answers(key=key, route=route, seen=seen, answers=answers)[0]


def written(key: str, route: str = "child") -> dict[str, str] | None:
    draft = read_draft(key, route=route)
    return draft.answers if draft else None


def test_what_is_kept_reads_back_with_its_key_and_with_no_other() -> None:
    key, other = keep(text=WORDS), keep(text="Another")
    assert (written(key), written(other)) == ({"text": WORDS}, {"text": "Another"})
    assert (written("made up"), read_draft(None, route="child")) == (None, None)


def test_the_draft_of_one_way_in_is_none_of_another() -> None:
    key = keep(text=WORDS)
    assert written(key, "parent-carer") is None
    other = keep(key, "parent-carer", text="Of a parent")
    assert (written(key), written(other, "parent-carer")) == ({"text": WORDS}, {"text": "Of a parent"})


@pytest.mark.requirement("R-S6")
def test_no_word_and_no_key_of_it_stands_in_the_table_in_clear() -> None:
    key = keep(text=WORDS, email="me@example.org")
    row = str(list(Draft.objects.values()))
    assert len(row) > 100
    assert [word for word in (WORDS, "Half", "me@example.org", "text", key) if word in row] == []


def test_the_same_row_with_another_secret_of_the_server_is_no_draft(settings: Any) -> None:
    key = keep(text=WORDS)
    settings.SECRET_KEY = "another key of the server"
    assert written(key) is None
    assert (written(keep(key, text="Begun again")), Draft.objects.count()) == ({"text": "Begun again"}, 2)


def test_two_windows_lose_nothing_of_one_another() -> None:
    key = keep(text=WORDS)
    keep(key, seen="topic", topic="felt")
    keep(key, seen="show", may_show="words")
    draft = read_draft(key, route="child")
    assert draft is not None
    assert draft.answers == {"text": WORDS, "topic": "felt", "may_show": "words"}
    assert draft.seen == ["words", "topic", "show"]
    assert Draft.objects.count() == 1


@pytest.mark.requirement("R-X9")
def test_after_24_hours_it_cannot_be_read_and_is_deleted() -> None:
    key, late = keep(text=WORDS), timezone.now() + datetime.timedelta(hours=24, seconds=1)
    soon = timezone.now() + datetime.timedelta(hours=23, minutes=59)
    assert read_draft(key, route="child", now=soon) is not None
    assert read_draft(key, route="child", now=late) is None
    assert (purge_drafts(now=soon), purge_drafts(now=late), Draft.objects.count()) == (0, 1, 0)


def test_each_press_gives_it_another_24_hours() -> None:
    key, later = keep(text=WORDS), timezone.now() + datetime.timedelta(hours=20)
    keep_answers(key=key, route="child", seen="topic", answers={"topic": "felt"}, now=later)
    assert purge_drafts(now=timezone.now() + datetime.timedelta(hours=30)) == 0


def test_the_job_of_each_minute_clears_it_away() -> None:
    keep(text=WORDS)
    Draft.objects.update(changed_at=timezone.now() - datetime.timedelta(hours=25))
    kept = keep(text="Of today")
    call_command("run_due_jobs", verbosity=0)
    assert (Draft.objects.count(), written(kept)) == (1, {"text": "Of today"})


def test_a_draft_is_in_no_history_and_on_no_admin_page() -> None:
    assert "HistoricalDraft" not in {model.__name__ for model in apps.get_models()}
    assert Draft not in admin.site._registry
    assert not hasattr(Draft, "history")


def send(key: str, token: str, mark: str | None = None) -> Any:
    draft = read_draft(key, route="child")
    mark = mark or (draft.mark if draft else "")
    return send_draft(key=key, mark=mark, token=token, route="child", topic="felt", text=WORDS)


@pytest.mark.requirement("R-V8")
def test_sent_once_it_is_one_comment_and_the_draft_is_gone() -> None:
    key, token = keep(text=WORDS), new_token()
    first, again = send(key, token), send(key, token)
    assert (first.is_new, again.is_new, first.code) == (True, False, again.code)
    assert (Comment.objects.count(), CommentOriginal.objects.get().text, Draft.objects.count()) == (
        1,
        WORDS,
        0,
    )
    assert sent_with(token).code == first.code
    assert sent_with(new_token()) is None


def test_what_was_changed_in_another_window_is_not_sent_unseen() -> None:
    key = keep(text=WORDS)
    draft = read_draft(key, route="child")
    assert draft is not None
    keep(key, text="Changed meanwhile")
    assert send(key, new_token(), draft.mark) is None
    assert (Comment.objects.count(), written(key)) == (0, {"text": "Changed meanwhile"})


def test_another_window_that_sends_after_the_first_sends_nothing_more() -> None:
    key = keep(text=WORDS)
    send(key, new_token())
    assert send(key, new_token()) is None
    assert Comment.objects.count() == 1


@pytest.mark.requirement("R-S6")
def test_dropping_deletes_what_the_keys_open_and_nothing_else() -> None:
    key, other = keep(text=WORDS), keep(text="Stays")
    assert (drop_drafts([key, "made up"]), written(key), written(other)) == (1, None, {"text": "Stays"})


@pytest.mark.django_db(transaction=True)
def test_answers_to_two_questions_at_the_same_moment_are_both_kept(together: Any) -> None:
    key = keep(text=WORDS)
    asked = {"topic": "felt", "may_show": "words", "email": "me@example.org", "age_band": "5-10"}
    together(
        *(
            lambda name=name, value=value: keep(key, seen=name, **{name: value})
            for name, value in asked.items()
        )
    )
    assert together(lambda: written(key), lambda: Draft.objects.count()) == [{"text": WORDS, **asked}, 1]
