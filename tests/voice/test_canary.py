"""The canary sweep (R-V6, R-S2, budget F4): marked words are looked for on every page as every role, in mail, logs,
history, sessions and caches, and found only where they may be. The controls show that they can be found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from actions.models import Status
from foundation.codes import new_code
from foundation.outbox import OutboxMail
from foundation.pages import store
from foundation.tokens import SpentToken, new_token
from partnership.calendar import today
from partnership.models import Service, User
from partnership.roles import Role
from tests import factories as make
from voice.forms.sending import opened_now
from voice.models import (
    Booking,
    Comment,
    Draft,
    Event,
    MayShow,
    Response,
    SafeguardingFlag,
    ShowChange,
    Stage,
    Theme,
    Wording,
)
from voice.operations import (
    agree_release,
    approve_comment,
    ask_release,
    cancel_booking,
    keep_with_account,
    mark_flag_read,
    publish_answer,
    record_outcome,
)
from voice.strikes import Span

from .journey import send as send_all
from .journey import write

pytestmark = pytest.mark.django_db

ORIGINAL, DRAFT, HIDDEN = "canaryoriginal", "canarydraft", "canaryhidden"
ADDRESS, UNSAFE, UNSAFE_ADDRESS = "canaryaddress", "canaryunsafe", "canaryunsafeaddress"
BOOKER, REACHED, NEEDS = "canarybooker", "canaryreached", "canaryneeds"
BEGUN = "canarybegun"
LISTED, WHY, REFERENCE = "canarylisted", "canarywhy", "canaryreference"
TAKEN_DOWN = "canarytakendown"
MARKS = (
    *(BEGUN, ORIGINAL, DRAFT, HIDDEN, ADDRESS, UNSAFE, UNSAFE_ADDRESS, BOOKER, REACHED, NEEDS),
    *(LISTED, WHY, REFERENCE, TAKEN_DOWN),
)
THEME = "canarytheme"
"""A theme of comments that nobody may read: the moderators' own word, so that its history may hold it, and they alone."""
LEFT_OUT = ("admin", "media", "static")


def patterns(
    resolver: Any = None, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, set[str]]]:
    """Every address of the portal: its name, its pattern and the parts that have to be filled in."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = entry.namespace or entry.app_name
            yield from patterns(entry, here, (*spaces, space) if space else spaces)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join((*spaces, entry.name)), here, set(entry.pattern.converters)


SOME = 4
"""So many keys are tried where an address is none of the voice rooms': what has marked words is looked up by their own."""


ROWS_OF: dict[str, type[Model]] = {
    **dict.fromkeys(["voice:comment", "voice:mine_one"], Comment),
    **dict.fromkeys(["voice:answer", "voice:answer_edit", "voice:answer_check"], Response),
    "voice:show_change": ShowChange,
    "voice:safeguarding_item": SafeguardingFlag,
    "voice:theme": Theme,
    "voice:wording": Wording,
    **dict.fromkeys(
        ["voice:event_desk", "voice:event_edit", "voice:event_cancel", "voice:event_said"], Event
    ),
    **dict.fromkeys(["voice:booking_rung", "voice:booking_cancel"], Booking),
}
"""Whose key an address has. Any other key leads nowhere there; an address that is not here is asked with every key."""


def addresses(fill: dict[str, list[Any]]) -> list[tuple[str, str]]:
    """Every address with every known filling, as (name, path)."""
    found: dict[tuple[str, str], None] = {}
    some = fill | {part: fill[part][:SOME] for part in ("pk", "id")}
    for name, pattern, parts in patterns():
        if name.split(":")[0] in LEFT_OUT or re.search(r"[()^$\\]", pattern):
            continue
        filling = fill if name.startswith("voice:") else some
        if name in ROWS_OF and "pk" in parts:
            known = set(ROWS_OF[name].objects.values_list("pk", flat=True))
            filling = fill | {"pk": [key for key in fill["pk"] if key in known]}
        for round_ in range(max((len(filling.get(part, ["1"])) for part in parts), default=1)):
            path = pattern
            for part in parts:
                values = filling.get(part, ["1"])
                path = re.sub(rf"<(\w+:)?{part}>", str(values[round_ % len(values)]), path)
            found[(name, "/" + path)] = None
    return list(found)


@pytest.fixture
def scene(service: Service, people: dict[str, User], at_once: None) -> dict[str, Any]:
    """Marked words in every place that holds words."""
    sender = Client()

    def send(text: str, **more: str) -> Comment:
        assert send_all(sender, "child", text=text, topic="felt", **more).status_code == 200
        return Comment.objects.latest("pk")

    waiting = send(ORIGINAL, email=f"{ADDRESS}@example.org", may_show="words")
    second = send(ORIGINAL)
    approve_comment(
        comment=second,
        version=second.version,
        text=DRAFT,
        summary=DRAFT,
        service=service,
        strikes=[Span(0, len(ORIGINAL), "name")],
        by=people["moderator"],
    )
    hidden = make.make_comment(ORIGINAL, stage=Stage.APPROVED, service=service, may_show=MayShow.NOTHING)
    hidden.redactions.update(text=HIDDEN)
    make.make_safety_word(LISTED)
    write(Client(), "child", text=BEGUN, email=f"{BEGUN}@example.org")  # begun and not sent
    unsafe = send(f"{UNSAFE} {LISTED}", email=f"{UNSAFE_ADDRESS}@example.org", unsafe="on")
    flag = SafeguardingFlag.objects.get(comment=unsafe)
    mark_flag_read(flag=flag, by=people["safeguarding"])
    record_outcome(
        flag=flag, outcome="referred", referred_to=WHY, reference=REFERENCE, by=people["safeguarding"]
    )
    ask_release(flag=flag, reason="mistake", words=WHY, by=people["safeguarding"])
    let_go = make.make_comment(ORIGINAL, flagged=True)
    deputy = make.make_user(Role.SAFEGUARDING)
    mark_flag_read(flag=let_go.flag, by=deputy)
    record_outcome(flag=let_go.flag, outcome="known", reference=REFERENCE, by=deputy)
    ask_release(flag=let_go.flag, reason="mistake", words=WHY, by=deputy)
    agree_release(flag=let_go.flag, by=people["safeguarding"])
    shown = make.make_comment(ORIGINAL, stage=Stage.ANSWERED, service=service, published_text="Shown to all")
    action = make.make_action(make.make_plan(service))
    done = make.make_action(action.plan, status=Status.DELIVERED, last_heard=today())
    asked = {"answer": "no", "who": "young-person", "text": ORIGINAL, "may_show": "words"}
    asked |= {"token": new_token(), "opened": opened_now()}
    assert sender.post(f"/voice/actions/{done.ref}/difference/", asked).status_code == 200
    said = Comment.objects.latest("pk")
    event = make.make_event("An event", slug="an-event", capacity=1)
    over = make.make_event("Over", slug="over", days=-2)
    booked = {"name": BOOKER, "people": "1", "access_needs": NEEDS, "phone": "", "opened": opened_now()}
    for place in range(2):
        own = {"email": f"{REACHED}@example.org", "token": new_token()}
        assert sender.post("/events/an-event/book/", booked | own).status_code == 200, place
    make.make_booking(over, name=BOOKER, access_needs=NEEDS, phone=REACHED, ring_about="moved_up")
    team = Client()
    team.force_login(people["programme"])
    words = {"route": "child", "topic": "felt", "text": ORIGINAL, "may_show": "words", "token": new_token()}
    assert team.post(f"/voice/events/{over.pk}/said/", words).status_code == 302
    at_event = Comment.objects.latest("pk")
    letter = {"channel": "paper", "may_show": "nothing", "said_on_month": str(today().month)}
    letter |= {"said_on_day": "1", "said_on_year": str(today().year), "token": new_token()}
    by_hand = Client()
    by_hand.force_login(people["moderator"])
    assert by_hand.post("/voice/inbox/new/", words | letter).status_code == 200
    entered = Comment.objects.latest("pk")
    theme = make.make_theme(THEME, waiting, second, hidden, unsafe, entered, by=people["moderator"])
    published = make.make_response(shown, hidden, actions=(action,), we_did=TAKEN_DOWN)
    # In a report stands everything, as if all had been public once; and the words of an edition were taken down.
    every = (waiting, second, hidden, unsafe, shown, said, at_event)
    Comment.objects.filter(pk__in=[unsafe.pk, hidden.pk]).update(published_text=UNSAFE)
    make.make_report(*every, year=2024, words_taken_down=True)
    published.we_did = "Other words"
    published.save()
    make.make_report(*every, year=2023)
    draft = make.make_response(hidden, status=Response.Status.DRAFT)
    waits = make.make_response(hidden, status=Response.Status.WAITING)
    code = new_code()
    held = make.make_comment(
        ORIGINAL, stage=Stage.ANSWERED, service=service, published_text="Shown to all", code=code
    )
    make.make_response(held)
    for step in (
        {"step": "add-send", "text": ORIGINAL},
        {"step": "helped-send", "text": ORIGINAL, "answer": "no"},
        {"step": "show-send", "may_show": "words"},
    ):
        pressed = sender.post("/voice/follow/", {"code": code, "token": new_token()} | step)
        assert pressed.status_code == 200, step
    later = [link.added for link in held.more_words.all()]
    assert len(later) == 2
    keep_with_account(comment=held, user=people["family"])
    return {
        "waiting": waiting,
        "comments": [
            *(waiting, second, hidden, unsafe, shown, said, at_event, let_go, held, entered),
            *later,
        ],
        "flags": [flag, let_go.flag],
        "changes": list(ShowChange.objects.all()),
        "theme": theme,
        "wording": make.make_wording(by=people["moderator"]),
        "events": [event, over],
        "bookings": list(Booking.objects.all()),
        "flag": flag,
        "answers": [published, draft, waits],
        "action": action,
        "done": done,
    }


def filling(scene: dict[str, Any]) -> dict[str, list[Any]]:
    action = scene["action"]
    ids = [
        row.pk
        for row in (
            *scene["comments"],
            *scene["flags"],
            *scene["changes"],
            scene["theme"],
            scene["wording"],
            *scene["answers"],
            *scene["events"],
            *scene["bookings"],
        )
    ]
    ids = sorted(set(ids))
    return {
        "pk": ids,
        "id": ids,
        "route": ["child", "parent-carer"],
        "question": ["words", "more"],
        "ref": [action.ref, scene["done"].ref],
        "slug": [action.plan.slug, action.plan.strategy.slug, action.service.slug, "an-event", "over"],
        "number": [action.priority.number],
        "year": [2023, 2024],
        "edition": [1],
        # Pairs for the thread: the first kind goes with the first key, and so on.
        "kind": ["action"] * 2 + ["comment"] * len(scene["comments"]) + ["answer"] * 3 + ["priority"],
        "key": [
            *(row.ref for row in (action, scene["done"])),
            *(row.pk for row in (*scene["comments"], *scene["answers"], action.priority)),
        ],
    }


def fetch(browser: Client, fill: dict[str, list[Any]]) -> dict[tuple[str, str], str]:
    """The words of every page this browser may see."""
    pages = {}
    for name, path in addresses(fill):
        if "logout" in name:
            continue
        response = browser.get(path)
        if response.status_code == 200:
            content = b"".join(response.streaming_content) if response.streaming else response.content
            pages[(name, path)] = content.decode(errors="replace")
    return pages


def browser_of(person: User | None) -> Client:
    browser = Client(raise_request_exception=False)
    if person is not None:
        browser.force_login(User.objects.get(pk=person.pk))
    return browser


COMMENT_PAGE = {"voice:comment"}
READ_AGAIN = {"voice:comment", "voice:show_change"}
SERVICE_PAGES = {"voice:answers", "voice:answer_edit"}
CHECK = {"voice:answer_check"}
DESK = {"voice:event_desk"}
LANE = {"voice:safeguarding_item"}
THEMES = {"voice:inbox", "voice:comment", "voice:themes", "voice:theme"}
MAY_BE = {
    # The second person for a first answer reads what its service reads.
    "moderator": {
        ORIGINAL: READ_AGAIN,
        DRAFT: COMMENT_PAGE,
        HIDDEN: COMMENT_PAGE | CHECK,
        THEME: THEMES,
    },
    "moderator2": {
        ORIGINAL: READ_AGAIN,
        DRAFT: COMMENT_PAGE,
        HIDDEN: COMMENT_PAGE | CHECK,
        THEME: THEMES,
    },
    "contributor": {HIDDEN: SERVICE_PAGES},
    "publisher": {HIDDEN: SERVICE_PAGES | CHECK},
    # The page that asks before it cancels says whose booking it is.
    "programme": {BOOKER: {*DESK, "voice:booking_cancel"}, REACHED: DESK, NEEDS: DESK},
    "safeguarding": {
        UNSAFE: LANE,
        UNSAFE_ADDRESS: LANE,
        WHY: LANE,
        REFERENCE: LANE,
        LISTED: {*LANE, "voice:safety_words"},
    },
}


@pytest.mark.great_table
@pytest.mark.requirement("R-V6")
@pytest.mark.requirement("R-S2")
@pytest.mark.requirement("R-P1")
def test_marked_words_are_on_no_page_where_they_may_not_be(
    scene: dict[str, Any], people: dict[str, User]
) -> None:
    fill = filling(scene)
    found: dict[str, dict[str, set[str]]] = {}
    for who in ("visitor", *(role.value for role in Role), "moderator2", "other"):
        pages = fetch(browser_of(people.get(who)), fill)
        assert len(pages) > 10, who
        for (name, _path), words in pages.items():
            for mark in (*MARKS, THEME):
                if re.search(rf"{mark}\b", words):
                    found.setdefault(who, {}).setdefault(mark, set()).add(name)
    assert found == MAY_BE


@pytest.mark.requirement("R-V6")
def test_marked_words_are_in_no_mail_log_history_session_or_cache(
    scene: dict[str, Any], people: dict[str, User], caplog: pytest.LogCaptureFixture, capsys: Any
) -> None:
    caplog.set_level("DEBUG")
    code = {"code": "BCD-BCD-BCD-BCD-BCD-BCD"}
    sender = Client(raise_request_exception=False)
    sender.post("/voice/follow/", code)
    sender.post("/voice/new/child/more/", {"email": f"{ADDRESS}", "topic": "x"})
    sender.post("/voice/new/child/words/", {"text": f"My son {BEGUN.title()} waits."})  # a warning
    kept = Comment.objects.count()
    send_all(sender, "child", text=ORIGINAL, email=f"{ADDRESS}@example.org", topic="felt")
    assert Comment.objects.count() == kept + 1
    begun = Client()
    write(begun, "parent-carer", text=BEGUN, email=f"{BEGUN}@example.org")
    assert BEGUN in begun.get("/voice/new/parent-carer/check/").content.decode()  # the writer can read it
    assert Draft.objects.count() == 2  # with the one of the scene
    sender.post("/events/an-event/book/", {"name": BOOKER, "access_needs": NEEDS, "email": REACHED})
    moved = scene["bookings"][0]
    cancel_booking(booking=moved)  # the second moves up, and is told so
    browser = browser_of(people["moderator"])
    waiting = scene["waiting"]
    browser.post(f"/voice/inbox/{waiting.pk}/", {"step": "approve", "text": DRAFT, "version": "0"})
    browser.get(f"/voice/inbox/{waiting.pk}/?{ORIGINAL}")
    struck = {"step": "strike", "words_1": ORIGINAL, "reason_1": "name", "text": DRAFT}
    assert browser.post(f"/voice/inbox/{waiting.pk}/", struck).status_code == 200
    histories = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    assert histories
    places = {
        "outbox": str([(mail.subject, mail.body) for mail in OutboxMail.objects.all()]),
        "history": str([list(model.objects.values()) for model in histories]),
        "sessions": str([session.get_decoded() for session in Session.objects.all()]),
        "drafts": str(list(Draft.objects.values())),
        "tokens": str(list(SpentToken.objects.values())),
        "cache": str(cache._cache) + str([page.plain for page in store._pages.values()]),
        "log": caplog.text
        + str([record.getMessage() for record in caplog.get_records("setup")])
        + str([record.__dict__ for record in caplog.records if "foundation" in record.name]),
        "output": "".join(capsys.readouterr()),
    }
    assert OutboxMail.objects.exists()
    assert "/voice/new/<slug:route>/<slug:question>/" in places["log"] and "/book/" in places["log"]
    assert OutboxMail.objects.filter(
        to=f"{REACHED}@example.org", subject__startswith="You have a place now"
    ).exists()
    found = {name: [mark for mark in MARKS if mark in text] for name, text in places.items()}
    # A service's own words stay in their history, where nobody but a report that shows them looks.
    assert found == {name: [TAKEN_DOWN] if name == "history" else [] for name in places}


@pytest.mark.requirement("R-V6")
def test_the_control_finds_the_words_once_they_are_published(
    scene: dict[str, Any], people: dict[str, User]
) -> None:
    waiting = Comment.objects.get(pk=scene["waiting"].pk)
    Comment.objects.filter(pk=waiting.pk).update(route="parent-carer")
    waiting.refresh_from_db()
    fill = filling(scene)
    assert not [page for page, words in fetch(Client(), fill).items() if ORIGINAL in words]
    approve_comment(
        comment=waiting,
        version=waiting.version,
        text=f"{ORIGINAL} as approved",
        summary="",
        service=scene["action"].service,
        priority=scene["action"].priority,
        by=people["moderator"],
    )
    answer = make.make_response(waiting, status=Response.Status.DRAFT, actions=(scene["action"],))
    publish_answer(answer=answer, version=1, by=people["publisher"])
    store.clear()  # this test's transaction never commits, so nothing raises the content version
    fill["pk"].append(answer.pk)
    found = {name for (name, _path), words in fetch(Client(), fill).items() if ORIGINAL in words}
    assert {"voice:you_said_we_did", "voice:answer"} <= found


def calm(words: str) -> str:
    """A page without what changes at each request."""
    words = re.sub(r'name="(csrfmiddlewaretoken|(?:[\w-]+-)?token|opened)" value="[^"]*"', "", words)
    return re.sub(r"nonce-[\w=+/-]+", "", words)


@pytest.mark.great_table
@pytest.mark.requirement("R-S2")
def test_something_marked_unsafe_changes_no_page_and_no_number_for_anybody_else(
    scene: dict[str, Any], people: dict[str, User], service: Service, at_once: None
) -> None:
    fill = filling(scene)
    # One of each: a page of one thing says nothing of what is marked beside it. The lists and numbers are all here.
    fill["pk"] = fill["id"] = [
        row.pk
        for row in (
            *(scene["waiting"], scene["comments"][4], scene["answers"][0], scene["events"][0]),
            *(scene["theme"], scene["wording"], scene["changes"][0]),
        )
    ]
    who = ["visitor", "moderator2", "contributor", "programme", "board", "auditor"]

    def all_pages(readers: list[str]) -> dict[str, dict[tuple[str, str], str]]:
        store.clear()
        return {
            name: {page: calm(words) for page, words in fetch(browser_of(people.get(name)), fill).items()}
            for name in readers
        }

    before = all_pages(who)
    flagged = make.make_comment(
        flagged=True,
        service=service,
        stage=Stage.APPROVED,
        priority=scene["action"].priority,
        by=people["moderator"],  # nobody new: a new person would change the list of people
    )
    make.make_voice(scene["action"], flagged, by=people["publisher"])
    scene["theme"].comment_rows.create(comment=flagged, by=people["moderator"], at=timezone.now())
    make.make_comment(flagged=True, received_at=timezone.now() - timezone.timedelta(days=400))
    after = all_pages(who)
    assert {
        name: [page for page in before[name] if before[name][page] != after[name].get(page)] for name in who
    } == {name: [] for name in who}
    # The control: one that is not marked does change numbers.
    make.make_comment(stage=Stage.APPROVED, service=service, received_at=timezone.now())
    make.make_comment()
    changed = all_pages(["moderator2", "visitor"])
    for name, pages in changed.items():
        assert [page for page in before[name] if before[name][page] != pages.get(page)], name
