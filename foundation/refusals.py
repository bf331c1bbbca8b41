"""Something was typed and cannot be saved any more: the person reads why, and gets every word back to copy (R-X2).

While a person writes, the thing may be closed, or their own role may end. Saving again cannot help, so this is a refusal
(403) and not a conflict; but nobody's words are thrown away. Who may not even see the thing gets 404 from the view before
it comes here: the portal does not say that it exists.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from .versions import in_words

Typed = list[tuple[str, str]]


def refused(request: HttpRequest, *, why: str, typed: Typed, url: str, link_text: str) -> HttpResponse:
    """The page that says why nothing was saved, with what was typed and the way on.

    Raises PermissionDenied when nothing was sent or nothing was typed: then the plain refusal says all.
    """
    if request.method != "POST" or not typed:
        raise PermissionDenied
    context = {"why": why, "typed": typed, "url": url, "link_text": link_text}
    return render(request, "not_saved.html", context, status=403)


NOT_YOUR_ROLE = "Your role does not allow this, or not any more."


def typed_in(form: forms.BaseForm) -> Typed:
    """What was typed or chosen in a bound form, field by field: the label and the words. What did not change is left out."""
    if not form.is_bound:
        return []
    form.errors  # noqa: B018  # asking cleans the form, once; a wrong value is then taken from what was sent
    cleaned = getattr(form, "cleaned_data", {})
    changed = set(form.changed_data)
    rows = [
        (str(field.label), in_words(cleaned.get(field.name, field.data), field=field.field))
        for field in form.visible_fields()
        if field.name in changed and not isinstance(field.field.widget, forms.PasswordInput)
    ]
    return [(label, words) for label, words in rows if words]


def words_sent(data: QueryDict) -> Typed:
    """The words of a form that nobody can make any more: each text of more than one word, in the order of the form.

    Passwords, codes, choices and what the page itself put into the form are no words of a person, so they are left out.
    There are no labels: a field's name in the code is not what the person read above it.
    """
    texts = [text.strip() for name in data if "password" not in name for text in data.getlist(name)]
    return [("", text) for text in texts if len(text.split()) > 1]


def form_not_sent(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form without a good token (CSRF): open too long, or cookies are off.

    It gives the words back, but only to a browser that says they were typed on a page of ours: no other site can make
    the portal show words of its choice.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    context = {"typed": words_sent(request.POST) if ours else []}
    return render(request, "403_csrf.html", context, status=403)


def typed_words(form_class: Any, data: QueryDict, names: Iterable[str]) -> Typed:
    """The same for a form that can no longer be made, because what it hangs on is gone: its text fields alone."""
    rows = [(str(form_class.base_fields[name].label), data.get(name, "").strip()) for name in names]
    return [(label, words) for label, words in rows if words]
