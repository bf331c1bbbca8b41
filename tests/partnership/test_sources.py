"""Published words, their documents and notes (R-C1, R-C2, R-C3, R-C7)."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnership.models import Passage, PlainSummary, SourceDocument, SourceNote
from partnership.roles import STAFF_ROLES, Role
from tests import factories as make

from .conftest import words

pytestmark = pytest.mark.django_db


def plain_url(passage: Passage) -> str:
    return reverse("partnership:plain_edit", args=[passage.ref])


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.requirement("R-C1")
@pytest.mark.requirement("R-C3")
def test_every_passage_stands_whole_on_its_documents_page_with_title_and_date(
    client: Client, loaded: None
) -> None:
    shown = 0
    for document in SourceDocument.objects.all():
        page = words(client.get(document.get_absolute_url()))
        assert document.title in page
        for passage in document.passages.all():
            assert flat(passage.text) in page, passage.ref
            shown += 1
        assert (
            page.count(f"From {document.title}, {document.date_text}")
            + page.count(f", and {document.title}, {document.date_text}")
            == document.passages.count()
        )
    assert shown >= Passage.objects.count() >= 200


@pytest.mark.requirement("R-C3")
def test_a_document_without_a_date_says_so(client: Client) -> None:
    passage = make.make_passage("Some words", source=make.make_source("The plan"))
    page = words(client.get(passage.get_absolute_url()))
    assert "From The plan, date not given." in page
    assert passage.sources.get().get_absolute_url() in client.get(passage.get_absolute_url()).content.decode()


def test_passages_stand_in_order_under_their_headings_with_anchors(client: Client) -> None:
    document = make.make_source("The plan")
    for ref, heading, position in (("B2", "Second", 2), ("B1", "First", 1), ("B3", "Second", 3)):
        make.make_passage(f"Words of {ref}", source=document, ref=ref, heading=heading, position=position)
    html = client.get(document.get_absolute_url()).content.decode()
    assert re.findall(r'id="passage-(\w+)"', html) == ["B1", "B2", "B3"]
    assert [
        section["heading"] for section in client.get(document.get_absolute_url()).context["sections"]
    ] == ["First", "Second"]


def test_a_slip_is_marked_and_an_old_document_says_that_it_speaks_of_the_past(client: Client) -> None:
    old, new = make.make_source("Old"), make.make_source("New")
    make.make_passage("There is a slip hear.", source=old, has_slip=True, archive=True)
    make.make_passage("No slip here.", source=new)
    assert "[sic]" in words(client.get(old.get_absolute_url()))
    assert "This document speaks of the past" in words(client.get(old.get_absolute_url()))
    assert "[sic]" not in words(client.get(new.get_absolute_url()))
    assert "speaks of the past" not in words(client.get(new.get_absolute_url()))


@pytest.mark.requirement("R-C2")
@pytest.mark.parametrize("role", [*STAFF_ROLES, None])
def test_nobody_can_change_a_quotation(signed_in: Callable[..., Client], role: str | None) -> None:
    service = make.make_service() if role in (Role.CONTRIBUTOR, Role.PUBLISHER) else None
    client = signed_in(role, service=service) if role else Client()
    passage = make.make_passage("Words as published", ref="B1")
    sent = {"text": "Other words", "after": "", "passage": "Other words", "ref": "B9"}
    assert client.post(passage.get_absolute_url(), sent).status_code in (302, 405)
    assert client.post(passage.sources.get().get_absolute_url(), sent).status_code in (302, 405)
    client.post(plain_url(passage), sent)
    passage.refresh_from_db()
    assert (passage.text, passage.ref) == ("Words as published", "B1")
    # Only the plain words beside it, and only by the programme team, with name and time.
    written = list(PlainSummary.objects.values_list("text", "author__memberships__role"))
    assert written == ([("Other words", Role.PROGRAMME)] if role == Role.PROGRAMME else [])


@pytest.mark.requirement("R-C2")
def test_the_admin_knows_no_passages_and_no_plain_words(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    index = words(client.get("/admin/"))
    assert "Contacts" in index
    for path in ("passage", "plainsummary", "sourcenote", "user", "membership", "invitation"):
        assert client.get(f"/admin/partnership/{path}/").status_code == 404, path
    assert client.get("/admin/partnership/contact/").status_code == 200


@pytest.mark.parametrize("role", [Role.PROGRAMME, Role.AUDITOR, Role.BOARD])
def test_the_admin_is_for_administrators_alone(signed_in: Callable[..., Client], role: str) -> None:
    client = signed_in(role)
    client.person.is_staff = client.person.is_superuser = True
    client.person.save()
    response = client.get("/admin/partnership/contact/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.requirement("R-C2")
def test_every_version_of_the_plain_words_is_kept(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    passage = make.make_passage("Words as published")
    client.post(plain_url(passage), {"text": "First plain words", "after": ""})
    first = PlainSummary.objects.get()
    client.post(plain_url(passage), {"text": "Better plain words", "after": first.pk})
    page = words(client.get(passage.get_absolute_url()))
    assert (
        page.index("Better plain words") < page.index("Earlier plain words") < page.index("First plain words")
    )
    assert set(PlainSummary.objects.values_list("author", flat=True)) == {client.person.pk}
    # The same words sent twice, by a double click, are one version.
    client.post(plain_url(passage), {"text": "Better plain words", "after": first.pk})
    assert PlainSummary.objects.count() == 2


@pytest.mark.requirement("R-A9")
def test_plain_words_written_meanwhile_are_not_lost(signed_in: Callable[..., Client]) -> None:
    client = signed_in(Role.PROGRAMME)
    passage = make.make_passage()
    client.post(plain_url(passage), {"text": "Theirs", "after": ""})
    late = client.post(plain_url(passage), {"text": "Mine", "after": ""})
    assert "Someone else wrote newer words meanwhile." in words(late)
    assert "Theirs" in words(late)
    assert "Mine" in late.content.decode()
    assert PlainSummary.objects.count() == 1
    client.post(plain_url(passage), {"text": "Mine", "after": late.context["form"]["after"].value()})
    assert Passage.objects.with_sources().get(pk=passage.pk).plain.text == "Mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write the plain words."),
        ("\u200b\u202e\x00 ", "Write the plain words."),
        ("a" * 2001, "Use 2,000 characters or fewer. You used 2,001."),
    ],
)
def test_plain_words_that_will_not_do_are_a_message(
    signed_in: Callable[..., Client], text: str, message: str
) -> None:
    client = signed_in(Role.PROGRAMME)
    passage = make.make_passage()
    response = client.post(plain_url(passage), {"text": text, "after": "9" * 25})
    assert response.context["form"].errors["text"] == [message]
    assert PlainSummary.objects.count() == 0
    client.post(plain_url(passage), {"text": "Good words", "after": "x"})
    assert PlainSummary.objects.count() == 1


@pytest.mark.requirement("R-C7")
def test_all_twenty_four_notes_are_listed_and_linked_both_ways(client: Client, loaded: None) -> None:
    html = client.get("/source-notes/").content.decode()
    assert [int(number) for number in re.findall(r'<section [^>]*id="note-(\d+)"', html)] == list(
        range(1, 25)
    )
    for note in SourceNote.objects.all():
        linked = [*note.passages.all(), *note.sources.all()]
        for row in linked:
            assert row.get_absolute_url() in html
            back = client.get(row.get_absolute_url()).content.decode()
            assert f'href="/source-notes/#note-{note.number}"' in back, (note.number, row)
    assert SourceNote.objects.filter(passages=None, sources=None).count() == 0


@pytest.mark.parametrize(
    "path", ["/sources/no-such/", "/sources/passages/ZZZ/", "/sources/passages/" + "a" * 300 + "/"]
)
def test_what_is_not_there_is_no_page(client: Client, path: str) -> None:
    make.make_passage(ref="A" * 20)
    assert client.get(path).status_code == 404


def test_a_documents_page_asks_the_same_number_of_questions_for_one_and_three_passages(
    client: Client,
) -> None:
    document = make.make_source()
    author = make.make_user(Role.PROGRAMME)

    def one_more(number: int) -> None:
        passage = make.make_passage(source=document)
        SourceNote.objects.create(number=number, title="T", contradiction="C", treatment="T").passages.add(
            passage
        )
        PlainSummary.objects.create(
            passage=passage, text="Plain", author=author, written_at="2026-01-01T10:00Z"
        )

    one_more(1)
    client.get(document.get_absolute_url())
    with CaptureQueriesContext(connection) as with_one:
        client.get(document.get_absolute_url() + "?fresh=1")
    one_more(2)
    one_more(3)
    with CaptureQueriesContext(connection) as with_three:
        client.get(document.get_absolute_url() + "?fresh=2")
    assert len(with_three) == len(with_one) <= 10
