"""Two people edit the same note: one is saved, the other sees both texts and loses nothing."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.test import RequestFactory

from foundation import versions
from foundation.ids import SafeModelChoiceField, SafeModelMultipleChoiceField
from foundation.versions import VersionConflict, VersionField, conflict_response, lock_for_edit

from .notes import Note, Tag


def save(pk: int, version: int, title: str) -> str:
    with transaction.atomic():
        note = lock_for_edit(Note.objects.all(), pk, version=version)
        note.title = title
        note.save()
    return title


@pytest.mark.usefixtures("notes")
class TestLock:
    def test_the_version_rises_with_each_save(self):
        note = Note.objects.create(title="one")
        save(note.pk, 1, "two")
        save(note.pk, 2, "three")
        note.refresh_from_db()
        assert (note.title, note.version) == ("three", 3)

    def test_the_version_rises_when_only_some_fields_are_saved(self):
        note = Note.objects.create(title="one")
        locked = lock_for_edit(Note.objects.all(), note.pk, version=1)
        locked.title = "two"
        locked.bump()
        locked.save(update_fields=["title"])
        note.refresh_from_db()
        assert (note.title, note.version) == ("two", 2)

    def test_a_row_read_again_before_saving_is_raised_again(self):
        note = Note.objects.create(title="one")
        note.bump()
        note.refresh_from_db()
        note.bump()
        note.bump()
        note.save()
        note.refresh_from_db()
        assert note.version == 2

    @pytest.mark.parametrize("version", [0, 2, -1, 10**9])
    def test_another_version_is_a_conflict_and_nothing_changes(self, version):
        note = Note.objects.create(title="one")
        with pytest.raises(VersionConflict) as conflict:
            save(note.pk, version, "two")
        note.refresh_from_db()
        assert (note.title, note.version, conflict.value.current) == ("one", 1, note)

    def test_a_row_the_person_may_not_see_is_not_there(self):
        mine, theirs = Note.objects.create(title="mine"), Note.objects.create(title="theirs")
        seen = Note.objects.filter(title="mine")
        assert lock_for_edit(seen, mine.pk, version=1) == mine
        with pytest.raises(Note.DoesNotExist):
            lock_for_edit(seen, theirs.pk, version=1)

    def test_rows_found_by_joins_and_distinct_are_locked_too(self):
        note = Note.objects.create(title="one")
        note.tags.add(Tag.objects.create(word="a"), Tag.objects.create(word="b"))
        seen = (
            Note.objects.filter(tags__word__in=["a", "b"]).select_related().distinct().order_by("tags__word")
        )
        assert lock_for_edit(seen, note.pk, version=1) == note


@pytest.mark.django_db(transaction=True)
def test_a_lock_outside_a_transaction_is_refused(note_tables):
    note = Note.objects.create(title="one")
    with pytest.raises(TransactionManagementError):
        lock_for_edit(Note.objects.all(), note.pk, version=1)
    assert save(note.pk, 1, "two") == "two"


@pytest.mark.requirement("R-A9")
def test_of_many_competing_saves_one_wins_each_version_and_the_rest_are_told(at_once):
    pk = at_once(lambda: Note.objects.create(title="start").pk)[0]
    won: list[str] = []
    for version in range(1, 6):
        results = at_once(
            *[lambda name=f"{version}-{n}", version=version: save(pk, version, name) for n in range(6)]
        )
        winners = [result for result in results if isinstance(result, str)]
        assert sorted(type(result).__name__ for result in results) == ["VersionConflict"] * 5 + ["str"]
        won += winners
    stored = at_once(lambda: Note.objects.values_list("title", "version").get(pk=pk))[0]
    assert stored == (won[-1], 6)


class NoteForm(forms.Form):
    title = forms.CharField(label="Title")
    body = forms.CharField(label="What it says", widget=forms.Textarea, required=False)
    colour = forms.ChoiceField(label="Colour", choices=[("r", "Red"), ("g", "Green")])
    due = forms.DateField(label="Due", required=False)
    tags = SafeModelMultipleChoiceField(Tag.objects.all(), label="Tags", required=False)
    version = VersionField()


@pytest.fixture
def shown(monkeypatch):
    """What the page is given, with the status it is sent with."""

    def render(request, template, context, status):
        return SimpleNamespace(template=template, status_code=status, context=context)

    monkeypatch.setattr(versions, "render", render)


@pytest.mark.usefixtures("notes", "shown")
@pytest.mark.requirement("R-A9")
def test_the_page_shows_both_texts_and_keeps_what_was_typed():
    one, two = Tag.objects.create(word="one"), Tag.objects.create(word="two")
    note = Note.objects.create(
        title="Same", body="Theirs", colour="g", due=datetime.date(2026, 3, 1), version=7
    )
    note.tags.add(one, two)
    typed = {
        "title": "Same",
        "body": "Mine,\r\nlong",
        "colour": "r",
        "due": "2026-03-02",
        "tags": [two.pk, one.pk],
        "version": 6,
    }
    request = RequestFactory().post("/notes/1/edit/?next=x", typed)
    request.user = AnonymousUser()
    form = NoteForm(request.POST)
    assert form.is_valid()

    page = conflict_response(request, form=form, conflict=VersionConflict(note))

    assert (page.status_code, page.template) == (409, "409.html")
    assert page.context["rows"] == [
        {"label": "Title", "theirs": "Same", "yours": "Same", "changed": False},
        {"label": "What it says", "theirs": "Theirs", "yours": "Mine,\r\nlong", "changed": True},
        {"label": "Colour", "theirs": "Green", "yours": "Red", "changed": True},
        {"label": "Due", "theirs": "1 March 2026", "yours": "2 March 2026", "changed": True},
        {"label": "Tags", "theirs": "one, two", "yours": "one, two", "changed": False},
    ]
    assert page.context["post_url"] == "/notes/1/edit/?next=x"
    kept = page.context["form"]
    assert 'value="7"' in str(kept["version"])
    assert "Mine,\r\nlong" in str(kept["body"])


@pytest.mark.parametrize("sent", ["", "abc", "-1", "9" * 25, "1.5", "\x00", "١", None])
def test_a_version_that_is_no_number_is_one_that_no_row_has(sent):
    form = NoteForm({"title": "x", "colour": "r", **({} if sent is None else {"version": sent})})
    assert form.is_valid() or "tags" in form.errors
    assert form.cleaned_data["version"] == 0


def test_the_form_shows_the_version_it_was_opened_with():
    assert 'type="hidden" name="version" value="3"' in str(NoteForm(initial={"version": 3})["version"])


@pytest.mark.usefixtures("notes", "shown")
def test_who_saved_last_is_told_where_the_row_keeps_its_history():
    class History:
        def select_related(self, *names):
            return self

        def first(self):
            return SimpleNamespace(
                history_user=SimpleNamespace(name="A publisher"), history_date=datetime.datetime(2026, 3, 1)
            )

    note = Note.objects.create(title="Theirs")
    note.history = History()
    request = RequestFactory().post("/", {"title": "Mine", "colour": "r"})
    page = conflict_response(
        request, form=NoteForm(request.POST), conflict=VersionConflict(note), fields=["title"]
    )
    assert (page.context["theirs_by"], page.context["theirs_at"]) == (
        "A publisher",
        datetime.datetime(2026, 3, 1),
    )


@pytest.mark.usefixtures("notes", "shown")
def test_one_chosen_row_is_shown_by_its_name():
    class OneTag(forms.Form):
        tag = SafeModelChoiceField(Tag.objects.all())
        version = VersionField()

    mine, theirs = Tag.objects.create(word="mine"), Tag.objects.create(word="theirs")
    request = RequestFactory().post("/", {"tag": mine.pk})
    form = OneTag(request.POST)
    assert form.is_valid()
    conflict = VersionConflict(SimpleNamespace(version=2, chosen=theirs))
    page = conflict_response(request, form=form, conflict=conflict, fields=[("tag", "chosen")])
    assert page.context["rows"] == [{"label": "Tag", "theirs": "theirs", "yours": "mine", "changed": True}]
