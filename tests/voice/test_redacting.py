"""Making words safe to read: strike out, look, mend, approve; and the second moderator sees the same (R-V6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from partnership.models import Service, User
from tests import factories as make
from voice.forms.redacting import LOOK_AGAIN, NOT_THERE
from voice.models import Comment, MayShow, Redaction, Route, Stage, Strike
from voice.operations import approve_comment, save_wording, withdraw_comment
from voice.operations.errors import CannotDo
from voice.strikes import Span

pytestmark = pytest.mark.django_db
SignedIn = Callable[[str], Client]

WORDS = "My son Jack waits. Rose at the desk said a rose is a rose."


def address(comment: Comment) -> str:
    return f"/voice/inbox/{comment.pk}/"


@pytest.fixture
def comment() -> Comment:
    return make.make_comment(WORDS, may_show=MayShow.WORDS)


def begun(browser: Client, comment: Comment) -> dict[str, Any]:
    """The form as the page begins it, as a browser would send it back."""
    return sent_back(browser.get(address(comment)))


def sent_back(response: Any) -> dict[str, Any]:
    form = response.context["approve"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, [], "")}


def struck(comment: Comment) -> list[tuple[str, str, bool]]:
    rows = Strike.objects.filter(redaction__comment=comment)
    text = comment.original.text
    return [(text[row.start : row.end], row.reason, row.suggested) for row in rows]


@pytest.mark.requirement("R-V6")
def test_what_is_noticed_is_struck_out_at_first_and_stored_with_its_reason(
    comment: Comment, signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    browser = signed_in("moderator")
    page = browser.get(address(comment)).content.decode()
    assert (
        '<del class="portal-struck"><span class="govuk-visually-hidden">Struck out: </span>Jack</del>' in page
    )
    given = begun(browser, comment)
    assert given["text"] == WORDS.replace("Jack", "[name]")
    sent = given | {"step": "approve", "service": service.pk}
    assert browser.post(address(comment), sent).status_code == 302
    assert struck(comment) == [("Jack", "name", True)]
    row = Strike.objects.get()
    assert (row.by, row.at) == (people["moderator"], row.redaction.at)
    comment.refresh_from_db()
    assert comment.published_text == WORDS.replace("Jack", "[name]")


@pytest.mark.requirement("R-V6")
def test_words_typed_to_be_struck_out_are_shown_before_they_are_approved(
    comment: Comment, signed_in: SignedIn, service: Service
) -> None:
    browser = signed_in("moderator")
    more = {
        "words_1": "rose",
        "place_1": "1",
        "reason_1": "staff",
        "service": str(service.pk),
        "summary": "Waits.",
    }
    given = begun(browser, comment) | more
    unseen = browser.post(address(comment), given | {"step": "approve"})
    assert (unseen.status_code, unseen.context["approve"].errors["strikes"]) == (422, [LOOK_AGAIN])
    looked = browser.post(address(comment), given | {"step": "strike"})
    assert looked.status_code == 200 and not Redaction.objects.exists()
    again = sent_back(looked)
    assert again["text"] == "My son [name] waits. [member of staff] at the desk said a rose is a rose."
    assert (again["service"], again["summary"]) == (str(service.pk), "Waits.")
    assert browser.post(address(comment), again | {"step": "approve"}).status_code == 302
    assert struck(comment) == [("Jack", "name", True), ("Rose", "staff", False)]


def test_what_is_unticked_stays_and_is_offered_again(comment: Comment, signed_in: SignedIn) -> None:
    browser = signed_in("moderator")
    given = begun(browser, comment)
    looked = browser.post(address(comment), given | {"strikes": [], "step": "strike"})
    assert sent_back(looked)["text"] == WORDS
    assert [label for _, label in looked.context["approve"].fields["strikes"].choices] == ["“Jack”: a name"]
    assert "portal-struck" not in looked.content.decode()


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"words_2": "Tom", "reason_2": "name"}, "words_2", NOT_THERE),
        ({"words_2": "Rose"}, "reason_2", "Choose why."),
        ({"words_2": "Jack", "reason_2": "name", "place_2": "2"}, "place_2", "They stand there only once."),
        (
            {"words_2": "rose", "reason_2": "name", "place_2": "4"},
            "place_2",
            "They stand there only 3 times.",
        ),
        ({"strikes": ["0-999-name"]}, "strikes", "Choose from the list."),
    ],
)
def test_a_mistake_in_what_to_strike_out_is_told_beside_its_field_and_nothing_typed_is_lost(
    comment: Comment, signed_in: SignedIn, row: dict[str, Any], field: str, message: str
) -> None:
    browser = signed_in("moderator")
    sent = begun(browser, comment) | row | {"text": "Mended by hand.", "step": "strike"}
    answer = browser.post(address(comment), sent)
    assert (answer.status_code, answer.context["approve"].errors[field]) == (422, [message])
    assert "Mended by hand." in answer.content.decode()


def test_mending_by_hand_stays_until_other_words_are_struck_out_and_is_shown_then(
    comment: Comment, signed_in: SignedIn
) -> None:
    browser = signed_in("moderator")
    given = begun(browser, comment) | {"text": "Mended by hand."}
    same = browser.post(address(comment), given | {"step": "strike"})
    assert sent_back(same)["text"] == "Mended by hand."
    other = browser.post(address(comment), given | {"words_1": "desk", "reason_1": "place", "step": "strike"})
    assert sent_back(other)["text"] == ("My son [name] waits. Rose at the [place] said a rose is a rose.")
    assert other.context["mended"] == "Mended by hand."
    assert "Mended by hand." in other.content.decode()


@pytest.mark.requirement("R-V6")
@pytest.mark.parametrize("field", ["text", "summary"])
def test_what_is_struck_out_does_not_come_back_by_hand(
    comment: Comment, signed_in: SignedIn, service: Service, field: str
) -> None:
    browser = signed_in("moderator")
    sent = begun(browser, comment) | {"service": service.pk, "step": "approve", "summary": "Waits."}
    answer = browser.post(address(comment), sent | {field: "Jack waits."})
    assert (answer.status_code, answer.context["approve"].errors) == (
        422,
        {field: ["This is struck out, but it stands here again: “Jack”."]},
    )
    assert browser.post(address(comment), sent | {field: "Jackie waits."}).status_code == 302


@pytest.mark.requirement("R-V6")
def test_the_second_moderator_sees_what_was_struck_out_beside_the_words(
    signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    child = make.make_comment("my friend Jack hit me", route=Route.CHILD)
    approve_comment(
        comment=child,
        version=1,
        text="my friend [name] hit me",
        summary="A child was hit.",
        service=service,
        strikes=[Span(10, 14, "name")],
        by=people["moderator"],
    )
    page = signed_in("moderator2").get(address(child))
    assert page.context["can_second"]
    html = page.content.decode()
    assert "Struck out: </span>Jack</del>" in html and "a name" in html
    assert "my friend [name] hit me" in html
    # The sender's words are others now: the places do not count in them, so nothing is marked wrongly.
    child.original.text = "Another text that is longer than before"
    child.original.save()
    assert "<del" not in signed_in("moderator2").get(address(child)).content.decode()


def test_places_that_do_not_fit_the_words_are_refused_and_taking_back_takes_them(
    comment: Comment, service: Service, people: dict[str, User]
) -> None:
    def approve(*strikes: Span) -> None:
        approve_comment(
            comment=comment, version=1, text="Left", service=service, strikes=strikes, by=people["moderator"]
        )

    for wrong in (Span(0, 99, "name"), Span(3, 3, "name"), Span(0, 2, "else")):
        with pytest.raises(CannotDo):
            approve(wrong)
    assert not Redaction.objects.exists()
    approve(Span(0, 6, "other"), Span(4, 11, "name"))
    assert struck(comment) == [("My son Jack", "name", False)]
    withdraw_comment(comment=comment)
    assert not Strike.objects.exists()


def test_a_kept_wording_is_put_into_the_summary(
    comment: Comment, signed_in: SignedIn, people: dict[str, User]
) -> None:
    kept = save_wording(name="Waits", text="Somebody waits too long.", by=people["moderator"])
    browser = signed_in("moderator")
    given = begun(browser, comment) | {"summary": "Two things.", "wording": kept.pk, "text": "By hand."}
    again = sent_back(browser.post(address(comment), given | {"step": "strike"}))
    assert (again["summary"], again["text"]) == ("Two things. Somebody waits too long.", "By hand.")
    assert "wording" not in again


@pytest.mark.requirement("R-V4")
def test_themes_are_given_while_approving_and_later(
    comment: Comment, signed_in: SignedIn, service: Service, people: dict[str, User]
) -> None:
    waiting = make.make_theme("Waiting")
    browser = signed_in("moderator")
    sent = begun(browser, comment) | {"service": service.pk, "step": "approve", "summary": "Waits."}
    browser.post(address(comment), sent | {"themes": [waiting.pk], "new_theme": "Not knowing when"})
    names = sorted(comment.theme_rows.standing().values_list("theme__name", flat=True))
    assert names == ["Not knowing when", "Waiting"]
    page = browser.get(address(comment))
    first = page.context["themes"].initial
    meanwhile = make.make_theme("Meanwhile", comment, by=people["moderator2"])
    left = [key for key in first["themes"] if key != waiting.pk]
    browser.post(
        address(comment),
        {"step": "themes", "themes": left, "had_themes": first["had_themes"], "new_theme": ""},
    )
    names = sorted(comment.theme_rows.standing().values_list("theme__name", flat=True))
    assert names == [meanwhile.name, "Not knowing when"]


def test_the_service_and_the_board_see_nothing_of_what_was_struck_out(
    comment: Comment, signed_in: SignedIn, service: Service
) -> None:
    browser = signed_in("moderator")
    sent = begun(browser, comment) | {"service": service.pk, "step": "approve", "summary": "Waits."}
    browser.post(address(comment), sent)
    comment.refresh_from_db()
    assert comment.stage == Stage.APPROVED
    for who, page in (("contributor", "/voice/answers/"), ("board", f"/thread/comment/{comment.pk}/")):
        html = signed_in(who).get(page).content.decode()
        assert "[name] waits" in html and "Jack" not in html and "<del" not in html
