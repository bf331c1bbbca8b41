"""Ask the portal in this container whether it is alive; leave with 0 when it is, with 1 when it is not."""

import os
import sys
import urllib.error
import urllib.request

# The portal answers only to its own names, so the question must carry one of them.
host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})  # noqa: S310
try:
    with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - this machine, plain http
        sys.exit(0 if answer.status == 200 else 1)
except (urllib.error.URLError, TimeoutError) as problem:
    sys.exit(f"not alive: {problem}")
