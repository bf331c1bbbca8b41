"""The sender's code: easy to type, hard to guess, and a slip is told apart from a code nobody has."""

import itertools
import math
import re

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from foundation.codes import (
    LENGTH,
    SIGNS,
    CodeSlip,
    SenderCodeField,
    code_digest,
    code_digests,
    code_from_token,
    new_code,
    normalise_code,
)


def test_a_code_has_at_least_eighty_random_bits_in_groups():
    assert math.log2(len(SIGNS) ** (LENGTH - 1)) > 80
    assert re.fullmatch(f"([{SIGNS}]{{3}}-){{5}}[{SIGNS}]{{3}}", new_code())
    assert len({new_code() for _ in range(200)}) == 200


def test_signs_that_look_alike_or_spell_words_are_left_out():
    assert set("01OIAEU") & set(SIGNS) == set()


def test_the_same_token_gives_the_same_code():
    assert code_from_token("one") == code_from_token("one") != code_from_token("two")
    assert normalise_code(code_from_token("one")) == code_from_token("one")


def test_a_code_depends_on_the_servers_key(settings):
    before = code_from_token("one"), code_digest("222-222-222-222-222-222")
    settings.SECRET_KEY = "another key of more than fifty characters, for this test alone"
    after = code_from_token("one"), code_digest("222-222-222-222-222-222")
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_a_code_is_still_found_while_the_servers_key_is_changed(settings):
    code = new_code()
    stored = code_digest(code)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of more than fifty characters, for this test alone"
    assert code_digests(code) == [code_digest(code), stored]


def test_the_stored_hash_does_not_hold_the_code():
    code = new_code()
    assert re.fullmatch("[0-9a-f]{64}", code_digest(code))
    assert code_digest(code) == code_digest(code.lower().replace("-", " "))


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' – ')}\n"]
)
def test_capitals_spaces_and_dashes_do_not_matter(change):
    code = new_code()
    assert normalise_code(change(code)) == code


@given(st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(place, sign):
    signs = code_from_token("slip").replace("-", "")
    if signs[place] != sign:
        with pytest.raises(CodeSlip, match="One letter or number is not right"):
            normalise_code(signs[:place] + sign + signs[place + 1 :])


def test_two_swapped_signs_are_noticed():
    signs = code_from_token("swap").replace("-", "")
    for one, two in itertools.combinations(range(LENGTH), 2):
        if signs[one] != signs[two]:
            swapped = list(signs)
            swapped[one], swapped[two] = swapped[two], swapped[one]
            with pytest.raises(CodeSlip):
                normalise_code("".join(swapped))


class Form(forms.Form):
    code = SenderCodeField()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter your code."),
        ("K7Q", "A code has 18 letters and numbers. This one has 3."),
        (
            "O" * 18,
            "A code has only numbers from 2 to 9 and capital letters. It never has A, E, I, O, U, 0 or 1 in it.",
        ),
        ("2" * 17 + "3", "One letter or number is not right. Check the code and type it again."),
        ("K" * 1_000_000, "A code has 18 letters and numbers. This is much longer."),
        (
            "K7Q\u202e",
            "A code has only numbers from 2 to 9 and capital letters. It never has A, E, I, O, U, 0 or 1 in it.",
        ),
    ],
)
def test_a_slip_is_told_beside_the_field(typed, message):
    assert Form({"code": typed}).errors == {"code": [message]}


def test_a_right_code_is_taken_as_it_is_shown():
    code = new_code()
    form = Form({"code": code.lower()})
    assert form.is_valid()
    assert form.cleaned_data["code"] == code
