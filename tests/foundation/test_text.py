"""Words are cleaned once, the same way for every form, and read back as they were stored."""

import pytest
from django import forms
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from foundation.text import EmailLineField, LineField, WordsField, clean_line, clean_text, visible_length

from .notes import Note


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Meet   the team \r\n today ", "Meet the team today"),
        ("nul\x00byte", "nulbyte"),
        ("bell\x07 and\x85next", "bell and next"),
        ("pay \u202e054\u202c", "pay 054"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d a smile", "half a smile"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u200b\u200d\ufeff", ""),
        ("\u3164\u2800", ""),
        ("\u0301\u0301", ""),
        ("z" + "\u0335" * 500, "z" + "\u0335" * 8),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("hidden\U000e0041\U000e0042", "hidden"),
        (None, ""),
    ],
)
def test_a_line_is_cleaned(typed, stored):
    assert clean_line(typed) == stored


def test_line_breaks_of_every_kind_are_kept_as_one_kind():
    assert clean_text("one\r\ntwo\rthree\n\nfive\u2028six\ttab") == "one\ntwo\nthree\n\nfive\nsix\ttab"


def test_only_what_can_be_seen_is_counted():
    assert visible_length(" a\u200db\n\u0301 \u3164") == 2


class Form(forms.Form):
    line = LineField(max_length=10)
    words = WordsField(max_length=20, required=False)
    email = EmailLineField(required=False)


def errors(**typed):
    return {name: list(found) for name, found in Form({"line": "fine", **typed}).errors.items()}


def test_length_is_counted_after_cleaning():
    assert errors(line="  0123456789\u200b\u200b\x00  ", words="0123456789\r\n123456789") == {}
    assert errors(line="0123456789a") == {"line": ["Use 10 characters or fewer. You used 11."]}


def test_text_that_nobody_can_see_is_missing():
    assert errors(line="\u200b \u202e") == {"line": ["This field is required."]}


def test_a_million_characters_get_a_message():
    # Putting such a pile of marks in order takes Unicode normalisation hours, so this test would never end.
    for typed in ("a" * 1_000_000, "e" + "\u0301\u0323" * 500_000):
        found = errors(line="fine", words=typed)
        assert found == {"words": [f"Use 20 characters or fewer. You used {len(typed):,}."]}


def test_a_long_pile_of_marks_is_cut_before_it_is_put_in_order():
    assert clean_text("e" + "\u0301\u0323" * 500_000) == "\u1eb9" + "\u0323" * 3 + "\u0301" * 4


def test_the_browser_is_not_asked_to_cut_words_off():
    assert "maxlength" not in str(Form()["line"]) + str(Form()["words"])


@pytest.mark.parametrize(
    "typed", ["nobody", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "\x00"]
)
def test_a_wrong_address_is_a_message(typed):
    assert list(errors(email=typed)) == (["email"] if typed != "\x00" else [])


def test_an_address_is_trimmed():
    form = Form({"line": "x", "email": "\u200bfamily@example.org \r\n"})
    assert form.is_valid()
    assert form.cleaned_data["email"] == "family@example.org"


ANYTHING = st.text(st.characters(), max_size=60) | st.text(
    "ab \n\r\t\x00\u0301\u0344\u0323\u200b\u200d\u202e\u2066\ud800\udc00\u1100\u1161\u11a8\U0001f3f4\U000e0067\U000e007f",
    max_size=60,
)


@given(ANYTHING)
@example("\u0344" * 20 + "a\u0344" * 9)
@settings(max_examples=500, deadline=None)
def test_cleaning_twice_changes_nothing_more(typed):
    for clean in (clean_line, clean_text):
        once = clean(typed)
        assert clean(once) == once
        assert (visible_length(once) > 0) == (once != "")


@pytest.mark.usefixtures("notes")
@given(ANYTHING)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_stored_reads_back(typed):
    note = Note.objects.create(title=clean_line(typed), body=clean_text(typed))
    stored = Note.objects.get(pk=note.pk)
    assert (stored.title, stored.body) == (clean_line(typed), clean_text(typed))
    # A browser shows the words in a text box and sends them back with its own line breaks.
    assert clean_text(stored.body.replace("\n", "\r\n")) == stored.body
