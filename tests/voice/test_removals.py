"""Words and addresses go when their time is over or when somebody asks; every count and every row stays (R-P1, R-P4)."""

from __future__ import annotations

import datetime
import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from board import unanswered
from foundation.codes import new_code
from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import District, Service, User
from tests import factories as make
from tests.partnership.test_working_time import at
from voice.models import (
    Comment,
    CommentContact,
    CommentOriginal,
    Decision,
    FamilyComment,
    MayShow,
    Redaction,
    Removal,
    Response,
    Route,
    Stage,
    Topic,
)
from voice.models.comments import NO_LONGER_KEPT
from voice.operations import (
    Counts,
    add_words,
    approve_comment,
    erase_found,
    publish_answer,
    refuse_comment,
    remove_past_their_time,
)
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
CLOSED = at("2027-01-15T12:00:00")


def closed(
    stage: str = Stage.ANSWERED, *, on: datetime.datetime = CLOSED, by: User | None = None, **fields: Any
) -> Comment:
    """A comment that was closed at that moment, with every kind of words."""
    comment = make.make_comment(
        "Own words",
        stage=stage,
        email="sender@example.org",
        received_at=on - datetime.timedelta(days=9),
        **fields,
    )
    make.make_redaction(comment, "A first try", at=on)
    kind = Decision.Kind.ANSWERED if stage == Stage.ANSWERED else Decision.Kind.NOT_PUBLISHED
    Decision.objects.create(comment=comment, kind=kind, by=by, at=on)
    if comment.published_at:
        Comment.objects.filter(pk=comment.pk).update(published_at=on - datetime.timedelta(days=2))
    return comment


def left(comment: Comment) -> tuple[int, int, list[str], str]:
    """What is left: address, own words, redactions and what is public."""
    return (
        CommentContact.objects.filter(comment=comment).count(),
        CommentOriginal.objects.filter(comment=comment).count(),
        sorted(comment.redactions.values_list("text", flat=True)),
        Comment.objects.get(pk=comment.pk).published_text,
    )


@pytest.mark.requirement("R-P1")
@pytest.mark.parametrize(
    ("now", "contacts", "originals", "everything"),
    [
        # 15 January and 90 days are 15 April; summer time has begun.
        ("2027-04-14T22:59:58", 0, 0, 0),
        ("2027-04-14T23:00:02", 1, 0, 0),
        ("2029-01-14T23:59:58", 1, 0, 0),
        ("2029-01-15T00:00:02", 1, 1, 0),
        # Published on 13 January: its six years end two days before those of the closing.
        ("2033-01-12T23:59:58", 1, 1, 0),
        ("2033-01-13T00:00:02", 1, 1, 1),
    ],
)
def test_each_kind_goes_on_its_day_and_not_before(
    now: str, contacts: int, originals: int, everything: int
) -> None:
    comment = closed(published_text="Public words", published_at=CLOSED)
    approved = comment.redactions.get(approved_at__isnull=False).text
    counted = remove_past_their_time(really=False, now=at(now))
    assert left(comment)[:2] == (1, 1)
    expected = Counts(contacts, originals, originals + everything, everything)
    assert (counted, remove_past_their_time(really=True, now=at(now))) == (expected, expected)
    assert left(comment) == (
        1 - contacts,
        1 - originals,
        [] if everything else [approved] if originals else sorted(["A first try", approved]),
        NO_LONGER_KEPT if everything else "Public words",
    )
    assert remove_past_their_time(really=True, now=at(now)) == Counts()
    kinds = [row.kind for row in comment.decisions.all()][1:]
    last = ["published_gone"] if everything else ["original_gone"] if originals else ["contact_gone"]
    assert kinds == (last if contacts else [])


@pytest.mark.requirement("R-P1")
def test_what_is_open_or_marked_unsafe_is_kept_however_old(people: dict[str, User]) -> None:
    ancient, now = at("2020-01-01T12:00:00"), at("2030-01-01T12:00:00")
    open_ = [make.make_comment(stage=stage, received_at=ancient, published_text="") for stage in (
        Stage.RECEIVED, Stage.SECOND_CHECK, Stage.APPROVED)]  # fmt: skip
    held = closed(on=ancient)
    make.make_flag(held)
    for row in open_:  # closed once, and opened again since
        Decision.objects.create(
            comment=row, kind=Decision.Kind.NOT_PUBLISHED, by=people["moderator"], at=ancient
        )
    # Not even counted: how many are marked is nobody else's to know.
    assert [remove_past_their_time(really=really, now=now) for really in (False, True)] == [Counts()] * 2
    assert [left(row)[1] for row in (*open_, held)] == [1, 1, 1, 1]


@pytest.mark.requirement("R-P1")
def test_what_is_closed_anew_is_kept_from_then(people: dict[str, User]) -> None:
    comment = closed(Stage.NOT_PUBLISHED)
    comment.refresh_from_db()
    refuse_comment(
        comment=comment,
        version=comment.version,
        reason="asked_not",
        by=people["moderator"],
        at=at("2027-04-01T12:00:00"),
    )
    assert remove_past_their_time(really=True, now=at("2027-06-29T22:00:00")) == Counts()
    assert remove_past_their_time(really=True, now=at("2027-06-29T23:30:00")).contacts == 1


@pytest.mark.requirement("R-P1")
def test_the_times_are_the_partnerships_own() -> None:
    make.make_partnership(contact_kept_days=10, original_kept_months=1, published_kept_years=1)
    comment = closed(published_text="Public words", published_at=CLOSED)
    assert remove_past_their_time(really=True, now=at("2027-01-25T12:00:00")).contacts == 1
    assert remove_past_their_time(really=True, now=at("2027-02-15T12:00:00")).originals == 1
    assert remove_past_their_time(really=True, now=at("2028-01-15T12:00:00")).published == 1
    assert left(comment) == (0, 0, [], NO_LONGER_KEPT)


@pytest.mark.requirement("R-P1")
def test_many_go_in_batches_and_one_marked_meanwhile_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    from voice.operations import removals

    monkeypatch.setattr(removals, "BATCH", 2)
    rows = [closed() for _ in range(5)]
    remove = removals._remove

    def mark_the_last(pk: int, *args: Any, **named: Any) -> Counts:
        if pk == rows[3].pk:
            make.make_flag(rows[3])
        return remove(pk, *args, **named)

    monkeypatch.setattr(removals, "_remove", mark_the_last)
    assert remove_past_their_time(really=True, now=at("2027-06-01T12:00:00")).contacts == 4
    assert [left(row)[0] for row in rows] == [0, 0, 0, 1, 0]


@pytest.mark.requirement("R-P1")
def test_the_command_counts_unless_told_to_and_the_auditor_reads_both(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    comment = closed(
        on=at("2020-01-15T12:00:00"), published_text="Public", published_at=at("2020-01-14T12:00:00")
    )
    said = io.StringIO()
    call_command("retention", stdout=said)
    assert "1 addresses of senders" in said.getvalue() and "Nothing was removed" in said.getvalue()
    assert left(comment)[:2] == (1, 1)
    call_command("retention", "--really", stdout=said)
    call_command("retention", "--really", stdout=said)
    assert left(comment)[:2] == (0, 0)
    with pytest.raises(CommandError):
        call_command("retention", "--really", "--dry-run")
    runs = Removal.objects.order_by("pk").values_list(
        "kind", "command", "contacts", "originals", "redactions", "published"
    )
    assert list(runs) == [
        ("counted", "retention --dry-run", 1, 1, 2, 1),
        ("retention", "retention --really", 1, 1, 2, 1),
        ("retention", "retention --really", 0, 0, 0, 0),
    ]
    page = signed_in("auditor").get("/voice/removals/").content.decode()
    assert "retention --really" in page and "90 days after we finished" in page


def counts_of_everything() -> dict[str, Any]:
    """Every number that a report, the board or a list is made of."""
    fields = (
        "topic",
        "route",
        "district",
        "age_band",
        "channel",
        "whose_words",
        "may_show",
        "stage",
        "service",
        "event",
    )
    rows = Comment.objects.all()
    found: dict[str, Any] = {name: Counter(rows.values_list(name, flat=True)) for name in fields}
    day = datetime.date(2028, 6, 1)
    return found | {
        "published": rows.published().count(),
        "approved": rows.approved().count(),
        "awaiting": rows.awaiting_answer().count(),
        "overdue": unanswered.overdue(day).count(),
        "heard": [answer.number_heard for answer in Response.objects.order_by("pk").with_number_heard()],
        "answers": Response.objects.public().count(),
        "summaries": rows.filter(published_is_summary=True).count(),
    }


def many(service: Service) -> list[Comment]:
    district = District.objects.create(slug="north", name="North")
    rows = [
        closed(service=service, district=district, published_text="SECRETPUBLIC", route=Route.CHILD),
        closed(service=service, topic=Topic.FELT, may_show=MayShow.NOTHING),
        closed(Stage.NOT_PUBLISHED),
        make.make_comment("SECRETOWN", stage=Stage.APPROVED, service=service, received_at=CLOSED),
    ]
    make.make_response(rows[0], rows[1], service=service)
    return rows


@pytest.mark.requirement("R-P1", "R-P4")
@pytest.mark.parametrize("how", ["retention", "erasing"])
def test_no_count_and_no_row_changes_when_words_go(
    how: str, service: Service, people: dict[str, User]
) -> None:
    rows = many(service)
    before = counts_of_everything()
    if how == "retention":
        remove_past_their_time(really=True, now=at("2040-01-01T12:00:00"))
    else:
        CommentContact.objects.get_or_create(comment=rows[3], defaults={"email": "sender@example.org"})
        erase_found(email="SENDER@example.org", by=people["moderator"])
    assert counts_of_everything() == before
    assert [left(row)[:3] for row in rows] == [(0, 0, [])] * 4
    assert not Redaction.objects.exists()


@pytest.mark.requirement("R-P4")
def test_erased_by_code_the_pages_show_a_sentence_and_the_log_the_fact(
    signed_in: SignedIn, service: Service, people: dict[str, User], client: Client,
    django_capture_on_commit_callbacks: Any, settings: Any,
) -> None:  # fmt: skip
    settings.PORTAL_PAGE_CACHE = True
    code = new_code()
    comment = make.make_comment(
        "SECRETOWN", stage=Stage.APPROVED, service=service, published_text="SECRETPUBLIC", code=code,
        may_show=MayShow.WORDS, email="SECRETADDRESS@example.org",
    )  # fmt: skip
    approved = comment.redactions.get()
    approved.text = "SECRETREDACTED"
    approved.save()
    answer = make.make_response(
        comment, service=service, status=Response.Status.DRAFT, you_said="A paraphrase"
    )
    with django_capture_on_commit_callbacks(execute=True):
        publish_answer(answer=answer, version=1, by=people["publisher"])
    draft = make.make_response(
        comment, service=service, status=Response.Status.DRAFT, you_said="Draft paraphrase"
    )
    public = [f"/voice/you-said-we-did/{answer.pk}/", f"/thread/comment/{comment.pk}/"]
    inside = [*public, f"/voice/answers/{draft.pk}/edit/", f"/voice/inbox/{comment.pk}/"]
    assert "SECRETPUBLIC" in client.get(public[0]).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_found(code=code, by=people["moderator"])
    assert counts == Counts(contacts=1, originals=1, redactions=1, published=1)
    for who, paths in (("", public), ("contributor", inside[:3]), ("moderator", inside), ("board", public)):
        for path in paths:
            page = (signed_in(who) if who else client).get(path).content.decode()
            assert "SECRET" not in page, (who, path)
    assert NO_LONGER_KEPT in client.get(public[0]).content.decode()
    assert NO_LONGER_KEPT in signed_in("contributor").get(inside[2]).content.decode()
    assert Response.objects.get(pk=draft.pk).you_said == "Draft paraphrase"
    assert not OutboxMail.objects.filter(to__icontains="SECRET").exists()
    step = comment.decisions.get(kind="erased")
    assert (step.by, step.reason, step.redaction) == (people["moderator"], "", None)
    assert erase_found(code=code, by=people["moderator"]) == Counts()
    assert (comment.decisions.filter(kind="erased").count(), Removal.objects.count()) == (1, 1)


@pytest.mark.requirement("R-P4")
def test_with_the_first_words_goes_what_was_added_to_them_and_whose_they_are(people: dict[str, User]) -> None:
    code = new_code()
    first, stranger = make.make_comment("FIRST", code=code), make.make_comment("STRANGER")
    added = add_words(token=new_token(), comment=first, text="LATER").comment
    for comment in (first, stranger):
        FamilyComment.objects.create(user=people["board"], comment=comment, kept_on=today())
    assert erase_found(code=code, by=people["moderator"]).originals == 2
    assert not CommentOriginal.objects.filter(comment__in=[first, added]).exists()
    assert CommentOriginal.objects.get().text == "STRANGER"
    assert FamilyComment.objects.get().comment == stranger


@pytest.mark.requirement("R-P4")
def test_nothing_is_made_public_of_words_that_are_gone(
    signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    code = new_code()
    comment = make.make_comment(stage=Stage.NOT_PUBLISHED, code=code)
    erase_found(code=code, by=people["moderator"])
    comment.refresh_from_db()
    words = {"text": "Made up", "summary": "Made up", "service": service}
    with pytest.raises(CannotDo, match="no longer kept"):
        approve_comment(comment=comment, version=comment.version, by=people["moderator"], **words)
    page = signed_in("moderator").get(f"/voice/inbox/{comment.pk}/").content.decode()
    assert "The words are no longer kept." in page and "Make it safe to read" not in page


@pytest.mark.requirement("R-P4")
def test_what_nobody_has_read_yet_is_closed_as_if_taken_back(people: dict[str, User]) -> None:
    code = new_code()
    comment = make.make_comment("Own words", code=code)
    erase_found(code=code, by=people["moderator"])
    comment.refresh_from_db()
    assert (comment.stage, left(comment)[1]) == (Stage.WITHDRAWN, 0)


@pytest.mark.requirement("R-P4")
def test_a_moderator_finds_looks_and_confirms(signed_in: SignedIn, people: dict[str, User]) -> None:
    mine = [make.make_comment("SECRETOWN", email="Sender@Example.org") for _ in range(2)]
    other = make.make_comment("Somebody else", email="other@example.org")
    moderator = signed_in("moderator")
    asked = moderator.post("/voice/erase/", {"email": "sender@example.org"})
    page = asked.content.decode()
    assert (asked.status_code, asked.request["PATH_INFO"]) == (200, "/voice/erase/")
    assert "Found: 2 comments." in page and "SECRETOWN" not in page
    assert f"/voice/inbox/{mine[0].pk}/" in page and f"/voice/inbox/{other.pk}/" not in page
    assert CommentOriginal.objects.count() == 3
    done = moderator.post("/voice/erase/", {"email": "sender@example.org", "step": "erase"})
    assert done.url == "/voice/erase/"
    assert CommentOriginal.objects.count() == 1
    assert "sender@example.org" not in moderator.get("/voice/erase/").content.decode().lower()
    for typed, field, told in (
        ({}, "code", "Type the code, or the e-mail address."),
        (
            {"code": new_code(), "email": "a@example.org"},
            "email",
            "Type the code or the e-mail address, not both.",
        ),
    ):
        refused = moderator.post("/voice/erase/", typed)
        assert (refused.status_code, refused.context["form"].errors) == (422, {field: [told]})


@pytest.mark.requirement("R-P4", "R-S2")
def test_a_moderator_does_not_learn_that_it_is_marked(signed_in: SignedIn, people: dict[str, User]) -> None:
    held, unknown = new_code(), new_code()
    comment = make.make_comment("Own words", code=held, flagged=True)
    moderator = signed_in("moderator")
    pages = []
    for code in (held, unknown):
        found = moderator.post("/voice/erase/", {"code": code}).content.decode().replace(code, "CODE")
        done = moderator.post("/voice/erase/", {"code": code, "step": "erase"}, follow=True).content.decode()
        pages.append([line for text in (found, done) for line in text.splitlines() if "csrf" not in line])
    assert pages[0] == pages[1]
    assert left(comment)[1] == 1
    assert list(comment.decisions.values_list("kind", "by")) == [("erase_asked", people["moderator"].pk)]
    assert not Removal.objects.exists()


@pytest.mark.requirement("R-P4")
def test_who_erases_and_who_reads_the_record_are_two(signed_in: SignedIn, people: dict[str, User]) -> None:
    asked = {who: signed_in(who) for who in people if who != "left"}
    may_erase = {who for who, browser in asked.items() if browser.get("/voice/erase/").status_code == 200}
    may_read = {who for who, browser in asked.items() if browser.get("/voice/removals/").status_code == 200}
    assert (may_erase, may_read) == ({"moderator", "moderator2"}, {"auditor"})
