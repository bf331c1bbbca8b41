"""Sign example people in and choose the pages to measure. Prints JSON; run by `tests.bench.run`."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from actions.models import Action  # noqa: E402
from partnership.calendar import today  # noqa: E402
from partnership.models import Membership, Service, User  # noqa: E402
from partnership.roles import SERVICE_ROLES, Role  # noqa: E402
from priorities.models import Priority  # noqa: E402


def session_for(role: str) -> str:
    """The session key of a made-up person with this role."""
    user, made = User.objects.get_or_create(
        email=f"bench-{role}@example.org", defaults={"name": f"Bench {role}", "is_example": True}
    )
    if made:
        user.set_unusable_password()
        user.save()
        service = Service.objects.filter(is_example=True).first() if role in SERVICE_ROLES else None
        Membership.objects.create(user=user, role=role, service=service, starts=today())
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def pages() -> list[dict[str, object]]:
    """Each main page: its name, address, who looks at it, and which shape of page it is."""
    action = Action.objects.select_related("plan").order_by("pk")[0]
    priority = Priority.objects.filter(actions__isnull=False).order_by("number").first()
    assert priority is not None
    board = f"/board{priority.get_absolute_url()}"
    rows = [
        ("home", "/", "", "list"),
        ("strategy", "/strategy/", "", "list"),
        ("priority", priority.get_absolute_url(), "", "list"),
        ("actions", "/actions/", "", "list"),
        ("action", action.get_absolute_url(), "", "detail"),
        ("plan", action.plan.get_absolute_url(), "", "list"),
        ("measures", "/measures/", "", "list"),
        ("have your say", "/voice/", "", "detail"),
        ("child's form", "/voice/new/child/", "", "form"),
        ("you said, we did", "/voice/you-said-we-did/", "", "list"),
        ("my work", "/my-work/", Role.CONTRIBUTOR, "staff"),
        ("plan, signed in", action.plan.get_absolute_url(), Role.CONTRIBUTOR, "staff"),
        ("inbox", "/voice/inbox/", Role.MODERATOR, "staff"),
        ("board", "/board/", Role.BOARD, "board"),
        ("board exceptions", "/board/exceptions/", Role.BOARD, "board"),
        ("board priority", board, Role.BOARD, "board"),
    ]
    sessions = {role: session_for(role) for role in {row[2] for row in rows if row[2]}}
    cookie = settings.SESSION_COOKIE_NAME
    return [
        {
            "name": name,
            "path": path,
            "shape": shape,
            "cookie": f"{cookie}={sessions[role]}" if role else "",
            "queries": count_queries(path, sessions.get(role, "")),
        }
        for name, path, role, shape in rows
    ]


def count_queries(path: str, session: str) -> int:
    """Queries that one rendering asks, with the page cache off."""
    client = Client(HTTP_HOST="127.0.0.1")
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return len(caught)


if __name__ == "__main__":
    print(json.dumps(pages()))
