"""How long the server keeps a web session: a form of several pages longer than a sign-in (R-X9, R-P5)."""

from __future__ import annotations

import pytest
from django.contrib.auth import SESSION_KEY

from foundation.sessions import LASTS, SessionStore

DAY = 24 * 3600


@pytest.mark.requirement("R-X9")
def test_who_writes_without_signing_in_is_kept_longer_and_a_sign_in_never_is() -> None:
    usual = SessionStore().get_expiry_age()
    writing, signed_in = SessionStore(), SessionStore()
    writing[LASTS] = signed_in[LASTS] = DAY
    signed_in[SESSION_KEY] = "1"
    assert (writing.get_expiry_age(), signed_in.get_expiry_age()) == (DAY, usual)
    assert usual < DAY


def test_the_cookie_goes_with_the_window_all_the_same() -> None:
    session = SessionStore()
    session[LASTS] = DAY
    assert session.get_expire_at_browser_close() is True
