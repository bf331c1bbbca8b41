"""Web sessions as Django keeps them, but for one thing: who is not signed in may be given longer.

A form of several pages is kept longer than a sign-in may last. The cookie goes with the browser window all the same.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

LASTS = "lasts"
"""How many seconds this session is kept after its last change, where somebody writes without signing in."""


class SessionStore(DatabaseStore):
    def get_session_cookie_age(self) -> int:
        """Seconds until the server forgets it. A sign-in never lasts longer than the settings say."""
        usual = super().get_session_cookie_age()
        return usual if SESSION_KEY in self else max(usual, self.get(LASTS, 0))
