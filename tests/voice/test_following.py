"""With the code: where it stands, the answer, and taking it back (R-V8, R-S2, R-S6)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from actions.models import Action
from foundation.codes import new_code
from foundation.outbox import OutboxMail
from partnership.models import Service, User
from tests import factories as make
from voice.following import standing
from voice.models import (
    Comment,
    CommentContact,
    CommentOriginal,
    Decision,
    MayShow,
    Redaction,
    RefusalReason,
    Response,
    Stage,
)
from voice.operations import publish_answer, refuse_comment

pytestmark = pytest.mark.django_db
FOLLOW = "/voice/follow/"


@pytest.fixture
def code() -> str:
    return new_code()


def ask(client: Client, code: str, **more: Any) -> Any:
    return client.post(FOLLOW, {"code": code} | more)


def words(response: Any) -> str:
    return response.content.decode()


@pytest.mark.requirement("R-V8")
@pytest.mark.parametrize(
    ("stage", "heading"),
    [
        (Stage.RECEIVED, "We have it."),
        (Stage.SECOND_CHECK, "We have read it."),
        (Stage.APPROVED, "We have read it and sent it to Speech therapy."),
        (Stage.ANSWERED, "Speech therapy has answered."),
        (Stage.NOT_PUBLISHED, "We have read it. It is not shown on this website."),
        (Stage.WITHDRAWN, "You took it back."),
    ],
)
def test_the_sender_reads_where_it_stands_in_plain_words(
    client: Client, code: str, service: Service, stage: str, heading: str
) -> None:
    make.make_comment(stage=stage, service=service, code=code)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", words(ask(client, code))) == [heading]


@pytest.mark.requirement("R-V6")
def test_a_child_is_told_that_two_people_read_it(code: str) -> None:
    assert standing(make.make_comment(route="child", code=code)).next == "Two people will read it soon."
    assert standing(make.make_comment(route="young-person")).next == "A trained person will read it soon."


@pytest.mark.requirement("R-V8")
def test_small_letters_spaces_and_no_dashes_find_it_too(client: Client, code: str) -> None:
    make.make_comment(code=code)
    for way in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        assert "We have it." in words(ask(client, way))


@pytest.mark.requirement("R-V8")
def test_a_typing_slip_is_told_apart_from_a_code_that_nobody_has(client: Client, code: str) -> None:
    make.make_comment(code=code)
    slip = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert ask(client, slip).context["form"].errors == {
        "code": ["One letter or number is not right. Check the code and type it again."]
    }
    assert ask(client, new_code()).context["form"].errors == {
        "code": ["We do not know this code. Check it and type it again."]
    }


@pytest.mark.requirement("R-V8")
@pytest.mark.parametrize("limit", ["address", "all"])
def test_wrong_codes_are_limited_and_slips_are_not_counted(
    client: Client, code: str, settings: Any, limit: str
) -> None:
    make.make_comment(code=code)
    settings.VOICE_LIMITS = {"trying": {limit: 3}}
    for _ in range(5):
        ask(client, "BCD-BCD")
    assert "We have it." in words(ask(client, code))
    for _ in range(3):
        assert ask(client, new_code()).status_code == 422
    stopped = ask(client, code)
    assert (stopped.status_code, "We have it." in words(stopped)) == (429, False)


@pytest.mark.requirement("R-V8")
def test_the_code_stands_in_no_address_and_the_page_is_kept_nowhere(client: Client, code: str) -> None:
    make.make_comment(code=code)
    by_address = client.get(FOLLOW, {"code": code})
    assert "We have it." not in words(by_address)
    shown = ask(client, code)
    assert "We have it." in words(shown)
    assert (shown.headers["Cache-Control"], shown.cookies.get("session")) == ("no-store, private", None)
    assert shown.headers["Referrer-Policy"] in ("same-origin", "no-referrer")


@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-V14")
def test_the_sender_reads_the_answer_and_public_actions_even_if_nothing_may_be_shown(
    client: Client, code: str, service: Service
) -> None:
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, may_show=MayShow.NOTHING, code=code)
    plan = make.make_plan(service)
    open_action: Action = make.make_action(plan, title="Open a new clinic")
    draft = make.make_action(plan, title="Not public yet", public=False)
    answer = make.make_response(
        comment, we_did="We asked for a second therapist.", actions=(open_action, draft)
    )
    page = words(ask(client, code))
    assert "We asked for a second therapist." in page
    assert "Open a new clinic" in page
    assert "Not public yet" not in page
    assert client.get(f"/voice/you-said-we-did/{answer.pk}/").status_code == 404


def test_a_draft_answer_is_not_shown_to_the_sender(client: Client, code: str, service: Service) -> None:
    comment = make.make_comment(stage=Stage.ANSWERED, service=service, code=code)
    make.make_response(comment, we_did="Published words.")
    make.make_response(comment, we_did="Half-written words.", status=Response.Status.DRAFT)
    page = words(ask(client, code))
    assert ("Published words." in page, "Half-written words." in page) == (True, False)


@pytest.mark.parametrize("reason", RefusalReason.values)
def test_the_sender_is_told_why_it_is_not_shown(code: str, reason: str) -> None:
    comment = make.make_comment(code=code)
    refused = refuse_comment(comment=comment, version=1, reason=reason, by=make.make_user("moderator"))
    assert standing(refused).next.startswith("We do not show it, because")


def published_thing(code: str, service: Service) -> Comment:
    return make.make_comment(
        "My own words",
        stage=Stage.ANSWERED,
        service=service,
        code=code,
        email="me@example.org",
        may_show="words",
    )


@pytest.mark.requirement("R-V8")
def test_taking_it_back_asks_first_and_then_leaves_no_word(
    client: Client, code: str, service: Service
) -> None:
    comment = published_thing(code, service)
    Decision.objects.create(
        comment=comment,
        kind="approved",
        redaction=comment.redactions.get(),
        by=make.make_user(),
        at=timezone.now(),
    )
    answer = make.make_response(comment)
    public = f"/voice/you-said-we-did/{answer.pk}/"
    assert client.get(public).status_code == 200
    assert "Yes, take it back" in words(ask(client, code, step="ask"))
    assert CommentOriginal.objects.count() == 1
    assert "Your words are gone." in words(ask(client, code, step="take-back"))
    left = (CommentOriginal.objects.count(), CommentContact.objects.count(), Redaction.objects.count())
    comment.refresh_from_db()
    assert (*left, comment.published_text, comment.published_at) == (0, 0, 0, "", None)
    # What stays: that it came, and the steps, without a word of it.
    assert (comment.stage, comment.topic) == (Stage.WITHDRAWN, "quality")
    assert list(comment.decisions.values_list("kind", flat=True)) == ["approved", "withdrawn"]
    # An answer repeats what people said, so it goes from the public with the last comment it may show.
    assert client.get(public).status_code == 404


def test_taking_it_back_twice_is_the_same_as_once(client: Client, code: str, service: Service) -> None:
    comment = published_thing(code, service)
    pages = [words(ask(client, code, step="take-back")) for _ in range(2)]
    assert ["Your words are gone." in page for page in pages] == [True, True]
    assert list(comment.decisions.values_list("kind", flat=True)) == ["withdrawn"]


@pytest.mark.requirement("R-S2")
def test_what_may_be_about_safety_is_kept_when_the_sender_wants_it_back(client: Client, code: str) -> None:
    comment = make.make_comment("Help", flagged=True, code=code)
    page = words(ask(client, code, step="take-back"))
    assert "You did nothing wrong." in page
    comment.refresh_from_db()
    assert (comment.original.text, comment.stage, comment.is_flagged) == ("Help", Stage.RECEIVED, True)
    assert list(comment.decisions.values_list("kind", flat=True)) == ["withdraw_asked"]


@pytest.mark.requirement("R-S2")
def test_the_page_of_what_is_marked_unsafe_tells_nothing_of_its_answer_or_its_mails(
    client: Client, code: str, service: Service
) -> None:
    fields = {"stage": Stage.ANSWERED, "service": service, "email": "me@example.org"}
    calm, other = make.make_comment(code=code, **fields), new_code()
    unsafe = make.make_comment(code=other, flagged=True, **fields)
    make.make_response(calm, unsafe, we_did="We opened a clinic.")
    for one, told in ((code, True), (other, False)):
        page = words(ask(client, one))
        assert ("We opened a clinic." in page, "Stop the e-mails" in page) == (told, told)


@pytest.mark.requirement("R-S1")
def test_the_numbers_stand_beside_every_code(client: Client, code: str, numbers: None) -> None:
    make.make_comment(code=code)
    for page in (client.get(FOLLOW), ask(client, code), ask(client, code, step="take-back")):
        assert "01632 960001" in words(page)
        assert 'href="tel:999"' in words(page)


def test_what_others_wrote_never_shows_with_my_code(
    client: Client, code: str, service: Service, people: dict[str, User]
) -> None:
    make.make_comment(code=code)
    make.make_comment(stage=Stage.APPROVED, service=service, published_text="Somebody else's words")
    page = words(ask(client, code))
    assert ("We have it." in page, "Somebody else" in page) == (True, False)


@pytest.mark.requirement("R-V8", "R-P1")
def test_taking_it_back_takes_the_address_out_of_the_outbox_too(
    client: Client, code: str, service: Service, people: dict[str, User]
) -> None:
    gone = make.make_comment(stage=Stage.APPROVED, service=service, code=code, email="gone@example.org")
    stays = make.make_comment(stage=Stage.APPROVED, service=service, email="stays@example.org")
    answer = make.make_response(gone, stays, status=Response.Status.DRAFT)
    publish_answer(answer=answer, version=answer.version, by=people["publisher"])
    OutboxMail.objects.filter(to="gone@example.org").update(sent_at=timezone.now())
    assert set(OutboxMail.objects.values_list("to", flat=True)) == {"gone@example.org", "stays@example.org"}
    ask(client, code, step="take-back")
    assert list(OutboxMail.objects.values_list("to", flat=True)) == ["stays@example.org"]
