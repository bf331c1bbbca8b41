"""Delivered is not the same as made a difference: people confirm or dispute it, and no small number is told (R-Z5, R-K6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actions.models import Action, Impact, Plan, Status
from foundation import content_version
from foundation.tokens import new_token
from partnership.calendar import today
from partnership.models import User
from partnership.roles import Role
from tests import factories as make
from voice.forms.sending import opened_now
from voice.models import ActionVoice, Comment, CommentOriginal, DifferenceAnswer, SafeguardingFlag, Stage
from voice.models.difference import Told
from voice.operations import answer_difference, approve_comment
from voice.operations.errors import CannotDo

pytestmark = pytest.mark.django_db

WORDS = "It is quicker now, but nobody rings."


@pytest.fixture
def done(at_once: None) -> Action:
    make.make_partnership(hide_counts_below=5)
    plan = make.make_plan(make.make_service("Inclusion"))
    return make.make_action(plan, title="Lend kits", difference="You can try kits.", status=Status.DELIVERED)


def path(action: Action) -> str:
    return f"/voice/actions/{action.ref}/difference/"


def filled(**answers: str) -> dict[str, str]:
    sent = {"answer": "yes", "who": "parent-carer", "token": new_token(), "opened": opened_now()}
    return sent | answers


def tell(action: Action, noticed: int, not_noticed: int, who: str = "parent-carer") -> None:
    rows = [("a_little", noticed), ("no", not_noticed)]
    for answer, number in rows:
        for _ in range(number):
            DifferenceAnswer.objects.create(action=action, answer=answer, who=who, on=today())


def text_of(page: Any) -> str:
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.requirement("R-Z5")
def test_anybody_answers_with_one_press_and_nothing_of_them_is_kept(done: Action) -> None:
    page = Client().post(path(done), filled(answer="no", who="group"))
    assert "Your answer is counted." in text_of(page)
    assert "code" not in text_of(page)
    [row] = DifferenceAnswer.objects.values()
    row.pop("id")
    assert row == {"action_id": done.pk, "answer": "no", "who": "group", "on": today()}
    assert not Comment.objects.exists()


@pytest.mark.requirement("R-Z5", "R-V6")
@pytest.mark.parametrize(
    ("who", "route"),
    [("child", "child"), ("young-person", "young-person"), ("group", "someone-else"), ("practitioner",) * 2],
)
def test_words_go_to_the_moderators_with_a_code_and_are_not_shown_before(
    done: Action, who: str, route: str
) -> None:
    browser = Client()
    page = browser.post(path(done), filled(who=who, text=WORDS, may_show="words"))
    assert "This is the code for your words." in text_of(page)
    comment = Comment.objects.get()
    assert (comment.stage, comment.route, comment.is_public) == (Stage.RECEIVED, route, False)
    assert comment.original.text == WORDS
    link = ActionVoice.objects.get()
    assert (link.action, link.comment, link.about_difference, link.linked_by) == (done, comment, True, None)
    assert WORDS not in browser.get(done.get_absolute_url()).content.decode()
    moderator = Client()
    moderator.force_login(make.make_user(Role.MODERATOR))
    inbox = moderator.get(f"/voice/inbox/{comment.pk}/")
    assert f"Said about the difference that {done.ref}: Lend kits was to make." in text_of(inbox)
    assert inbox.context["approve"].initial["service"] == done.service_id
    assert inbox.context["approve"].initial["priority"] == done.priority_id


@pytest.mark.requirement("R-Z5")
def test_approved_words_stand_under_what_people_noticed_and_not_as_what_led_to_it(done: Action) -> None:
    Client().post(path(done), filled(text=WORDS, may_show="words"))
    behind = make.make_comment(stage=Stage.ANSWERED, published_text="We need kits.")
    make.make_voice(done, behind)
    comment = Comment.objects.get(stage=Stage.RECEIVED)
    approve_comment(
        comment=comment,
        version=comment.version,
        text=WORDS,
        service=done.service,
        by=make.make_user(Role.MODERATOR),
    )
    page = Client().get(done.get_absolute_url())
    assert [voice.comment_id for voice in page.context["noticed"]] == [comment.pk]
    assert [voice.comment_id for voice in page.context["voices"]] == [behind.pk]
    assert (
        text_of(page).index("What people noticed")
        < text_of(page).index(WORDS)
        < text_of(page).index("We need")
    )


@pytest.mark.requirement("R-Z5")
def test_a_double_click_counts_once_and_other_words_on_the_same_page_are_told_so(done: Action) -> None:
    sent, browser = filled(), Client()
    assert "Your answer is counted." in text_of(browser.post(path(done), sent))
    assert "Your answer is counted." in text_of(browser.post(path(done), sent))
    assert DifferenceAnswer.objects.count() == 1
    first = browser.post(path(done), sent | {"text": WORDS})  # back, and words added
    assert first.context["code"]
    other = browser.post(path(done), sent | {"text": "Other words."})
    assert "We have what you sent first." in text_of(other)
    assert other.context["first_code"] == first.context["code"]
    assert other.context["form"]["text"].value() == "Other words."
    assert (DifferenceAnswer.objects.count(), CommentOriginal.objects.get().text) == (1, WORDS)


@pytest.mark.requirement("R-Z5", "R-S2")
def test_someone_may_be_unsafe_needs_words_and_goes_to_safeguarding_alone(done: Action) -> None:
    browser = Client()
    page = browser.post(path(done), filled(unsafe="on"))
    assert (page.status_code, "Tell us in a few words what worries you." in text_of(page)) == (422, True)
    assert not DifferenceAnswer.objects.exists()
    browser.post(path(done), filled(unsafe="on", text="I am afraid at home."))
    assert SafeguardingFlag.objects.get().comment.is_flagged
    moderator = Client()
    moderator.force_login(make.make_user(Role.MODERATOR))
    assert moderator.get(f"/voice/inbox/{Comment.objects.get().pk}/").status_code == 404


@pytest.mark.requirement("R-V12")
def test_a_program_presses_twice_and_too_many_at_once_wait(done: Action, settings: Any) -> None:
    page = Client().post(path(done), filled(website="http://buy.example", text=WORDS))
    assert (page.status_code, page.context["form"]["text"].value()) == (422, WORDS)
    assert not DifferenceAnswer.objects.exists()
    settings.VOICE_LIMITS = {"sending": {"address": 1}}
    assert Client().post(path(done), filled()).status_code == 200
    late = Client().post(path(done), filled(text=WORDS))
    assert (late.status_code, late.context["form"]["text"].value()) == (429, WORDS)
    assert DifferenceAnswer.objects.count() == 1


@pytest.mark.requirement("R-Z5")
@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.DELIVERED, Status.BLUE)])
def test_only_what_families_read_is_done_is_asked_about(done: Action, status: str) -> None:
    done.public_status = status
    done.save()
    answer = Client().post(path(done), filled(text=WORDS))
    assert (answer.status_code, WORDS in text_of(answer)) == (403, True)
    assert "is not done any more" in text_of(answer)
    with pytest.raises(CannotDo):
        answer_difference(token=new_token(), action=done, answer="yes", who="child")
    assert not DifferenceAnswer.objects.exists()
    assert path(done) not in Client().get(done.get_absolute_url()).content.decode()


@pytest.mark.requirement("R-Z5")
def test_the_rule_of_what_is_asked_about_and_its_twin_agree() -> None:
    for plan in (make.make_plan(status=status) for status in Plan.Status):
        for status in Status:
            for public in (True, False):
                make.make_action(plan, status=status, public=public)
    rows = Action.objects.select_related("plan")
    expected = {row.pk for row in rows if row.is_done_in_public}
    assert set(Action.objects.done_in_public().values_list("pk", flat=True)) == expected
    assert len(expected) == 2 * 2


@pytest.mark.requirement("R-Z5")
def test_an_action_that_is_not_public_has_no_such_page(done: Action) -> None:
    hidden = make.make_action(done.plan, status=Status.DELIVERED, public=False)
    assert Client().get(path(hidden)).status_code == 404
    assert Client().post(path(hidden), filled()).status_code == 404


@pytest.mark.requirement("R-Z5", "R-K6")
@pytest.mark.parametrize(
    ("noticed", "not_noticed", "words"),
    [
        (0, 0, "Fewer than 5 people have told us if they noticed a difference, so we show no number."),
        (1, 3, "Fewer than 5 people have told us if they noticed a difference, so we show no number."),
        (5, 0, "All of the 5 people who told us noticed a difference."),
        (0, 5, "None of the 5 people who told us noticed a difference."),
        (12, 5, "12 of 17 people who told us noticed a difference."),
        (12, 3, "15 people have told us. Most of them noticed a difference. Fewer than 5 did not."),
        (2, 13, "15 people have told us. Most of them did not notice a difference. Fewer than 5 did."),
        (3, 3, "6 people have told us. Half of them noticed a difference."),
    ],
)
def test_no_number_from_one_to_four_is_told_or_can_be_worked_out(
    done: Action, noticed: int, not_noticed: int, words: str
) -> None:
    tell(done, noticed, not_noticed)
    officer = Client()
    officer.force_login(make.make_user(Role.ASSURANCE))
    make.make_evidence(done)
    addresses = [done.get_absolute_url(), f"{done.get_absolute_url()}sign-off/"]
    for browser, address in ((Client(), addresses[0]), (officer, addresses[0]), (officer, addresses[1])):
        assert f"The service says that it is done. {words} Anybody can answer." in text_of(
            browser.get(address)
        )


@pytest.mark.requirement("R-K6")
def test_who_told_us_is_shown_only_where_no_group_is_small(done: Action) -> None:
    tell(done, 6, 0, "parent-carer")
    tell(done, 0, 5, "young-person")
    page = Client().get(done.get_absolute_url())
    assert "Parents and carers: All of the 6 people who told us noticed" in text_of(page)
    assert "Young people: None of the 5 people" in text_of(page)
    tell(done, 1, 0, "child")
    page = Client().get(done.get_absolute_url())
    assert "Parents and carers" not in text_of(page)
    assert "7 of 12 people who told us noticed a difference." in text_of(page)


@pytest.mark.requirement("R-K6")
def test_the_partnerships_own_limit_counts(done: Action) -> None:
    tell(done, 9, 0)
    make.make_partnership(hide_counts_below=10)
    assert "Fewer than 10 people" in text_of(Client().get(done.get_absolute_url()))
    assert Told(9, 9, 10).is_hidden


@pytest.mark.requirement("R-Z5")
def test_where_families_dispute_what_assurance_saw_the_board_sees_it_and_its_number_opens_the_list(
    done: Action,
) -> None:
    def action(impact: str, noticed: int, not_noticed: int, status: str = Status.BLUE) -> Action:
        made = make.make_action(done.plan, status=status, impact=impact)
        tell(made, noticed, not_noticed)
        return made

    disputed = [action(Impact.CLEAR, 2, 3), action(Impact.CLEAR, 5, 6)]
    action(Impact.CLEAR, 0, 4)  # too few to say
    action(Impact.CLEAR, 3, 3)  # as many as not
    action(Impact.SOME, 0, 9)
    action(Impact.CLEAR, 0, 9, Status.GREEN)
    action(Impact.CLEAR, 9, 0)
    draft = make.make_action(
        make.make_plan(status=Plan.Status.DRAFT), status=Status.BLUE, impact=Impact.CLEAR
    )
    tell(draft, 0, 9)
    member = Client()
    member.force_login(make.make_user(Role.BOARD))
    [number] = [n for n in member.get("/board/").context["numbers"] if "families" in n["label"]]
    assert (number["value"], number["url"]) == (2, "/board/actions/?flag=disputed")
    for address in (number["url"], "/board/exceptions/", "/board/"):
        page = member.get(address).content.decode()
        refs = re.findall(r'portal-exception__title"><a [^>]*>([^:]+):', page)
        assert sorted(refs) == sorted(row.ref for row in disputed), address
        assert (
            page.count("<strong>Families see it differently.</strong> Assurance saw a clear difference.") == 2
        )


@pytest.mark.requirement("R-Z5")
def test_the_number_shows_to_the_next_visitor_once_it_may_and_before_that_nothing_changes(
    done: Action, settings: Any, django_capture_on_commit_callbacks: Callable
) -> None:
    settings.PORTAL_PAGE_CACHE = True
    member = Client()
    member.force_login(make.make_user(Role.BOARD))

    def one_more() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            answer_difference(token=new_token(), action=done, answer="no", who="child")

    def look() -> list[str]:
        listed = f"/board/actions/?status={Status.DELIVERED}"
        return [text_of(Client().get(done.get_absolute_url())), text_of(member.get(listed))]

    before, number = look(), content_version.read()
    for _ in range(4):
        one_more()
    assert (look(), content_version.read()) == (before, number)
    one_more()
    assert all("None of the 5 people who told us noticed a difference." in page for page in look())


def test_the_pages_ask_as_many_questions_for_one_answer_as_for_nine(done: Action) -> None:
    member: User = make.make_user(Role.BOARD)

    def questions(address: str) -> int:
        browser = Client()
        browser.force_login(member)
        browser.get(address)
        with CaptureQueriesContext(connection) as caught:
            browser.get(address)
        return len(caught)

    addresses = [done.get_absolute_url(), "/board/actions/"]
    tell(done, 1, 0)
    with_one = [questions(address) for address in addresses]
    tell(done, 4, 4)
    other = make.make_action(done.plan, status=Status.DELIVERED, last_heard=today() - timedelta(days=1))
    tell(other, 4, 4)
    assert [questions(address) for address in addresses] == with_one


def test_who_comes_to_an_action_that_is_not_done_is_led_to_how_it_stands(client: Client) -> None:
    action = make.make_action(status=Status.GREEN)
    answer = client.get(f"/voice/actions/{action.ref}/difference/", follow=True)
    assert answer.redirect_chain == [(action.get_absolute_url(), 302)]
    assert "Green: on track" in answer.content.decode()
