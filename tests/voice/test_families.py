"""What I told you: a family sees all that it keeps with its account, and nobody else does (R-V8, R-P1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from foundation.codes import new_code
from foundation.tokens import new_token
from partnership.models import Service, User
from tests import factories as make
from voice import permissions as may
from voice.forms import sending
from voice.models import Comment, FamilyComment, Stage
from voice.operations import keep_with_account, submit_comment, withdraw_comment

from .journey import press_send, write

pytestmark = pytest.mark.django_db
MINE = "/voice/mine/"


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LEAST_SECONDS", 0)


@pytest.fixture
def family(db: Any) -> User:
    user = make.make_user()
    make.make_two_step(user)
    return user


@pytest.fixture
def browser(family: User) -> Client:
    client = Client()
    client.force_login(family)
    return client


@pytest.mark.requirement("R-V8")
def test_it_is_kept_when_it_is_sent_or_by_its_code_and_stands_on_one_page(
    browser: Client, family: User, service: Service
) -> None:
    words = {"route": "parent-carer", "topic": "missing", "text": "Words"}
    submit_comment(token=new_token(), family=family, **words)
    code = new_code()
    make.make_comment(stage=Stage.ANSWERED, service=service, topic="felt", code=code)
    assert browser.post(MINE, {"code": code}).status_code == 302
    assert browser.post(MINE, {"code": code}).status_code == 302
    page = browser.get(MINE)
    told = page.content.decode()
    assert ("Something that is missing" in told, "How it felt" in told) == (True, True)
    assert ("We have it." in told, f"{service.name} has answered." in told) == (True, True)
    assert (FamilyComment.objects.count(), page.headers["Cache-Control"]) == (2, "no-store, private")


@pytest.mark.requirement("R-V8")
def test_wrong_codes_are_limited_here_too(browser: Client, settings: Any) -> None:
    settings.VOICE_LIMITS = {"trying": {"address": 2}}
    code = new_code()
    make.make_comment(code=code)
    for _ in range(2):
        assert browser.post(MINE, {"code": new_code()}).status_code == 422
    assert (browser.post(MINE, {"code": code}).status_code, FamilyComment.objects.count()) == (429, 0)


@pytest.mark.requirement("R-V8", "R-P1")
def test_nobody_else_opens_it_and_no_page_of_theirs_says_whose_it_is(
    family: User, people: dict[str, User], service: Service
) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service)
    User.objects.filter(pk=family.pk).update(name="Canaryfamily", email="canaryfamily@example.org")
    keep_with_account(comment=comment, user=family)
    flagged = make.make_comment(flagged=True)
    keep_with_account(comment=flagged, user=family)
    other = make.make_user()
    for person in [*people.values(), other]:
        reader = User.objects.get(pk=person.pk)
        rows = set(FamilyComment.objects.visible_to(reader))
        assert rows == {row for row in FamilyComment.objects.all() if may.can_view_kept(reader, row)} == set()
        client = Client(raise_request_exception=False)
        client.force_login(reader)
        assert client.get(f"{MINE}{comment.pk}/").status_code in (302, 403, 404)
        for page in (
            f"/voice/inbox/{comment.pk}/",
            "/voice/inbox/",
            f"/voice/safeguarding/{flagged.flag.pk}/",
            MINE,
        ):
            assert "anaryfamily" not in client.get(page).content.decode()
    assert set(FamilyComment.objects.visible_to(family).values_list("comment", flat=True)) == {
        comment.pk,
        flagged.pk,
    }


@pytest.mark.requirement("R-V8")
def test_the_same_steps_work_without_the_code(browser: Client, family: User, service: Service) -> None:
    comment = make.make_comment(stage=Stage.APPROVED, service=service)
    keep_with_account(comment=comment, user=family)
    page = f"{MINE}{comment.pk}/"
    assert "Add one thing" in browser.get(page).content.decode()
    browser.post(page, {"step": "add-send", "text": "ADDED", "token": new_token()})
    browser.post(page, {"step": "show-send", "may_show": "nothing"})
    comment.refresh_from_db()
    assert (comment.may_show, comment.more_words.get().added.original.text) == ("nothing", "ADDED")
    assert "Your words are gone." in browser.post(page, {"step": "take-back"}).content.decode()
    assert "You took it back." in browser.get(MINE).content.decode()


@pytest.mark.requirement("R-V8", "R-P1")
def test_the_link_goes_when_they_take_it_away_and_with_the_account(
    browser: Client, family: User, service: Service
) -> None:
    first, second = (make.make_comment(stage=Stage.APPROVED, service=service) for _ in range(2))
    for comment in (first, second):
        keep_with_account(comment=comment, user=family)
    assert browser.post(f"{MINE}{first.pk}/", {"step": "remove"}).status_code == 302
    assert [row.comment for row in FamilyComment.objects.all()] == [second]
    assert browser.get(f"{MINE}{first.pk}/").status_code == 404
    family.delete()
    assert (FamilyComment.objects.count(), Comment.objects.count()) == (0, 2)


def test_what_was_taken_back_stays_listed_without_a_word(browser: Client, family: User) -> None:
    comment = make.make_comment("SECRET words")
    keep_with_account(comment=comment, user=family)
    withdraw_comment(comment=comment)
    page = browser.get(f"{MINE}{comment.pk}/").content.decode()
    assert ("You took it back." in page, "SECRET" in page) == (True, False)


@pytest.mark.parametrize(("role", "allowed"), [("family", True), ("nobody", True), ("moderator", False)])
def test_a_family_has_this_page_and_staff_do_not(people: dict[str, User], role: str, allowed: bool) -> None:
    reader = User.objects.get(pk=people[role].pk)
    assert may.can_keep_words(reader) is allowed


def test_with_the_code_a_signed_in_family_is_offered_to_keep_it(browser: Client, client: Client) -> None:
    code = new_code()
    make.make_comment(code=code)
    offer = "Keep it with my account"
    assert offer in browser.post("/voice/follow/", {"code": code}).content.decode()
    assert offer not in client.post("/voice/follow/", {"code": code}).content.decode()


@pytest.mark.requirement("R-V8")
def test_a_signed_in_family_keeps_it_with_one_tick_when_it_sends(
    browser: Client, family: User, client: Client
) -> None:
    write(client)
    assert "Keep it with my account" not in client.get("/voice/new/parent-carer/check/").content.decode()
    write(browser)
    assert "Keep it with my account" in browser.get("/voice/new/parent-carer/check/").content.decode()
    press_send(browser, keep="on")
    press_send(client, keep="on")  # forged: nobody is signed in
    assert [(row.user, row.comment) for row in FamilyComment.objects.all()] == [
        (family, Comment.objects.earliest("pk"))
    ]
    assert "Something that is missing" in browser.get(MINE).content.decode()
