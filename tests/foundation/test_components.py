"""The pieces that pages are made of: what they say, and that nothing they are given can break out of them."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import Http404
from django.template import Context, RequestContext, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory

from foundation.templatetags import ui
from portal import gallery

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
WORDS = {
    "not_started": "Not started",
    "red": "Red: off track",
    "amber": "Amber: at risk",
    "green": "Green: on track",
    "delivered": "Delivered: awaiting sign\u2011off",
    "blue": "Complete: difference seen",
    "closed": "Closed: not going ahead",
}


def _request(path: str):
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    return request


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.requirement("R-A4")
@pytest.mark.parametrize(("code", "word"), WORDS.items())
def test_a_status_is_always_a_word(code, word):
    assert words_of(render_to_string("components/status.html", {"status": code})) == word


@pytest.mark.requirement("R-A4")
def test_each_status_has_a_shape_of_its_own_so_that_colour_is_never_alone():
    shapes = {
        re.search(
            r"<svg.*?</svg>", render_to_string("components/status.html", {"status": code}), re.S
        ).group()
        for code in WORDS
    }
    assert len(shapes) == len(WORDS)


def test_a_status_can_carry_the_partnerships_own_word():
    assert (
        words_of(render_to_string("components/status.html", {"status": "red", "label": "Behind"})) == "Behind"
    )


@pytest.mark.parametrize(
    ("category", "words"), [("must", "Must do"), ("should", "Should do"), ("could", "Could do")]
)
def test_a_category_is_a_word(category, words):
    assert words_of(render_to_string("components/category.html", {"category": category})) == words


@pytest.mark.requirement("R-A6")
@pytest.mark.parametrize(("level", "filled"), [(None, 0), (0, 0), (1, 1), (2, 2), (3, 3)])
def test_the_difference_made_fills_as_many_bars_as_its_level(level, filled):
    assert render_to_string("components/impact.html", {"level": level}).count("bar--on") == filled


def _passage(**more) -> SimpleNamespace:
    source = SimpleNamespace(title="The plan", date_text="date not given", get_absolute_url="/sources/plan/")
    rows = SimpleNamespace(all=lambda: [source])
    none = SimpleNamespace(all=list)
    return SimpleNamespace(
        **{"text": "The words.", "sources": rows, "source_notes": none, "plain": None, **more}
    )


@pytest.mark.requirement("R-C3")
def test_a_quote_names_its_source_with_its_date_or_that_there_is_none():
    html = render_to_string("components/quote.html", {"passage": _passage()})
    assert words_of(html) == "The words. From The plan , date not given."
    assert 'href="/sources/plan/"' in html


@pytest.mark.requirement("R-C7")
def test_a_quote_links_to_the_notes_about_it_and_marks_a_slip():
    note = SimpleNamespace(number=7, get_absolute_url="/source-notes/#note-7")
    html = render_to_string(
        "components/quote.html",
        {"passage": _passage(has_slip=True, source_notes=SimpleNamespace(all=lambda: [note]))},
    )
    assert 'href="/source-notes/#note-7"' in html
    assert "[sic]" in html


def _page(number: int, path: str = "/actions/?status=red&page=1", rows: int = 400):
    request = _request(path)
    page = Paginator(range(rows), 50).page(number)
    return render_to_string("components/pagination.html", {"page": page}, request=request)


@pytest.mark.django_db
def test_the_pages_of_a_list_keep_its_filters():
    html = _page(2)
    assert re.findall(r'href="([^"]+)" rel="(?:prev|next)"', html) == [
        "?status=red&amp;page=1",
        "?status=red&amp;page=3",
    ]


@pytest.mark.django_db
def test_the_pages_keep_the_filters_when_the_include_shuts_out_the_page_around_it():
    page = Paginator(range(400), 50).page(2)
    request = _request("/?status=red")
    template = Template('{% include "components/pagination.html" with page=page only %}')
    html = template.render(RequestContext(request, {"page": page}))
    assert 'href="?status=red&amp;page=3" rel="next"' in html


@pytest.mark.django_db
def test_a_list_of_one_page_has_no_pages_to_turn():
    assert _page(1, rows=50).strip() == ""


@pytest.mark.django_db
def test_the_page_being_read_is_said_to_be_current():
    assert re.findall(r'aria-label="Page (\d+)" aria-current="page"', _page(3)) == ["3"]


def test_a_code_is_shown_in_its_groups():
    assert ui.groups("K7MQ-2R9D XW4H") == ["K7MQ", "2R9D", "XW4H"]
    assert (
        words_of(render_to_string("components/code.html", {"code": "K7MQ-2R9D"})) == "Your code K7MQ - 2R9D"
    )


def test_an_unchecked_number_is_words_and_a_checked_one_is_a_link():
    contacts = [{"label": "A", "number": "999", "tel": "999"}, {"label": "B", "number": "01234 567 890"}]
    html = render_to_string("components/warning.html", {"title": "T", "contacts": contacts})
    assert re.findall(r'href="([^"]+)"', html) == ["tel:999"]
    assert "<strong>01234 567 890</strong>" in html


@pytest.mark.requirement("R-B1")
def test_a_number_opens_its_list():
    html = render_to_string(
        "components/number.html", {"value": 7, "label": "overdue", "url": "/actions/?overdue=1"}
    )
    assert re.findall(r'href="([^"]+)"', html) == ["/actions/?overdue=1"]
    assert words_of(html) == "7 overdue"


@pytest.mark.requirement("R-A9")
def test_two_versions_stand_side_by_side_and_the_difference_is_said_in_words():
    rows = [
        {"label": "Title", "theirs": "A", "yours": "A", "changed": False},
        {"label": "Next", "theirs": "B", "yours": "", "changed": True},
    ]
    html = render_to_string("components/compare.html", {"rows": rows})
    assert words_of(html).endswith("Title A A Next Different B Empty")


@pytest.mark.django_db
def test_the_gallery_shows_every_component_in_the_demo_and_is_nowhere_else(settings):
    request = _request("/components/")
    request._messages = CookieStorage(request)
    settings.PORTAL_DEMO = False
    with pytest.raises(Http404):
        gallery.components(request)
    settings.PORTAL_DEMO = True
    html = gallery.components(request).content.decode()
    assert html.count("<h1") == 1
    shown = "".join(
        path.read_text() for path in sorted((COMPONENTS.parent / "portal" / "components").glob("*.html"))
    )
    by_themselves = {
        "back.html",
        "breadcrumbs.html",
        "messages.html",
        "face.html",
    }  # drawn by the frame or by a widget
    expected = {path.name for path in COMPONENTS.glob("[a-z]*.html")} - by_themselves
    drawn = re.findall(r"components/([a-z_]+\.html)", shown)
    drawn += [f"{name}.html" for name in re.findall(r'{% component "([a-z_]+)"', shown)]
    assert set(drawn) == expected
    assert re.findall(r"<script|\sstyle=", html) == []


ATTACK = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status", {"status": ATTACK, "label": ATTACK}),
        ("tag", {"text": ATTACK}),
        ("notice", {"title": ATTACK, "text": ATTACK, "url": ATTACK, "link_text": ATTACK}),
        ("empty", {"title": ATTACK, "text": ATTACK, "link": ATTACK, "link_text": ATTACK}),
        ("quote", {"passage": _passage(text=ATTACK, speaker=ATTACK, editor_note=ATTACK)}),
        ("plain", {"text": ATTACK, "author": ATTACK}),
        ("card", {"title": ATTACK, "url": ATTACK, "text": ATTACK, "number": ATTACK}),
        ("number", {"value": ATTACK, "label": ATTACK, "url": ATTACK}),
        ("timeline", {"items": [{"when": ATTACK, "title": ATTACK, "text": ATTACK, "who": ATTACK}]}),
        ("summary_list", {"rows": [{"key": ATTACK, "value": ATTACK, "lines": True}]}),
        ("compare", {"rows": [{"label": ATTACK, "theirs": ATTACK, "yours": ATTACK}]}),
        ("code", {"code": ATTACK}),
        ("breadcrumbs", {"crumbs": [(ATTACK, ATTACK)]}),
    ],
)
def test_what_a_component_is_given_stays_words(name, values):
    html = render_to_string(f"components/{name}.html", values)
    assert "<script" not in html
    assert "alert(1)" in html  # it was drawn, as words


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates"))
)
def test_every_template_can_be_read_and_holds_nothing_inline(path):
    get_template(str(path.relative_to(settings.BASE_DIR / "templates")))
    text = path.read_text()
    assert re.findall(r"<[^>]*\sstyle=|<[^>]*\son[a-z]+=|<style|javascript:|href=\"#\"", text) == []
    for script in re.findall(r"<script([^>]*)>", text):
        assert " src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("[a-z]*.html")), ids=lambda path: path.name)
def test_every_component_says_how_to_use_it_and_stands_in_the_manual(path):
    assert path.read_text().startswith("{% comment %}")
    assert f"`{path.name}`" in (COMPONENTS / "README.md").read_text()


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_last_pages_need_no_context_and_no_database(name):
    html = render_to_string(name)  # no database mark: a query would fail this test
    assert html.count("<h1") == 1
    assert "What you can do" in html
    assert 'href="tel:999"' in html


@pytest.mark.parametrize(
    ("value", "text"),
    [("2025-09-04T12:00", ""), (None, ""), (datetime.date(2025, 9, 4), "4 September 2025")],
)
def test_a_day_is_written_as_people_write_it(value, text):
    assert ui.day(value) == text


def test_a_moment_is_told_in_london_time():
    late = datetime.datetime(2026, 3, 31, 23, 30, tzinfo=datetime.UTC)  # already 1 April in London
    assert ui.moment(late) == "1 April 2026, 12:30am"
    assert ui.iso(late) == "2026-04-01"


@pytest.mark.parametrize(("count", "text"), [(0, "0 actions"), (1, "1 action"), (1200, "1,200 actions")])
def test_a_count_has_the_right_word(count, text):
    assert ui.plural(count, "action,actions") == text


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ('<?xml version="1.0"?><svg style="x:y"><path d="M0 0"/></svg>', '<svg><path d="M0 0"/></svg>'),
        ("<svg><script>1</script></svg>", ""),
        ('<svg onload="x()"></svg>', ""),
        ("words", ""),
    ],
)
def test_a_drawing_from_a_library_stands_in_the_page_without_inline_style_or_script(given, drawn):
    assert ui.drawing(given) == drawn


def _drawn(tag: str, **values: object) -> str:
    return Template("{% load ui %}" + tag).render(Context(values))


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("status", "status=x"),
        ("status", 'status=x label="Off track"'),
        ("category", "category=x"),
        ("impact", "label=x level=2"),
        ("tag", 'text=x tone="warm"'),
        ("example", ""),
    ],
)
def test_a_component_drawn_once_is_the_one_that_is_included(name: str, given: str) -> None:
    included = f'{{% include "components/{name}.html"{" with " + given if given else ""} only %}}'
    for value in ("red", "must", "<b>bold</b>"):
        for _ in range(2):
            assert _drawn(f'{{% component "{name}" {given} %}}', x=value) == _drawn(included, x=value)


def test_a_text_that_may_not_be_trusted_never_meets_one_that_may() -> None:
    tag = '{% component "tag" text=x %}'
    assert "<i>ours</i>" in _drawn(tag, x=ui.mark_safe("<i>ours</i>"))
    assert "<i>" not in _drawn(tag, x="<i>ours</i>")


def test_nothing_with_anybodys_own_words_is_drawn_once() -> None:
    assert {"quote", "timeline", "compare", "code"}.isdisjoint(ui.DRAWN_ONCE)
    with pytest.raises(ValueError, match="quote"):
        _drawn('{% component "quote" text=x %}', x="words")
