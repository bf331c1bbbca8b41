"""Fields are drawn once for the whole portal: label, hint, error and control that belong together (R-X1, R-X2)."""

import datetime
import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from foundation.forms import DayField, FaceRadios, HintedRadios


class EveryKind(forms.Form):
    title = forms.CharField(label="Title", max_length=10, help_text="A few words.")
    words = forms.CharField(label="Words", widget=forms.Textarea, required=False)
    service = forms.ChoiceField(label="Service", choices=[("", "Choose"), ("a", "A")])
    category = forms.ChoiceField(
        label="Category",
        choices=[("must", "Must do"), ("could", "Could do")],
        widget=HintedRadios(hints={"must": "The law."}),
    )
    topics = forms.MultipleChoiceField(
        label="Topics", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple
    )
    due = DayField(label="Due")
    paper = forms.FileField(label="Paper", required=False)
    unsafe = forms.BooleanField(label="Unsafe", required=False, help_text="We look at it first.")
    feeling = forms.ChoiceField(
        label="Feeling", choices=[("happy", "Happy"), ("other", "Other")], widget=FaceRadios
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def drawn(name: str, data: dict | None = None) -> str:
    return str(EveryKind(data)[name].as_field_group())


@pytest.mark.requirement("R-X2")
@pytest.mark.parametrize("name", ["title", "words", "service", "paper", "unsafe"])
def test_one_control_has_one_label_that_names_it(name):
    html = drawn(name)
    assert re.findall(r'<label[^>]* for="([^"]+)"', html) == [f"id_{name}"]
    assert re.findall(r'<(?:input|textarea|select)[^>]* id="([^"]+)"', html) == [f"id_{name}"]


@pytest.mark.requirement("R-X2")
@pytest.mark.parametrize(
    ("name", "legend", "ids"),
    [
        ("category", "Category", ["id_category_0", "id_category_1"]),
        ("topics", "Topics", ["id_topics_0"]),
        ("due", "Due", ["id_due_day", "id_due_month", "id_due_year"]),
        ("feeling", "Feeling", ["id_feeling_0", "id_feeling_1"]),
    ],
)
def test_several_controls_share_a_legend_and_each_has_a_label(name, legend, ids):
    html = drawn(name)
    assert re.findall(r"<legend[^>]*>([^<]+)<", html) == [legend]
    assert re.findall(r'<input[^>]* id="([^"]+)"', html) == ids
    assert re.findall(r'<label[^>]* for="([^"]+)"', html) == ids


def test_an_error_is_said_beside_the_field_and_named_by_the_control():
    html = drawn("title", {"title": "far too long a title"})
    described = re.search(r'<input[^>]* aria-describedby="([^"]+)"', html).group(1).split()
    assert described == ["id_title_helptext", "id_title_error"]
    assert [f'id="{one}"' in html for one in described] == [True, True]
    assert 'aria-invalid="true"' in html
    assert "govuk-form-group--error" in html
    assert 'value="far too long a title"' in html  # what was typed is kept


def test_a_field_that_is_right_says_nothing_of_errors():
    html = drawn("title", {"title": "short"})
    assert "error" not in html
    assert "aria-invalid" not in html


@pytest.mark.parametrize(
    ("name", "optional"), [("title", 0), ("words", 1), ("paper", 1), ("unsafe", 0), ("category", 0)]
)
def test_only_a_field_that_may_be_left_empty_says_optional_and_a_lone_tick_box_never_does(name, optional):
    assert drawn(name).count("(optional)") == optional


def test_a_hint_belongs_to_its_choice():
    html = drawn("category")
    assert 'aria-describedby="id_category_0_hint"' in html
    assert re.findall(r'id="id_category_0_hint">([^<]+)<', html) == ["The law."]
    assert "id_category_1_hint" not in html


def test_a_face_is_drawn_only_for_a_choice_that_has_one():
    html = drawn("feeling")
    assert html.count("<svg") == 1
    assert "portal-face--happy" in html


def test_typed_markup_is_shown_as_typed():
    assert "<script>" not in drawn("title", {"title": "<script>"})
    assert "&lt;script&gt;" in drawn("title", {"title": "<script>"})


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("31", "3", "2026"), datetime.date(2026, 3, 31)),
        (("01", "02", "1999"), datetime.date(1999, 2, 1)),
        (("29", "2", "2028"), datetime.date(2028, 2, 29)),
    ],
)
def test_three_boxes_make_a_day(typed, day):
    form = _only_due(*typed)
    assert form.errors == {}
    assert form.cleaned_data["due"] == day


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", "", ""), "Enter the day, month and year."),
        (("31", "", "2026"), "Enter the day, the month and the year."),
        (("31", "2", "2026"), "Enter a real day, for example 31 3 2026."),
        (("29", "2", "2026"), "Enter a real day, for example 31 3 2026."),
        (("1", "1", "26"), "Enter the year in four numbers, for example 2026."),
        (("1", "1", "9999"), "Enter the year in four numbers, for example 2026."),
        (("٣", "1", "2026"), "Enter a real day, for example 31 3 2026."),
        (("1", "1", "2" * 25), "Enter a real day, for example 31 3 2026."),
        (("1\x00", "1", "2026"), "Enter a real day, for example 31 3 2026."),
        (("a/b", "1", "2026"), "Enter a real day, for example 31 3 2026."),
    ],
)
def test_what_is_not_a_day_is_refused_with_words_and_kept(typed, message):
    form = _only_due(*typed)
    assert form.errors == {"due": [message]}
    if "/" not in typed[0]:
        assert [box["value"] for box in _boxes(form)] == list(typed)


def test_a_day_already_stored_fills_the_three_boxes():
    form = _OnlyDue(initial={"due": datetime.date(2026, 3, 31)})
    assert [box["value"] for box in _boxes(form)] == ["31", "3", "2026"]


@pytest.mark.parametrize(
    ("typed", "changed"),
    [(("31", "3", "2026"), False), (("1", "4", "2026"), True), (("x", "4", "2026"), True)],
)
def test_a_day_has_changed_when_another_day_was_typed(typed, changed):
    data = dict(zip(("due_day", "due_month", "due_year"), typed, strict=True))
    assert _OnlyDue(data, initial={"due": datetime.date(2026, 3, 31)}).has_changed() is changed


@pytest.mark.requirement("R-X2")
def test_the_error_summary_leads_to_the_first_control_of_each_wrong_field_and_takes_focus():
    form = EveryKind({"title": "", "service": "a", "unsafe": "on"})
    html = render_to_string("components/error_summary.html", {"form": form, "title": "Of the page"})
    assert "There is a problem</h2>" in html  # and not what the page calls something of its own
    assert re.findall(r'href="#([^"]+)"', html) == [
        "id_title",
        "id_category_0",
        "id_topics_0",
        "id_due_day",
        "id_feeling_0",
    ]
    drawn_ids = set(re.findall(r' id="([^"]+)"', str(form)))
    assert set(re.findall(r'href="#([^"]+)"', html)) - drawn_ids == set()
    assert "autofocus" in html
    assert 'tabindex="-1"' in html


def test_the_error_summary_is_not_there_when_nothing_is_wrong():
    assert render_to_string("components/error_summary.html", {"form": EveryKind()}).strip() == ""


@pytest.mark.requirement("R-X2")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "starts"), [(None, "Add an action"), ({"title": ""}, "Error: Add an action")]
)
def test_a_form_page_says_error_in_its_title_only_when_something_is_wrong(data, starts):
    request = RequestFactory().get("/")
    _bare(request)
    html = render_to_string(
        "layouts/form.html", {"form": EveryKind(data), "heading": "Add an action"}, request=request
    )
    assert re.search(r"<title>([^<]*?) - ", html).group(1) == starts
    assert html.count("<h1") == 1
    assert html.count('name="csrfmiddlewaretoken"') == 1
    assert html.count('name="version"') == 1
    assert 'enctype="multipart/form-data"' in html
    assert "<script" not in html
    assert " style=" not in html


class _OnlyDue(forms.Form):
    due = DayField(label="Due")


def _only_due(day: str, month: str, year: str) -> _OnlyDue:
    return _OnlyDue({"due_day": day, "due_month": month, "due_year": year})


def _boxes(form: forms.Form) -> list[dict]:
    field = form["due"]
    return field.field.widget.get_context("due", field.value(), {"id": "id_due"})["widget"]["boxes"]


def _bare(request) -> None:
    """What the middleware would have put on the request of a visitor."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.cookie import CookieStorage

    request.user = AnonymousUser()
    request._messages = CookieStorage(request)
