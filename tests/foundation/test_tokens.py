"""A form that is sent twice counts once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from foundation.tokens import OneUseToken, SpentToken, is_current, new_token, purge_spent_tokens, spend

from .notes import Tag


class Form(forms.Form):
    words = forms.CharField()
    token = OneUseToken()


def shown_token(form: forms.Form) -> str:
    return re.search(r'name="token" value="([^"]+)"', str(form["token"]))[1]


@pytest.mark.django_db
def test_a_token_is_spent_once():
    token, other = new_token(), new_token()
    assert [spend(token, purpose="x"), spend(token, purpose="x"), spend(other, purpose="x")] == [
        True,
        False,
        True,
    ]


@pytest.mark.django_db
def test_the_table_holds_nothing_that_could_be_sent_again():
    token = new_token()
    spend(token, purpose="comment")
    stored = SpentToken.objects.get()
    assert stored.purpose == "comment"
    assert token not in stored.digest
    assert re.fullmatch("[0-9a-f]{64}", stored.digest)


@pytest.mark.django_db
def test_a_token_is_good_again_when_the_work_is_undone():
    token = new_token()
    with transaction.atomic():
        spend(token, purpose="x")
        transaction.set_rollback(True)
    assert spend(token, purpose="x") is True


@pytest.mark.django_db(transaction=True)
def test_spending_outside_a_transaction_is_refused():
    with pytest.raises(TransactionManagementError):
        spend(new_token(), purpose="x")
    with transaction.atomic():
        assert spend(new_token(), purpose="x") is True


def test_of_many_at_once_one_writes(at_once):
    token = new_token()

    def send() -> bool:
        with transaction.atomic():
            first = spend(token, purpose="x")
            if first:
                Tag.objects.create(word="written")
            return first

    assert sorted(at_once(*[send] * 8)) == [False] * 7 + [True]
    assert at_once(Tag.objects.count) == [1]


def test_the_second_waits_for_the_first_and_takes_over_if_it_fails(at_once):
    token = new_token()

    def send(fails: bool):
        def call() -> bool:
            with transaction.atomic():
                first = spend(token, purpose="x")
                if fails:
                    raise ZeroDivisionError
                return first

        return call

    results = at_once(send(True), send(False))
    assert [type(result) for result in results] == [ZeroDivisionError, bool]
    assert results[1] is True


def test_a_fresh_form_carries_a_token_and_a_form_shown_again_keeps_it():
    first, second = shown_token(Form()), shown_token(Form())
    assert first != second
    assert is_current(first)
    again = Form({"words": "", "token": first})
    assert list(again.errors) == ["words"]
    assert shown_token(again) == first


@pytest.mark.parametrize("sent", ["", "forged", "a.b.c", "x" * 10_000, "\x00", "\u202e"])
def test_a_missing_or_forged_token_keeps_the_words_and_brings_a_fresh_one(sent):
    form = Form({"words": "mine", "token": sent})
    assert list(form.errors) == ["token"]
    assert form.cleaned_data["words"] == "mine"
    assert Form({"words": "mine", "token": shown_token(form)}).is_valid()


def test_a_token_lives_thirty_days():
    token = new_token()
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23), tick=False):
        assert is_current(token)
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1), tick=False):
        assert not is_current(token)


@pytest.mark.django_db
def test_spent_tokens_go_only_when_they_could_not_be_used_again():
    spend(new_token(), purpose="x")
    now = timezone.now()
    assert purge_spent_tokens(now=now + timedelta(days=30, hours=23)) == 0
    assert purge_spent_tokens(now=now + timedelta(days=31, minutes=1)) == 1
    assert not SpentToken.objects.exists()
