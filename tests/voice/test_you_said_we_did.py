"""You said, we did: words looked for, how each stands and how long it waits, and the feed (R-V7, R-F1, R-F2)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.models import Service, User
from tests import factories as make
from voice.models import MayShow, Response, Stage, Topic
from voice.operations import change_may_show, edit_answer, flag_comment, withdraw_comment

pytestmark = pytest.mark.django_db

LIST = "/voice/you-said-we-did/"
FEED = f"{LIST}feed.xml"
ATOM = "{http://www.w3.org/2005/Atom}"


def answered(service: Service, **words: Any) -> Response:
    comment = words.pop("comment", None) or make.make_comment(stage=Stage.ANSWERED, service=service)
    return make.make_response(comment, service=service, **words)


def found(client: Client, **query: str) -> list[Response]:
    return list(client.get(LIST, query).context["page"].object_list)


@pytest.mark.requirement("R-F1")
def test_every_word_looked_for_stands_somewhere_in_the_answer(client: Client, service: Service) -> None:
    rooms = answered(service, we_did="We opened two more ROOMS near the station.", difference="")
    bus = answered(service, you_said="The bus doesn’t come.", we_did="We asked for a later bus.")
    assert found(client, words="rooms") == [rooms]
    assert found(client, words="station two") == [rooms]
    assert found(client, words="bus doesn't") == found(client, words="bus doesn’t") == [bus]
    assert found(client, words="rooms bus") == found(client, words="100%") == []
    assert found(client, words="speech therapy bus") == [bus]
    assert found(client, words="  ") == found(client, words="x" * 81) == [bus, rooms]


@pytest.mark.requirement("R-F1")
@pytest.mark.requirement("R-V6")
def test_a_search_never_finds_what_is_not_public_nor_counts_it(client: Client, service: Service) -> None:
    shown = answered(service, we_did="We heard about canary birds.")
    hidden = make.make_comment(stage=Stage.ANSWERED, service=service, may_show=MayShow.NOTHING)
    answered(service, comment=hidden, we_did="A canary nobody may see.")
    unsafe = make.make_comment(stage=Stage.ANSWERED, service=service, flagged=True)
    answered(service, comment=unsafe, we_did="A canary that may be unsafe.")
    answered(service, we_did="A canary in a draft.", status=Response.Status.DRAFT)
    make.make_comment("canary as sent", stage=Stage.APPROVED, service=service)
    make.make_comment("canary unread")
    make.make_comment(
        "canary for its service", stage=Stage.APPROVED, service=service, may_show=MayShow.NOTHING
    )
    page = client.get(LIST, {"words": "canary"})
    assert list(page.context["page"].object_list) == [shown]
    assert page.context["waiting"] == []
    assert "1 answer" in page.content.decode()
    everything = client.get(LIST).context
    assert (len(everything["waiting"]), everything["waiting_count"]) == (1, 1)
    withdraw_comment(comment=shown.comments.get())
    assert found(client, words="canary") == []


@pytest.mark.requirement("R-V7")
def test_how_it_stands_narrows_the_list_with_the_other_filters(client: Client, service: Service) -> None:
    did = answered(service)
    cannot = answered(service, kind=Response.Kind.WE_CANNOT, we_did="There is no money.")
    waits = make.make_comment(stage=Stage.APPROVED, topic=Topic.FELT, published_text="Still waits")
    assert found(client, status="we_did") == [did]
    assert found(client, status="we_cannot", words="money") == [cannot]
    assert found(client, status="we_cannot", topic="felt") == []
    assert found(client, status="nothing") == [cannot, did]
    page = client.get(LIST, {"status": "waiting", "words": "still"})
    assert ([row.comment for row in page.context["waiting"]], "Answered: we" in page.content.decode()) == (
        [waits],
        False,
    )
    assert client.get(LIST, {"status": "waiting", "topic": "quality"}).context["waiting"] == []
    words = client.get(LIST).content.decode()
    assert ("Answered: we did something" in words, "Answered: we cannot do it" in words) == (True, True)


@pytest.mark.requirement("R-V7")
@pytest.mark.parametrize(
    ("progress", "says"), [("will_do", "will do"), ("doing", "are doing"), ("done", "did"), ("", "did")]
)
def test_the_list_says_of_none_that_it_was_done_before_it_is(
    client: Client, service: Service, progress: str, says: str
) -> None:
    answered(service, progress=progress, do_by="2030-01-01" if progress == "will_do" else None)
    words = client.get(LIST).content.decode()
    tags = [tag for tag in ("will do", "are doing", "did") if f"Answered: we {tag} something" in words]
    assert tags == [says]


@pytest.mark.requirement("R-V7")
def test_whatever_waits_says_for_how_long_and_all_of_it_can_be_seen(client: Client, service: Service) -> None:
    for days in range(30):
        came = timezone.now() - timezone.timedelta(days=400 - days)
        make.make_comment(stage=Stage.APPROVED, service=service, received_at=came)
    page = client.get(LIST)
    assert [row.days for row in page.context["waiting"]] == list(range(400, 390, -1))
    assert f'href="{LIST}?status=waiting">See all that wait</a>' in page.content.decode()
    first, second = (client.get(LIST, {"status": "waiting", "page": number}) for number in ("1", "2"))
    days = [row.days for one in (first, second) for row in one.context["waiting"]]
    assert days == list(range(400, 370, -1))
    assert first.content.decode().count("has not answered yet. It came") == 20


@pytest.mark.requirement("R-F2")
def test_the_feed_says_what_the_page_says_of_the_newest_answers(
    client: Client, service: Service, people: dict[str, User]
) -> None:
    make.make_partnership()
    heard = make.make_comment(stage=Stage.ANSWERED, service=service, published_text="A family’s own words")
    first = answered(service, comment=heard, you_said="It is <too> far.", we_did="We moved.")
    hidden = make.make_comment(stage=Stage.ANSWERED, service=service, may_show=MayShow.NOTHING)
    answered(service, comment=hidden, we_did="For the sender alone.")
    answered(service, status=Response.Status.DRAFT, we_did="A draft.")
    newest = answered(
        service, kind=Response.Kind.WE_CANNOT, you_said="More.", we_did="No money.", difference=""
    )
    answer = client.get(FEED)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert feed.findtext(f"{ATOM}title") == "You said, we did: Borchester SEND Partnership"
    assert feed.find(f"{ATOM}link[@rel='self']").attrib["href"] == f"http://testserver{FEED}"  # type: ignore[union-attr]
    entries = feed.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}link").attrib["href"] for one in entries] == [  # type: ignore[union-attr]
        f"http://testserver{row.get_absolute_url()}" for row in (newest, first)
    ]
    summaries = [one.findtext(f"{ATOM}summary") or "" for one in entries]
    assert "<strong>We cannot, because</strong></p><p>No money.</p>" in summaries[0]
    assert "<p>It is &lt;too&gt; far.</p>" in summaries[1]
    text = answer.content.decode()
    assert [words in text for words in ("own words", "For the sender", "A draft.", people["publisher"].email)] == [
        False, False, False, False,
    ]  # fmt: skip
    for tag in ("id", "updated"):
        assert all(one.findtext(f"{ATOM}{tag}") for one in [feed, *entries])
    before = entries[1].findtext(f"{ATOM}updated")
    edit_answer(answer=first, version=1, we_did="We moved twice.", by=people["publisher"])
    after = ET.fromstring(client.get(FEED).content).findall(f"{ATOM}entry")[1]  # noqa: S314
    assert before is not None and (after.findtext(f"{ATOM}updated") or "") >= before
    assert "We moved twice." in (after.findtext(f"{ATOM}summary") or "")
    withdraw_comment(comment=heard)
    assert len(ET.fromstring(client.get(FEED).content).findall(f"{ATOM}entry")) == 1  # noqa: S314


@pytest.mark.requirement("R-F2")
def test_the_feed_is_kept_like_a_page_and_an_empty_one_is_a_feed_too(client: Client, settings: Any) -> None:
    settings.PORTAL_PAGE_CACHE = True
    first = client.get(FEED)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, max-age=0, must-revalidate")
    with CaptureQueriesContext(connection) as caught:
        again = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, len(caught)) == (304, 0)


def test_page_and_feed_ask_as_much_for_many_as_for_few(client: Client, service: Service) -> None:
    def asked() -> list[int]:
        numbers = []
        for address in (LIST, FEED, f"{LIST}?status=waiting", f"{LIST}?words=long+time&status=we_did"):
            with CaptureQueriesContext(connection) as caught:
                client.get(address)
            numbers.append(len(caught))
        return numbers

    def more() -> None:
        answered(service, actions=(make.make_action(make.make_plan(service)),))
        make.make_comment(stage=Stage.APPROVED, service=service)

    more()
    few = asked()
    for _ in range(5):
        more()
    assert asked() == few
    assert max(few) <= 10, few


@pytest.mark.requirement("R-V6")
@pytest.mark.parametrize("gone", ["flagged", "taken back", "nothing to be shown"])
def test_what_is_kept_of_the_list_in_memory_never_shows_words_that_are_gone(
    signed_in: Callable[[str], Client], people: dict[str, User], settings: Any, gone: str
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    make.make_partnership()
    comment = make.make_comment(stage=Stage.APPROVED, published_text="Words that wait")
    browser = signed_in("publisher")
    assert "Words that wait" in browser.get(LIST).content.decode()
    # No transaction ends here, so no worker hears that something has changed.
    if gone == "flagged":
        flag_comment(comment=comment, by=people["moderator"])
    elif gone == "taken back":
        withdraw_comment(comment=comment)
    else:
        change_may_show(comment=comment, may_show=MayShow.NOTHING)
    assert "Words that wait" not in browser.get(LIST).content.decode()
