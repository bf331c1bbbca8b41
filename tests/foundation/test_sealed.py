"""Sealed words: only this server reads them, and only for what they were sealed for."""

from __future__ import annotations

from typing import Any

from foundation.sealed import seal, unseal

WORDS = "Only between us"


def test_sealed_words_read_back_and_are_nowhere_in_clear() -> None:
    sealed = seal(WORDS, purpose="a test", secret="own")
    assert unseal(sealed, purpose="a test", secret="own") == WORDS
    assert WORDS not in sealed and seal(WORDS, purpose="a test", secret="own") != sealed


def test_another_use_another_secret_or_a_changed_letter_opens_nothing() -> None:
    sealed = seal(WORDS, purpose="a test", secret="own")
    assert unseal(sealed, purpose="another", secret="own") is None
    assert unseal(sealed, purpose="a test", secret="other") is None
    assert unseal(sealed, purpose="a test") is None
    assert unseal(sealed[:-3] + "AAA", purpose="a test", secret="own") is None


def test_an_earlier_key_of_the_server_still_opens_and_a_strange_one_does_not(settings: Any) -> None:
    sealed, earlier = seal(WORDS, purpose="a test"), settings.SECRET_KEY
    settings.SECRET_KEY = "a new key of the server"
    assert unseal(sealed, purpose="a test") is None
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert unseal(sealed, purpose="a test") == WORDS
