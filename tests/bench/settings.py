"""The portal's own settings, with two yardstick pages beside its own and a switch for the page cache."""

import os

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
PORTAL_PAGE_CACHE = os.environ.get("BENCH_PAGE_CACHE", "on") == "on"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]  # type: ignore[misc]  # noqa: F405
