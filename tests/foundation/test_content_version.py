"""The content version rises with whatever a visitor may see, after the change can be seen, and never before."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from foundation import content_version
from foundation.content_version import ContentVersion

from .notes import Note, Secret, Tag


@pytest.fixture
def raised(notes, django_capture_on_commit_callbacks):
    """Give a checker: `raised(change)` tells by how much the number rose once the change was committed."""
    content_version._raise_number()

    def check(change) -> int:
        before = content_version.read()
        with django_capture_on_commit_callbacks(execute=True):
            change()
        return content_version.read() - before

    return check


def test_an_empty_table_counts_as_nought_and_mends_itself(db):
    assert content_version.read() == 0
    content_version._raise_number()
    first = content_version.read()
    content_version._raise_number()
    assert (content_version.read() - first, ContentVersion.objects.count()) == (1, 1)
    # A table that was emptied does not hand out a number that cached pages may still be kept under.
    assert first > 1_700_000_000


def test_each_kind_of_change_raises_the_number(raised):
    assert raised(lambda: Note.objects.create(title="one")) == 1
    note, tag = Note.objects.get(), Tag.objects.create(word="a")
    assert raised(note.save) == 1
    assert raised(lambda: note.tags.add(tag)) == 1
    assert raised(lambda: note.tags.clear()) == 1
    assert raised(lambda: tag.note_set.add(note)) == 1
    assert raised(lambda: Note.objects.all().delete()) == 1


def test_what_no_visitor_sees_does_not(raised):
    secret, tag = Secret.objects.create(words="x"), Tag.objects.create(word="a")
    assert raised(lambda: Secret.objects.create(words="y")) == 0
    assert raised(lambda: secret.tags.add(tag)) == 0
    assert raised(secret.delete) == 0
    assert raised(lambda: Tag.objects.create(word="b")) == 1


def test_a_bulk_write_says_so_itself(raised):
    assert raised(lambda: Note.objects.bulk_create([Note(title="x")])) == 0
    assert raised(content_version.bump) == 1


def test_one_transaction_raises_the_number_once(raised):
    assert raised(lambda: [Note.objects.create(title=str(n)) for n in range(50)]) == 1


def test_a_change_that_is_undone_does_not_raise_the_number(raised):
    def undone_within():
        with transaction.atomic():
            Note.objects.create(title="undone")
            transaction.set_rollback(True)

    assert raised(undone_within) == 0

    def undone_then_done():
        undone_within()
        Note.objects.create(title="done")

    assert raised(undone_then_done) == 1


@pytest.mark.django_db(transaction=True)
def test_the_number_rises_after_the_commit_and_not_inside(note_tables):
    content_version.bump()
    before = content_version.read()
    with transaction.atomic():
        Note.objects.create(title="one")
        assert content_version.read() == before
    assert content_version.read() == before + 1


def test_many_writers_at_once_are_all_counted(at_once):
    at_once(content_version.bump)
    before = at_once(content_version.read)[0]
    results = at_once(*[lambda: Note.objects.create(title="x").pk for _ in range(8)])
    assert all(isinstance(result, int) for result in results)
    assert at_once(content_version.read)[0] - before == 8


def test_a_number_that_cannot_be_raised_does_not_undo_the_persons_work(raised, monkeypatch, caplog):
    def broken(*args):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", broken)
        content_version._raise_number()
    assert [record.message for record in caplog.records] == ["The content version could not be raised"]


@pytest.mark.django_db(transaction=True)
def test_one_transaction_raises_the_number_once_and_the_next_again(note_tables):
    content_version.bump()
    before = content_version.read()
    for _ in range(2):
        with transaction.atomic():
            for n in range(5):
                Note.objects.create(title=str(n))
    assert content_version.read() == before + 2


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_dropped_is_opened_again(note_tables):
    content_version.bump()
    number = content_version.read()
    connection.health_check_done = False
    connection.connection.close() if connection.vendor == "postgresql" else None
    assert content_version.read() == number


def test_rows_of_history_do_not_count():
    """Saving a row writes its history too; the history of what is private must not tell of it."""
    histories = [model for model in apps.get_models() if hasattr(model, "instance_type")]
    assert histories != []
    assert [model for model in histories if content_version._is_public_content(model)] == []
    assert content_version._is_public_content(Note)
