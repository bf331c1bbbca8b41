"""The golden thread: each hop a stored link, walked both ways, and what is missing is said (R-Z1)."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import Action, Impact, ImpactRating, Status
from partnership.calendar import today
from partnership.dates import Precision
from partnership.roles import Role
from portal import thread
from priorities.models import Reading
from tests import factories as make
from voice.models import ActionVoice, Comment, DifferenceAnswer, Stage, Topic

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def reading(measure: Any, value: int, end: datetime.date) -> Reading:
    return Reading.objects.create(
        ref=f"R{Reading.objects.count()}",
        measure=measure,
        kind=Reading.Kind.ABSOLUTE,
        value=value,
        period_start=end - 30 * DAY,
        period_end=end,
        precision=Precision.DAY,
        source=make.make_source(),
    )


@pytest.fixture
def chain() -> dict[str, Any]:
    """One whole chain, with something of every hop that is not public beside it."""
    make.make_partnership()
    service = make.make_service("Inclusion", code="INC")
    priority = make.make_priority("Help in time")
    plan = make.make_plan(service)
    action = make.make_action(
        plan, ref="INC-1", title="Give a date", priority=priority, status=Status.DELIVERED,
        planned_start=today() - 60 * DAY, impact=Impact.SOME,
    )  # fmt: skip
    comment = make.make_comment(
        stage=Stage.ANSWERED, service=service, priority=priority, topic=Topic.INFORMATION,
        published_text="Nobody tells us when.",
    )  # fmt: skip
    hidden = make.make_comment(stage=Stage.ANSWERED, service=service, priority=priority, may_show="nothing")
    answer = make.make_response(comment, hidden, actions=(action,), we_did="We give a date now.")
    make.make_milestone(action, "All teams use the letter")
    measure = make.make_measure("Calls", slug="calls")
    reading(measure, 900, today() - 90 * DAY)
    reading(measure, 400, today() - 10 * DAY)
    make.make_action_measure(action, measure, success_looks_like="Fewer than 500 calls.")
    make.make_action_measure(action, make.make_measure("Secret figure", slug="secret", is_published=False))
    officer = make.make_user(Role.ASSURANCE)
    ImpactRating.objects.create(
        action=action, rating=Impact.SOME, words="Seen in two teams.", by=officer, at=plan.published_at
    )
    make.make_board_rating(action, reason="We want to see all teams.")
    for _ in range(6):
        DifferenceAnswer.objects.create(action=action, answer="yes", who="parent-carer", on=today())
    said = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="Now I know the date.")
    ActionVoice.objects.create(
        action=action, comment=said, about_difference=True, linked_at=plan.published_at
    )
    return {"comment": comment, "answer": answer, "action": action, "priority": priority, "measure": measure}


def addresses(chain: dict[str, Any]) -> dict[str, str]:
    return {
        "comment": f"/thread/comment/{chain['comment'].pk}/",
        "answer": f"/thread/answer/{chain['answer'].pk}/",
        "action": "/thread/action/INC-1/",
        "priority": f"/thread/priority/{chain['priority'].pk}/",
        "measure": "/thread/measure/calls/",
    }


def hops(page: Any) -> dict[str, str]:
    """Heading by heading, the words of each hop."""
    main = page.content.decode().split('<ol class="portal-thread">')[1]
    parts = main.split('<li class="portal-thread__hop">')[1:]
    words = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts]
    heads = [re.search(r"<h2[^>]*>([^<]+)", part)[1] for part in parts]  # type: ignore[index]
    return dict(zip(heads, words, strict=True))


HOPS = [
    "What families said",
    "What it was about",
    "What was answered",
    "The priority",
    "What is being done",
    "The steps on the way",
    "How we will know",
    "The difference it made",
]


@pytest.mark.requirement("R-Z1")
@pytest.mark.parametrize("kind", list(thread.KINDS))
def test_from_every_end_the_whole_chain_is_there_hop_by_hop(chain: dict[str, Any], kind: str) -> None:
    page = Client().get(addresses(chain)[kind])
    found = hops(page)
    assert list(found) == HOPS
    assert page.context["comments"] == [chain["comment"]]  # and nothing of the one that nobody may read
    wanted = [
        "Nobody tells us when.",
        "Finding or using information",
        "We give a date now.",
        "Help in time",
        "Give a date",
        "All teams use the letter",
        "Calls . Success looks like: Fewer than 500 calls. Before: 900,",
        "All of the 6 people who told us noticed a difference.",
    ]
    for words, (heading, text) in zip(wanted, found.items(), strict=True):
        assert words in text, heading
    assert "Since: 400," in found["How we will know"]
    assert "Some difference seen" in found["The difference it made"]
    assert "Now I know the date." in found["The difference it made"]
    assert "Now I know the date." not in found["What families said"]


@pytest.mark.requirement("R-Z1")
@pytest.mark.parametrize("kind", list(thread.KINDS))
def test_each_hop_leads_to_its_page_and_that_page_back_to_the_thread(
    chain: dict[str, Any], kind: str
) -> None:
    browser, own = Client(), addresses(chain)
    page = browser.get(own[kind]).content.decode()
    pages = [chain[name].get_absolute_url() for name in ("answer", "priority", "action", "measure")]
    for name, address in zip(("answer", "priority", "action", "measure"), pages, strict=True):
        assert f'href="{address}"' in page, name
        assert f'href="{own[name]}"' in browser.get(address).content.decode(), name
    if kind != "comment":
        assert f'href="{own["comment"]}"' in page
    assert f'href="{own["comment"]}"' in browser.get("/voice/you-said-we-did/").content.decode()


@pytest.mark.requirement("R-Z1")
@pytest.mark.parametrize("kind", list(thread.KINDS))
def test_the_public_reads_public_things_and_people_inside_read_more(chain: dict[str, Any], kind: str) -> None:
    address = addresses(chain)[kind]
    inside = Client()
    inside.force_login(make.make_user(Role.BOARD))
    private = ["Secret figure", "Seen in two teams.", "We want to see all teams."]
    outside, staff = Client().get(address).content.decode(), inside.get(address).content.decode()
    assert [words for words in private if words in outside] == []
    assert [words for words in private if words in staff] == private


@pytest.mark.requirement("R-Z1")
def test_a_hidden_action_or_comment_is_in_no_thread(chain: dict[str, Any]) -> None:
    action, comment = chain["action"], chain["comment"]
    Action.objects.filter(pk=action.pk).update(published_at=None)
    page = hops(Client().get(addresses(chain)["comment"]))
    assert "No action is linked yet." in page["What is being done"]
    assert Client().get(addresses(chain)["action"]).status_code == 404
    Action.objects.filter(pk=action.pk).update(published_at=action.published_at)
    Comment.objects.filter(pk=comment.pk).update(is_flagged=True)
    assert Client().get(addresses(chain)["comment"]).status_code == 404
    for kind in ("action", "priority", "measure"):
        page = hops(Client().get(addresses(chain)[kind]))
        assert page["What families said"] == "What families said Nobody’s words are linked to this yet."
        assert "No answer is linked yet." in page["What was answered"]


@pytest.mark.requirement("R-Z1")
@pytest.mark.parametrize("kind", ["measure", "priority"])
def test_words_that_led_to_a_hidden_action_do_not_tell_that_there_is_one(
    chain: dict[str, Any], kind: str
) -> None:
    service = chain["action"].service
    elsewhere = make.make_comment(
        stage=Stage.ANSWERED, service=service, published_text="Said of a thing still in a draft."
    )
    draft = make.make_action(
        make.make_plan(service, status="draft"), ref="INC-9", title="In a draft", priority=chain["priority"]
    )
    make.make_action_measure(draft, chain["measure"])
    ActionVoice.objects.create(action=draft, comment=elsewhere, linked_at=timezone.now())
    make.make_response(elsewhere, actions=(draft,), service=service, we_did="We thought about the draft.")
    address = addresses(chain)[kind]
    writer = Client()
    writer.force_login(make.make_user(Role.CONTRIBUTOR, service=service))
    words = ("Said of a thing still in a draft.", "We thought about the draft.")
    # Who writes for the service sees the draft, and so the words behind it: they are there to be seen.
    assert [one in writer.get(address).content.decode() for one in words] == [True, True]
    assert [one in Client().get(address).content.decode() for one in words] == [False, False]


def test_what_is_missing_is_said_hop_by_hop() -> None:
    make.make_partnership()
    action = make.make_action(ref="INC-1")
    found = hops(Client().get("/thread/action/INC-1/"))
    gaps = {
        "What families said": "Nobody’s words are linked to this yet.",
        "What it was about": "Without words there is no theme yet.",
        "What was answered": "No answer is linked yet.",
        "The steps on the way": "No step is set.",
        "How we will know": "No measure is linked yet.",
        "The difference it made": "Nobody has looked yet at what changed for families. It is not done yet",
    }
    for heading, words in gaps.items():
        assert words in found[heading], heading
    measure = make.make_measure(slug="alone")
    make.make_action_measure(action, measure)
    said = hops(Client().get("/thread/action/INC-1/"))["How we will know"]
    assert "No figure from before the work began. No figure since the work began." in said
    lonely = hops(Client().get(f"/thread/measure/{make.make_measure(slug='x').slug}/"))
    assert "No action is linked yet." in lonely["What is being done"]
    assert "Without an action there is no difference to show yet." in lonely["The difference it made"]


@pytest.mark.requirement("R-Z1", "R-Z2")
def test_a_long_thread_is_cut_musts_first_and_leads_to_the_rest(chain: dict[str, Any]) -> None:
    plan, priority = chain["action"].plan, chain["priority"]
    for number in range(12):
        make.make_action(plan, priority=priority, category=3, due=today() + number * DAY)
    must = make.make_action(plan, priority=priority, category=1, status=Status.RED, title="Red must")
    for number in range(7):
        make.make_comment(stage=Stage.APPROVED, priority=priority, published_text=f"Words {number}")
    page = Client().get(addresses(chain)["priority"])
    assert len(page.context["actions"]) == thread.ACTIONS_SHOWN
    assert page.context["actions"][0].pk == must.pk
    text = hops(page)
    assert "These are 10 of 14, musts first. See all 14 actions" in text["What is being done"]
    assert f"/actions/?priority={priority.pk}" in page.content.decode()
    assert "These are the newest 5 of 8." in text["What families said"]


def test_a_thread_asks_as_many_questions_for_one_of_each_as_for_three(chain: dict[str, Any]) -> None:
    def questions() -> dict[str, int]:
        counts = {}
        for kind, address in addresses(chain).items():
            browser.get(address)
            with CaptureQueriesContext(connection) as caught:
                browser.get(address)
            counts[kind] = len(caught)
        return counts

    browser = Client()
    browser.force_login(make.make_user(Role.BOARD))
    with_one = questions()
    for _ in range(2):
        action = make.make_action(chain["action"].plan, priority=chain["priority"], status=Status.DELIVERED)
        make.make_milestone(action)
        make.make_board_rating(action)
        make.make_action_measure(action, chain["measure"])
        comment = make.make_comment(stage=Stage.ANSWERED, service=action.service, priority=chain["priority"])
        make.make_voice(action, comment, response=chain["answer"])
        make.make_voice(action, chain["comment"], response=chain["answer"])
        chain["answer"].actions.add(action)
    assert questions() == with_one
    assert max(with_one.values()) <= 30


def test_an_address_that_means_nothing_is_no_page(chain: dict[str, Any]) -> None:
    for address in ("nothing/1", "comment/x", "comment/-1", "priority/99999999999999999999", "measure/no"):
        assert Client().get(f"/thread/{address}/").status_code == 404, address


@pytest.mark.requirement("R-Z1")
def test_a_measure_names_the_actions_that_read_their_success_from_it_as_each_reader_may_see_them(
    chain: dict[str, Any],
) -> None:
    secret = make.make_action(chain["action"].plan, public=False, title="Not public")
    make.make_action_measure(secret, chain["measure"])
    inside = Client()
    inside.force_login(make.make_user(Role.BOARD))
    assert [row.ref for row in Client().get("/measures/calls/").context["actions"]] == ["INC-1"]
    assert [row.ref for row in inside.get("/measures/calls/").context["actions"]] == ["INC-1", secret.ref]
    assert "Delivered: awaiting sign‑off" in Client().get("/measures/calls/").content.decode()
