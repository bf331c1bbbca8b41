"""The word list: it raises a mark and does nothing else; safeguarding alone keeps it and reads it (R-S1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from foundation.outbox import OutboxMail
from foundation.tokens import new_token
from partnership.models import User
from tests import factories as make
from voice.following import Standing, standing
from voice.models import Channel, Comment, SafeguardingFlag, SafetyWord
from voice.operations import add_safety_word, mark_flag_read, submit_comment, take_off_safety_word
from voice.operations.errors import CannotDo
from voice.word_list import WordList, words_of

from . import journey

SignedIn = Callable[[str], Client]


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("bruise", "I have a bruise.", True),
        ("bruise", "BRUISES!", True),
        ("bruise", "he was bruised", True),
        ("bruise", "bruising", True),
        ("bruise", "cruise", False),
        ("bruise", "unbruised", False),
        ("hit me", "She hits me", True),
        ("hit me", "hitting  me, again", True),
        ("hit me", "hit\nme", True),
        ("hit me", "hit him and me", False),
        ("hit me", "white me", False),
        ("me", "mes", False),
        ("worry", "worries worried", True),
        ("stab", "stabbed", True),
        ("knife", "Une knífe", True),
        ("knife", "kni\u0301fe", True),
        ("knife", "kn\u00adi\u200bfe", True),
        ("knife", "ｋｎｉｆｅ", True),
        ("self harm", "self-harm", True),
        ("dont feel safe", "I don’t feel safe", True),
        ("dont feel safe", "I don't feel safe", True),
        ("dad", "dad’s", True),
        ("straße", "STRASSE", True),
        ("нож", "Ножи", False),
        ("нож", "нож!", True),
        ("a b c d e", "x a b c d e y", True),
        ("kill him", "killing them", False),
        ("", "anything", False),
    ],
)
@pytest.mark.requirement("R-S1")
def test_whole_words_and_simple_endings_are_found(entry: str, text: str, found: bool) -> None:
    assert bool(WordList([(1, entry), (2, "quite another")]).find(text)) is found


def test_each_entry_that_stands_there_is_named_once() -> None:
    words = WordList([(1, "hit"), (2, "hit me"), (3, "me too"), (4, "hit me hard")])
    assert words.find("He hits me too. He hits me too.") == {1, 2, 3}


@pytest.mark.parametrize(
    "text",
    [
        "hit " * 250_000,
        "a" * 1_000_000,
        "e" + "\u0301" * 300_000,
        "hit me hit " * 90_000,
        "’" * 300_000,
        "_ " * 500_000,
    ],
)
def test_the_longest_text_takes_a_moment(text: str) -> None:
    """With time that grew faster than the text, this would not come to its end."""
    entries = [(number, "hit " * number) for number in range(1, 6)]
    words = WordList([*entries, (9, "hit me"), (10, "hitting hits")])
    assert words.find(text) <= {1, 2, 3, 4, 5, 9}


def test_words_are_compared_without_case_accents_and_marks() -> None:
    assert words_of("Ünder_the BRIDGE, it’s 3pm") == ["under", "the", "bridge", "its", "3pm"]


pytest_db = pytest.mark.django_db


def send(text: str, **more: Any) -> Comment:
    given = {"token": new_token(), "route": "parent-carer", "topic": "felt", "text": text}
    return submit_comment(**(given | more)).comment


@pytest.fixture
def listed(people: dict[str, User]) -> SafetyWord:
    return add_safety_word(word="canaryknife", by=people["safeguarding"])


@pytest_db
@pytest.mark.requirement("R-S1")
def test_a_word_of_the_list_raises_a_mark_whoever_types_it_in(
    listed: SafetyWord, people: dict[str, User]
) -> None:
    sent = send("Somebody had a Canaryknife there.")
    by_staff = send("canaryknives, no: canaryknifes", channel=Channel.PAPER, by=people["moderator"])
    calm = send("canary knife")
    assert [row.is_flagged for row in (sent, by_staff, calm)] == [True, True, False]
    flag = sent.flag
    assert (flag.raised_from, flag.raised_by) == ("word_list", None)
    assert [row.word for row in flag.found_words.all()] == [listed]
    assert OutboxMail.objects.filter(to=people["safeguarding"].email).count() == 2
    assert not OutboxMail.objects.filter(body__icontains="canary").exists()


@pytest_db
def test_the_senders_tick_comes_before_the_list(listed: SafetyWord) -> None:
    flag = send("canaryknife", unsafe=True).flag
    assert (flag.raised_from, flag.found_words.count()) == ("sender", 1)


@pytest_db
@pytest.mark.requirement("R-S1")
def test_the_sender_sees_the_same_page_and_the_numbers_whatever_was_found(
    listed: SafetyWord, at_once: None, numbers: None
) -> None:
    pages = []
    for text in ("We like the canaryknife", "We like the garden here"):
        page = journey.send(Client(), topic="felt", text=text)
        words = page.content.decode()
        assert page.status_code == 200 and "999" in words and "01632 960001" in words
        assert "canaryknife" not in words
        for group in journey.shown_code(page).split("-"):
            assert group in words
            words = words.replace(group, "···")
        pages.append(words)
    assert Comment.objects.filter(is_flagged=True).count() == 1
    for comment in Comment.objects.all():
        assert standing(comment) == Standing("We have it.", "A trained person will read it soon.")
    first, second = ([line for line in page.splitlines() if "csrf" not in line] for page in pages)
    assert first == second


@pytest_db
@pytest.mark.requirement("R-S1")
def test_which_word_it_was_is_told_to_safeguarding_alone(
    listed: SafetyWord, signed_in: SignedIn, people: dict[str, User]
) -> None:
    flag = send("Something with a canaryknife in it").flag
    mark_flag_read(flag=flag, by=people["safeguarding"])
    assert (
        "“canaryknife”" in signed_in("safeguarding").get(f"/voice/safeguarding/{flag.pk}/").content.decode()
    )
    for who in ("moderator", "programme", "board", "auditor", "administrator"):
        for path in (
            "/my-work/",
            "/voice/inbox/",
            "/board/",
            "/voice/removals/",
            "/voice/safeguarding/words/",
        ):
            assert "canaryknife" not in signed_in(who).get(path).content.decode(), (who, path)


@pytest_db
@pytest.mark.requirement("R-S1")
def test_safeguarding_puts_words_on_and_takes_them_off_with_who_and_when(
    signed_in: SignedIn, people: dict[str, User]
) -> None:
    page, lead = "/voice/safeguarding/words/", signed_in("safeguarding")
    assert lead.post(page, {"word": "  Lock  me in "}).status_code == 302
    word = SafetyWord.objects.get()
    assert (word.word, word.folded, word.added_by) == ("Lock me in", "lock me in", people["safeguarding"])
    for typed, told in (
        ("lock ME in", "This is on the list already."),
        ("!?", "Write a word with letters or numbers."),
        ("one two three four five six", "Write at most 5 words."),
        ("", "Write the word."),
        ("\u337f" * 60, "Write a shorter word."),
        ("x" * 61, "Use 60 characters or fewer. You used 61."),
    ):
        answer = lead.post(page, {"word": typed})
        assert (answer.status_code, answer.context["form"].errors) == (422, {"word": [told]})
    for _ in range(2):
        lead.post(f"{page}{word.pk}/off/")
    word.refresh_from_db()
    assert (word.taken_off_by, word.taken_off_at is not None) == (people["safeguarding"], True)
    assert not send("they lock me in").is_flagged
    lead.post(page, {"word": "lock me in"})
    assert SafetyWord.objects.count() == 2
    assert send("they lock me in").is_flagged
    shown = lead.get(page).content.decode()
    assert "“Lock me in” by" in shown and "1 time" in shown


@pytest_db
def test_a_word_put_on_twice_at_once_is_on_once(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_safety_word(word="knife", by=people["safeguarding"])
    nobody_saw = SafetyWord.objects.none()
    monkeypatch.setattr(type(SafetyWord.objects.all()), "in_use", lambda rows: nobody_saw)
    with pytest.raises(CannotDo, match="on the list already"):
        add_safety_word(word="Knife", by=people["safeguarding"])
    assert SafetyWord.objects.count() == 1


@pytest_db
@pytest.mark.requirement("R-S1")
def test_the_first_words_come_with_the_portal_and_stay_off_when_taken_off(people: dict[str, User]) -> None:
    load = lambda: call_command("load_partnership", "tests/data/partnerships/exampleshire", verbosity=0)  # noqa: E731
    load()
    assert SafetyWord.objects.in_use().count() > 50
    word = SafetyWord.objects.get(word="suicide")
    take_off_safety_word(word=word, by=people["safeguarding"])
    add_safety_word(word="my own word", by=people["safeguarding"])
    before = SafetyWord.objects.count()
    load()
    assert SafetyWord.objects.count() == before
    assert not SafetyWord.objects.in_use().filter(word="suicide").exists()
    assert SafeguardingFlag.objects.count() == 0
    ordinary = (
        "We waited nine months for speech therapy. The letters are hard to read. My son likes his new school, "
        "and the taxi driver is kind. The meeting hit a nerve, and I had to punch in my number twice."
    )
    # The list is there to err on the side of safety: "punch" is in it. The rest must not be.
    assert {SafetyWord.objects.get(pk=key).word for key in make_list().find(ordinary)} <= {"punch"}


def make_list() -> WordList:
    return WordList(SafetyWord.objects.in_use().values_list("pk", "word"))


@pytest_db
def test_a_taken_back_comment_keeps_no_word_of_the_list(listed: SafetyWord) -> None:
    from voice.operations.words_gone import forget_original

    flag = send("canaryknife").flag
    forget_original(flag.comment)
    assert flag.found_words.count() == 0


@pytest_db
def test_a_long_list_asks_no_more_questions(
    listed: SafetyWord, people: dict[str, User], django_assert_max_num_queries: Any, signed_in: SignedIn
) -> None:
    for number in range(30):
        add_safety_word(word=f"word {make.make_comment().pk} {number}", by=people["safeguarding"])
    lead = signed_in("safeguarding")
    with django_assert_max_num_queries(12):
        assert lead.get("/voice/safeguarding/words/").status_code == 200
