"""Two questions that machines ask: is the server alive, and can it answer people?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nothing of the database, so that a slow database does not get servers restarted."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """People can be sent here: the database answers and every migration has been run. Otherwise 503 and which it is."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _not_ready("the database does not answer")
    return (
        _not_ready("migrations are waiting") if waiting else HttpResponse("ready", content_type="text/plain")
    )


def _not_ready(reason: str) -> HttpResponse:
    return HttpResponse(f"not ready: {reason}", status=503, content_type="text/plain")
