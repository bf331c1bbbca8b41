"""A parent and a child tell us something without an account, get a code, and follow it. Nothing of it is public."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests import factories as make
from voice.models import Comment, CommentOriginal, Route, Stage, WhoseWords

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Quillfeather rang us late about the review."
CONTINUE = "main button[value=next]"
CHILD_WORDS = "the bus smells of zibblewort"
PUBLIC = (
    "/", "/strategy/", "/strategies/", "/actions/", "/actions/INC-90/", "/plans/", "/voice/",
    "/voice/you-said-we-did/", "/measures/", "/partnership/", "/timeline/", "/sources/",
)  # fmt: skip


def shown_code(window: Window) -> str:
    """Read the code from the page, as somebody would write it down."""
    return "".join(window.page.locator(".portal-code__groups").inner_text().split())


def stands(window: Window, code: str) -> None:
    """Go and ask where the words with that code are."""
    window.open("/voice/follow/")
    window.at("Where are my words?")
    window.fill(code=code.lower())
    window.press("Show me")


def assert_nowhere_public(window: Window, *secrets: str) -> None:
    """See that no public page holds these words, in its text or in anything else of its HTML."""
    addresses = [*PUBLIC, *(priority(number).get_absolute_url() for number in range(1, 6))]
    for address in addresses:
        answer = window.page.request.get(address)
        assert answer.ok, address
        html = answer.text()
        assert "<h1" in html
        assert [words for words in secrets if words in html] == [], address


@pytest.fixture
def an_action(lancashire: None) -> None:
    """Publish one action with an approved voice, so that the pages which must hold nothing do hold something."""
    team, first = service("inclusion-service"), priority(1)
    action = make.make_action(
        make.make_plan(team, strategy=first.strategy), ref="INC-90", priority=first, title="Ring on time"
    )
    said = make.make_comment(
        stage=Stage.ANSWERED, service=team, priority=first, published_text="Somebody rang late."
    )
    make.make_response(said, service=team, actions=(action,))


@pytest.mark.requirement("R-V1")
@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-V8")
@pytest.mark.requirement("R-A10")
def test_a_parent_sends_gets_a_code_and_sees_where_it_stands(
    windows: Callable[..., Window], an_action: None
) -> None:
    parent = windows()
    parent.open("/")
    parent.follow("Have your say", within="header nav")
    parent.at("Have your say")
    parent.follow("I am a parent or carer")
    parent.at("I am a parent or carer Have your say")
    parent.follow("Start now")
    parent.fill(text=f"My son Jack. {WORDS}")
    parent.press("Continue")
    assert parent.says("It looks like there is a name: Jack")
    parent.fill(text=WORDS)
    parent.press("Save my changes")
    parent.at("I am a parent or carer: page 2 of 6 What is it about?")
    parent.choose("topic", "involved")
    parent.press("Continue")
    parent.at("I am a parent or carer: page 3 of 6 Whose words are these?")
    parent.press("Skip")
    parent.at("I am a parent or carer: page 4 of 6 What may we show on this website?")
    parent.choose("may_show", "words")
    parent.press("Back")  # keeps what was just chosen
    parent.at("I am a parent or carer: page 3 of 6 Whose words are these?")
    parent.press("Continue")
    parent.at("I am a parent or carer: page 5 of 6 Is someone unsafe?")
    parent.press("Continue")
    parent.at("I am a parent or carer: page 6 of 6 A few more questions, if you want")
    parent.press("Continue")
    parent.at("Check your answers")
    parent.press("Send")
    parent.at("Thank you. We have it.")
    code = shown_code(parent)
    assert len(code.replace("-", "")) == 18

    # Sent again by a refresh: the same code, and still one comment.
    parent.page.reload()
    parent.at("Thank you. We have it.")
    assert shown_code(parent) == code
    assert list(CommentOriginal.objects.filter(text=WORDS).values_list("comment__route", flat=True)) == [
        Route.PARENT_CARER
    ]

    later = windows()  # another day, another device: the code alone is enough
    stands(later, code)
    later.at("We have it.")
    assert later.says("A trained person will read it soon.")
    assert later.says("Nobody outside can read it.")
    assert code not in later.page.url
    assert_nowhere_public(later, WORDS, "Quillfeather")


@pytest.mark.requirement("R-V1")
@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-X3")
def test_a_child_on_a_phone_chooses_a_face_writes_and_follows_the_code(
    windows: Callable[..., Window], an_action: None
) -> None:
    child = windows(width=320, height=640)
    child.open("/voice/")
    child.follow("I am a child")
    child.at("Tell us how it is for you")
    child.follow("Start now")
    child.press("Skip")
    assert child.page.evaluate("document.scrollingElement.scrollWidth") == 320
    small = [
        box
        for control in child.page.locator("main button:visible, main .govuk-radios__label:visible").all()
        if (box := control.bounding_box()) and (box["height"] < 44 or box["width"] < 44)
    ]
    assert small == []
    # A press with nothing chosen: told so in easy words, beside the faces.
    child.press("Continue")
    assert child.page.title().startswith("Error: ")
    assert child.texts(".govuk-error-summary li") == [
        "Tell us more: Write something, or go back and choose a face."
    ]
    child.press("Back")
    child.at("Page 1 of 5 How do you feel?")
    child.choose("feeling", "sad")
    child.press("Continue")
    child.fill(text=CHILD_WORDS)
    for _ in range(3):
        child.press("Continue")
    child.at("Page 5 of 5 More questions, if you want")
    child.choose("whose_words", WhoseWords.MINE_WITH_HELP.value)
    child.press("Continue")
    child.at("Look at what you told us")
    child.press("Send")
    child.at("Thank you. We have it.")
    code = shown_code(child)
    child.follow("See where your words are")
    child.at("Where are my words?")
    child.fill(code=code)
    child.press("Show me")
    child.at("We have it.")
    assert child.page.evaluate("document.scrollingElement.scrollWidth") == 320
    sent = Comment.objects.get(route=Route.CHILD)
    assert (sent.original.text, sent.original.feeling, sent.stage) == (CHILD_WORDS, "sad", Stage.RECEIVED)
    assert_nowhere_public(child, CHILD_WORDS, "zibblewort")


@pytest.mark.requirement("R-V6")
def test_an_approved_voice_is_on_the_pages_that_hold_no_unread_one(window: Window, an_action: None) -> None:
    """The control of the two journeys above: the same search does find words that are public."""
    with pytest.raises(AssertionError):
        assert_nowhere_public(window, "Somebody rang late.")
    for address in ("/actions/INC-90/", "/voice/you-said-we-did/", priority(1).get_absolute_url()):
        assert "Somebody rang late." in window.page.request.get(address).text(), address


def tab_to(window: Window, selector: str) -> None:
    """Press Tab until that thing has the focus, as somebody without a mouse does."""
    wanted = window.page.locator(selector).first
    for _ in range(80):
        window.page.keyboard.press("Tab")
        if wanted.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {selector}")


@pytest.mark.requirement("R-X2")
def test_a_parent_sends_and_follows_with_the_keyboard_alone(
    windows: Callable[..., Window], an_action: None
) -> None:
    parent = windows()
    keys = parent.page.keyboard
    parent.open("/voice/")
    keys.press("Tab")
    expect(parent.page.locator(":focus")).to_have_text("Skip to main content")
    keys.press("Enter")
    tab_to(parent, "main a[href='/voice/new/parent-carer/']")
    keys.press("Enter")
    parent.at("I am a parent or carer Have your say")
    tab_to(parent, "main a.govuk-button")
    keys.press("Enter")
    parent.page.wait_for_url("**/voice/new/parent-carer/words/")
    tab_to(parent, "textarea[name=text]")
    keys.type("Nobody asked us.")
    for following in ("topic", "whose-words", "show", "safe", "more", "check"):
        tab_to(parent, CONTINUE)
        keys.press("Enter")
        parent.page.wait_for_url(f"**/voice/new/parent-carer/{following}/")
        if following == "topic":
            tab_to(parent, "input[name=topic]")
            keys.press("Space")
            keys.press("ArrowDown")
    parent.at("Check your answers")
    tab_to(parent, "main form button.govuk-button")
    keys.press("Enter")
    parent.at("Thank you. We have it.")
    code = shown_code(parent)
    tab_to(parent, "main a[href='/voice/follow/']")
    keys.press("Enter")
    parent.at("Where are my words?")
    tab_to(parent, "input[name=code]")
    keys.type(code)
    keys.press("Enter")
    parent.at("We have it.")
    sent = Comment.objects.get(original__text="Nobody asked us.")
    assert sent.topic == "missing"  # one down from the first
