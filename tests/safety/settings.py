"""The portal's own settings, with room for more senders than a day brings: limits have tests of their own."""

from portal.settings import *  # noqa: F403

VOICE_LIMITS = {"sending": {"address": 10**9, "route": 10**9, "all": 10**9}}
