"""How gunicorn runs the portal, on one's own machine and in production alike.

Each can be set on the command line too; `make run` sets the address and the number of workers.
"""

import gc
import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
try:
    import portal.settings  # noqa: F401 - a wrong setting is told once, in its own words, before any worker starts
except ImproperlyConfigured as problem:
    sys.exit(str(problem))

wsgi_app = "portal.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
worker_class = "sync"  # threads were measured: the same median, two to three times the slowest
control_socket_disable = True  # nobody steers a running server from the side
timeout = 60  # seconds; saving a spreadsheet of 5,000 rows is the longest that is asked of it
graceful_timeout = 20  # seconds for what is under way when the server is told to stop
max_requests = 20_000  # a worker is replaced now and then, so that a slow leak cannot fill the memory
max_requests_jitter = 2_000
accesslog = None  # the portal writes its own, which holds no query string (foundation.middleware)
errorlog = "-"
loglevel = "warning"
# gunicorn's own lines go through the same rules as ours: no query string, no text of an error.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.PlainJsonFormatter"}},
    "handlers": {"error_console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["error_console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["error_console"], "level": "WARNING", "propagate": False}},
}


def post_worker_init(worker: object) -> None:
    """What a worker holds once it has started stays until it ends, so the collector need not look at it again."""
    gc.collect()
    gc.freeze()
    # A page makes some thousands of short-lived objects; the default looks after each 700.
    gc.set_threshold(10_000, 20, 20)
