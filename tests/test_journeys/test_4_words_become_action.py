"""Words become action: read, redacted, approved, answered, published; and the sender sees the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from actions.models import Action
from foundation.tokens import new_token
from partnership.models import User
from partnership.roles import Role
from tests import factories as make
from voice.models import Comment, MayShow, Response, Route, Topic
from voice.operations import submit_comment

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, SCHOOL, CHILD_NAME = "Tilly Marchbanks", "Ribbleford School", "Oswin"
SENT = f"I rang four times about {NAME} at {SCHOOL}. Nobody told me when we would hear."
REDACTED = "I rang four times about my child. Nobody told me when we would hear."
CHILD_SENT = f"me and {CHILD_NAME} never know when you come"
CHILD_REDACTED = "me and my friend never know when you come"
CHILD_SUMMARY = "A child wants to know when we come."
SUNDAY = "We need you on Sundays too."


@dataclass
class Office:
    """What came in, with its codes, and the people who deal with it."""

    codes: dict[str, str]
    moderator: User
    second: User
    contributor: User
    publisher: User
    action: Action


@pytest.fixture
def office(lancashire: None) -> Office:
    team, first = service("inclusion-service"), priority(1)
    sent = {
        "parent": {"route": Route.PARENT_CARER, "text": SENT, "may_show": MayShow.WORDS},
        "child": {"route": Route.CHILD, "text": CHILD_SENT, "feeling": "worried"},
        "sunday": {"route": Route.PARENT_CARER, "text": SUNDAY, "may_show": MayShow.WORDS},
    }
    codes = {
        who: submit_comment(token=new_token(), topic=Topic.INVOLVED, **words).code
        for who, words in sent.items()
    }
    return Office(
        codes,
        make.make_user(Role.MODERATOR, name="Mo One"),
        make.make_user(Role.MODERATOR, name="Mo Two"),
        make.make_user(Role.CONTRIBUTOR, service=team, name="Asha Contributor"),
        make.make_user(Role.PUBLISHER, service=team, name="Cleo Publisher"),
        make.make_action(
            make.make_plan(team, strategy=first.strategy),
            ref="INC-95",
            priority=first,
            title="Give families a date",
        ),
    )


def comment(text: str) -> Comment:
    return Comment.objects.get(original__text=text)


def open_from_inbox(window: Window, found: Comment, *, of: str = "") -> None:
    """Open one of the waiting comments by its link in the inbox."""
    window.open(f"/voice/inbox/{of}")
    window.at("Inbox")
    window.page.locator(f"main a[href='/voice/inbox/{found.pk}/']").click()
    window.at(f"{found.get_topic_display()} number {found.pk}")


def strike_out(window: Window, words: dict[str, str]) -> None:
    """Type words of the original that nobody else may read, each with its reason, and see what is left."""
    for row, (found, reason) in enumerate(words.items(), start=1):
        window.fill(**{f"words_{row}": found})
        window.pick(f"reason_{row}", reason)
    window.press("Strike out and show what is left")
    window.page.locator(".portal-remade").wait_for()
    window.at(" ".join(window.texts("h1")))  # the page as it is now, read by axe


def approve(
    window: Window, *, text: str, summary: str = "", button: str = "Approve and send to the service"
) -> None:
    """Write the safe words and say where they go."""
    window.fill(text=text, summary=summary)
    window.pick("service", service("inclusion-service").pk)
    window.pick("priority", priority(1).pk)
    window.press(button)
    window.at("Inbox")


def answer(
    window: Window, comments: list[Comment], *, kind: str, said: str, did: str, difference: str
) -> None:
    """Choose what waits, write one answer for it and save the draft."""
    window.open("/voice/answers/")
    window.at("Answers")
    for found in comments:
        window.choose("comment", found.pk)
    window.press("Write one answer to all that are ticked")
    window.at("Write an answer")
    window.choose("kind", kind)
    if kind == Response.Kind.WE_DID:
        window.choose("progress", Response.Progress.DONE)
    window.fill(you_said=said, we_did=did, difference=difference)


def publish(window: Window, said: str) -> None:
    """Open a draft from my work's list of answers and make it public."""
    window.open("/voice/answers/")
    window.follow(said)
    window.at("Change an answer")
    window.press("Publish this answer")
    window.at("Answer from Inclusion Service")
    assert window.says("Published.")


def read_answer(window: Window, code: str) -> None:
    """Type the code and see that the service has answered."""
    window.open("/voice/follow/")
    window.fill(code=code)
    window.press("Show me")
    window.at("Inclusion Service has answered.")


@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-V7")
@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-V14")
@pytest.mark.requirement("R-Z1")
@pytest.mark.requirement("R-Z10")
def test_words_are_read_answered_and_seen_by_everybody_without_the_names(
    windows: Callable[..., Window], office: Office, sign_in: Callable[..., None]
) -> None:
    moderator, second, contributor, publisher, visitor = (windows() for _ in range(5))
    parents, childs, sundays = comment(SENT), comment(CHILD_SENT), comment(SUNDAY)

    # A moderator reads each one and takes out what could identify somebody.
    sign_in(moderator.page, office.moderator)
    open_from_inbox(moderator, parents)
    strike_out(moderator, {NAME: "name", SCHOOL: "school"})
    original = "section[aria-labelledby=original] blockquote"
    assert [words.removeprefix("Struck out: ") for words in moderator.texts(f"{original} del")] == [
        NAME,
        SCHOOL,
    ]
    left = moderator.page.locator("textarea[name=text]").input_value()
    assert left == SENT.replace(NAME, "[name]").replace(SCHOOL, "[school]")
    approve(moderator, text=REDACTED)
    assert moderator.says("Approved. It is with Inclusion Service now.")
    open_from_inbox(moderator, sundays)
    approve(moderator, text=SUNDAY)
    open_from_inbox(moderator, childs)
    approve(
        moderator,
        text=CHILD_REDACTED,
        summary=CHILD_SUMMARY,
        button="Approve, for a second moderator to check",
    )
    assert moderator.says("Approved. A second moderator reads it next.")
    # The first cannot be the second.
    open_from_inbox(moderator, childs, of="?show=second")
    assert moderator.says("A second person comes next")
    assert moderator.page.get_by_role("button", name="Approve").count() == 0
    assert CHILD_SUMMARY not in visitor.page.request.get("/voice/you-said-we-did/").text()

    sign_in(second.page, office.second)
    second.open("/my-work/")
    second.at("Mo Two My work")
    second.follow("Check a child’s words: how you were involved")
    second.at(f"How you were involved number {childs.pk}")
    second.press("Approve")
    second.at("Inbox")
    assert second.says("Approved. It is with Inclusion Service now.")

    # The service reads the safe words, never the names, and answers two at once.
    sign_in(contributor.page, office.contributor)
    contributor.open("/my-work/")
    contributor.at("Asha Contributor My work")
    contributor.open("/voice/answers/")
    assert set(contributor.texts("main blockquote")) == {REDACTED, CHILD_REDACTED, SUNDAY}
    assert_no_names(contributor.page.content())
    said = "You do not know when we come or ring."
    answer(
        contributor,
        [parents, childs],
        kind=Response.Kind.WE_DID,
        said=said,
        did="We give every family a date in writing.",
        difference="You know when you will hear from us.",
    )
    contributor.choose("actions", office.action.pk)
    contributor.press("Save draft")
    contributor.at("Change an answer")
    assert contributor.page.get_by_role("button", name="Publish this answer").count() == 0
    no = "You would like us to come on Sundays."
    answer(
        contributor,
        [sundays],
        kind=Response.Kind.WE_CANNOT,
        said=no,
        did="There are not enough of us for seven days. We come on Saturdays.",
        difference="",
    )
    contributor.press("Save draft")
    contributor.at("Change an answer")
    assert "We give every family a date" not in visitor.page.request.get("/voice/you-said-we-did/").text()

    sign_in(publisher.page, office.publisher)
    publish(publisher, said)
    publish(publisher, no)

    # Everybody reads it: on you said we did, on the action, on the priority.
    visitor.open("/")
    visitor.follow("You said, we did", within="header nav")
    visitor.at("You said, we did")
    shown = visitor.texts(".portal-answers__item")
    assert len(shown) == 2
    assert "We cannot, because There are not enough of us for seven days." in shown[0]
    assert "We give every family a date in writing." in shown[1]
    visitor.page.get_by_role("link", name="Read the whole answer").last.click()
    visitor.at("Answer from Inclusion Service")
    assert visitor.says("The difference You know when you will hear from us.")
    assert sorted(visitor.texts("section[aria-labelledby=said] blockquote")) == [CHILD_SUMMARY, REDACTED]
    visitor.follow("Give families a date")
    visitor.at("Give families a date")
    assert sorted(visitor.texts("section[aria-labelledby=voices] blockquote")) == [CHILD_SUMMARY, REDACTED]
    visitor.open(priority(1).get_absolute_url())
    assert sorted(visitor.texts("section[aria-labelledby=voices] blockquote")) == [
        CHILD_SUMMARY,
        REDACTED,
        SUNDAY,
    ]

    # The senders see the answer with their codes, and nothing else opens it.
    read_answer(visitor, office.codes["parent"])
    visitor.at("Inclusion Service has answered.")
    assert visitor.says("We give every family a date in writing.")
    assert visitor.page.get_by_role("link", name="Give families a date").count() == 1
    read_answer(visitor, office.codes["child"])
    assert visitor.says("You know when you will hear from us.")
    read_answer(visitor, office.codes["sunday"])
    assert visitor.says("We cannot, because There are not enough of us for seven days.")

    public = (
        "/", "/strategy/", "/actions/", "/actions/INC-95/", "/plans/", "/voice/", "/voice/you-said-we-did/",
        priority(1).get_absolute_url(), *(f"/voice/you-said-we-did/{row.pk}/" for row in Response.objects.all()),
    )  # fmt: skip
    for address in public:
        page = visitor.page.request.get(address)
        assert page.ok, address
        assert_no_names(page.text())


def assert_no_names(html: str) -> None:
    """See that nothing which was taken out is in the page."""
    assert [name for name in (NAME, "Marchbanks", SCHOOL, CHILD_NAME) if name in html] == []
