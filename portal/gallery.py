"""Every piece of a page in every state, on one page: /components/, only while the demo switch is on.

The words are made up for the purpose. Nothing here reads the database, so the page shows the look and nothing else.
"""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.forms import DayField, FaceRadios, HintedRadios
from foundation.pages import public_form
from foundation.pagination import paginate

STATUSES = ("not_started", "red", "amber", "green", "delivered", "blue", "closed")
CATEGORIES = (("must", "Must do"), ("should", "Should do"), ("could", "Could do"))
LONG = (
    "Children and young people who move between schools, colleges and short breaks have one plan that every service "
    "reads, keeps and acts on, so that families never have to tell the same story again"
)
ONE_WORD = "Multidisciplinaryneurodevelopmentalassessmentpathwaycoordination"


class SampleForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(label="What is the action called?", max_length=120, help_text="A few words.")
    email = forms.EmailField(
        label="E-mail", required=False, help_text="Only if you want an answer by e-mail."
    )
    words = forms.CharField(label="What would you like to tell us?", widget=forms.Textarea(attrs={"rows": 5}))
    service = forms.ChoiceField(
        label="Service",
        choices=[("", "Choose a service"), ("a", "Early help"), ("b", "Speech and language therapy")],
    )
    category = forms.ChoiceField(
        label="How much does it matter?",
        choices=CATEGORIES,
        widget=HintedRadios(
            hints={
                "must": "The law says it has to be done.",
                "should": "It is good practice, and we expect it.",
                "could": "It would help, when there is time.",
            }
        ),
    )
    topics = forms.MultipleChoiceField(
        label="What is it about?",
        choices=[
            ("help", "The help that is there"),
            ("gap", "Something that is missing"),
            ("info", "Finding things out"),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due = DayField(label="When is it due?", help_text="For example, 31 3 2026.")
    paper = forms.FileField(label="Add a file", required=False)
    agree = forms.BooleanField(
        label="Somebody may be unsafe", help_text="Tick this and we look at it first.", required=False
    )
    fixed = forms.CharField(label="Reference", initial="SLT-12", disabled=True)


class FaceForm(forms.Form):
    """The child's question."""

    feeling = forms.ChoiceField(
        label="How did it make you feel?",
        choices=[
            ("happy", "Happy"),
            ("ok", "OK"),
            ("sad", "Sad"),
            ("cross", "Cross"),
            ("worried", "Worried"),
        ],
        widget=FaceRadios,
    )


class FilterForm(forms.Form):
    """What narrows a list."""

    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Any"), ("red", "Red: off track")]
    )
    category = forms.ChoiceField(label="Category", required=False, choices=[("", "Any"), *CATEGORIES])
    words = forms.CharField(label="Words", required=False)


class _Rows(list):
    """A list that answers to `.all`, as the rows of a relation do."""

    def all(self) -> _Rows:
        return self


def _passage(text: str, **more: Any) -> SimpleNamespace:
    source = SimpleNamespace(title="A made-up plan", date_text="March 2024", get_absolute_url="/components/")
    return SimpleNamespace(
        **{"text": text, "sources": _Rows([source]), "source_notes": _Rows(), "plain": None, **more}
    )


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """What the gallery shows. Each name is used by one part of the template."""
    wrong = SampleForm(
        {"title": "x" * 121, "due_day": "31", "due_month": "2", "due_year": "2026", "email": "not an address"}
    )
    filled = {
        "title": "A quiet room",
        "words": "It helps to have a quiet room.",
        "service": "a",
        "category": "should",
    }
    summary = SimpleNamespace(
        text="Everybody should be able to find out what help there is.",
        written_at=datetime.datetime(2026, 1, 8, 12, tzinfo=datetime.UTC),
    )
    note = SimpleNamespace(number=3, get_absolute_url="/components/#quotes")
    return {
        "statuses": STATUSES,
        "categories": [code for code, _label in CATEGORIES],
        "definitions": [
            {"status": code, "meaning": "What this word means, in one or two lines."} for code in STATUSES
        ],
        "long": LONG,
        "one_word": ONE_WORD,
        "passages": [
            _passage("We will publish what we do, every year.", speaker="A speaker"),
            _passage(
                f"{LONG}.\n\nThis is the second paragraph of the same passage, kept as it was printed.",
                plain=summary,
                source_notes=_Rows([note]),
                has_slip=True,
                editor_note="The year is not given in the source.",
            ),
        ],
        "page": paginate(request, list(range(400)), per_page=20),
        "first_page": Paginator(range(10), 20).get_page(1),
        "plain_form": SampleForm(initial=filled, prefix="plain"),
        "form": wrong,
        "face_form": FaceForm(prefix="face"),
        "filter_form": FilterForm(request.GET, prefix="filter"),
        "facts": [
            {"key": "Service", "value": "Early help"},
            {"key": "Due", "value": "31 March 2026", "change_url": "#lists"},
            {"key": LONG, "value": ONE_WORD, "url": "#lists"},
            {"key": "Reason", "value": "First line.\nSecond line.", "lines": True},
            {"key": "Lead", "value": ""},
        ],
        "happened": [
            {
                "when": "4 September 2025",
                "machine_date": "2025-09-04",
                "title": "Update",
                "text": "Two rooms are ready.",
                "status": "green",
                "who": "Contributor, Early help",
                "example": True,
            },
            {"when": "Spring 2025", "title": LONG, "url": "#lists"},
        ],
        "counts": [
            {"status": code, "count": number, "url": "#numbers"} for number, code in enumerate(STATUSES)
        ],
        "contacts": [
            {"label": "Emergency", "number": "999", "tel": "999"},
            {"label": "A number nobody has checked yet", "number": "01234 567 890", "note": "To be checked"},
        ],
        "versions": [
            {"label": "Title", "theirs": "A quiet room", "yours": "A quiet room", "changed": False},
            {"label": "What we will do", "theirs": LONG, "yours": "Something shorter.", "changed": True},
            {"label": "Next step", "theirs": "", "yours": ONE_WORD, "changed": True},
        ],
        "crumbs": [("Actions", "#tables"), (LONG, "#tables")],
        "palette": (
            "brand",
            "brand-strong",
            "accent",
            "accent-soft",
            "paper",
            "sunken",
            "ink",
            "quiet",
            "bad",
            "good",
        ),
    }


@public_form
def components(request: HttpRequest) -> HttpResponse:
    """The gallery of components. 404 unless the demo switch is on."""
    if not settings.PORTAL_DEMO:
        raise Http404("The gallery is part of the demo.")
    if request.GET.get("messages"):
        messages.success(request, "Saved. People who signed in can see it now.")
        messages.info(request, "This plan has not been published yet.")
        messages.error(request, "The file could not be read. Nothing was changed.")
    return render(request, "portal/components.html", sample_context(request))
