"""Walks the pages on which somebody tells us something, as a browser without JavaScript does."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from voice.forms.questions import QUESTIONS

WORDS = "No lift at the clinic."


def address(route: str, page: str = "") -> str:
    return f"/voice/new/{route}/{page}/" if page else f"/voice/new/{route}/"


def answer(browser: Client, route: str, page: str, *, go: str = "next", **answers: Any) -> HttpResponse:
    """Press a button on one page."""
    return browser.post(address(route, page), answers | {"go": go})


def write(browser: Client, route: str = "parent-carer", **answers: Any) -> None:
    """Answer every page. The two needed answers come by themselves; everything else stays empty unless it is given."""
    if route == "child":
        answers.setdefault("text", "" if answers.get("feeling") else WORDS)
    answers = {"text": WORDS, "topic": "missing"} | answers
    for question in QUESTIONS[route]:
        given = {name: answers[name] for name in question.fields if name in answers}
        told = answer(browser, route, question.slug, go="keep", **given)
        assert told.status_code == 302, (question.slug, told.context["form"].errors)


def on_check(browser: Client, route: str) -> dict[str, str]:
    """What the check page carries unseen."""
    html = browser.get(address(route, "check")).content.decode()
    return {name: found_in(html, name) for name in ("token", "seen")}


def found_in(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def press_send(browser: Client, route: str = "parent-carer", **changes: Any) -> HttpResponse:
    """Look at the check page and press send."""
    return browser.post(address(route, "check"), on_check(browser, route) | changes)


def send(browser: Client, route: str = "parent-carer", **answers: Any) -> HttpResponse:
    """The whole journey. The answer is the page with the code."""
    write(browser, route, **answers)
    return press_send(browser, route)


def shown_code(response: Any) -> str:
    """The code as it stands on the page."""
    return "-".join(re.findall(r'portal-code__group">([^<]+)<', response.content.decode()))
