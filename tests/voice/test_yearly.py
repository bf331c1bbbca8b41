"""The yearly report: what it counts, what it hides, and that what was published stays (R-V9, R-Z9)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.models import District, User
from tests import factories as make
from voice import reach
from voice.models import (
    Channel,
    Comment,
    Decision,
    MayShow,
    RefusalReason,
    ReportNumber,
    Route,
    Stage,
    Topic,
    VoiceReport,
    WhoseWords,
)
from voice.models.choices import SAID_BY
from voice.operations import edit_answer, publish_report, refuse_comment, withdraw_comment
from voice.operations.errors import CannotDo
from voice.operations.reports import CHANGED, MEANWHILE, NOT_OVER
from voice.yearly import NOT_SAID, REASONS, WHOSE, draft_of, span, year_of, years_due, years_over

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 5, 4)
NOW = timezone.make_aware(datetime.datetime(2026, 5, 4, 12))
YEAR = 2025
"""April 2025 to March 2026."""


def at(year: int, month: int, day: int, hour: int = 12) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(year, month, day, hour))


def came(number: int = 1, *, when: datetime.datetime | None = None, **fields: Any) -> list[Comment]:
    """So many answered comments of one service of the year."""
    fields.setdefault("stage", Stage.ANSWERED)
    if fields["stage"] in (Stage.APPROVED, Stage.ANSWERED):
        fields.setdefault("service", make.make_service())
    return [make.make_comment(received_at=when or at(2025, 6, 1), **fields) for _ in range(number)]


def shown(table: str, draft: Any = None) -> dict[str, int | None]:
    draft = draft or draft_of(YEAR, today=TODAY)
    return {figure.key: figure.number for figure in draft.figures if figure.table == table}


def publish(by: User, *, edition: int = 1, **more: Any) -> VoiceReport:
    seen = draft_of(YEAR, today=TODAY).seen
    values = {"year": YEAR, "edition": edition, "seen": seen, "by": by, "at": NOW} | more
    return publish_report(**values)


@pytest.mark.requirement("R-V9")
@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        (datetime.date(2026, 3, 31), 4, 2025),
        (datetime.date(2026, 4, 1), 4, 2026),
        (datetime.date(2026, 8, 31), 9, 2025),
        (datetime.date(2026, 1, 1), 1, 2026),
    ],
)
def test_the_year_begins_in_april_or_where_the_partnerships_data_says(
    day: datetime.date, month: int, year: int
) -> None:
    assert year_of(day, month) == year
    first, last = span(year, month)
    assert first <= day <= last


@pytest.mark.requirement("R-V9")
def test_the_last_moment_of_march_counts_and_the_first_of_april_does_not() -> None:
    inside = came(when=at(2026, 3, 31, 23) + datetime.timedelta(minutes=59))
    inside += came(when=at(2025, 4, 1, 0))
    came(when=at(2026, 4, 1, 0))
    came(when=at(2025, 3, 31, 23))
    entries = draft_of(YEAR, today=TODAY).entries
    assert sorted(pk for pk, _ in entries) == sorted(row.pk for row in inside)


@pytest.mark.requirement("R-V9")
def test_a_year_is_due_from_the_day_after_it_ends_until_its_report_is_there(people: dict[str, User]) -> None:
    came(when=at(2024, 5, 1))
    assert years_due(datetime.date(2025, 3, 31)) == []
    assert years_due(datetime.date(2025, 4, 1)) == [2024]
    assert years_due(TODAY) == years_over(TODAY) == [2025, 2024]
    publish(people["programme"])
    assert years_due(TODAY) == [2024]


def test_what_is_marked_unsafe_makes_no_year_due() -> None:
    make.make_comment(flagged=True, received_at=at(2024, 5, 1))
    assert years_over(TODAY) == []


@pytest.mark.requirement("R-Z9")
@pytest.mark.requirement("R-S2")
def test_it_counts_what_was_read_and_nothing_unsafe_unread_or_taken_back(db: Any) -> None:
    came(12)
    came(6, stage=Stage.APPROVED, when=at(2025, 9, 1))
    came(5, may_show=MayShow.NOTHING)
    for reason, number in ((RefusalReason.ONE_PERSON, 7), (RefusalReason.ASKED_NOT, 2)):
        for row in came(number, stage=Stage.NOT_PUBLISHED):
            make_decision(row, reason)
    came(3, stage=Stage.RECEIVED)
    came(4, stage=Stage.WITHDRAWN)
    came(9, flagged=True)
    draft = draft_of(YEAR, today=TODAY)
    assert shown("standing", draft) == {
        "read": 32,
        "published": 18,
        "answered": 12,
        "waiting": 6,
        "waiting-new": 6,
        "waiting-warned": 0,
        "waiting-overdue": 0,
        "refused": 14,
        "refused-identifies": 0,
        "refused-one_person": 7,
        "refused-vexatious": 0,
        "refused-safeguarding": 0,
        "refused-asked_not": 7,
    }
    assert (draft.unread, draft.waiting, draft.refused, len(draft.entries)) == (3, 6, 14, 18)


def make_decision(row: Comment, reason: str, *, days: int = 0) -> None:
    when = at(2025, 7, 1) + datetime.timedelta(days=days)
    by = make.make_user()
    Decision.objects.create(comment=row, kind=Decision.Kind.NOT_PUBLISHED, reason=reason, by=by, at=when)


def test_the_last_reason_counts(db: Any) -> None:
    for row in came(6, stage=Stage.NOT_PUBLISHED):
        make_decision(row, RefusalReason.VEXATIOUS)
        make_decision(row, RefusalReason.IDENTIFIES, days=1)
    assert (shown("standing")["refused-vexatious"], shown("standing")["refused-identifies"]) == (0, 6)


@pytest.mark.requirement("R-V9")
def test_how_long_what_is_unanswered_waits(db: Any) -> None:
    for when in (at(2025, 5, 4), at(2025, 8, 4), at(2025, 8, 5)):
        came(5, stage=Stage.APPROVED, when=when)
    table = shown("standing")
    assert [table[f"waiting-{age}"] for age in ("overdue", "warned", "new")] == [5, 5, 5]


@pytest.mark.requirement("R-K6")
@pytest.mark.requirement("R-Z9")
def test_small_numbers_are_hidden_in_every_table_and_so_is_what_would_tell_them(db: Any) -> None:
    north, south, west = (District.objects.create(slug=name, name=name) for name in ("n", "s", "w"))
    came(10, topic=Topic.QUALITY, district=north, whose_words="mine")
    came(7, topic=Topic.FELT, district=south, whose_words="mine")
    came(2, topic=Topic.MISSING, route=Route.CHILD, district=west, whose_words="mine")
    for row in came(3, stage=Stage.NOT_PUBLISHED):
        make_decision(row, RefusalReason.VEXATIOUS)
    assert shown("district") == {"n": 10, "s": None, "w": None, "not-said": 0}
    assert shown("topic") == {
        "quality": 10, "missing": None, "information": 0, "involved": 0, "felt": None, "went_well": 0,
    }  # fmt: skip
    assert shown("whose") == {"mine": 19, "mine_with_help": 0, "for_someone": 0, "not-said": 0}
    standing = shown("standing")
    # Anybody can count what is published, so "read" would tell how many are not.
    assert [standing[key] for key in ("read", "published", "refused", "refused-vexatious")] == [
        None, 19, None, None,
    ]  # fmt: skip


def test_where_all_come_from_one_place_and_are_few_nothing_says_from_where(db: Any) -> None:
    north, _ = (District.objects.create(slug=name, name=name) for name in ("n", "s"))
    came(3, district=north)
    assert shown("district") == {"n": None, "s": None, "not-said": None}


def test_every_choice_of_the_fixed_lists_has_its_row() -> None:
    """A choice without a row would be counted in no table, and sums would tell."""
    assert set(REASONS) == set(RefusalReason.values)
    assert set(WHOSE) == {*WhoseWords.values, NOT_SAID}
    assert set(SAID_BY) == set(reach.TOLD_BY) == set(reach.NOBODY_BY) == set(Route.values)
    assert set(reach.NOTHING_BY) == set(Channel.values)


def test_the_partnerships_own_number_is_what_is_small(db: Any) -> None:
    make.make_partnership(hide_counts_below=3)
    came(3, topic=Topic.FELT)
    assert shown("topic")["felt"] == 3


@pytest.mark.requirement("R-Z9")
def test_entries_stand_by_topic_with_those_of_one_answer_together_and_waiting_ones_last(db: Any) -> None:
    service = make.make_service()
    waiting, *_ = came(stage=Stage.APPROVED, when=at(2025, 5, 1))
    first, second, third = came(3, service=service)
    other, *_ = came(topic=Topic.MISSING)
    late = make.make_response(second, published_at=at(2025, 9, 1))
    early = make.make_response(first, third, published_at=at(2025, 8, 1))
    about = make.make_response(other)
    make.make_response(waiting, status="draft")
    assert draft_of(YEAR, today=TODAY).entries == [
        (second.pk, (late.pk,)),
        (first.pk, (early.pk,)),
        (third.pk, (early.pk,)),
        (waiting.pk, ()),
        (other.pk, (about.pk,)),
    ]


@pytest.mark.requirement("R-V9")
@pytest.mark.requirement("R-Z9")
def test_what_was_published_stays_whatever_is_changed_later(people: dict[str, User]) -> None:
    rows = came(6)
    answer = make.make_response(*rows, we_did="We opened a second room.")
    report = publish(people["programme"])
    numbers = list(report.numbers.values_list("table", "key", "number"))
    edit_answer(answer=answer, version=1, we_did="We did something else.", by=people["publisher"])
    came(6)
    make.make_response(*came(1))
    report = VoiceReport.objects.get()
    assert (report.year, report.edition, report.published_by, report.published_at) == (
        YEAR, 1, people["programme"], NOW,
    )  # fmt: skip
    assert (report.starts, report.ends) == (datetime.date(2025, 4, 1), datetime.date(2026, 3, 31))
    assert list(report.numbers.values_list("table", "key", "number")) == numbers
    assert [entry.comment for entry in report.entries_to_show()] == rows
    assert {one.words.we_did for one in report.answers.all()} == {"We opened a second room."}
    assert report.answers.get().entries.count() == 6


@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-Z9")
def test_what_is_taken_back_refused_or_marked_unsafe_is_gone_from_it_at_once(
    people: dict[str, User],
) -> None:
    back, refused, unsafe, stays = came(4)
    report = publish(people["programme"])
    assert report.entries_to_show().count() == 4
    withdraw_comment(comment=back)
    refuse_comment(comment=refused, version=1, reason="identifies", by=people["moderator"])
    Comment.objects.filter(pk=unsafe.pk).update(is_flagged=True)
    assert [entry.comment for entry in report.entries_to_show()] == [stays]
    words = str(list(ReportNumber.objects.values())) + str(list(report.entries.values()))
    assert stays.published_text not in words


@pytest.mark.requirement("R-V9")
def test_a_correction_is_a_new_edition_with_a_reason(people: dict[str, User]) -> None:
    came(6)
    first, by = publish(people["programme"]), people["programme"]
    came(1)
    with pytest.raises(CannotDo, match="Say why"):
        publish(by, edition=2)
    second = publish(by, edition=2, reason="One was left out.")
    assert list(VoiceReport.objects.newest_editions()) == [second]
    assert (second.reason, second.entries.count(), first.entries.count()) == ("One was left out.", 7, 6)
    assert first.entries_to_show().count() == 6
    third = publish(by, edition=3, reason="Somebody could be recognised.", take_down=True)
    counts = [row.entries_to_show().count() for row in VoiceReport.objects.order_by("edition")]
    assert (counts, third.numbers.count() > 0) == ([0, 0, 7], True)


@pytest.mark.requirement("R-V9")
def test_nothing_is_published_that_was_not_looked_at(people: dict[str, User]) -> None:
    rows, by = came(2), people["programme"]
    answer = make.make_response(*rows)
    seen = draft_of(YEAR, today=TODAY).seen
    edit_answer(answer=answer, version=1, we_did="Other words.", by=people["publisher"])
    with pytest.raises(CannotDo, match=CHANGED):
        publish(by, seen=seen)
    publish(by)
    with pytest.raises(CannotDo, match=MEANWHILE):
        publish(by)
    with pytest.raises(CannotDo, match=NOT_OVER):
        publish(by, year=2026)
    assert VoiceReport.objects.count() == 1


def test_the_database_keeps_one_report_for_each_edition_and_a_reason_for_later_ones(
    people: dict[str, User],
) -> None:
    came(1)
    report = publish(people["programme"])
    for changes in ({"reason": "Why."}, {"edition": 2}):
        report.pk = None
        for name, value in changes.items():
            setattr(report, name, value)
        if changes == {"edition": 2}:
            report.reason = ""
        with pytest.raises(IntegrityError), transaction.atomic():
            report.save()


def test_counting_asks_as_much_for_many_as_for_one(
    people: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    make.make_response(*came(1))
    for _ in range(3):
        make.make_response(*came(3))
        came(1, stage=Stage.APPROVED)
    with django_assert_max_num_queries(9):
        draft = draft_of(YEAR, today=TODAY)
    assert len(draft.entries) == 13
    with django_assert_max_num_queries(24):
        publish_report(year=YEAR, edition=1, seen=draft.seen, by=people["programme"], at=NOW)
