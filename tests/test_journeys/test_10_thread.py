"""The thread: from a family's words to the answer, the action, the measure and the difference, and all the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from actions.models import Action, Category, Impact, Status
from board.models import BoardRating
from partnership.calendar import today
from partnership.roles import Role
from priorities.models import Measure
from tests import factories as make
from voice.models import DifferenceAnswer, Response, Stage

from .conftest import Window, priority, service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "Nobody told me when we would hear."
WORDS = "They rang me before the date."
FROM_MEASURE = "Follow the thread from this measure to families’ words"
FROM_ACTION = "Follow the thread: from families’ words to the difference"


def go(window: Window, beginning: str) -> None:
    """Follow the first link whose name begins so; what is only heard says of which thing it is."""
    window.page.locator("main").get_by_role("link", name=beginning).first.click()


@dataclass
class Chain:
    """One published chain of words, answer, action and measure."""

    answer: Response
    action: Action
    measure: Measure


@pytest.fixture
def chain(lancashire: None) -> Chain:
    team, first = service("inclusion-service"), priority(1)
    action = make.make_action(
        make.make_plan(team, strategy=first.strategy),
        ref="INC-95",
        priority=first,
        category=Category.MUST,
        title="Give families a date",
        status=Status.DELIVERED,
        impact=Impact.CLEAR,
    )
    comment = make.make_comment(
        stage=Stage.ANSWERED, service=team, priority=first, published_text=SAID, published_is_summary=False
    )
    answer = make.make_response(comment, service=team, actions=(action,), we_did="We give a date in writing.")
    measure = Measure.objects.filter(is_published=True, readings__isnull=False).first()
    assert measure is not None
    make.make_action_measure(action, measure)
    for _ in range(5):
        DifferenceAnswer.objects.create(action=action, answer="no", who="parent-carer", on=today())
    return Chain(answer, action, measure)


@pytest.mark.requirement("R-Z1")
@pytest.mark.requirement("R-Z5")
@pytest.mark.requirement("R-Z10")
def test_a_familys_words_lead_to_the_difference_and_back_and_another_family_says_if_it_helped(
    windows: Callable[..., Window], chain: Chain
) -> None:
    visitor = windows()
    came_of_it = "See what came of it"
    visitor.open("/voice/you-said-we-did/")
    visitor.at("You said, we did")
    go(visitor, came_of_it)
    visitor.at("The thread A parent or carer told us: How good the help or support is")
    assert visitor.says(SAID)
    go(visitor, "Read the whole answer")
    visitor.at("Answer from Inclusion Service")
    visitor.follow("Give families a date")
    visitor.at("Give families a date")
    visitor.follow(chain.measure.name)
    visitor.at(f"Measure {chain.measure.name}")
    visitor.follow(FROM_MEASURE)
    visitor.at(f"The thread {chain.measure.name}")
    hops = visitor.texts(".portal-thread__hop h2")
    assert (hops[0], hops[-1]) == ("What families said", "The difference it made")
    assert visitor.says("Clear difference seen")
    assert visitor.says("None of the 5 people who told us noticed a difference.")

    # Another family noticed, and says so without an account.
    go(visitor, "Did you notice this difference?")
    visitor.at("Did you notice this difference? Give families a date")
    visitor.press("Send")
    visitor.at("Did you notice this difference? Give families a date")
    assert visitor.says("Choose yes, a little or no.")
    for _ in range(5):
        visitor.open(f"/voice/actions/{chain.action.ref}/difference/")
        visitor.choose("answer", "a_little")
        visitor.choose("who", "young-person")
        visitor.press("Send")
        visitor.at("Thank you. We have it.")
    visitor.open(f"/voice/actions/{chain.action.ref}/difference/")
    visitor.choose("answer", "yes")
    visitor.choose("who", "parent-carer")
    visitor.fill(text=WORDS)
    visitor.press("Send")
    visitor.at("Thank you. We have it.")
    assert visitor.says("This is the code for your words.")
    visitor.follow("Back to Give families a date")
    visitor.at("Give families a date")
    assert visitor.says("6 of 11 people who told us noticed a difference.")
    assert not visitor.says(WORDS)

    # And back to the words.
    visitor.follow(FROM_ACTION)
    visitor.at("The thread Give families a date")
    go(visitor, came_of_it)
    visitor.at("The thread A parent or carer told us: How good the help or support is")


@pytest.mark.requirement("R-Z3")
@pytest.mark.requirement("R-Z5")
@pytest.mark.requirement("R-Z10")
def test_the_board_walks_from_a_number_to_the_words_rates_it_and_the_service_answers(
    windows: Callable[..., Window], chain: Chain, sign_in: Callable[..., None]
) -> None:
    member, writer = windows(), windows()
    team = chain.action.service
    sign_in(member.page, make.make_user(Role.BOARD, name="Bea Board"))
    sign_in(writer.page, make.make_user(Role.PUBLISHER, service=team, name="Cleo Publisher"))
    member.open("/board/")
    member.page.get_by_role("link", name="1 seen differently by families").click()
    member.at("Actions in published plans")
    assert member.says("Families see it differently. Assurance saw a clear difference. None of the 5 people")
    go(member, "The words behind it")
    member.at("The thread Give families a date")
    assert member.says(SAID)
    go(member, "Give families a date")
    member.at("Give families a date")
    member.follow("Rate it for the board")
    member.at("How the board rates it INC-95: Give families a date")
    member.choose("rating", "red")
    member.press("Save the board’s rating")
    member.at("How the board rates it INC-95: Give families a date")
    assert member.says("Say why the board rates it so.")
    member.fill(reason="Families do not see it.")
    member.press("Save the board’s rating")
    member.at("Give families a date")
    assert member.says("The board rates it differently")
    member.open("/board/exceptions/")
    member.at("Exceptions")
    assert member.says("Why the board says so: Families do not see it.")

    writer.open("/my-work/")
    writer.at("Cleo Publisher My work")
    writer.follow("INC-95: Give families a date")
    writer.at("Update this action INC-95: Give families a date")
    assert writer.says("Families do not see it.")
    writer.choose("status", "amber")
    writer.fill(reason="We ask families why, and mend it by May.", narrative="We looked again.")
    writer.press("Save the update")
    writer.at("Give families a date")
    assert writer.says("The board rates it differently")
    writer.open("/my-work/")
    assert not writer.says("The board rates this differently")
    assert BoardRating.objects.get().rating == Status.RED
    assert Action.objects.get(pk=chain.action.pk).status == Status.AMBER
