"""Whatever is typed, forged or sent twice in any field of any form: never an error of ours (R-X2, R-A9).

The forms stand in `bad_input_table`. What is refused is told beside its field, with everything else that was typed still
there, and nothing is written; what is accepted is clean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse

from foundation.pages import store
from partnership.models import Membership
from tests.access_world import World, build_world
from tests.bad_input_table import BUTTONS, Form, fresh, prepare
from tests.test_access import rows
from voice.forms import sending

pytestmark = [pytest.mark.django_db, pytest.mark.great_table, pytest.mark.requirement("R-X2")]

ODD: dict[str, Any] = {
    "missing": None,
    "empty": "",
    "unseen": "\u200b\u2060",
    "long": "x" * 100_000,
    "controls": "a\x01\x07\x1bb",
    "nul": "a\x00b",
    "half a character": "a\ud800b",
    "right to left": "a\u202eb",
    "digits": "9" * 25,
    "negative": "-1",
    "not a number": "NaN",
    "script": "<script>alert(1)</script>{{ 7|add:7 }}%s'\"",
}
FOR_THE_DATABASE = {"nul", "half a character", "digits", "negative", "long", "forged", "twice", "year 99999"}
"""What one database may take and another not. Everything else is refused or taken before it comes to any: SQLite is enough."""
EACH_FIELD = {"missing", "empty", "long", "nul", "forged", "twice", "31 February", "year 0", "year 99999"}
"""What every field of a form is sent. The rest is read by the class of the field alone: it is sent to the first of each kind."""
DAYS = {"31 February": ("31", "2", "2030"), "year 0": ("1", "1", "0"), "year 99999": ("1", "1", "99999")}
FILE = SimpleUploadedFile("report.pdf.exe", b"MZ\x00\xff<script>", content_type="text/html")
EXTRA = {"file", "twice", "forged", "31 February", "year 0", "year 99999"}
NOTHING = {"missing", "empty", "file"}
READABLE = {
    "controls",
    "nul",
    "half a character",
    "right to left",
    "digits",
    "negative",
    "not a number",
    "script",
}
ALL = set(ODD) | set(DAYS) | {"file", "forged"}

# What each kind of field refuses; all else it accepts. With an exclamation mark it refuses nothing at all, too.
REFUSED: dict[str, set[str]] = {
    "text": {"long"},
    "link": READABLE | {"long"},
    "email": READABLE | {"long"},
    "choice": ALL - NOTHING,
    "row": ALL - NOTHING,
    "rows": (ALL - NOTHING) | {"empty", "twice"},
    "day": ALL - NOTHING,
    "time": ALL - NOTHING,
    "number": ALL - NOTHING,
    "tick": set(),
    "trap": READABLE | {"long", "unseen"},
    "opened": ALL,
    "token": ALL,
    "sheet": ALL,  # words where a file should be
    "password": {
        "long",
        "controls",
        "nul",
        "half a character",
        "right to left",
        "unseen",
        "negative",
        "not a number",
    },
    "code": ALL,
    "reference": ALL,
    "code of a service": ALL,
    "garbage is nothing": set(),
    "file": set(),  # words where a file should be are no file; a bad file is refused, below
}
CONFLICT = {"version", "seen"}
NO_FILE = {"token", "version", "seen", "opened", "stale button", "day"}  # hidden, or three boxes
BLANK_IS_NOTHING = {"text", "link", "email"}

SEEN = re.compile(r'name="seen" value="([^"]*)"')
LINKS = re.compile(r'<a href="#([^"]+)"')


@pytest.fixture(scope="module")
def table(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, list[Form]]]:
    """One world for all: each request is undone after it was looked at."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            world = build_world()
            yield world, prepare(world)
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LEAST_SECONDS", 0)
    store.clear()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the domain."""
    kept = ("partnership", "priorities", "actions", "voice", "board")
    models = [model for app in kept for model in apps.get_app_config(app).get_models()]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}


def send(
    world: World, form: Form, changed: dict[str, Any], *, files: dict[str, Any] | None = None
) -> HttpResponse:
    """Post a form as a browser does, bytes and all. `changed` holds the answers that are not the good ones."""
    browser = world.clients[form.person]
    address = form.address.format(**world.paths)
    answers: dict[str, Any] = dict(form.step)
    for name, (kind, good) in form.fields.items():
        value = changed[name] if name in changed else fresh(kind.strip("!?"), good)
        if kind.strip("!?") == "seen" and name not in changed:
            found = SEEN.search(browser.get(address).content.decode())
            value = found[1] if found else ""
        if isinstance(value, bytes):
            files = {name: SimpleUploadedFile("table.csv", value), **(files or {})}
        elif isinstance(value, tuple):
            answers |= dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), value, strict=True))
        elif value is not None:
            answers[name] = value
    cache.clear()
    if files:
        # Half a character is sent as the sign that a browser puts in its place.
        texts = {
            name: re.sub("[\ud800-\udfff]", "\ufffd", one) if isinstance(one, str) else one
            for name, one in answers.items()
        }
        return browser.post(address, {name: one for name, one in texts.items() if name not in files} | files)
    body = urlencode(answers, doseq=True, errors="surrogatepass")
    return browser.post(address, body, content_type="application/x-www-form-urlencoded")


def looked_at(
    world: World, form: Form, *requests: dict[str, Any], always: bool = False, **options: Any
) -> tuple[HttpResponse, bool]:
    """The last answer, and whether the last request changed anything. All is undone."""
    with transaction.atomic():
        writes: list[str] = []

        def watch(execute: Any, sql: str, *rest: Any) -> Any:
            writes.append(sql) if sql.startswith(("INSERT", "UPDATE", "DELETE")) else None
            return execute(sql, *rest)

        for earlier in requests[:-1]:
            send(world, form, earlier)
        before = everything() if len(requests) > 1 else None
        with connection.execute_wrapper(watch):
            answer = send(world, form, requests[-1], **options)
        # Reading every table takes long: only where a refusal wrote something, which may have been undone since.
        wrote = any(re.search(r"(partnership|priorities|actions|voice|board)_", sql[:60]) for sql in writes)
        asked = always or answer.status_code in (409, 422)
        changed = asked and wrote and everything() != (before or _as_built(world))
        transaction.set_rollback(True)
    return answer, changed


_built: dict[int, Any] = {}


def _as_built(world: World) -> Any:
    return _built[id(world)]


def bad_values(kind: str, form: Form, name: str, good: Any) -> dict[str, Any]:
    """What is sent in one field, by the name of its fault."""
    values: dict[str, Any] = dict(ODD)
    if kind == "day":
        values = {fault: None if text is None else (text, *good[1:]) for fault, text in ODD.items()}
        values |= {"empty": ("", "", ""), **DAYS, "twice": (["x", good[0]], *good[1:])}
    elif kind not in ("token", "sheet"):
        values["twice"] = ["x", *(good if isinstance(good, list) else [fresh(kind, good)])]
    if name in form.forged:
        values["forged"] = form.forged[name]
    if kind == "tick":
        values = {fault: values[fault] for fault in ("missing", "long", "nul")}
    if connection.vendor != "sqlite":
        values = {fault: value for fault, value in values.items() if fault in FOR_THE_DATABASE}
    return values


def is_refused(kind: str, fault: str, *, must: bool) -> bool:
    if must and (fault in NOTHING or (fault == "unseen" and kind in BLANK_IS_NOTHING)):
        return True
    return fault in REFUSED[kind]


def faults_of_page(form: Form, answer: HttpResponse, name: str, kind: str) -> list[str]:
    """What a page that refuses gets wrong: a message beside the field, links that lead somewhere, the words kept."""
    html, wrong = answer.content.decode(errors="replace"), []
    if not form.shows:
        return [] if answer.context["faults"] else ["nothing is said"]
    shown = answer.context.get(form.shows)
    if shown is None or not shown.errors:
        return ["no form with errors on the page"]
    own = name.removeprefix(form.prefix)
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    wrong += [
        f"the link #{link} leads nowhere"
        for link in LINKS.findall(html)
        if link not in ids and link != "main"
    ]
    if own in shown.errors and not shown[own].is_hidden:
        described = f"{shown[own].auto_id}_error"
        if described not in ids or not re.search(rf'aria-describedby="[^"]*{described}', html):
            wrong.append("the message does not belong to its field")
    for other, (sort, good) in form.fields.items():
        if other != name and sort.strip("!?") == "text" and escape(str(good)) not in html:
            wrong.append(f"what was typed in {other} is lost")
    if (
        kind == "text"
        and own in shown.errors
        and "x" * 1000 in str(shown[own].value())
        and "x" * 1000 not in html
    ):
        wrong.append("the long text is lost")
    return wrong


def check(world: World, form: Form, name: str, *, is_first: bool) -> list[str]:
    """All faults of one field. `is_first` of its kind in the form: others of the same kind are sent less."""
    sort, good = form.fields[name]
    kind, must, either, wrong = sort.strip("!?"), sort.endswith("!"), sort.endswith("?"), []
    for fault, value in bad_values(kind, form, name, good).items():
        if not is_first and fault not in EACH_FIELD:
            continue
        answer, changed = looked_at(world, form, {name: value})
        code, said = answer.status_code, f"{form.name} {name}, {fault}: "
        if kind == "stale button":
            right = {302} if fault == "twice" else {302, 409}
            if code not in right or (changed and fault != "twice"):
                wrong.append(f"{said}{code}, changed={changed}")
            continue
        if kind in CONFLICT:
            expected = [form.accepted] if fault == "twice" and kind == "version" else [409]
        elif either:
            expected = [form.accepted, form.refused]
        else:
            expected = [form.refused if is_refused(kind, fault, must=must) else form.accepted]
        if code not in expected:
            errors = getattr(answer.context and answer.context.get("form"), "errors", None)
            wrong.append(f"{said}{code} and not {expected} {dict(errors or {})}")
        elif code in (409, 422):
            wrong += [f"{said}something was written"] if changed else []
            if code != 409:
                wrong += [f"{said}{fault_}" for fault_ in faults_of_page(form, answer, name, kind)]
    return wrong


NAMES = [
    "actions:action_close",
    "actions:action_edit",
    "actions:action_edit#2",
    "actions:action_new",
    "actions:action_update",
    "actions:action_update#2",
    "actions:audit_drop",
    "actions:audit_edit",
    "actions:audit_finish",
    "actions:audit_new",
    "actions:bulk_change",
    "actions:bulk_change#2",
    "actions:bulk_change#3",
    "actions:bulk_change#4",
    "actions:due_date",
    "actions:due_date_decide",
    "actions:evidence_new",
    "actions:finding_edit",
    "actions:gap_action",
    "actions:gap_link",
    "actions:measure_new",
    "actions:milestone_edit",
    "actions:milestone_new",
    "actions:plan_archive",
    "actions:plan_edit",
    "actions:plan_import_columns",
    "actions:plan_import_confirm",
    "actions:plan_import_new",
    "actions:plan_import_words",
    "actions:plan_new",
    "actions:plan_publish",
    "actions:plan_review_action",
    "actions:plan_review_finish",
    "actions:plan_waiting",
    "actions:sign_off",
    "actions:updates",
    "actions:waiting_new",
    "board:rating",
    "partnership:invitation_accept",
    "partnership:invitation_new",
    "partnership:mail",
    "partnership:membership_end",
    "partnership:membership_new",
    "partnership:person_edit",
    "partnership:plain_edit",
    "partnership:service_edit",
    "partnership:service_new",
    "voice:answer_ask",
    "voice:answer_check",
    "voice:answer_edit",
    "voice:answer_new",
    "voice:answer_publish",
    "voice:booking_find",
    "voice:check",
    "voice:comment",
    "voice:comment#2",
    "voice:comment#3",
    "voice:comment#4",
    "voice:comment#5",
    "voice:comment#6",
    "voice:comment#7",
    "voice:difference",
    "voice:erase",
    "voice:event_book",
    "voice:event_cancel",
    "voice:event_edit",
    "voice:event_new",
    "voice:event_publish",
    "voice:event_said",
    "voice:follow",
    "voice:follow#2",
    "voice:follow#3",
    "voice:follow#4",
    "voice:inbox",
    "voice:inbox_new",
    "voice:mine",
    "voice:question",
    "voice:question#2",
    "voice:question#3",
    "voice:question#4",
    "voice:question#5",
    "voice:question#6",
    "voice:question#7",
    "voice:report_publish",
    "voice:safeguarding_item",
    "voice:safeguarding_item#2",
    "voice:safety_words",
    "voice:show_change",
    "voice:theme",
    "voice:theme#2",
    "voice:themes",
    "voice:wording",
    "voice:wording#2",
    "voice:wordings",
]
"""The forms by name, the second of one address with #2."""

ONLY_LOOKS = ("voice:follow", "voice:booking_find", "voice:erase", "voice:comment#5")
"""A code is typed to look at something, or words are shown before they are approved. Nothing changes."""


def by_name(forms: list[Form]) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for form in forms:
        number = sum(1 for key in found if key.partition("#")[0] == form.name) + 1
        found[form.name if number == 1 else f"{form.name}#{number}"] = form
    return found


def test_every_address_that_is_posted_stands_in_the_table(table: tuple[World, list[Form]]) -> None:
    posted = {name for _, name, _, posting, _ in rows() if set(posting) - set("L-")}
    assert {form.name for form in table[1]} | set(BUTTONS) == posted
    assert sorted(by_name(table[1])) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_field_of_any_form_can_be_sent_wrongly_without_a_word(
    table: tuple[World, list[Form]], name: str
) -> None:
    world, forms = table
    form = by_name(forms)[name]
    _built.setdefault(id(world), everything())
    accepted, changed = looked_at(world, form, {}, always=True)
    assert (accepted.status_code, changed) == (form.accepted, name not in ONLY_LOOKS), getattr(
        accepted.context and accepted.context.get("form"), "errors", accepted.content[:300]
    )
    wrong, kinds = [], set()
    for field in form.only or form.fields:
        kind = form.fields[field][0].strip("!?")
        wrong += check(world, form, field, is_first=kind not in kinds)
        kinds.add(kind)
        if form.fields[field][0].strip("!?") not in NO_FILE:
            sort = form.fields[field][0]
            answer, _ = looked_at(world, form, {}, files={field: FILE})
            if sort.endswith("?"):
                right = {form.accepted, form.refused}
            else:
                no = sort == "file" or is_refused(sort.strip("!?"), "missing", must=sort.endswith("!"))
                right = {form.refused if no else form.accepted}
            if answer.status_code not in right:
                wrong.append(f"{name} {field}, a file: {answer.status_code}")
    token = next((key for key, (kind, _) in form.fields.items() if kind == "token"), "")
    if token:
        used = fresh("token", None)
        again, changed = looked_at(world, form, {token: used}, {token: used}, always=True)
        if (again.status_code, changed) != (form.replayed, False):
            wrong.append(f"{name}, sent twice: {again.status_code}, changed={changed}")
    assert wrong == []


def test_the_table_is_not_empty_of_people(table: tuple[World, list[Form]]) -> None:
    """The senders hold the roles the table speaks of, so that no refusal above is for want of a role."""
    senders = {form.person for form in table[1]} - {"visitor", "family"}  # a family needs no role
    assert all(Membership.objects.filter(user=table[0].users[person]).exists() for person in senders)
