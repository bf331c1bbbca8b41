"""Themes: the moderators' own list of what families speak of, beside the fixed topics (R-V4, R-Z1, R-A9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation import content_version
from foundation.versions import VersionConflict
from partnership.models import User
from tests import factories as make
from voice.models import Comment, CommentTheme, Stage, Theme, Wording
from voice.operations import make_theme, merge_theme, rename_theme, set_themes, withdraw_comment
from voice.operations.errors import CannotDo
from voice.operations.themes import Tags
from voice.permissions import can_view_theme

pytestmark = pytest.mark.django_db


def of(comment: Comment) -> list[str]:
    return sorted(comment.theme_rows.standing().values_list("theme__name", flat=True))


@pytest.fixture
def by(people: dict[str, User]) -> User:
    return people["moderator"]


def test_a_name_with_other_capitals_and_spaces_is_the_same_theme(by: User) -> None:
    first = make_theme(name="Not  knowing when", by=by)
    assert (first.name, make_theme(name=" NOT KNOWING when ", by=by)) == ("Not knowing when", first)
    assert make_theme(name="Größe", by=by) == make_theme(name="GRÖSSE", by=by)
    assert first.history.get().history_user == by


def test_renaming_keeps_the_old_name_in_the_history_and_the_tags(by: User) -> None:
    comment = make.make_comment()
    theme = make.make_theme("Waiting", comment)
    rename_theme(theme=theme, version=1, name="Waiting too long", by=by)
    assert of(comment) == ["Waiting too long"]
    assert list(theme.history.order_by("history_id").values_list("name", flat=True)) == [
        "Waiting",
        "Waiting too long",
    ]
    rename_theme(theme=theme, version=2, name="waiting TOO long", by=by)  # its own name in other capitals


@pytest.mark.requirement("R-A9")
def test_two_who_rename_at_once_do_not_overwrite_each_other(by: User) -> None:
    theme = make.make_theme("Waiting")
    rename_theme(theme=theme, version=1, name="Waiting too long", by=by)
    with pytest.raises(VersionConflict):
        rename_theme(theme=theme, version=1, name="Waits", by=by)
    assert Theme.objects.get().name == "Waiting too long"


def test_a_name_that_is_taken_is_refused_with_where_it_leads(by: User) -> None:
    theme, other = make.make_theme("Waiting"), make.make_theme("Places")
    with pytest.raises(CannotDo, match="You can merge the two"):
        rename_theme(theme=other, version=1, name="WAITING", by=by)
    merge_theme(theme=theme, version=1, into=other, by=by)
    third = make.make_theme("Transport")
    with pytest.raises(CannotDo, match="an old name of “Places”"):
        rename_theme(theme=third, version=1, name="waiting", by=by)


def test_merging_moves_every_tag_once_and_the_old_name_leads_to_the_new(by: User) -> None:
    both, only_old = make.make_comment(), make.make_comment()
    old, new = make.make_theme("Waits", both, only_old), make.make_theme("Waiting", both)
    told_by = old.made_by
    merge_theme(theme=old, version=1, into=new, by=by)
    assert (of(both), of(only_old)) == (["Waiting"], ["Waiting"])
    row = only_old.theme_rows.standing().get()
    assert (row.by, row.theme) == (told_by, new)
    assert old.comment_rows.filter(ended_by=by).count() == 2
    assert make_theme(name="waits", by=by) == new
    last = make.make_theme("Time")
    merge_theme(theme=new, version=1, into=last, by=by)
    assert set(Theme.objects.filter(merged_into=last)) == {old, new}
    assert of(only_old) == ["Time"]


def test_a_theme_is_not_merged_into_itself_or_into_one_that_leads_elsewhere(by: User) -> None:
    one, two, three = (make.make_theme(name) for name in ("One", "Two", "Three"))
    with pytest.raises(CannotDo, match="another theme"):
        merge_theme(theme=one, version=1, into=one, by=by)
    merge_theme(theme=two, version=1, into=three, by=by)
    with pytest.raises(CannotDo, match="merged itself"):
        merge_theme(theme=one, version=1, into=two, by=by)
    with pytest.raises(CannotDo, match="was merged into"):
        rename_theme(theme=two, version=2, name="Else", by=by)


@pytest.mark.requirement("R-A9")
def test_two_moderators_tag_one_comment_and_both_tags_stay(people: dict[str, User]) -> None:
    comment = make.make_comment()
    one, two = make.make_theme("One"), make.make_theme("Two")
    set_themes(comment=comment, tags=Tags(add=[one]), by=people["moderator"])
    set_themes(comment=comment, tags=Tags(add=[two], new="Three"), by=people["moderator2"])
    set_themes(comment=comment, tags=Tags(add=[two]), by=people["moderator"])  # again: nothing is doubled
    assert of(comment) == ["One", "Three", "Two"]
    set_themes(comment=comment, tags=Tags(remove=[one]), by=people["moderator2"])
    assert of(comment) == ["Three", "Two"]
    gone = CommentTheme.objects.get(theme=one)
    assert (gone.by, gone.ended_by) == (people["moderator"], people["moderator2"])


@pytest.mark.requirement("R-A9")
def test_a_tag_under_a_name_that_was_merged_meanwhile_goes_where_it_leads(by: User) -> None:
    comment, other = make.make_comment(), make.make_comment()
    old, new = make.make_theme("Waits", other), make.make_theme("Waiting")
    merge_theme(theme=old, version=1, into=new, by=by)
    set_themes(comment=comment, tags=Tags(add=[old]), by=by)
    set_themes(comment=other, tags=Tags(remove=[old]), by=by)
    assert (of(comment), of(other)) == (["Waiting"], [])


@pytest.mark.requirement("R-S2")
def test_what_is_marked_unsafe_or_taken_back_gets_no_theme(by: User) -> None:
    theme, flagged = make.make_theme(), make.make_comment(flagged=True)
    with pytest.raises(CannotDo):
        set_themes(comment=flagged, tags=Tags(add=[theme]), by=by)
    back = make.make_comment()
    set_themes(comment=back, tags=Tags(add=[theme]), by=by)
    withdraw_comment(comment=back)
    assert not CommentTheme.objects.exists()
    with pytest.raises(CannotDo):
        set_themes(comment=back, tags=Tags(add=[theme]), by=by)


@pytest.mark.requirement("R-V6")
def test_only_moderators_see_a_theme_before_a_comment_with_it_is_published(people: dict[str, User]) -> None:
    shown = make.make_theme("Shown", make.make_comment(stage=Stage.APPROVED))
    make.make_theme("Unread", make.make_comment())
    make.make_theme("Hidden", make.make_comment(stage=Stage.APPROVED, may_show="nothing"))
    make.make_theme("Unsafe", make.make_comment(stage=Stage.APPROVED, flagged=True))
    make.make_theme("Nothing")
    gone = make.make_theme("Taken away", make.make_comment(stage=Stage.APPROVED))
    gone.comment_rows.update(ended_at=gone.made_at)
    make.make_theme("Merged", make.make_comment(stage=Stage.APPROVED), merged_into=shown)
    everyone: list[Any] = [*people.values(), None]
    for person in everyone:
        found = set(Theme.objects.visible_to(person))
        assert found == {row for row in Theme.objects.all() if can_view_theme(person, row)}
        moderates = person in (people["moderator"], people["moderator2"])
        assert found == (set(Theme.objects.all()) if moderates else {shown})


@pytest.mark.requirement("R-A9")
def test_tags_given_while_a_theme_is_merged_are_all_there_afterwards(
    together: Callable[..., list[Any]],
) -> None:
    by, into = make.make_user("moderator"), make.make_theme("Into")
    theme = make.make_theme("Old", make.make_comment())
    comments = [make.make_comment() for _ in range(5)]
    works: list[Callable[[], Any]] = [
        lambda c=c: set_themes(comment=c, tags=Tags(add=[theme], new="Brand new"), by=by) for c in comments
    ]
    outcomes = together(*works, lambda: merge_theme(theme=theme, version=1, into=into, by=by).name)
    assert outcomes == [None] * 5 + ["Into"]
    standing = together(lambda: list(CommentTheme.objects.standing().values_list("theme__name", flat=True)))[
        0
    ]
    assert sorted(standing) == ["Brand new"] * 5 + ["Into"] * 6


@pytest.mark.requirement("R-A9")
def test_the_page_of_a_theme_renames_merges_and_tells_of_a_conflict(
    signed_in: Callable[[str], Client],
) -> None:
    browser = signed_in("moderator")
    assert browser.post("/voice/inbox/themes/", {"name": "Waits"}).status_code == 302
    theme = Theme.objects.get()
    other = make.make_theme("Places")
    page = f"/voice/inbox/themes/{theme.pk}/"
    assert browser.post(page, {"step": "rename", "name": "Waiting", "version": 1}).status_code == 302
    late = browser.post(page, {"step": "rename", "name": "Waits long", "version": 1})
    assert late.status_code == 409 and "Waits long" in late.content.decode()
    taken = browser.post(page, {"step": "rename", "name": "places", "version": 2})
    assert taken.context["rename"].errors["name"] == [
        "There is a theme “Places” already. You can merge the two."
    ]
    assert browser.post(page, {"step": "merge", "into": theme.pk, "version": 2}).status_code == 422
    assert browser.post(page, {"step": "merge", "into": other.pk, "version": 2}).status_code == 302
    html = browser.get(page).content.decode()
    assert "This name leads to" in html and "Waits" in html
    assert "Waiting" in browser.get("/voice/inbox/themes/").content.decode()


def test_a_wording_is_kept_changed_and_taken_out(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("moderator")
    sent = {"name": "Waits", "text": "Somebody waits too long."}
    assert browser.post("/voice/inbox/wordings/", sent).status_code == 302
    assert "There is a wording" in browser.post("/voice/inbox/wordings/", sent).content.decode()
    page = f"/voice/inbox/wordings/{Wording.objects.get().pk}/"
    assert browser.post(page, sent | {"text": "Waits.", "version": 1}).status_code == 302
    late = browser.post(page, sent | {"text": "Mine.", "version": 1})
    assert late.status_code == 409 and "Mine." in late.content.decode()
    browser.post(page, {"step": "drop", "version": 1})
    assert Wording.objects.get().text == "Waits."
    browser.post(page, {"step": "drop", "version": 2})
    assert not Wording.objects.exists()
    lost = browser.post(page, sent | {"version": 2})
    assert lost.status_code == 403 and "Somebody waits too long." in lost.content.decode()


@pytest.mark.requirement("R-V6", "R-Z1")
def test_everybody_narrows_the_answers_by_the_themes_of_published_comments_alone(client: Client) -> None:
    shown = make.make_comment(stage=Stage.ANSWERED)
    answer = make.make_response(shown)
    make.make_response(make.make_comment(stage=Stage.ANSWERED))
    waiting = make.make_comment(stage=Stage.APPROVED)
    theme = make.make_theme("Not knowing when", shown, waiting)
    secret = make.make_theme("Secret theme", make.make_comment(stage=Stage.ANSWERED, may_show="nothing"))
    page = client.get("/voice/you-said-we-did/")
    assert "Not knowing when" in page.content.decode() and "Secret theme" not in page.content.decode()
    narrowed = client.get(f"/voice/you-said-we-did/?theme={theme.pk}")
    assert list(narrowed.context["page"].object_list) == [answer]
    waits = [row.comment for row in narrowed.context["waiting"]]
    assert (waits, narrowed.context["waiting_count"]) == ([waiting], 1)
    assert client.get(f"/voice/you-said-we-did/?theme={secret.pk}").context["page"].paginator.count == 2
    old = make.make_theme("Old name", merged_into=theme)
    assert list(client.get(f"/voice/you-said-we-did/?theme={old.pk}").context["page"].object_list) == [answer]


@pytest.mark.requirement("R-Z1", "R-V11")
def test_the_thread_of_a_comment_names_its_theme_and_how_it_came(client: Client) -> None:
    event = make.make_event("Open day", days=-3)
    comment = make.make_comment(stage=Stage.APPROVED, channel="event", event=event)
    other = make.make_comment(stage=Stage.APPROVED, channel="phone")
    theme = make.make_theme("Not knowing when", comment)
    make.make_theme("Elsewhere", other)
    html = client.get(f"/thread/comment/{comment.pk}/").content.decode()
    assert f"?theme={theme.pk}" in html and "Not knowing when" in html and "Elsewhere" not in html
    assert "It was said at" in html and "Open day" in html
    assert "It came by phone" in client.get(f"/thread/comment/{other.pk}/").content.decode()
    html = client.get(f"/thread/priority/{make.make_priority().pk}/").content.decode()
    assert "Not knowing when" not in html


@pytest.mark.requirement("R-V6")
def test_a_tag_on_a_published_comment_is_shown_to_the_very_next_visitor(
    by: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    theme, shown, unread = make.make_theme(), make.make_comment(stage=Stage.APPROVED), make.make_comment()
    told = []
    for comment in (shown, unread):
        before = content_version.read()
        with django_capture_on_commit_callbacks(execute=True):
            set_themes(comment=comment, tags=Tags(add=[theme]), by=by)
        told.append(content_version.read() > before)
    assert told == [True, False]
