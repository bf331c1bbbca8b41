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
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from actions.models import Action, Audit  # noqa: E402
from foundation import kept  # noqa: E402
from partnership.calendar import today  # noqa: E402
from partnership.models import Membership, User  # noqa: E402
from partnership.roles import SERVICE_ROLES, Role  # noqa: E402
from priorities.models import Priority  # noqa: E402
from voice.models import Comment, Response, Stage  # noqa: E402


def session_for(role: str) -> str:
    """The session key of a made-up person with this role."""
    user, made = User.objects.get_or_create(
        email=f"bench-{role}@example.org", defaults={"name": f"Bench {role}", "is_example": True}
    )
    if made:
        user.set_unusable_password()
        user.save()
        # The service of the first action, whose page is measured.
        first = Action.objects.order_by("pk").select_related("plan__service")[0]
        service = first.plan.service if role in SERVICE_ROLES else None
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
    audit = Audit.objects.order_by("pk")[0]
    answer = Response.objects.public().newest()[0]
    unread = Comment.objects.unflagged().filter(stage=Stage.RECEIVED).oldest_first()[0]
    to_answer = Comment.objects.awaiting_answer().filter(service=action.plan.service).oldest_first()[0]
    rows = [
        ("home", "/", "", "list"),
        ("strategy", "/strategy/", "", "list"),
        ("priority", priority.get_absolute_url(), "", "list"),
        ("actions", "/actions/", "", "list"),
        ("action", action.get_absolute_url(), "", "detail"),
        ("plan", action.plan.get_absolute_url(), "", "list"),
        ("measures", "/measures/", "", "list"),
        ("have your say", "/voice/", "", "detail"),
        ("child's question", "/voice/new/child/face/", "", "form"),
        ("question with a box", "/voice/new/parent-carer/words/", "", "form"),
        ("you said, we did", "/voice/you-said-we-did/", "", "list"),
        ("answers with words", "/voice/you-said-we-did/?words=date", "", "list"),
        ("what waits", "/voice/you-said-we-did/?status=waiting", "", "list"),
        ("answer", answer.get_absolute_url(), "", "detail"),
        ("answers in Easy Read", "/voice/you-said-we-did/easy-read/", "", "list"),
        ("reach", "/voice/reach/", "", "detail"),
        ("my work", "/my-work/", Role.CONTRIBUTOR, "staff"),
        ("plan, signed in", action.plan.get_absolute_url(), Role.CONTRIBUTOR, "staff"),
        ("action, signed in", action.get_absolute_url(), Role.CONTRIBUTOR, "detail"),
        ("action's history", f"{action.get_absolute_url()}history/", Role.CONTRIBUTOR, "detail"),
        ("action then", f"{action.get_absolute_url()}?as_at={today()}", Role.CONTRIBUTOR, "detail"),
        ("action's thread", f"/thread/action/{action.ref}/", Role.CONTRIBUTOR, "detail"),
        ("many updates", "/actions/updates/", Role.CONTRIBUTOR, "staff"),
        ("plan's review", f"{action.plan.get_absolute_url()}review/", Role.CONTRIBUTOR, "staff"),
        ("audit", audit.get_absolute_url(), Role.CONTRIBUTOR, "detail"),
        ("inbox", "/voice/inbox/", Role.MODERATOR, "staff"),
        ("comment to read", f"/voice/inbox/{unread.pk}/", Role.MODERATOR, "detail"),
        ("log of decisions", "/voice/inbox/log/", Role.MODERATOR, "list"),
        ("themes", "/voice/inbox/themes/", Role.MODERATOR, "list"),
        ("answers to write", "/voice/answers/", Role.CONTRIBUTOR, "staff"),
        ("answer form", f"/voice/answers/new/?comment={to_answer.pk}", Role.CONTRIBUTOR, "staff"),
        ("safeguarding", "/voice/safeguarding/", Role.SAFEGUARDING, "list"),
        ("reach, exact", "/voice/reach/exact/", Role.BOARD, "board"),
        ("board", "/board/", Role.BOARD, "board"),
        ("board exceptions", "/board/exceptions/", Role.BOARD, "board"),
        ("board priority", board, Role.BOARD, "board"),
        ("board audits", "/board/audits/", Role.BOARD, "board"),
        ("board gaps", "/board/gaps/", Role.BOARD, "board"),
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
    """Queries that one rendering asks right after a change: nothing is kept, but what it asks for it keeps."""
    client = Client(HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION="none")  # which never gets a kept page
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    assert client.get(path).status_code == 200, path
    with override_settings(PORTAL_PAGE_CACHE=True), CaptureQueriesContext(connection) as caught:
        kept.forget_all()
        client.get(path)
    return len(caught)


if __name__ == "__main__":
    print(json.dumps(pages()))
