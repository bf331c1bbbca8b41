"""A public page is kept while nothing changes, and never longer; nothing of one person's is ever kept."""

from __future__ import annotations

import gzip
import time

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client

from foundation import content_version, pages
from foundation.pages import Page, PageStore

from . import urls
from .notes import Note, Secret

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "no-store, private"


@pytest.fixture(autouse=True)
def _own_pages(own_site, page_cache):
    urls.made.clear()


@pytest.fixture
def visit(client, django_capture_on_commit_callbacks):
    """Give a way to change things as a committed request would, and to see what a visitor then reads."""

    def see(address="/notes/", change=None, **headers) -> str:
        if change:
            with django_capture_on_commit_callbacks(execute=True):
                change()
        return client.get(address, headers=headers).content.decode().split("</p>")[0]

    return see


def times_made() -> int:
    count = len(urls.made)
    urls.made.clear()
    return count


def test_the_second_visitor_gets_the_kept_page(client, django_assert_num_queries):
    first = client.get("/notes/")
    with django_assert_num_queries(0):  # the version is read past Django's counter
        second = Client().get("/notes/")
    assert first.content == second.content
    assert first.headers.items() == second.headers.items()
    assert times_made() == 1


def test_each_change_shows_to_the_very_next_visitor(visit):
    assert visit() == "<p>visitor  "
    assert visit(change=lambda: Note.objects.create(title="one")) == "<p>visitor  one"
    note = Note.objects.get()
    note.title = "two"
    assert visit(change=note.save) == "<p>visitor  two"
    assert visit(change=note.delete) == "<p>visitor  "
    assert visit(change=lambda: Note.objects.bulk_create([Note(title="bulk")])) == "<p>visitor  "
    assert visit(change=content_version.bump) == "<p>visitor  bulk"
    assert times_made() == 5


def test_a_private_change_leaves_the_kept_page(visit):
    visit()
    visit(change=lambda: Secret.objects.create(words="x"))
    assert times_made() == 1
    visit(change=lambda: Note.objects.create(title="x"))
    assert times_made() == 1


def test_a_page_is_kept_apart_for_whatever_changes_it(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for _ in range(2):
        client.get("/notes/")
        client.get("/notes/?q=one")
        client.get("/notes/?q=two")
        client.get("/notes/?q=two&a=1")
        client.get("/notes/?a=1&q=two")  # the same in another order
        client.get("/notes/?q=one&q=two")
        client.get("/notes/?q=two&q=one")
        client.get("/notes/", headers={"host": "other.example"})
        client.get("/notes/", secure=True)
    client.cookies["preferences"] = "large"
    client.get("/notes/")
    assert times_made() == 9


def test_the_page_is_made_again_when_the_day_turns_in_london(client):
    # 31 March 23:30 UTC is already 1 April in London: summer time has begun.
    for moment, made in [
        ("2026-03-31T22:59:58Z", 1),
        ("2026-03-31T22:59:59Z", 0),
        ("2026-03-31T23:00:01Z", 1),
        ("2026-04-01T00:00:01Z", 0),
    ]:
        with time_machine.travel(moment, tick=False):
            client.get("/notes/")
        assert (moment, times_made()) == (moment, made)


def test_a_kept_page_ends_after_a_minute(client, monkeypatch):
    client.get("/notes/")
    later = time.monotonic() + 61
    monkeypatch.setattr(pages.time, "monotonic", lambda: later)
    client.get("/notes/")
    client.get("/notes/")
    assert times_made() == 2


def test_a_signed_in_person_gets_a_page_of_their_own_that_nobody_keeps(client):
    visitor = client.get("/notes/")
    client.force_login(_person())
    mine = client.get("/notes/")
    assert b"signed in" in mine.content
    assert mine.headers["Cache-Control"] == PRIVATE
    assert "ETag" not in mine.headers
    client.logout()
    after = client.get("/notes/")
    assert after.content == visitor.content
    assert after.headers["Cache-Control"] == PUBLIC


def _person():
    model = get_user_model()
    fields = {model.USERNAME_FIELD: "person@example.org"}
    person = model(**fields)
    person.set_unusable_password()
    person.save()
    return person


@pytest.mark.parametrize("kind", ["token", "template-token", "cookie", "session", "message"])
@pytest.mark.parametrize("been_before", [False, True])
def test_what_belongs_to_one_person_is_not_kept(client, kind, been_before, settings):
    if been_before:
        client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    response = client.get(f"/odd/{kind}/")
    assert response.headers["Cache-Control"] == PRIVATE
    assert len(pages.store) == 0
    Client().get(f"/odd/{kind}/")
    assert times_made() == 2


@pytest.mark.parametrize("kind", ["missing", "moved", "stream", "own-rule"])
def test_other_answers_are_not_kept(client, kind):
    assert client.get(f"/odd/{kind}/").headers["Cache-Control"] in (PRIVATE, "no-store")
    assert len(pages.store) == 0


@pytest.mark.parametrize("kind", ["plain", "template"])
def test_a_page_without_a_token_is_kept_though_the_visitor_has_a_token_cookie(client, kind, settings):
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    client.get(f"/odd/{kind}/")
    Client().get(f"/odd/{kind}/")
    assert times_made() == 1


def test_other_methods_and_pieces_of_a_page_are_made_afresh(client):
    client.get("/notes/")
    client.head("/notes/")
    assert times_made() == 1
    client.post("/notes/")
    client.get("/notes/", headers={"hx-request": "true"})
    client.get("/notes/", headers={"authorization": "Basic x"})
    assert times_made() == 3


def test_an_unchanged_page_is_answered_with_304(client, visit):
    etag = client.get("/notes/").headers["ETag"]
    same = client.get("/notes/", headers={"if-none-match": f'"other", {etag}'})
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", etag)
    assert (same.headers["Cache-Control"], same.headers["Vary"]) == (
        PUBLIC,
        "Accept-Encoding, Cookie, HX-Request",
    )
    visit(change=lambda: Note.objects.create(title="new"))
    changed = client.get("/notes/", headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_a_page_is_compressed_once_for_whoever_can_read_it(client, monkeypatch):
    plain = client.get("/notes/")
    monkeypatch.setattr(pages.gzip, "compress", None)  # a second time would break
    zipped = client.get("/notes/", headers={"accept-encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped.headers["Content-Length"] == str(len(zipped.content))
    assert "Accept-Encoding" in zipped.headers["Vary"]


def test_addresses_made_by_machines_are_answered_and_not_kept(client):
    client.get("/notes/?q=" + "x" * 400)
    client.cookies["preferences"] = "x" * 400
    client.get("/notes/")
    assert len(pages.store) == 0
    assert times_made() == 2


def test_the_switch_keeps_nothing_and_the_answer_is_the_same(client, settings):
    kept = client.get("/notes/")
    settings.PORTAL_PAGE_CACHE = False
    pages.store.clear()
    afresh = client.get("/notes/")
    assert (afresh.content, dict(afresh.headers)) == (kept.content, dict(kept.headers))
    assert len(pages.store) == 0


def test_a_page_made_while_somebody_saves_is_not_handed_out_after(client, monkeypatch):
    content_version._raise_number()
    real = urls.Note.objects.order_by

    def save_meanwhile(*names):
        found = list(real(*names))
        monkeypatch.undo()
        Note.objects.create(title="meanwhile")
        content_version._raise_number()
        return found

    monkeypatch.setattr(type(urls.Note.objects), "order_by", lambda self, *names: save_meanwhile(*names))
    assert b"meanwhile" not in client.get("/notes/").content
    assert b"meanwhile" in client.get("/notes/").content


def test_a_form_and_a_private_page_are_never_kept_anywhere(client):
    assert client.get("/form/").headers["Cache-Control"] == PRIVATE
    assert client.get("/private/").status_code == 302
    client.force_login(_person())
    assert client.get("/private/").headers["Cache-Control"] == PRIVATE


def test_public_views_say_that_they_are():
    assert [urls.notes.portal_access, urls.form.portal_access] == ["public", "form"]
    assert [urls.notes.login_required, urls.form.login_required] == [False, False]


def page(size: int) -> Page:
    return Page(b"x" * size, None, '""', (), time.monotonic() + 60)


def test_the_store_is_bounded_in_pages_and_bytes_and_drops_the_least_used():
    store = PageStore(most_pages=3, most_bytes=100)
    for name in "abc":
        store.put((name,), page(10))
    store.get(("a",))
    store.put(("d",), page(10))
    assert [name for name in "abcd" if store.get((name,))] == ["a", "c", "d"]
    store.put(("big",), page(85))
    assert [name for name in ("a", "c", "d", "big") if store.get((name,))] == ["d", "big"]
    store.put(("d",), page(12))
    assert store.bytes == 97
    store.put(("too big",), page(pages.BIGGEST_PAGE + 1))
    assert store.get(("too big",)) is None
