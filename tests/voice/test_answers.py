"""A service answers one comment or many, and it shows where it should (R-V7, R-V14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from actions.models import Action, Plan, Status
from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from foundation.versions import VersionConflict
from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice.models import ActionVoice, Comment, MayShow, Response, Route, Stage
from voice.operations import edit_answer, flag_comment, publish_answer
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]
NEW = "/voice/answers/new/"


@pytest.fixture
def comment(service: Service) -> Comment:
    return make.make_comment(stage=Stage.APPROVED, service=service, published_text="The approved words")


def written(*comments: Comment, **changes: Any) -> dict[str, Any]:
    words = {
        "comments": [comment.pk for comment in comments],
        "kind": "we_did",
        "you_said": "It takes too long.",
        "we_did": "We asked for more people.",
        "difference": "It takes less long.",
        "progress": "done",
        "no_action_reason": "It is done.",
        "token": new_token(),
    }
    return words | changes


def address(*comments: Comment) -> str:
    return NEW + "?" + "&".join(f"comment={comment.pk}" for comment in comments)


def test_a_service_reads_the_redacted_words_of_its_own_comments_alone(
    signed_in: SignedIn, service: Service
) -> None:
    mine = make.make_comment("SECRET original", stage=Stage.APPROVED, service=service)
    redacted = mine.redactions.get().text
    theirs = make.make_comment(stage=Stage.APPROVED).redactions.get().text
    page = signed_in("contributor").get("/voice/answers/").content.decode()
    assert (redacted in page, theirs in page, "SECRET" in page) == (True, False, False)


def test_only_people_who_write_for_a_service_answer(
    people: dict[str, User], signed_in: SignedIn, comment: Comment
) -> None:
    got = {who: signed_in(who).get("/voice/answers/").status_code for who in people if who != "left"}
    assert {who for who, status in got.items() if status == 200} == {
        "contributor",
        "publisher",
        "other",
        "sector_lead",
    }
    for who in ("board", "programme", "moderator"):
        signed_in(who).post(address(comment), written(comment))
    assert Response.objects.count() == 0
    signed_in("contributor").post(address(comment), written(comment))
    assert Response.objects.count() == 1


@pytest.mark.requirement("R-V7")
def test_one_answer_may_answer_many_comments(signed_in: SignedIn, service: Service, comment: Comment) -> None:
    second = make.make_comment(stage=Stage.APPROVED, service=service)
    signed_in("contributor").post(address(comment, second), written(comment, second))
    answer = Response.objects.get()
    assert set(answer.comments.all()) == {comment, second}
    assert (answer.status, answer.service, answer.we_did) == ("draft", service, "We asked for more people.")


@pytest.mark.requirement("R-V7")
def test_a_claim_of_change_links_an_action_or_says_why_none(
    signed_in: SignedIn, service: Service, comment: Comment
) -> None:
    action = make.make_action(make.make_plan(service))
    browser = signed_in("contributor")
    refused = browser.post(address(comment), written(comment, no_action_reason=""))
    assert refused.context["form"].errors == {
        "actions": ["Choose the action that does this, or say why there is none."]
    }
    assert "It takes less long.</textarea>" in refused.content.decode()
    browser.post(address(comment), written(comment, no_action_reason="", actions=[action.pk]))
    browser.post(address(comment), written(comment, no_action_reason="", kind="we_cannot"))
    assert [list(row.actions.all()) for row in Response.objects.order_by("pk")] == [[action], []]


@pytest.mark.requirement("R-V7")
def test_another_services_comment_or_action_cannot_be_chosen(
    signed_in: SignedIn, service: Service, comment: Comment
) -> None:
    theirs = make.make_comment(stage=Stage.APPROVED)
    flagged = make.make_comment(stage=Stage.APPROVED, service=service, flagged=True)
    action = make.make_action()
    browser = signed_in("contributor")
    for wrong in (theirs.pk, flagged.pk, "9" * 25, "x", -1):
        form = browser.post(address(comment), written(comment) | {"comments": [comment.pk, wrong]}).context[
            "form"
        ]
        assert form.errors == {
            "comments": ["A comment you chose cannot be answered any more. Choose from these."]
        }
    for wrong in (action.pk, "9" * 25, "x"):
        form = browser.post(address(comment), written(comment, actions=[wrong])).context["form"]
        assert form.errors["actions"] == ["Choose from the list."]
    assert Response.objects.count() == 0


@pytest.mark.requirement("R-V7")
def test_an_action_that_families_cannot_see_cannot_stand_behind_an_answer(
    signed_in: SignedIn, service: Service, comment: Comment
) -> None:
    shown = make.make_action(make.make_plan(service))
    unread = make.make_action(shown.plan, public=False)
    draft = make.make_action(make.make_plan(service, status=Plan.Status.DRAFT))
    for who in ("contributor", "publisher"):
        browser = signed_in(who)
        form = browser.get(address(comment)).context["form"]
        assert list(form.fields["actions"].queryset) == [shown]
        for wrong in (unread, draft):
            form = browser.post(address(comment), written(comment, actions=[wrong.pk])).context["form"]
            assert form.errors["actions"] == ["Choose from the list."]
    assert Response.objects.count() == 0


@pytest.mark.requirement("R-V7")
def test_a_closed_action_cannot_stand_behind_an_answer_and_a_completed_one_can(
    signed_in: SignedIn, service: Service, comment: Comment, people: dict[str, User]
) -> None:
    plan = make.make_plan(service)
    done = make.make_action(plan, status=Status.BLUE, public_status=Status.BLUE)
    closed = make.make_action(plan, status=Status.CLOSED, public_status=Status.CLOSED)
    browser = signed_in("contributor")
    page = browser.get(address(comment))
    assert list(page.context["form"].fields["actions"].queryset) == [done]
    assert f"{done} (completed)" in page.content.decode()
    form = browser.post(address(comment), written(comment, actions=[closed.pk])).context["form"]
    assert form.errors["actions"] == ["Choose from the list."]
    # The operation refuses it too, for the moment between reading the form and saving it.
    answer = make.make_response(comment, service=service, status=Response.Status.DRAFT, actions=(done,))
    with pytest.raises(CannotDo):
        edit_answer(answer=answer, version=answer.version, actions=[closed], by=people["contributor"])
    assert list(answer.actions.all()) == [done]
    # One that was closed after it was linked stays: what was said of it was true then.
    Action.objects.filter(pk=done.pk).update(status=Status.CLOSED, public_status=Status.CLOSED)
    edit_answer(answer=answer, version=answer.version, actions=[done], by=people["contributor"])
    assert list(answer.actions.all()) == [done]


def test_an_action_that_is_closed_while_the_answer_is_sent_is_told_beside_its_field(
    signed_in: SignedIn, service: Service, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = make.make_action(make.make_plan(service), status=Status.CLOSED, public_status=Status.CLOSED)
    monkeypatch.setattr("voice.forms.answers.may_stand_behind_answer", lambda _: Action.objects.all())
    told = signed_in("contributor").post(address(comment), written(comment, actions=[closed.pk]))
    assert (told.status_code, Response.objects.count()) == (422, 0)
    why = "An action you chose is closed or not public. Choose from these."
    assert told.context["form"].errors["actions"] == [why]
    assert why in told.content.decode()


def test_mending_an_answer_drops_no_action_that_stood_behind_it(
    signed_in: SignedIn, service: Service, comment: Comment
) -> None:
    linked = make.make_action(make.make_plan(service), public=False)
    answer = make.make_response(comment, service=service, status=Response.Status.DRAFT, actions=(linked,))
    page = written(comment, actions=[linked.pk], version=answer.version, we_did="We mended it.")
    browser = signed_in("contributor")
    address = f"/voice/answers/{answer.pk}/edit/"
    assert list(browser.get(address).context["form"].fields["actions"].queryset) == [linked]
    assert browser.post(address, page).status_code == 302
    answer.refresh_from_db()
    assert (answer.we_did, list(answer.actions.all())) == ("We mended it.", [linked])


def test_a_double_click_makes_one_draft(signed_in: SignedIn, comment: Comment) -> None:
    page, browser = written(comment), signed_in("contributor")
    for _ in range(2):
        browser.post(address(comment), page)
    assert Response.objects.count() == 1


@pytest.mark.requirement("R-V7")
def test_only_a_publisher_makes_it_public(signed_in: SignedIn, client: Client, comment: Comment) -> None:
    answer = make.make_response(comment, status=Response.Status.DRAFT, we_did="We opened a clinic.")
    page = f"/voice/answers/{answer.pk}/publish/"
    assert signed_in("contributor").post(page, {"version": 1}).status_code == 403
    assert signed_in("other").post(page, {"version": 1}).status_code == 404
    answer.refresh_from_db()
    assert answer.status == "draft"
    assert "We opened a clinic." not in client.get("/voice/you-said-we-did/").content.decode()
    signed_in("publisher").post(page, {"version": 1})
    answer.refresh_from_db()
    comment.refresh_from_db()
    assert (answer.status, comment.stage) == ("published", Stage.ANSWERED)
    assert "The approved words" in client.get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()


@pytest.mark.requirement("R-V14")
def test_a_published_answer_ties_each_comment_to_each_action(
    service: Service, comment: Comment, people: dict[str, User], client: Client
) -> None:
    second = make.make_comment(stage=Stage.APPROVED, service=service)
    action = make.make_action(make.make_plan(service), title="Open a clinic")
    answer = make.make_response(comment, second, status=Response.Status.DRAFT, actions=(action,))
    assert ActionVoice.objects.count() == 0
    publish_answer(answer=answer, version=1, by=people["publisher"])
    assert {(row.action, row.comment, row.response) for row in ActionVoice.objects.all()} == {
        (action, comment, answer),
        (action, second, answer),
    }
    assert {row.comment for row in action.voices.to_show(None)} == {comment, second}
    page = client.get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()
    assert "Open a clinic" in page
    assert f'href="/actions/{action.ref}/"' in page


@pytest.mark.requirement("R-V14")
def test_an_action_shows_the_public_words_behind_it(service: Service, comment: Comment) -> None:
    from django.template.loader import render_to_string

    action = make.make_action(make.make_plan(service))
    secret = make.make_comment(stage=Stage.APPROVED, service=service, may_show=MayShow.NOTHING)
    make.make_response(comment, secret, actions=(action,))
    # The board may open the second one too, and finds no words of it: it is no voice.
    for reader in (None, make.make_user(Role.BOARD)):
        assert [voice.comment for voice in action.voices.to_show(reader)] == [comment]
        shown = render_to_string("voice/_voices.html", {"voices": action.voices.to_show(reader)})
        assert (shown.count("The approved words</p>"), shown.count("<li")) == (1, 1)
    by_priority = render_to_string("voice/_voices.html", {"voices": Comment.objects.published()})
    assert by_priority.count("The approved words</p>") == 1


def test_senders_who_left_an_address_are_told_without_a_word_of_it(
    service: Service, people: dict[str, User]
) -> None:
    told = make.make_comment(
        "SECRET words",
        stage=Stage.APPROVED,
        service=service,
        email="told@example.org",
        published_text="SECRET public",
    )
    quiet = make.make_comment(stage=Stage.APPROVED, service=service)
    answer = make.make_response(told, quiet, status=Response.Status.DRAFT, you_said="SECRET", we_did="SECRET")
    publish_answer(answer=answer, version=1, by=people["publisher"])
    mail = OutboxMail.objects.get()
    assert (mail.to, f"{settings.PORTAL_ADDRESS}/voice/follow/" in mail.body) == ("told@example.org", True)
    assert "SECRET" not in mail.subject + mail.body


@pytest.mark.requirement("R-V5")
@pytest.mark.requirement("R-V6")
def test_an_answer_whose_senders_allow_nothing_is_not_public_until_another_may_be_shown(
    client: Client, service: Service, people: dict[str, User]
) -> None:
    secret = make.make_comment(stage=Stage.APPROVED, service=service, may_show=MayShow.NOTHING)
    answer = make.make_response(secret, you_said="A paraphrase of what they said")
    page = f"/voice/you-said-we-did/{answer.pk}/"
    assert client.get(page).status_code == 404
    assert "paraphrase" not in client.get("/voice/you-said-we-did/").content.decode()
    open_ = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="May be shown")
    make.make_response(open_)
    shared = make.make_response(secret, open_, you_said="A paraphrase of both")
    shown = client.get(f"/voice/you-said-we-did/{shared.pk}/").content.decode()
    assert shown.count("<blockquote") == 1
    assert "May be shown" in shown


def test_a_comment_marked_unsafe_meanwhile_is_not_answered(
    service: Service, comment: Comment, people: dict[str, User]
) -> None:
    worrying = make.make_comment(stage=Stage.APPROVED, service=service, email="x@example.org")
    answer = make.make_response(comment, worrying, status=Response.Status.DRAFT)
    flag_comment(comment=worrying, by=people["moderator"])
    OutboxMail.objects.all().delete()
    publish_answer(answer=answer, version=1, by=people["publisher"])
    worrying.refresh_from_db()
    assert (worrying.stage, OutboxMail.objects.count()) == (Stage.APPROVED, 0)
    comment.refresh_from_db()
    assert comment.stage == Stage.ANSWERED


def test_an_answer_with_no_comment_left_is_not_published(comment: Comment, people: dict[str, User]) -> None:
    answer = make.make_response(comment, status=Response.Status.DRAFT)
    flag_comment(comment=comment, by=people["moderator"])
    with pytest.raises(CannotDo, match="No comment is left"):
        publish_answer(answer=answer, version=1, by=people["publisher"])


def test_two_people_who_edit_at_once_see_both_texts(signed_in: SignedIn, comment: Comment) -> None:
    answer = make.make_response(comment, status=Response.Status.DRAFT)
    page = f"/voice/answers/{answer.pk}/edit/"
    signed_in("contributor").post(page, written(comment, we_did="First version", version=1))
    late = signed_in("publisher").post(page, written(comment, we_did="Late version", version=1))
    answer.refresh_from_db()
    assert (late.status_code, answer.we_did) == (409, "First version")
    assert "First version" in late.content.decode()
    assert "Late version</textarea>" in late.content.decode()
    signed_in("publisher").post(page, written(comment, we_did="Late version", version=answer.version))
    answer.refresh_from_db()
    assert answer.we_did == "Late version"


def test_a_published_answer_is_mended_by_its_publisher_alone(
    signed_in: SignedIn, comment: Comment, service: Service
) -> None:
    action = make.make_action(make.make_plan(service))
    answer = make.make_response(comment)
    page = f"/voice/answers/{answer.pk}/edit/"
    mended = {"we_did": "Mended words", "actions": [action.pk], "version": 1}
    assert signed_in("contributor").post(page, written(**mended)).status_code == 403
    signed_in("publisher").post(page, written(**mended))
    answer.refresh_from_db()
    assert (answer.we_did, list(answer.comments.all())) == ("Mended words", [comment])
    assert [row.action for row in ActionVoice.objects.all()] == [action]
    assert answer.history.count() == 2


def test_a_stale_answer_is_not_published(comment: Comment, people: dict[str, User]) -> None:
    answer = make.make_response(comment, status=Response.Status.DRAFT)
    edit_answer(answer=answer, version=1, we_did="Changed", by=people["contributor"])
    with pytest.raises(VersionConflict):
        publish_answer(answer=answer, version=1, by=people["publisher"])
    publish_answer(answer=answer, version=2, by=people["publisher"])
    with pytest.raises(CannotDo, match="already published"):
        publish_answer(answer=answer, version=3, by=people["publisher"])


def test_the_public_list_narrows_by_service_topic_and_priority(client: Client, service: Service) -> None:
    priority = make.make_priority()
    one = make.make_comment(stage=Stage.ANSWERED, service=service, topic="missing", priority=priority)
    two = make.make_comment(stage=Stage.ANSWERED, topic="felt")
    hidden = make.make_comment(
        stage=Stage.ANSWERED, service=two.service, topic="missing", may_show=MayShow.NOTHING
    )
    first, second = make.make_response(one), make.make_response(two, hidden)

    def found(**query: Any) -> list[Response]:
        return list(client.get("/voice/you-said-we-did/", query).context["page"].object_list)

    assert found() == [second, first]
    assert found(service=service.slug) == [first]
    assert found(topic="missing") == [first]  # a hidden comment's topic tells nothing
    assert found(priority=priority.pk) == [first]
    for nonsense in ({"topic": "x"}, {"service": "x\u202e"}, {"priority": "9" * 25}, {"page": "9" * 25}):
        assert found(**nonsense) == [second, first]


def test_what_waits_shows_its_age(client: Client, service: Service) -> None:
    from datetime import datetime, time, timedelta

    from django.utils import timezone

    from partnership.calendar import today

    # At noon of that day: the clocks may have changed since, and a day is not always 24 hours.
    came = timezone.make_aware(datetime.combine(today() - timedelta(days=40), time(12)))
    make.make_comment(stage=Stage.APPROVED, service=service, published_text="Still waiting", received_at=came)
    page = client.get("/voice/you-said-we-did/").content.decode()
    assert "Still waiting" in page
    assert "It came 40 days ago" in page


def test_the_public_page_says_who_no_closer_than_the_way_in(client: Client) -> None:
    from partnership.models import District

    north = District.objects.create(slug="north", name="Northtown")
    comment = make.make_comment(stage=Stage.ANSWERED, route=Route.CHILD, district=north, age_band="5-10")
    answer = make.make_response(comment)
    page = client.get(f"/voice/you-said-we-did/{answer.pk}/").content.decode()
    assert "A child, in our summary" in page
    assert "Northtown" not in page
    assert "5 to 10" not in page


@pytest.mark.requirement("R-S2")
@pytest.mark.parametrize("who", ["board", "chair", "adviser", "programme", "assurance", "nobody"])
def test_an_answer_goes_from_sight_when_all_that_it_answers_is_marked_unsafe(
    signed_in: SignedIn, people: dict[str, User], comment: Comment, who: str
) -> None:
    other = make.make_comment(stage=Stage.ANSWERED, service=comment.service)
    answer = make.make_response(comment, other, you_said="They said it takes too long.")
    browser = signed_in(who)
    flag_comment(comment=comment, by=people["moderator"])
    assert browser.get(f"/voice/you-said-we-did/{answer.pk}/").status_code == 200
    flag_comment(comment=other, by=people["moderator"])
    assert browser.get(f"/voice/you-said-we-did/{answer.pk}/").status_code == 404
    assert "takes too long" not in browser.get("/voice/you-said-we-did/").content.decode()


def test_a_second_click_on_publish_is_answered_kindly(signed_in: SignedIn, comment: Comment) -> None:
    answer = make.make_response(comment, status=Response.Status.DRAFT)
    browser, path = signed_in("publisher"), f"/voice/answers/{answer.pk}/publish/"
    assert browser.post(path, {"version": answer.version}).status_code == 302
    again = browser.post(path, {"version": answer.version}, follow=True)
    assert (again.status_code, "This answer is published already." in again.content.decode()) == (200, True)
    assert signed_in("contributor").post(path, {"version": answer.version}).status_code == 403
